use serde_json::{Value as Json, json};

use super::FORMAT;
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Role, Severity, State};
use crate::harvest::format::{Listing, testing};

fn fixture(case: &str) -> Vec<u8> {
    testing::fixture(&format!("kist/{case}/input.json"))
}

fn document(url: &str, bytes: &[u8]) -> Document {
    testing::document(url, "application/json", bytes)
}

fn extract(url: &str, bytes: &[u8]) -> Extraction {
    testing::extract_json(&FORMAT, url, bytes)
}

#[test]
fn a_page_of_changes_gives_records_with_their_own_identity() {
    let extraction = extract("https://kist.example/changes", &fixture("changes"));
    assert_eq!(FORMAT.listing, Listing::Changes);
    assert_eq!(extraction.problems, []);
    assert_eq!(
        extraction.about.licence.as_deref(),
        Some("https://creativecommons.org/licenses/by/4.0/")
    );
    let ids: Vec<&str> = extraction.drafts.iter().filter_map(|draft| draft.id.as_deref()).collect();
    assert_eq!(
        ids,
        [
            "organisation/0190c1d2-0000-7000-8000-000000000001",
            "asset/0190c1d2-0000-7000-8000-000000000002",
            "need/0190c1d2-0000-7000-8000-000000000003",
        ]
    );
    assert_eq!(extraction.drafts[2].state, State::Deleted);
    assert_eq!(extraction.drafts[1].modified.as_deref(), Some("6"));
    assert_eq!(
        Json::Object(extraction.drafts[1].fields.clone()),
        json!({
            "name": { "en": "Gaelic choir", "gd": "Còisir Ghàidhlig" },
            "assetType": "category/group",
            "provider": "organisation/0190c1d2-0000-7000-8000-000000000001",
            "topics": ["category/music", "https://elsewhere.example/topic/singing"],
            "areaServed": ["place/S12000036"],
            "locations": [{
                "name": "Main hall", "postcode": "EH6 8RG", "latitude": 55.97, "longitude": -3.17,
                "accessibility": ["category/accessible-toilet"],
            }],
        })
    );
    // An address stays whole, also where it is one of the other register.
    assert_eq!(
        extraction.drafts[0].fields["sameAs"],
        json!(["https://kist.example/id/organisation/0190c1d2-0000-7000-8000-000000000001"])
    );
    let next = extraction.resume.clone().unwrap();
    assert_eq!((&extraction.follow[0].url, &extraction.follow[0].role), (&next, &Role::Next));
}

#[test]
fn the_end_is_an_empty_page_that_names_itself() {
    let bytes = &fixture("changes-end");
    let itself =
        serde_json::from_slice::<Json>(bytes).unwrap()["next"].as_str().unwrap().to_owned();
    let end = extract(&itself, bytes);
    assert_eq!(end.follow, []);
    assert_eq!(end.resume.unwrap().as_str(), itself);
    let gap = extract("https://kist.example/changes", bytes);
    assert_eq!(gap.follow.len(), 1);
}

#[test]
fn what_one_source_withdrew_stays_while_another_speaks() {
    let extraction =
        extract("https://kist.example/api/v1/changes?since=0&limit=100", &fixture("api-changes"));
    // Two sources spoke for the asset, and one went; the source itself is the
    // other register's own affair.
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(extraction.drafts[0].fields["name"], json!("Central Library"));
    assert_eq!(extraction.drafts[0].state, State::Live);
    assert_eq!(extraction.problems[0].code, "versions-by-source");
    assert_eq!(
        extraction.resume.unwrap().as_str(),
        "https://kist.example/api/v1/changes?since=4&limit=100"
    );
}

#[test]
fn what_another_register_harvests_and_when_is_its_own_affair() {
    let item = |kind: &str, id: &str| {
        json!({ "revision": 4, "id": format!("https://kist.example/id/{kind}/{id}"), "type": kind,
            "source": "kist", "state": "updated", "record": { "name": "Partner" } })
    };
    let page = json!({
        "items": [item("source", "partner"), item("run", "partner.1"), item("asset", "a")],
        "next": "/api/v1/changes?since=5&limit=100", "newest": 5,
    });
    let extraction = extract("https://kist.example/api/v1/changes", page.to_string().as_bytes());
    let kinds: Vec<&str> = extraction.drafts.iter().map(|draft| draft.kind.as_str()).collect();
    assert_eq!(kinds, ["asset"]);
}

#[test]
fn the_last_word_on_a_record_counts() {
    let item = |revision: u32, name: &str| {
        json!({
            "state": "updated", "kind": "asset", "id": "asset/a", "modified": revision, "data": { "name": name },
        })
    };
    let gone = json!({ "state": "deleted", "kind": "asset", "id": "a", "modified": 3 });
    let page = json!({ "items": [item(1, "One"), item(2, "Two"), gone], "next": "/changes?afterChangeNumber=3" });
    let extraction = extract("https://kist.example/changes", page.to_string().as_bytes());
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(
        (extraction.drafts[0].state, extraction.drafts[0].key.as_str()),
        (State::Deleted, "asset/a")
    );
}

#[test]
fn a_part_of_a_record_does_not_replace_it() {
    let page = json!({
        "items": [{
            "revision": 5, "id": "https://kist.example/id/asset/a", "type": "asset", "source": "editors",
            "state": "updated", "record": { "partial": true, "name": "Other", "withholds": ["url"] },
        }],
        "next": "/api/v1/changes?since=5&limit=100", "newest": 5,
    });
    let extraction = extract("https://kist.example/api/v1/changes", page.to_string().as_bytes());
    assert_eq!(extraction.drafts, []);
}

#[test]
fn items_that_can_not_be_read_cost_themselves() {
    let page = json!({
        "items": [
            "text",
            { "state": "updated", "kind": "asset", "modified": 1, "data": {} },
            { "state": "updated", "kind": "asset", "id": "https://kist.example/id/organisation/x", "data": {} },
            { "state": "updated", "kind": "asset", "id": "asset/../../x", "data": {} },
            { "state": "updated", "kind": "asset", "id": "asset/b" },
            { "state": "lost", "kind": "asset", "id": "asset/c", "data": {} },
            { "state": "updated", "kind": "asset", "id": "asset/d", "modified": 2, "data": { "name": "Kept" } },
        ],
        "next": "/changes?afterChangeNumber=2",
    });
    let extraction = extract("https://kist.example/changes", page.to_string().as_bytes());
    assert_eq!(extraction.drafts.len(), 1);
    let codes: Vec<&str> =
        extraction.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["bad-item", "no-key", "no-key", "no-key", "no-record", "bad-state"]);
}

#[test]
fn a_page_without_a_next_is_broken() {
    let extraction = extract("https://kist.example/changes", br#"{"items": []}"#);
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
    assert_eq!(extraction.resume, None);
}

#[test]
fn the_feed_is_told_from_other_feeds() {
    let sure = |bytes: &[u8]| (FORMAT.recognises)(&document("https://kist.example/changes", bytes));
    assert_eq!(sure(&fixture("changes")), 97);
    assert_eq!(sure(&fixture("api-changes")), 97);
    let sessions = br#"{"next": "https://a.example/feed?afterTimestamp=1&afterId=2", "items": [{"state": "updated", "kind": "SessionSeries", "id": "2", "modified": 1, "data": {"@type": "SessionSeries"}}], "license": "https://creativecommons.org/licenses/by/4.0/"}"#;
    assert_eq!(sure(sessions), 0);
}
