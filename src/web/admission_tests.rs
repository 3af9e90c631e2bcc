//! Tests of [`admission`](super).

use super::*;

#[test]
fn what_is_over_the_limit_is_sent_away_until_a_permit_comes_back() {
    let permits = Permits::new(&Options { sparql: 1, ..Options::default() });
    let taken = permits.take(Class::Sparql).unwrap();
    let problem = permits.take(Class::Sparql).unwrap_err();
    assert_eq!(problem.kind().slug(), "overloaded");
    assert!(permits.take(Class::Store).is_ok());
    let mut text = Text::default();
    permits.measure(&mut text);
    let text = text.into_string();
    for expected in [
        "kist_http_in_flight{class=\"memory\"} 0",
        "kist_http_in_flight{class=\"sparql\"} 1",
        "kist_http_shed_total{class=\"store\"} 0",
        "kist_http_shed_total{class=\"sparql\"} 1",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected}\n{text}");
    }
    drop(taken);
    assert!(permits.take(Class::Sparql).is_ok());
}

#[test]
fn without_tokens_only_what_is_public_is_open() {
    let guard = only_public();
    let mut extensions = Extensions::new();
    assert_eq!(guard(Scope::Public, None, &mut extensions), Ok(()));
    for scope in [Scope::Read, Scope::Write, Scope::Admin] {
        assert!(guard(scope, Some("token"), &mut extensions).is_err());
    }
}
