//! Tests of [`measure`](super).

use super::*;

#[test]
fn queries_are_counted_by_how_they_end_and_each_has_its_time() {
    for (number, outcome) in Outcome::ALL.into_iter().enumerate() {
        assert_eq!(outcome as usize, number);
    }
    let queries = Arc::default();
    Query::begin(&queries, "ASK {}").end(Outcome::Ok);
    Query::begin(&queries, "ASK {}").end(Outcome::of(&QueryError::Timeout { milliseconds: 1 }));
    Query::begin(&queries, "ASK {}").end(Outcome::of(&QueryError::Worker("gone".to_owned())));
    drop(Query::begin(&queries, "ASK {}"));
    let mut text = Text::default();
    queries.measure(&mut text);
    let text = text.into_string();
    for expected in [
        "kist_sparql_outcome_total{outcome=\"ok\"} 1",
        "kist_sparql_outcome_total{outcome=\"timeout\"} 1",
        "kist_sparql_outcome_total{outcome=\"memory\"} 0",
        "kist_sparql_outcome_total{outcome=\"abandoned\"} 1",
        "kist_sparql_outcome_total{outcome=\"error\"} 1",
        "kist_sparql_duration_seconds_count 4",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
    }
}
