use serde_json::{Value as Json, json};

use super::{Made, apply, build, check};
use crate::harvest::mapping::{Mapping, Rule};

fn mapping(json: Json) -> Mapping {
    serde_json::from_value(json).unwrap()
}

fn row<'a>(cells: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Vec<String> + 'a {
    move |column| {
        cells
            .iter()
            .filter(|(name, _)| *name == column)
            .map(|(_, text)| (*text).to_owned())
            .collect()
    }
}

#[track_caller]
fn check_rule(rule: Json, text: &str, expected: Json) {
    let rule: Rule = serde_json::from_value(rule).unwrap();
    let made = apply(&rule, &row(&[("a", text), ("b", "second")]));
    assert_eq!(Json::Array(made.values), expected);
}

#[track_caller]
fn check_unread(rule: Json, text: &str, code: &str) {
    let rule: Rule = serde_json::from_value(rule).unwrap();
    let Made { values, unread, .. } = apply(&rule, &row(&[("a", text)]));
    assert_eq!(values, [Json::Null; 0]);
    assert_eq!(unread.iter().map(super::Unread::code).collect::<Vec<_>>(), [code]);
}

#[test]
fn a_rule_reads_what_people_write() {
    check_rule(json!({ "from": ["a"] }), "  text ", json!(["text"]));
    check_rule(json!({ "from": ["a", "b"] }), "first", json!(["first second"]));
    check_rule(json!({ "from": ["a", "b"] }), "", json!(["second"]));
    check_rule(json!({ "from": ["none"], "constant": "x" }), "", json!(["x"]));
    check_rule(json!({ "constant": "yes", "then": ["yes-no"] }), "", json!([true]));
    check_rule(
        json!({ "from": ["a"], "then": [{ "split": ",;" }] }),
        "a, b;c,,",
        json!(["a", "b", "c"]),
    );
    check_rule(json!({ "from": ["a"], "then": ["date"] }), "3/4/2026", json!(["2026-04-03"]));
    check_rule(json!({ "from": ["a"], "then": ["time"] }), "7.30pm", json!(["19:30"]));
    check_rule(json!({ "from": ["a"], "then": ["number"] }), "£1,250.50", json!([1250.5]));
    check_rule(json!({ "from": ["a"], "then": ["number"] }), "12", json!([12]));
    check_rule(json!({ "from": ["a"], "then": ["yes-no"] }), "Y", json!([true]));
    check_rule(json!({ "from": ["a"], "then": ["days"] }), "Mon-Wed", json!(["MO", "TU", "WE"]));
    check_rule(json!({ "from": ["a"], "then": ["lower-case"] }), "ABC", json!(["abc"]));
    check_rule(
        json!({ "from": ["a"], "then": [{ "prefix": "https://" }] }),
        "a.example",
        json!(["https://a.example"]),
    );
    check_rule(
        json!({ "from": ["a"], "then": ["plain"] }),
        "<p>Tea &amp; <b>cake</b></p>",
        json!(["Tea & cake"]),
    );
}

#[test]
fn words_are_looked_up_before_values_are_read() {
    let rule =
        json!({ "from": ["a"], "words": { "open": "yes", "shut": "no" }, "then": ["yes-no"] });
    check_rule(rule.clone(), "Open", json!([true]));
    check_unread(rule, "ajar", "unknown-word");
    let rule = json!({ "from": ["a"], "then": [{ "split": "," }], "words": { "walks": "walking", "gym": "" } });
    check_rule(rule, "Walks, gym", json!(["walking"]));
}

#[test]
fn what_can_not_be_read_is_told_by_its_name() {
    check_unread(json!({ "from": ["a"], "then": ["date"] }), "31/02/2026", "bad-date");
    check_unread(json!({ "from": ["a"], "then": ["time"] }), "teatime", "bad-time");
    check_unread(json!({ "from": ["a"], "then": ["number"] }), "3,50", "bad-number");
    check_unread(json!({ "from": ["a"], "then": ["number"] }), "1e999", "bad-number");
    check_unread(json!({ "from": ["a"], "then": ["yes-no"] }), "perhaps", "bad-yes-no");
    check_unread(json!({ "from": ["a"], "then": ["days"] }), "sometimes", "bad-days");
    check_unread(json!({ "from": ["a"] }), &"x".repeat(100_001), "too-long");
}

#[test]
fn a_draft_has_nested_fields_without_gaps() {
    let mapping = mapping(json!({
        "key": ["id"],
        "modified": "changed",
        "fields": {
            "assetType": { "constant": "venue" },
            "name": { "from": ["name"] },
            "locations/0/postcode": { "from": ["none"] },
            "locations/2/postcode": { "from": ["postcode"] },
            "locations/2/latitude": { "from": ["lat"], "then": ["number"] },
            "schedule/0/byDay": { "from": ["days"], "then": ["days"] },
            "lastReviewed": { "from": ["reviewed"], "then": ["date"] },
        },
        "terms": { "topics": { "from": ["tags"], "then": [{ "split": "|" }] } },
    }));
    let cells = row(&[
        ("id", " A7 "),
        ("name", "Hall"),
        ("postcode", "EH6 8RG"),
        ("lat", "55.97"),
        ("days", "Monday"),
        ("reviewed", "soon"),
        ("tags", "books|https://t.example/7"),
        ("changed", "2026-01-02"),
    ]);
    let (draft, problems) = build(&mapping, &cells, "row 3");
    let draft = draft.unwrap();
    assert_eq!(
        (draft.key.as_str(), draft.at.as_str(), draft.kind.as_str()),
        ("A7", "row 3", "asset")
    );
    assert_eq!(draft.modified.as_deref(), Some("2026-01-02"));
    assert_eq!(
        Json::Object(draft.fields),
        json!({
            "assetType": "venue",
            "locations": [{ "latitude": 55.97, "postcode": "EH6 8RG" }],
            "name": "Hall",
            "schedule": [{ "byDay": ["MO"] }],
        })
    );
    assert_eq!(draft.terms[1].code.as_deref(), Some("https://t.example/7"));
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].what, "lastReviewed from `reviewed`: `soon` is not a date");
    assert_eq!(problems[0].key.as_deref(), Some("A7"));
}

#[test]
fn a_record_without_a_key_is_left_out() {
    let mapping =
        mapping(json!({ "key": ["id", "part"], "fields": { "name": { "from": ["name"] } } }));
    let (draft, problems) = build(&mapping, &row(&[("name", "Hall"), ("id", " ")]), "row 3");
    assert_eq!((draft, problems[0].code.as_str()), (None, "no-key"));
    let (draft, _) = build(&mapping, &row(&[("id", "7")]), "row 3");
    assert_eq!(draft.unwrap().key, "7/");
    let long = "x".repeat(2_001);
    let (draft, problems) = build(&mapping, &row(&[("id", &long)]), "row 3");
    assert_eq!((draft, problems[0].code.as_str()), (None, "key-too-long"));
}

#[test]
fn a_mapping_is_checked_before_it_is_used() {
    let good = json!({ "key": ["id"], "fields": { "name": { "from": ["name"] } } });
    assert_eq!(check(&mapping(good.clone())), []);
    for (change, at) in [
        (json!({ "key": [] }), "/key"),
        (json!({ "key": [" "] }), "/key"),
        (json!({ "kind": "" }), "/kind"),
        (json!({ "fields": {} }), "/fields"),
        (json!({ "items": "$.data[" }), "/items"),
        (json!({ "items": format!("$[?{}1", "(".repeat(60)) }), "/items"),
        (json!({ "key": ["$.a["] }), "/key/0"),
        (json!({ "fields": { "name": {} } }), "/fields/name"),
        (json!({ "fields": { "0/name": { "from": ["a"] } } }), "/fields/0~1name"),
        (
            json!({ "fields": { "locations/999999999/name": { "from": ["a"] } } }),
            "/fields/locations~1999999999~1name",
        ),
        (json!({ "fields": { "name/": { "from": ["a"] } } }), "/fields/name~1"),
        (
            json!({ "fields": { "name": { "from": ["a"], "then": [{ "split": "" }] } } }),
            "/fields/name/then/0",
        ),
        (
            json!({ "fields": { "a": { "from": ["a"] }, "a/0/b": { "from": ["b"] } } }),
            "/fields/a~10~1b",
        ),
        (json!({ "paging": { "by": "offset", "parameter": "start", "size": 0 } }), "/paging/size"),
        (json!({ "paging": { "by": "next", "path": "next" } }), "/paging/path"),
        (json!({ "paging": { "by": "page", "parameter": "" } }), "/paging/parameter"),
    ] {
        let mut json = good.clone();
        for (key, value) in change.as_object().unwrap() {
            json[key] = value.clone();
        }
        let problems = check(&mapping(json));
        assert!(problems.iter().any(|problem| problem.at == at), "{at}: {problems:?}");
    }
}

#[test]
fn a_field_in_the_way_of_another_is_told_and_not_lost() {
    let mapping = mapping(
        json!({ "key": ["id"], "fields": { "a": { "from": ["id"] }, "a/0/b": { "from": ["id"] } } }),
    );
    let (draft, problems) = build(&mapping, &row(&[("id", "7")]), "row 1");
    assert_eq!(draft.unwrap().fields["a"], json!("7"));
    assert_eq!(problems[0].code, "mapping-conflict");
}
