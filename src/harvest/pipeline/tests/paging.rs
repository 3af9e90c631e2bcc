//! Contract section B: listings of many pages.

use serde_json::json;

use super::publisher::{World, days_later, feature};
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::register::ledger::{Outcome, Row as _, SourceState};

fn json_answer(body: &serde_json::Value) -> Vec<Act> {
    answer("200 OK", "Content-Type: application/json\r\n", body.to_string())
}

/// A page of an RPDE feed.
fn rpde(items: std::ops::Range<u64>, next: &str) -> Vec<Act> {
    let items: Vec<_> = items
        .map(|number| {
            json!({ "id": format!("s{number}"), "modified": number, "kind": "SessionSeries",
                "state": "updated", "data": { "@type": "SessionSeries",
                "@id": format!("https://partner.example/{number}"), "name": format!("Session {number}"),
                "location": { "@type": "Place", "name": "Hall",
                    "address": { "postalCode": "EH6 8RG" } } } })
        })
        .collect();
    json_answer(
        &json!({ "items": items, "next": next, "license": "https://creativecommons.org/licenses/by/4.0/" }),
    )
}

#[tokio::test]
async fn b5_a_feed_of_changes_is_followed_to_its_end_and_resumed_there() {
    let world = World::new("/rpde", "rpde", |received| match received.path.as_str() {
        "/rpde" => rpde(1..3, "/rpde?after=2"),
        "/rpde?after=2" => rpde(3..5, "/rpde?after=4"),
        _ => rpde(0..0, "/rpde?after=4"),
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(run.counts.seen, 4);
    let asked = world.server.paths().len();
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!(world.server.paths()[asked..], ["/rpde?after=4"]);
}

#[tokio::test]
async fn b1_a_next_page_that_is_itself_stops_the_run_and_deletes_nothing() {
    let world = World::new("/rpde", "rpde", |_| rpde(1..3, "/rpde")).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(world.server.paths().len() <= 2, "{:?}", world.server.paths());
}

#[tokio::test]
async fn b2_a_next_page_on_another_host_is_not_asked_for() {
    let world = World::new("/rpde", "rpde", |_| rpde(1..3, "https://elsewhere.example/x")).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert_eq!(world.server.paths(), ["/rpde"]);
    let listing = json!({ "type": "FeatureCollection", "features": [feature(1, "Walks")],
        "links": [{ "rel": "next", "href": "https://elsewhere.example/items?offset=1" }] });
    world.add_source("other", "/other.geojson", "geojson");
    world.answers(move |_| json_answer(&listing));
    let run = world.run_source("other").await;
    assert_eq!(run.reason.map(|reason| reason.contains("another host")), Some(true));
}

#[tokio::test]
async fn b1_pages_that_go_in_a_circle_stop_the_run() {
    let world = World::new("/a", "rpde", |received| match received.path.as_str() {
        "/a" => rpde(1..3, "/b"),
        _ => rpde(3..5, "/a"),
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(world.codes(&run).contains(&"paging-loop".to_owned()));
    assert_eq!(world.server.paths(), ["/a", "/b"]);
}

#[tokio::test]
async fn b1_the_same_page_under_ever_new_addresses_stops_the_run() {
    // Each next address is new, and each page says the same.
    let world = World::new("/p?token=0", "open-referral", |received| {
        let page: u64 =
            received.path.split("page=").nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
        let _ = page;
        json_answer(&json!({ "total_items": 1000, "total_pages": 500, "page_number": 1, "size": 1,
            "first_page": true, "last_page": false, "empty": false,
            "contents": [{ "id": "1", "name": "Lunch club", "status": "active",
                "organization": { "id": "o1", "name": "Leith Centre" } }] }))
    })
    .await;
    let run = world.run().await;
    assert!(world.server.paths().len() <= 3, "{:?}", world.server.paths());
    assert_ne!(run.outcome, Some(Outcome::Ok));
    assert!(!run.is_complete);
}

#[tokio::test]
async fn a2_a_page_that_fails_leaves_what_came_before_it_and_the_next_run_goes_on_there() {
    let world = World::new("/rpde", "rpde", |received| match received.path.as_str() {
        "/rpde" => rpde(1..3, "/rpde?after=2"),
        _ => answer("503 Service Unavailable", "", "later"),
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert_eq!(run.counts.created, 2);
    world.answers(|received| match received.path.as_str() {
        "/rpde" => panic!("the first page is asked for again"),
        "/rpde?after=2" => rpde(3..5, "/rpde?after=4"),
        _ => rpde(0..0, "/rpde?after=4"),
    });
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(run.counts.created, 2);
}

#[tokio::test]
async fn a_page_that_fails_for_ever_does_not_keep_the_others_from_being_read_again() {
    let world = World::new("/services", "open-referral", |received| {
        if received.path.contains("page=2") {
            return answer("503 Service Unavailable", "", "later");
        }
        json_answer(&json!({ "total_items": 2, "total_pages": 2, "page_number": 1, "size": 1,
            "first_page": true, "last_page": false, "empty": false,
            "contents": [{ "id": "1", "name": "Lunch club", "status": "active", "schedules": [],
                "organization": { "id": "o1", "name": "Leith Centre" } }] }))
    })
    .await;
    for _ in 0..4 {
        world.run().await;
        days_later(1);
    }
    let starts = world.server.paths().into_iter().filter(|path| path == "/services").count();
    assert!(starts >= 2, "{:?}", world.server.paths());
}

#[tokio::test]
async fn a9_tombstones_hold_against_older_updates_and_newer_ones_restore() {
    let item = |modified: u64, state: &str| {
        json!({ "id": "s1", "modified": modified, "kind": "SessionSeries", "state": state,
            "data": { "@type": "SessionSeries", "@id": "https://partner.example/1", "name": "Tai chi",
                "location": { "@type": "Place", "address": { "postalCode": "EH6 8RG" } } } })
    };
    let page = move |item: serde_json::Value, next: &str| {
        json_answer(&json!({ "items": [item], "next": next }))
    };
    let at = std::sync::Arc::new(std::sync::Mutex::new(item(5, "updated")));
    let now = std::sync::Arc::clone(&at);
    let world = World::new("/r0", "rpde", move |received| {
        let number: u64 = received.path.trim_start_matches("/r").parse().unwrap();
        if number.is_multiple_of(2) {
            page(now.lock().unwrap().clone(), &format!("/r{}", number + 1))
        } else {
            json_answer(&json!({ "items": [], "next": received.path }))
        }
    })
    .await;
    world.run().await;
    let published = |world: &World| world.assets();
    assert_eq!(published(&world), 1);
    for (modified, state, expected) in [(7, "deleted", 0), (6, "updated", 0), (8, "updated", 1)] {
        *at.lock().unwrap() = item(modified, state);
        // The feed begins anew: the cursor is forgotten.
        let ledger = world.register().ledger();
        let mut source: SourceState = ledger.get("partner").unwrap().unwrap();
        source.cursor = None;
        ledger.write(&[source.put("partner")], crate::journal::Durability::Durable).unwrap();
        world.run().await;
        assert_eq!(published(&world), expected, "after {modified} {state}");
    }
}
