mod hostile;
mod lines;
mod more;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use url::Url;

use super::{FORMAT, guess};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Severity};
use crate::harvest::format::Reading;
use crate::harvest::mapping::{Mapping, Paging};

macro_rules! fixture {
    ($case:literal) => {
        include_bytes!(concat!("../../../../../tests/fixtures/harvest/json/", $case)).as_slice()
    };
}

use fixture;

fn document(url: &str, bytes: &[u8]) -> Document {
    Document {
        url: Url::parse(url).unwrap(),
        media_type: Some("application/json".to_owned()),
        charset: None,
        bytes: bytes.to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

fn extract(url: &str, bytes: &[u8], mapping: Option<&Mapping>) -> Extraction {
    let reading = Reading { mapping, ..Reading::plain(Timestamp::UNIX_EPOCH) };
    (FORMAT.extract)(&document(url, bytes), &reading)
}

fn mapping(json: Json) -> Mapping {
    serde_json::from_value(json).unwrap()
}

fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.problems.iter().map(|problem| problem.code.as_str()).collect()
}

const URL: &str = "https://data.example/places.json";

#[track_caller]
fn check_next(url: &str, paging: Json, body: Json, expected: Option<&str>) {
    let mapping = mapping(
        json!({ "items": "$.data[*]", "key": ["id"], "fields": { "name": { "from": ["name"] } }, "paging": paging }),
    );
    let extraction = extract(url, body.to_string().as_bytes(), Some(&mapping));
    let next = extraction.follow.first().map(|follow| follow.url.as_str());
    assert_eq!(next, expected);
}

#[test]
fn a_mapping_is_guessed_from_a_sample() {
    let found = guess(&document(URL, fixture!("guessed/input.json"))).unwrap();
    assert_eq!(found.items.as_deref(), Some("$['data']['places'][*]"));
    assert_eq!(found.key, ["id"]);
    assert_eq!(found.modified.as_deref(), Some("updated"));
    assert_eq!(found.paging, Some(Paging::Next { path: "$['next']".to_owned() }));
    assert_eq!(crate::harvest::mapped::check(&found), []);
    let extraction = extract(URL, fixture!("guessed/input.json"), None);
    assert_eq!(codes(&extraction), ["mapping-guessed"]);
    assert_eq!(extraction.follow[0].url.as_str(), "https://data.example/places.json?page=2");
    assert_eq!(
        Json::Object(extraction.drafts[0].fields.clone()),
        json!({
            "assetType": "service",
            "name": "Men’s Shed Govan",
            "description": "<p>Woodwork &amp; company.</p>",
            "url": "https://shed.example",
            "telephone": "0141 496 0300",
            "locations": [{
                "streetAddress": "1 Dock Street", "locality": "Glasgow", "postcode": "G51 2AA",
                "latitude": 55.8625, "longitude": -4.3126,
            }],
        })
    );
    let tags: Vec<&str> =
        extraction.drafts[0].terms.iter().map(|term| term.label.as_str()).collect();
    assert_eq!(tags, ["woodwork", "men"]);
    assert_eq!(extraction.drafts[1].at, "/data/places/1");
}

#[test]
fn nothing_is_guessed_where_nothing_has_a_key_and_a_name() {
    for bytes in [
        &br#"{"a": 1}"#[..],
        br#"[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]"#,
        br#"[{"name": "a"}, {"name": "b"}]"#,
        br#"[{"id": 1, "weight": 3}]"#,
        b"<html>",
        b"[1, 2, 3]",
    ] {
        assert_eq!(guess(&document(URL, bytes)), None, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_list_that_has_items_twice_has_a_key_all_the_same() {
    let item = |id: &str, name: &str| json!({ "id": id, "name": name });
    let key = |items: &[Json]| {
        let bytes = json!(items).to_string();
        let guess = guess(&document("https://a.example/all.json", bytes.as_bytes()));
        guess.map(|mapping| mapping.key)
    };
    let (one, two) = (item("1", "Walks"), item("2", "Choir"));
    let id = Some(vec!["id".to_owned()]);
    assert_eq!(key(&[one.clone(), one.clone(), two, item("2", "Choirs")]), id);
    // One text for all of them is no key.
    assert_eq!(key(&[one.clone(), item("1", "Choir"), item("1", "Rowing")]), None);
}

#[test]
fn lines_of_json_are_items() {
    let extraction = extract(URL, fixture!("lines/input.ndjson"), None);
    assert_eq!(extraction.drafts.len(), 2);
    assert_eq!(extraction.drafts[1].at, "line 2");
    assert_eq!(extraction.drafts[1].key, "9f1d");
}

#[test]
fn paths_keys_and_pointers_are_places() {
    let mapping = mapping(json!({
        "kind": "organisation",
        "items": "$.result.orgs",
        "key": ["$.ids[?@.scheme == 'own'].value", "/part"],
        "modified": "meta.changed",
        "fields": {
            "name": { "from": ["$.names[0]"] },
            "url": { "from": ["links.web"] },
            "socialLinks": { "from": ["links.social"] },
            "sector": { "from": ["kind"], "words": { "charity": "third-sector" } },
        },
        "terms": { "topics": { "from": ["$.tags[*]"] } },
    }));
    let body = json!({ "result": { "orgs": [{
        "ids": [{ "scheme": "x", "value": 1 }, { "scheme": "own", "value": 7 }], "part": "b",
        "names": ["Sgoil", "School"], "meta": { "changed": "2026-11-01" }, "kind": "Charity",
        "links": { "web": "https://a.example", "social": ["https://b.example", "https://c.example"] },
        "tags": ["learning", 5],
    }] } });
    let extraction = extract(URL, body.to_string().as_bytes(), Some(&mapping));
    let draft = &extraction.drafts[0];
    assert_eq!(extraction.problems, []);
    assert_eq!((draft.key.as_str(), draft.kind.as_str()), ("7/b", "organisation"));
    assert_eq!(draft.modified.as_deref(), Some("2026-11-01"));
    assert_eq!(
        Json::Object(draft.fields.clone()),
        json!({
            "name": "Sgoil", "sector": "third-sector", "url": "https://a.example",
            "socialLinks": ["https://b.example", "https://c.example"],
        })
    );
    assert_eq!(draft.terms.len(), 2);
    assert_eq!(draft.at, "/result/orgs/0");
}

#[test]
fn each_kind_of_paging_leads_on_until_a_page_is_empty() {
    let one = json!([{ "id": 1, "name": "a" }]);
    let page = json!({ "by": "page", "parameter": "p" });
    check_next(
        "https://a.example/x?q=1",
        page.clone(),
        json!({ "data": one }),
        Some("https://a.example/x?q=1&p=2"),
    );
    check_next(
        "https://a.example/x?p=4",
        page.clone(),
        json!({ "data": one }),
        Some("https://a.example/x?p=5"),
    );
    check_next("https://a.example/x?p=4", page, json!({ "data": [] }), None);
    let from_0 = json!({ "by": "page", "parameter": "p", "first": 0 });
    check_next(
        "https://a.example/x",
        from_0,
        json!({ "data": one }),
        Some("https://a.example/x?p=1"),
    );
    let offset = json!({ "by": "offset", "parameter": "start", "size": 10 });
    check_next(
        "https://a.example/x?start=20",
        offset,
        json!({ "data": one }),
        Some("https://a.example/x?start=30"),
    );
    let next = json!({ "by": "next", "path": "$.links.next" });
    check_next(
        "https://a.example/d/x",
        next.clone(),
        json!({ "data": one, "links": { "next": "y?page=2" } }),
        Some("https://a.example/d/y?page=2"),
    );
    check_next(
        "https://a.example/d/x",
        next.clone(),
        json!({ "data": one, "links": { "next": "" } }),
        None,
    );
    check_next(
        "https://a.example/d/x",
        next.clone(),
        json!({ "data": one, "links": { "next": "/d/x" } }),
        None,
    );
    check_next("https://a.example/d/x", next, json!({ "data": one }), None);
    let cursor = json!({ "by": "cursor", "path": "$.cursor", "parameter": "after" });
    check_next(
        "https://a.example/x",
        cursor.clone(),
        json!({ "data": one, "cursor": "a&b" }),
        Some("https://a.example/x?after=a%26b"),
    );
    check_next("https://a.example/x", cursor, json!({ "data": one, "cursor": null }), None);
}

#[test]
fn a_path_that_finds_nothing_is_broken_and_an_empty_list_is_not() {
    let mapping = mapping(
        json!({ "items": "$.data[*]", "key": ["id"], "fields": { "name": { "from": ["name"] } } }),
    );
    assert_eq!(codes(&extract(URL, br#"{"data": []}"#, Some(&mapping))), [""; 0]);
    let moved = extract(URL, br#"{"rows": [{"id": 1}]}"#, Some(&mapping));
    assert_eq!(
        (moved.problems[0].code.as_str(), moved.problems[0].severity),
        ("no-items", Severity::Broken)
    );
}

#[test]
fn it_is_the_last_that_takes_json() {
    assert_eq!((FORMAT.recognises)(&document(URL, b"[]")), 20);
    assert_eq!((FORMAT.recognises)(&document(URL, b"hello")), 0);
}
