//! Tests of [`parameters`](super).

use super::*;

#[track_caller]
fn check(query: &str, expected: &[(&str, &[&str])]) {
    let read = to_search(query, None).unwrap();
    for (name, values) in expected {
        assert_eq!(read.texts(name), *values, "{query}: {name}");
    }
}

#[test]
fn the_words_of_a_list_are_those_of_the_search() {
    check("for=unpaid-carers&topic=walking", &[("audience", &["unpaid-carers"])]);
    check("kind=guides", &[("kind", &["resource", "case-study"]), ("type", &[])]);
    check("kind=events", &[("kind", &["asset"]), ("type", &["event"])]);
    check("kind=events,assets", &[("type", &[])]);
    check("kind=events&type=group", &[("type", &["group"])]);
    check("heading=Here&view=map&lang=gd&ref=x", &[("kind", &[])]);
    let read = to_search("radius=2km", Some("EH6 8RG")).unwrap();
    assert_eq!(read.distance("within"), crate::model::Metres::new(2_000.0).ok());
    assert_eq!(read.text("near").as_deref(), Some("EH6 8RG"));
    assert_eq!(read.count("limit"), Some(12));
}

#[test]
fn the_query_of_a_search_becomes_that_of_a_list() {
    let query = "near=EH6+8RG&within=2km&audience=carers&q=&page=3&limit=500&facets=topic";
    assert_eq!(from_search(query), "near=EH6+8RG&radius=2km&for=carers");
}

#[test]
fn every_name_of_a_search_is_there_or_replaced() {
    let names: Vec<&str> = all().iter().map(|parameter| parameter.name).collect();
    for parameter in PARAMETERS {
        assert!(
            names.contains(&parameter.name) || REPLACED.contains(&parameter.name),
            "{}",
            parameter.name
        );
    }
    for name in ["near", "radius", "q", "topic", "for", "kind", "limit", "sort", "clearance"] {
        assert_eq!(names.iter().filter(|known| **known == name).count(), 1, "{name}");
    }
}
