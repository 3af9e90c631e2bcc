//! Tests of [`narrowed`](super).

use super::*;
use crate::model::Metres;
use crate::register::{Facet, Filter, OnlineToo};
use crate::web::listing::question::Order;

fn question(query: Query, near: Option<&str>) -> Question {
    let place = Where { near: near.map(str::to_owned), within: None, online: OnlineToo::default() };
    Question { query, place, order: Order::Search }
}

#[test]
fn both_must_hold_and_a_place_of_the_request_counts() {
    let filter = |value: &str| vec![Filter { facet: Facet::Topic, any_of: vec![value.to_owned()] }];
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let saved = Query {
        text: "walk".to_owned(),
        kinds: strings(&["asset", "offer"]),
        filters: filter("walking"),
        age: Some(60),
        ..Query::default()
    };
    let given = Query {
        text: "dog".to_owned(),
        kinds: strings(&["offer", "need"]),
        filters: filter("nature"),
        ..Query::default()
    };
    let both =
        narrowed(question(saved.clone(), Some("EH6")), question(given, Some("G42"))).unwrap();
    assert_eq!(both.query.text, "walk dog");
    assert_eq!(both.query.kinds, ["offer"]);
    assert_eq!(both.query.filters, [filter("walking"), filter("nature")].concat());
    assert_eq!(both.query.age, Some(60));
    assert_eq!(both.place.near.as_deref(), Some("G42"));
    let needs = Query { kinds: strings(&["need"]), ..Query::default() };
    let none = narrowed(question(saved.clone(), Some("EH6")), question(needs, None)).unwrap();
    assert_eq!(none.query.kinds, [NO_KIND]);
    assert_eq!(none.place.near.as_deref(), Some("EH6"));
    let old = Query { age: Some(70), ..Query::default() };
    let refused = narrowed(question(saved, None), question(old, None)).unwrap_err();
    assert_eq!(refused.kind().slug(), "invalid-parameter");
}

#[test]
fn a_place_of_the_request_keeps_the_distance_of_the_list_unless_it_has_its_own() {
    let within = |near: &str, metres: Option<f64>| {
        let mut question = question(Query::default(), Some(near));
        question.place.within = metres.map(|metres| Metres::new(metres).unwrap());
        question
    };
    for (given, expected) in [(None, Some(3_000.0)), (Some(500.0), Some(500.0))] {
        let both = narrowed(within("EH6", Some(3_000.0)), within("G42", given)).unwrap();
        assert_eq!(both.place.near.as_deref(), Some("G42"));
        assert_eq!(both.place.within.map(Metres::as_f64), expected);
    }
}
