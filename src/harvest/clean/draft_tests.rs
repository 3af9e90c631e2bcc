use serde_json::{Value as Json, json};

use super::*;
use crate::harvest::extraction::{Severity, Term};
use crate::record::{Base, FromJson, RecordId, from_json, validate};

fn base() -> Url {
    Url::parse("https://partner.example/clubs/").unwrap()
}

#[track_caller]
fn cleaned(kind: &str, fields: Json) -> (Json, Vec<String>) {
    let schema = Schema::standard();
    let mut draft = Draft::new(kind, "k1", "row 3");
    draft.fields = fields.as_object().unwrap().clone();
    let problems = clean(&mut draft, &schema, &base(), Manner::plain("en"));
    assert!(problems.iter().all(|p| p.at == "row 3" && p.key.as_deref() == Some("k1")));
    let codes = problems.into_iter().map(|problem| problem.code).collect();
    (Json::Object(draft.fields), codes)
}

#[track_caller]
fn check(fields: Json, expected: Json, codes: &[&str]) {
    let (fields, found) = cleaned("asset", fields);
    assert_eq!(fields, expected);
    assert_eq!(found, codes);
}

#[test]
fn texts_are_cleaned_and_told_in_their_language() {
    check(
        json!({"name": "<b>Tea &amp; cake</b>", "description": "<p>One</p><p>Two</p>",
            "alternateName": ["Tea", {"gd": "Tì"}, "Tea"], "note": {"gd": " Fàilte ", "en": ""}}),
        json!({"name": {"en": "Tea & cake"}, "description": {"en": "One\n\nTwo"},
            "alternateName": {"en": "Tea", "gd": "Tì"}, "note": {"gd": "Fàilte"}}),
        &[],
    );
    let schema = Schema::standard();
    let mut draft = Draft::new("asset", "k1", "");
    draft.set("name", "Cèilidh");
    clean(&mut draft, &schema, &base(), Manner::plain("gd"));
    assert_eq!(draft.fields["name"], json!({"gd": "Cèilidh"}));
}

#[test]
fn contacts_get_the_records_form() {
    check(
        json!({"telephone": "+44 (0)131 5297844", "email": "mailto:A@Example.ORG", "url": "../x",
            "socialLinks": ["www.facebook.com/tea", "javascript:alert(1)"]}),
        json!({"telephone": "0131 529 7844", "email": "A@example.org",
            "url": "https://partner.example/x", "socialLinks": ["http://www.facebook.com/tea"]}),
        &["bad-address"],
    );
    check(json!({"telephone": "none", "email": "n/a"}), json!({}), &["bad-telephone", "bad-email"]);
}

#[test]
fn nested_nodes_are_cleaned_by_their_own_shape() {
    check(
        json!({"locations": [{"name": "The&nbsp;Hall", "streetAddress": "1 High St\nLeith",
            "postcode": "eh68rg", "latitude": "-3.17", "longitude": 55.97,
            "directions": "<a href='map'>Map</a>"}],
            "schedule": {"byDay": ["mo", "XX"], "startTime": "7.30pm", "startDate": "3/4/2026",
            "endDate": "9999-12-31"}}),
        json!({"locations": [{"name": {"en": "The Hall"}, "streetAddress": "1 High St, Leith",
            "postcode": "EH6 8RG", "latitude": 55.97, "longitude": -3.17,
            "directions": {"en": "Map (https://partner.example/clubs/map)"}}],
            "schedule": {"byDay": ["MO"], "startTime": "19:30", "startDate": "2026-04-03"}}),
        &["position-swapped", "bad-value", "bad-date"],
    );
}

#[test]
fn a_postcode_in_another_part_of_the_address_is_moved() {
    check(
        json!({"locations": [{"locality": "PH1 5AB"}, {"streetAddress": "2 Elm Row, EH7 4AA"},
            {"locality": "Leith EH6 8RG", "postcode": "EH6 8RG"}]}),
        json!({"locations": [{"postcode": "PH1 5AB"},
            {"streetAddress": "2 Elm Row", "postcode": "EH7 4AA"},
            {"locality": "Leith", "postcode": "EH6 8RG"}]}),
        &["postcode-elsewhere", "postcode-elsewhere"],
    );
}

#[test]
fn half_a_position_and_no_position_are_left_out() {
    check(
        json!({"locations": [{"latitude": 0, "longitude": 0, "locality": "Leith"},
            {"latitude": 55.9, "locality": "Perth"}]}),
        json!({"locations": [{"locality": "Leith"}, {"locality": "Perth"}]}),
        &["null-position", "bad-position"],
    );
}

#[test]
fn what_the_kind_does_not_have_is_left_out_and_said() {
    check(
        json!({"name": "Tea", "colour": "red"}),
        json!({"name": {"en": "Tea"}}),
        &["unknown-field"],
    );
    let (fields, codes) = cleaned("castle", json!({"name": "Tea"}));
    assert_eq!((fields, codes), (json!({"name": "Tea"}), vec!["unknown-kind".to_owned()]));
}

#[test]
fn numbers_choices_and_truths_are_read() {
    check(
        json!({"minimumAge": "16", "maximumAge": 200, "online": "yes", "status": "Active",
            "accessMode": "by post", "cost": {"amount": "£3.50", "currency": "GBP"}}),
        json!({"minimumAge": 16, "online": true, "status": "active",
            "cost": {"amount": "3.50", "currency": "GBP"}}),
        &["bad-value", "bad-value"],
    );
}

#[test]
fn a_node_without_what_it_must_have_is_left_out() {
    check(
        json!({"name": "Tea", "media": [{"contentUrl": "data:image/png;base64,xx"},
            {"contentUrl": "/a.png", "alternativeText": "A cup"}]}),
        json!({"name": {"en": "Tea"}, "media": [{"contentUrl": "https://partner.example/a.png",
            "alternativeText": {"en": "A cup"}}]}),
        &["bad-address", "incomplete"],
    );
}

#[test]
fn texts_beyond_the_limit_of_their_field_are_cut_and_said() {
    let (fields, codes) = cleaned("asset", json!({"summary": "word ".repeat(100)}));
    let summary = fields["summary"]["en"].as_str().unwrap();
    assert!(summary.chars().count() <= 200 && summary.ends_with("word…"), "{summary}");
    assert_eq!(codes, ["text-cut"]);
}

#[test]
fn dates_of_a_resource_may_be_a_year() {
    let (fields, codes) = cleaned("resource", json!({"published": "April 2011"}));
    assert_eq!((fields, codes), (json!({"published": "2011-04"}), vec![]));
}

#[test]
fn whatever_stands_in_the_fields_a_valid_record_comes_out() {
    let schema = Schema::standard();
    let odd = [
        json!(null),
        json!(""),
        json!("\u{0}\u{fffe}x"),
        json!([[["deep"]]]),
        json!({"en": {"en": "x"}}),
        json!({"zz-": "x", "english": "y"}),
        json!(1.5e300),
        json!(-1),
        json!(true),
        json!([null, 1, "a@example.org", {"name": "x"}, []]),
        json!("9999-12-31"),
        json!("javascript:alert(1)"),
        json!({"contentUrl": "https://example.org/a b"}),
        json!("x".repeat(30_000)),
    ];
    for kind in ["asset", "organisation", "resource", "place"] {
        let shape = &schema.kind(kind).unwrap().shape;
        for value in &odd {
            let mut draft = Draft::new(kind, "k1", "");
            for field in &shape.fields {
                if !matches!(field.value, crate::schema::ValueType::Reference(_)) {
                    draft.fields.insert(field.key.clone(), value.clone());
                }
            }
            clean(&mut draft, &schema, &base(), Manner::plain("en"));
            let kist = Base::new("https://kist.example").unwrap();
            let context = FromJson { schema: &schema, base: &kist, keys_of: None };
            let id = RecordId::from_key(kind, "s", "k1");
            let json = Json::Object(draft.fields);
            let record = from_json(context, schema.kind(kind).unwrap(), Some(&id), &json)
                .unwrap_or_else(|faults| panic!("{kind} of {value}: {faults:?}\n{json}"));
            let faults = validate(&schema, &record);
            // What is missing altogether is not for cleaning to say.
            let wrong: Vec<_> = faults
                .iter()
                .filter(|fault| json.pointer(&fault.pointer).is_some() && !fault.pointer.is_empty())
                .collect();
            let shown: String = value.to_string().chars().take(60).collect();
            assert!(wrong.is_empty(), "{kind} of {shown}: {wrong:?}");
        }
    }
}

#[test]
fn a_source_cant_hide_what_others_say() {
    check(
        json!({"name": "Tea", "partial": true, "withholds": ["telephone"]}),
        json!({"name": {"en": "Tea"}}),
        &["not-for-sources", "not-for-sources"],
    );
}

#[test]
fn labels_of_terms_are_one_line() {
    let schema = Schema::standard();
    let mut draft = Draft::new("asset", "k1", "");
    draft.terms = vec![
        Term {
            field: "topics".to_owned(),
            label: " Arts &amp;\nCrafts ".to_owned(),
            ..Term::default()
        },
        Term { field: "topics".to_owned(), label: "<br>".to_owned(), ..Term::default() },
    ];
    let problems = clean(&mut draft, &schema, &base(), Manner::plain("en"));
    assert_eq!(draft.terms.len(), 1);
    assert_eq!(draft.terms[0].label, "Arts & Crafts");
    assert!(problems.iter().all(|problem| problem.severity < Severity::Broken));
}
