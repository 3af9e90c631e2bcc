//! What is broken, out of proportion, or made to harm.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{URL, codes, document, extract, fixture};
use crate::harvest::extraction::Severity;
use crate::harvest::format::json::mend::mend;
use crate::harvest::format::{Reading, named};

#[test]
fn faults_of_programs_without_a_json_library_are_mended_and_told() {
    let extraction = extract(URL, fixture!("faulty/input.json"), None);
    let mended = extraction.problems.iter().find(|problem| problem.code == "json-mended").unwrap();
    assert_eq!(
        mended.what,
        "the JSON has faults, which were mended: NaN or Infinity, a comma before a closing bracket, a raw control character in a text, half of a surrogate pair"
    );
    assert!(codes(&extraction).contains(&"doubled-key"));
    assert_eq!(extraction.drafts[0].fields["name"], json!("Café \u{fffd} club"));
    assert_eq!(extraction.drafts[0].fields["description"], json!("two\nlines"));
    assert_eq!(extraction.drafts.len(), 2);
}

#[test]
fn a_page_instead_of_json_is_broken() {
    let extraction = extract(URL, fixture!("not-json/input.json"), None);
    assert_eq!(
        (codes(&extraction), extraction.problems[0].severity),
        (vec!["unexpected-type"], Severity::Broken)
    );
}

#[test]
fn deep_and_huge_json_costs_no_more_than_a_problem() {
    let deep = "[".repeat(100_000);
    assert_eq!(codes(&extract(URL, deep.as_bytes(), None)), ["bad-json"]);
    let deep = format!("{}1{}", "{\"a\":".repeat(127), "}".repeat(127));
    assert_eq!(codes(&extract(URL, deep.as_bytes(), None)), ["no-mapping"]);
    let long = format!(
        r#"[{{"id": 1, "name": "a", "description": "{}"}}, {{"id": 2, "name": "b"}}]"#,
        "x".repeat(10_000_000)
    );
    let extraction = extract(URL, long.as_bytes(), None);
    assert_eq!(codes(&extraction), ["mapping-guessed", "too-long"]);
    assert_eq!(extraction.drafts.len(), 2);
    assert!(!extraction.drafts[0].fields.contains_key("description"));
    let many = format!("[{}1]", "1,".repeat(3_000_001));
    assert_eq!(codes(&extract(URL, many.as_bytes(), None)), ["too-large"]);
}

#[test]
fn windows_1252_and_a_mark_at_the_start_are_read() {
    let bytes = b"\xef\xbb\xbf[{\"id\": 1, \"name\": \"Caf\xc3\xa9\"}]";
    assert_eq!(extract(URL, bytes, None).drafts[0].fields["name"], json!("Café"));
    let bytes = b"[{\"id\": 1, \"name\": \"Caf\xe9 \x96 Leith\"}]";
    let extraction = extract(URL, bytes, None);
    assert_eq!(extraction.drafts[0].fields["name"], json!("Café – Leith"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        extract(URL, &bytes, None);
    }

    #[test]
    fn no_text_like_json_makes_it_panic(text in r#"[\[\]{}:,"\\uDdaN\-I1 .é]{0,120}"#) {
        extract(URL, text.as_bytes(), None);
    }

    #[test]
    fn mending_leaves_well_formed_json_alone(text in "\\PC*", number in any::<i32>()) {
        let json = json!({ "a": [text, number, null], "b": {} }).to_string();
        prop_assert_eq!(mend(&json), None);
    }

    #[test]
    fn no_json_makes_a_format_of_json_panic(json in any_json()) {
        let text = json.to_string();
        for name in ["open-referral", "aliss", "kist", "geojson", "json"] {
            let format = named(name).unwrap();
            let document = document("https://a.example/services?page=2", text.as_bytes());
            let extraction = (format.extract)(&document, &Reading::plain(Timestamp::UNIX_EPOCH));
            prop_assert!(extraction.drafts.iter().all(|draft| !draft.key.is_empty()));
            prop_assert!((format.recognises)(&document) <= 100);
        }
    }
}

/// JSON made of the words that publishers use, in any place.
fn any_json() -> impl Strategy<Value = Json> {
    let keys = prop::sample::select(vec![
        "id",
        "name",
        "contents",
        "content",
        "data",
        "results",
        "items",
        "features",
        "type",
        "state",
        "kind",
        "next",
        "geometry",
        "coordinates",
        "properties",
        "organization",
        "organisation",
        "services",
        "service_at_locations",
        "location",
        "locations",
        "schedules",
        "regular_schedules",
        "holiday_schedules",
        "byday",
        "weekday",
        "opens_at",
        "start_date",
        "end_date",
        "freq",
        "interval",
        "cost_options",
        "amount",
        "service_areas",
        "uri",
        "code",
        "latitude",
        "longitude",
        "categories",
        "community_groups",
        "is_range",
        "min",
        "max",
        "count",
        "total_items",
        "number",
        "first",
        "last",
        "meta",
        "attribution",
        "record",
        "minimum_age",
        "languages",
        "attributes",
        "taxonomy_term",
        "status",
        "permalink",
        "last_reviewed",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Json::from),
        prop::sample::select(vec![
            "updated",
            "deleted",
            "FeatureCollection",
            "Feature",
            "Point",
            "MO",
            "-1MO,,",
            "12:00Z",
            "é+0:",
            "2026-02-30",
            "9999-12-31",
            "S12000036",
            "é2000036",
            "WEEKLY",
            "physical",
            "virtual",
            "https://a.example/id/asset/b",
            "asset/b",
            "UPRN",
        ])
        .prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((keys.clone(), inner), 0..8).prop_map(|entries| {
                Json::Object(
                    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}
