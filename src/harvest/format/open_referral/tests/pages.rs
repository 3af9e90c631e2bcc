//! Pages, roots, lists and limits.

use serde_json::{Value as Json, json};

use super::{codes, document, extract, fixture, follows, of_kind, page};
use crate::harvest::extraction::{Severity, State};
use crate::harvest::format::open_referral::FORMAT;

#[track_caller]
fn check_next(url: &str, envelope: &Json, expected: Option<&str>) {
    let extraction = page(url, envelope);
    let next = extraction.follow.iter().find(|follow| follow.role.is_next());
    assert_eq!(next.map(|follow| follow.url.as_str()), expected);
}

fn service(id: u32) -> Json {
    json!({ "id": id, "name": format!("Service {id}"), "schedules": [] })
}

#[test]
fn every_fixture_is_recognised() {
    for bytes in [
        &fixture("uk-3-root/input.json"),
        &fixture("uk-3-root-fail/input.json"),
        &fixture("uk-3-services/input.json"),
        &fixture("uk-3-service/input.json"),
        &fixture("uk-3-organizations/input.json"),
        &fixture("uk-3-service-at-locations/input.json"),
        &fixture("uk-3-services-fail/input.json"),
        &fixture("uk-1-services/input.json"),
        &fixture("uk-1-service/input.json"),
        &fixture("hsds-3-service/input.json"),
        &fixture("bare-list/input.json"),
        &fixture("lines/input.ndjson"),
    ] {
        let sure = (FORMAT.recognises)(&document("https://api.example/services", bytes));
        assert!(sure >= 75, "{sure}: {}", String::from_utf8_lossy(&bytes[..80.min(bytes.len())]));
    }
    let other = document("https://api.example/", br#"{"items": [{"id": 1}]}"#);
    assert_eq!((FORMAT.recognises)(&other), 0);
}

#[test]
fn the_root_of_an_api_leads_to_its_services() {
    for url in ["https://api.example/oruk", "https://api.example/oruk/"] {
        let extraction = extract(url, &fixture("uk-3-root/input.json"));
        assert_eq!(follows(&extraction), ["https://api.example/oruk/services?page=1&per_page=50"]);
        assert_eq!(codes(&extraction), [""; 0]);
    }
    // Who asks the root for lines gets all services at once.
    let lines = extract("https://api.example/oruk?format=ndjson", &fixture("uk-3-root/input.json"));
    assert_eq!(follows(&lines), ["https://api.example/oruk/services?format=ndjson"]);
    let failing = extract("https://api.example/", &fixture("uk-3-root-fail/input.json"));
    assert_eq!(follows(&failing), ["https://api.example/services?page=1&per_page=50"]);
}

#[test]
fn rows_at_several_locations_become_one_service() {
    let row = |place: &str| {
        json!({
            "id": place, "service": { "id": "s", "name": "Advice" },
            "location": { "id": place, "location_type": "physical", "name": place },
        })
    };
    let list = json!({ "total_items": 2, "contents": [row("North"), row("South")] });
    let extraction = page("https://api.example/service_at_locations", &list);
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(
        extraction.drafts[0].fields["locations"],
        json!([{ "name": "North" }, { "name": "South" }])
    );
    assert_eq!(follows(&extraction), ["https://api.example/services/s"]);
}

#[test]
fn a_bare_list_is_read_and_rows_without_a_key_are_told() {
    let extraction = extract("https://api.example/services", &fixture("bare-list/input.json"));
    assert_eq!(extraction.drafts.len(), 2);
    assert_eq!(extraction.drafts[1].state, State::Deleted, "defunct is gone");
    assert_eq!(extraction.follow, []);
    let mut found = codes(&extraction);
    found.sort_unstable();
    assert_eq!(found, ["bad-row", "no-key"]);
}

#[test]
fn lines_of_services_are_read_and_a_broken_one_breaks_the_listing() {
    let extraction =
        extract("https://api.example/services?format=ndjson", &fixture("lines/input.ndjson"));
    assert_eq!(of_kind(&extraction, "asset").len(), 2);
    assert_eq!(of_kind(&extraction, "organisation").len(), 1);
    assert_eq!(extraction.drafts[0].at, "line 1/organization");
    let broken = &extraction.problems[0];
    assert_eq!((broken.severity, broken.at.as_str()), (Severity::Broken, "line 3"));
    assert_eq!(extraction.follow, []);
}

#[test]
fn counts_that_lie_or_move_do_not_end_the_listing_early() {
    let two = json!([service(1), service(2)]);
    // All were listed.
    check_next(
        "https://api.example/services",
        &json!({ "total_items": 2, "total_pages": 1, "page_number": 1, "last_page": true, "contents": two }),
        None,
    );
    // One page is announced, and 128 services.
    check_next(
        "https://api.example/services",
        &json!({ "total_items": 128, "total_pages": 1, "page_number": 1, "last_page": true, "contents": two }),
        Some("https://api.example/services?page=2"),
    );
    // Nothing is announced at all.
    check_next(
        "https://api.example/services?perPage=2",
        &json!({ "contents": two }),
        Some("https://api.example/services?perPage=2&page=2"),
    );
    // The total is reached, but the server says that it goes on.
    check_next(
        "https://api.example/services?page=3&per_page=2",
        &json!({ "total_items": 6, "total_pages": 9, "last_page": false, "contents": two }),
        Some("https://api.example/services?page=4&per_page=2"),
    );
    // An empty page is the end, whatever is announced.
    check_next(
        "https://api.example/services?page=9",
        &json!({ "total_items": 128, "total_pages": 64, "last_page": false, "contents": [] }),
        None,
    );
    // Spring counts from 0.
    check_next(
        "https://api.example/services",
        &json!({ "totalElements": 4, "totalPages": 2, "number": 0, "first": true, "last": false, "content": two }),
        Some("https://api.example/services?page=1"),
    );
}

#[test]
fn a_bare_list_with_as_many_rows_as_a_page_is_asked_for_the_next() {
    let rows: Vec<Json> = (0..50).map(service).collect();
    check_next(
        "https://api.example/services",
        &json!(rows),
        Some("https://api.example/services?page=2"),
    );
    check_next("https://api.example/services", &json!(rows[..49]), None);
    check_next(
        "https://api.example/services?page=2",
        &json!(rows[..9]),
        Some("https://api.example/services?page=3"),
    );
}

#[test]
fn a_server_that_counts_from_0_is_asked_for_page_0_too() {
    let list = json!({ "number": 1, "first": false, "last": true, "content": [service(1)] });
    let extraction = page("https://api.example/services?page=1&per_page=50", &list);
    assert_eq!(follows(&extraction), ["https://api.example/services?page=0&per_page=50"]);
    assert_eq!(codes(&extraction), ["pages-from-zero"]);
}

#[test]
fn a_log_in_page_and_a_message_are_broken_and_not_empty() {
    for (bytes, code) in [
        (&b"<html><title>Sign in</title>"[..], "unexpected-type"),
        (b"", "empty-document"),
        (br#"{"message": "Forbidden"}"#, "not-open-referral"),
        (br#"{"contents": [{"id": "#, "bad-json"),
    ] {
        let extraction = extract("https://api.example/services", bytes);
        assert_eq!(codes(&extraction), [code]);
        assert_eq!(extraction.problems[0].severity, Severity::Broken);
    }
}

#[test]
fn lists_in_a_service_are_bounded() {
    let schedules: Vec<Json> = (0..5_000).map(|day| json!({ "byday": "MO", "dtstart": format!("2026-01-{:02}", day % 28 + 1), "interval": day })).collect();
    let extraction = page(
        "https://api.example/services/1",
        &json!({ "id": 1, "name": "x", "schedules": schedules }),
    );
    assert_eq!(codes(&extraction), ["too-many", "too-many"]);
    assert_eq!(extraction.drafts[0].fields["schedule"].as_array().unwrap().len(), 200);
}

#[test]
fn a_holiday_without_end_is_cut() {
    let service = json!({
        "id": 1, "name": "x", "regular_schedules": [{ "weekday": "Monday" }],
        "holiday_schedules": [{ "closed": true, "start_date": "2026-01-01", "end_date": "2199-01-01" }],
    });
    let extraction = page("https://api.example/services/1", &service);
    assert_eq!(
        extraction.drafts[0].fields["schedule"][0]["exceptDate"].as_array().unwrap().len(),
        366
    );
}

#[test]
fn lists_that_multiply_each_other_are_bounded() {
    let terms: Vec<Json> = (0..900)
        .map(|id| json!({ "taxonomy_term": { "id": "x", "name": format!("Term {id}") } }))
        .collect();
    let holidays: Vec<Json> = (0..900)
        .map(|day| json!({ "closed": true, "start_date": format!("{}-01-01", 1100 + day), "end_date": "2199-01-01" }))
        .collect();
    let hours: Vec<Json> =
        (0..900).map(|week| json!({ "byday": "MO", "interval": week + 1 })).collect();
    let place = json!({
        "location": { "location_type": "physical", "name": "x", "attributes": terms },
        "schedules": hours, "holiday_schedules": holidays,
    });
    let places = vec![place; 30];
    let service = json!({ "id": 1, "name": "x", "service_at_locations": places });
    let extraction = page("https://api.example/services/1", &service);
    let draft = &extraction.drafts[0];
    assert_eq!(draft.terms.len(), 200);
    let schedules = draft.fields["schedule"].as_array().unwrap();
    assert_eq!(schedules.len(), 200);
    assert_eq!(schedules[0]["exceptDate"].as_array().unwrap().len(), 366);
}

#[test]
fn a_key_that_means_a_folder_is_not_followed() {
    let list =
        json!({ "total_items": 1, "last_page": true, "contents": [{ "id": "..", "name": "x" }] });
    let extraction = page("https://api.example/services", &list);
    assert_eq!(follows(&extraction), [""; 0]);
    let list = json!({ "total_items": 1, "last_page": true, "contents": [{ "id": "a/b?c", "name": "x" }] });
    let extraction = page("https://api.example/services", &list);
    assert_eq!(follows(&extraction), ["https://api.example/services/a%2Fb%3Fc"]);
}
