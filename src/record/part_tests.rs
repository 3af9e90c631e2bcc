//! Tests of [`part`](super).

use serde_json::{Value as Json, json};

use super::super::{Base, FromJson, RecordId, from_json, to_json};
use super::*;

fn record(json: &Json) -> Record {
    let (schema, base) = (Schema::standard(), Base::new("https://kist.example").unwrap());
    let id = RecordId::new("organisation", "o").unwrap();
    let context = FromJson { schema: &schema, base: &base, keys_of: None };
    from_json(context, schema.kind("organisation").unwrap(), Some(&id), json).unwrap()
}

/// What has to be said where `own` and `others` give `shown`, so that
/// `wanted` is shown.
#[track_caller]
fn check(own: &Json, others: &Json, shown: &Json, wanted: &Json, expected: &Json) {
    let said = |json: &Json| (!json.is_null()).then(|| record(json));
    let (own, others) = (said(own), said(others));
    let (shown, wanted) = (record(shown), record(wanted));
    let schema = Schema::standard();
    let amended = amend(&schema, own.as_ref(), others.as_ref(), &shown, &wanted);
    let base = Base::new("https://kist.example").unwrap();
    let found = amended.map_or(Json::Null, |record| {
        let mut json = to_json(&schema, &base, &record);
        for key in ["@context", "id", "type"] {
            json.as_object_mut().unwrap().shift_remove(key);
        }
        json
    });
    assert_eq!(found, *expected);
}

#[test]
fn only_what_is_different_is_said() {
    let feed = json!({ "name": "A", "email": "a@a.example" });
    let wanted = json!({ "name": "A", "email": "b@b.example" });
    let said = json!({ "email": "b@b.example", "partial": true });
    check(&Json::Null, &feed, &feed, &wanted, &said);
    check(&Json::Null, &feed, &feed, &feed, &Json::Null);
    // What is as the others say is left to them again.
    check(&said, &feed, &wanted, &feed, &Json::Null);
}

#[test]
fn what_others_say_is_withheld_and_what_they_do_not_is_dropped() {
    let feed = json!({ "name": "A", "email": "a@a.example" });
    let marked = json!({ "withholds": ["email"], "partial": true });
    check(&Json::Null, &feed, &feed, &json!({ "name": "A" }), &marked);
    let shown = json!({ "name": "A", "withholds": ["email"] });
    let again = json!({ "name": "A", "email": "c@c.example", "withholds": ["email"] });
    let said = json!({ "email": "c@c.example", "partial": true });
    check(&marked, &feed, &shown, &again, &said);
    check(&marked, &feed, &shown, &json!({ "name": "A" }), &Json::Null);
    let own = json!({ "url": "https://a.example/", "partial": true });
    let shown = json!({ "name": "A", "email": "a@a.example", "url": "https://a.example/" });
    check(&own, &feed, &shown, &feed, &Json::Null);
}

#[test]
fn what_is_whole_stays_whole_while_it_is_valid() {
    let own = json!({ "name": "B", "url": "https://a.example/" });
    let wanted = json!({ "name": "C", "url": "https://a.example/" });
    check(&own, &Json::Null, &own, &wanted, &wanted);
    let feed = json!({ "name": "A" });
    check(&own, &feed, &own, &wanted, &wanted);
    check(&own, &Json::Null, &own, &json!({ "name": "B" }), &json!({ "name": "B" }));
    // The name is withheld, and what is left is no whole record.
    let said = json!({
        "url": "https://a.example/", "withholds": ["name"], "partial": true,
    });
    check(&own, &feed, &own, &json!({ "url": "https://a.example/" }), &said);
}
