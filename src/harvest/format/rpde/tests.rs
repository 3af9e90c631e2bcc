//! Tests of reading RPDE pages.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::*;
use crate::harvest::extraction::Severity;

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/harvest/rpde/", $path))
    };
}

const FEED: &str = "https://bookings.example/api/rpde/sessions";

fn read_at(url: &str, bytes: &[u8]) -> Extraction {
    let document = Document {
        url: url.parse().unwrap(),
        media_type: None,
        charset: None,
        bytes: bytes.to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    };
    extract(&document, &Reading::plain("2026-11-22T02:00:00Z".parse().unwrap()))
}

/// A page with these items that is followed by another.
fn page(items: &str) -> Extraction {
    read_at(FEED, format!(r#"{{"next": "?afterChangeNumber=5", "items": [{items}]}}"#).as_bytes())
}

/// A page without items and with this `next`.
fn end(url: &str, next: &str) -> Extraction {
    read_at(url, json!({"next": next, "items": []}).to_string().as_bytes())
}

fn codes(extraction: &Extraction) -> Vec<(Severity, &str)> {
    let problems = extraction.problems.iter();
    problems.map(|problem| (problem.severity, problem.code.as_str())).collect()
}

#[test]
fn a_series_becomes_an_activity_with_its_organiser() {
    let extraction = read_at(FEED, fixture!("sessions/input.json"));
    let [series, organiser, deleted, swim] = extraction.drafts.as_slice() else {
        panic!("{:?}", extraction.drafts)
    };
    assert_eq!(series.key, "SessionSeries/1402CBP20150217");
    assert_eq!(series.modified.as_deref(), Some("1763790000000"));
    assert_eq!(
        Json::Object(series.fields.clone()),
        json!({
            "name": "Strength and balance",
            "assetType": "activity-asset",
            "description": "Gentle exercise for people who have had a fall.",
            "url": "https://bookings.example/strength-and-balance",
            "locations": [{
                "name": "Glen Leisure Centre", "streetAddress": "12 Mill Road",
                "locality": "Inverness", "region": "Highland", "postcode": "iv2 3ab",
                "country": "GB", "latitude": 57.4778, "longitude": -4.2247,
            }],
            "schedule": [{
                "byDay": ["TU", "TH"], "startTime": "10:30", "endTime": "11:30",
                "repeatFrequency": "P1W", "startDate": "2026-01-06", "exceptDate": ["2026-12-29"],
            }],
            "minimumAge": 60,
            "cost": {"amount": "0.00", "currency": "GBP", "note": "Concession: 0.00; Adult: 3.50"},
        })
    );
    let labels: Vec<&str> = series.terms.iter().map(|term| term.label.as_str()).collect();
    assert_eq!(labels, ["Strength and Balance", "Health walks"]);
    assert_eq!(series.links[0].key, organiser.key);
    assert_eq!(organiser.fields["name"], "Active Glens");
    assert_eq!(organiser.fields["telephone"], "01463 555 019");
    assert_eq!(deleted.state, State::Deleted);
    assert_eq!(swim.fields["status"], "ended");
}

#[test]
fn numbers_of_any_length_are_kept_to_the_letter() {
    let extraction = read_at(FEED, fixture!("sessions/input.json"));
    let deleted = &extraction.drafts[2];
    assert_eq!((deleted.key.as_str(), deleted.kind.as_str()), ("SessionSeries/77", "asset"));
    assert_eq!(deleted.modified.as_deref(), Some("18446744073709551617"));
}

#[test]
fn an_event_has_its_day_its_cost_and_no_person() {
    let extraction = read_at(FEED, fixture!("sessions/input.json"));
    let swim = &extraction.drafts[3];
    assert_eq!(
        swim.fields["schedule"],
        json!([{"startDate": "2027-06-20", "startTime": "09:00", "endTime": "11:00"}])
    );
    assert_eq!(swim.fields["cost"], json!({"free": true}));
    let beach = json!([{"name": "Loch Ness, Dores beach", "streetAddress": "Dores IV2 6TR"}]);
    assert_eq!(swim.fields["locations"], beach);
    assert!(swim.links.is_empty());
    let text = format!("{:?}", extraction.drafts);
    assert!(!text.contains("A person") && !text.contains("Not to be taken"));
}

#[test]
fn the_feed_goes_on_at_next_and_says_its_licence() {
    let extraction = read_at(FEED, fixture!("sessions/input.json"));
    let expected = format!("{FEED}?afterTimestamp=1763790000002&afterId=2");
    assert_eq!(extraction.follow[0].url.as_str(), expected);
    assert_eq!(extraction.follow[0].role, Role::Next);
    assert_eq!(codes(&extraction), []);
    assert_eq!(extraction.resume.unwrap().as_str(), expected);
    let licence = extraction.about.licence.unwrap();
    assert_eq!(licence, "https://creativecommons.org/licenses/by/4.0/");
}

#[test]
fn a_session_that_names_its_series_is_a_time_of_it_and_no_record() {
    let extraction = read_at(FEED, fixture!("sessions/input.json"));
    let [time] = extraction.times.as_slice() else { panic!("{:?}", extraction.times) };
    assert_eq!(time.of, "https://bookings.example/api/session-series/1402CBP20150217");
    assert_eq!(time.start, "2026-12-01 10:30:00");
    assert_eq!(time.node, Some(json!({"startDate": "2026-12-01", "startTime": "10:30"})));
    assert!(extraction.drafts.iter().all(|draft| !draft.key.starts_with("ScheduledSession")));
    // Whoever names it finds the record by its address.
    let names: Vec<&str> = extraction.names.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&&*time.of), "{names:?}");
    let item = |state: &str, data: &str| {
        page(&format!(
            r#"{{"state": "{state}", "kind": "ScheduledSession", "id": "s", "modified": 1{data}}}"#
        ))
    };
    assert_eq!(item("deleted", "").times[0].node, None);
    let cancelled = r#", "data": {"@type": "ScheduledSession", "superEvent": {"@id": "https://a.example/1"},
        "startDate": "2026-12-01T10:30:00Z", "eventStatus": "https://schema.org/EventCancelled"}"#;
    assert_eq!(item("updated", cancelled).times[0].node, None);
    // One that tells its series itself is a record.
    let whole = cancelled.replace(r#""@id""#, r#""name": "Yoga", "@id""#);
    assert_eq!((item("updated", &whole).times.len(), item("updated", &whole).drafts.len()), (0, 1));
}

#[test]
fn the_end_is_no_items_and_the_same_address() {
    let url = "https://partner.example/rpde/end/input.json";
    let extraction = read_at(url, fixture!("end/input.json"));
    assert!(extraction.follow.is_empty() && extraction.problems.is_empty());
    assert_eq!(extraction.resume.unwrap().as_str(), url);
}

#[test]
fn no_items_and_another_address_is_not_the_end() {
    let extraction = end(FEED, "/api/rpde/sessions?afterChangeNumber=9");
    assert_eq!(extraction.follow.len(), 1);
}

#[test]
fn a_page_with_items_that_names_itself_is_a_loop() {
    let item = r#"{"state": "deleted", "kind": "Event", "id": 1, "modified": 1}"#;
    let text = format!(r#"{{"next": "{FEED}", "items": [{item}]}}"#);
    let extraction = read_at(FEED, text.as_bytes());
    assert!(extraction.follow.is_empty() && extraction.resume.is_none());
    assert_eq!(codes(&extraction), [(Severity::Broken, "paging-loop")]);
}

#[test]
fn next_is_resolved_against_the_answer_and_stays_on_its_host() {
    for (next, expected, said) in [
        (
            "?afterTimestamp=1",
            Some("https://bookings.example/api/rpde/sessions?afterTimestamp=1"),
            None,
        ),
        ("//bookings.example/x", Some("https://bookings.example/x"), None),
        ("http://bookings.example/x?a=b c#d", Some("https://bookings.example/x?a=b%20c"), None),
        (
            "http://localhost:3000/wrong/prefix?afterId=7",
            Some("https://bookings.example/api/rpde/sessions?afterId=7"),
            Some((Severity::Warning, "other-host")),
        ),
        ("https://evil.example/x", None, Some((Severity::Broken, "other-host"))),
        ("file:///etc/passwd", None, Some((Severity::Broken, "other-host"))),
        ("http://[bad", None, Some((Severity::Broken, "bad-next"))),
        ("", None, Some((Severity::Broken, "no-next"))),
    ] {
        let extraction = end(FEED, next);
        let followed = extraction.follow.first().map(|follow| follow.url.as_str());
        assert_eq!(followed, expected, "{next}");
        assert_eq!(codes(&extraction).first().copied(), said, "{next}");
    }
}

#[test]
fn facilities_have_hours_and_bad_items_cost_themselves() {
    let url = "https://leisure.example/rpde/facility-uses";
    let extraction = read_at(url, fixture!("facilities/input.json"));
    let court = &extraction.drafts[0];
    assert_eq!(court.fields["assetType"], "sports-venue");
    assert_eq!(
        court.fields["schedule"],
        json!([{"byDay": ["MO", "FR"], "startTime": "09:00", "endTime": "21:30"}])
    );
    assert_eq!(
        court.fields["locations"],
        json!([{"name": "Sports Centre", "latitude": 58.209, "longitude": -6.389}])
    );
    assert_eq!(court.links[0].key, "42");
    let said: Vec<(&str, &str)> = extraction
        .problems
        .iter()
        .map(|problem| (problem.code.as_str(), problem.at.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("bad-item", "/items/2/state"),
            ("bad-item", "/items/3"),
            ("no-data", "/items/4"),
            ("not-a-record", "/items"),
            ("other-host", "/next"),
        ]
    );
    let next = "https://leisure.example/rpde/facility-uses?afterTimestamp=9&afterId=f1";
    assert_eq!(extraction.follow[0].url.as_str(), next);
}

#[test]
fn sessions_of_an_embedded_series_take_what_they_lack_from_it() {
    let extraction = page(
        r#"{"state": "updated", "kind": "ScheduledSession", "id": "s", "modified": 1, "data": {
            "@type": "ScheduledSession", "startDate": "2026-12-01T18:00:00Z", "duration": "PT45M",
            "superEvent": {"@type": "SessionSeries", "name": "Tai chi", "startDate": "2026-01-01",
                "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode"}}}"#,
    );
    let draft = &extraction.drafts[0];
    assert_eq!(draft.fields["name"], "Tai chi");
    assert_eq!(draft.fields["online"], true);
    assert_eq!(
        draft.fields["schedule"],
        json!([{"startDate": "2026-12-01", "startTime": "18:00", "endTime": "18:45"}])
    );
}

#[test]
fn sessions_to_come_are_listed_and_cancelled_ones_are_not() {
    let extraction = page(
        r#"{"state": "updated", "kind": "SessionSeries", "id": "s", "modified": 1, "data": {
            "type": "SessionSeries", "name": "Choir", "subEvent": [
              {"startDate": "2026-12-08T19:00:00Z", "endDate": "2026-12-08T20:00:00Z"},
              {"startDate": "2026-12-01T19:00:00Z", "endDate": "2026-12-01T18:00:00Z"},
              {"startDate": "2026-12-15T19:00:00Z", "eventStatus": "https://schema.org/EventCancelled"},
              {"startDate": "2020-12-15T19:00:00Z"}]}}"#,
    );
    assert_eq!(
        extraction.drafts[0].fields["schedule"],
        json!([
            {"startDate": "2026-12-01", "startTime": "19:00"},
            {"startDate": "2026-12-08", "startTime": "19:00", "endTime": "20:00"},
        ])
    );
    assert_eq!(codes(&extraction), [(Severity::Error, "end-before-start")]);
}

#[test]
fn several_deletions_on_one_page_are_all_given() {
    let items: Vec<String> = (0..3)
        .map(|id| format!(r#"{{"state": "deleted", "kind": "Event", "id": {id}, "modified": 5}}"#))
        .collect();
    let extraction = page(&items.join(","));
    assert!(extraction.drafts.iter().all(|draft| draft.state == State::Deleted));
    assert_eq!(extraction.drafts.len(), 3);
}

#[test]
fn an_organiser_of_many_items_is_one_organisation() {
    let item = |id: u8| {
        format!(
            r#"{{"state": "updated", "kind": "Event", "id": {id}, "modified": {id}, "data": {{"@type": "Event",
            "name": "Walk {id}", "organizer": {{"@type": "Organization", "@id": "o", "name": "Walkers"}}}}}}"#
        )
    };
    let extraction = page(&format!("{},{}", item(1), item(2)));
    let kinds: Vec<&str> = extraction.drafts.iter().map(|draft| draft.kind.as_str()).collect();
    assert_eq!(kinds, ["asset", "organisation", "asset"]);
}

#[test]
fn lone_surrogates_and_deep_data_cost_one_item() {
    let deep = "[".repeat(5000) + &"]".repeat(5000);
    let extraction = page(&format!(
        r#"{{"state": "updated", "kind": "Event", "id": 1, "modified": 1, "data": {{"name": "\ud800"}}}},
           {{"state": "updated", "kind": "Event", "id": 2, "modified": 1, "data": {{"name": {deep}}}}},
           {{"state": "updated", "kind": "Event", "id": 3, "modified": 1, "data": {{"name": "Fine"}}}}, 7"#
    ));
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(extraction.problems.iter().filter(|problem| problem.code == "bad-item").count(), 3);
}

#[test]
fn half_a_page_and_pages_of_something_else_are_broken() {
    let bytes = fixture!("sessions/input.json");
    for bytes in [&bytes[..bytes.len() / 2], b"", b"[]", b"<html>", b"{\"items\": 3}", b"{}"] {
        let extraction = read_at(FEED, bytes);
        assert!(extraction.drafts.is_empty() && extraction.follow.is_empty());
        assert_eq!(codes(&extraction)[0].0, Severity::Broken);
    }
}

#[test]
fn too_many_items_are_broken_before_they_take_memory() {
    let items = vec!["0"; MOST_ITEMS + 1].join(",");
    assert_eq!(codes(&page(&items))[0], (Severity::Broken, "bad-page"));
}

#[test]
fn pages_are_recognised() {
    let recognised = |bytes: &[u8]| {
        let document = Document {
            url: FEED.parse().unwrap(),
            media_type: Some("application/json".to_owned()),
            charset: None,
            bytes: bytes.to_vec(),
            retrieved_at: Timestamp::UNIX_EPOCH,
        };
        recognises(&document)
    };
    assert_eq!(recognised(fixture!("sessions/input.json")), 90);
    assert_eq!(recognised(fixture!("end/input.json")), 40);
    assert_eq!(recognised(b"{\"version\": \"https://jsonfeed.org/version/1\", \"items\": []}"), 0);
    assert_eq!(recognised(b"{\"contents\": []}"), 0);
}

#[test]
fn whatever_is_cut_off_or_changed_nothing_panics() {
    for bytes in [&fixture!("sessions/input.json")[..], &fixture!("facilities/input.json")[..]] {
        for number in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[number] = changed[number].wrapping_mul(31).wrapping_add(7);
            changed.truncate(bytes.len() - number / 3);
            let _ = read_at(FEED, &changed);
        }
    }
}
