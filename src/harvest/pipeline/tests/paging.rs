//! Contract section B: listings of many pages.

use std::sync::atomic::{AtomicUsize, Ordering};

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
    let world = World::new("/p?x=0", "open-referral", |received| {
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

/// A page that lists these items under a token which is new each time.
fn with_fresh_token(items: std::ops::Range<u64>) -> Vec<Act> {
    static TOKENS: AtomicUsize = AtomicUsize::new(0);
    rpde(items, &format!("/rpde?token={}", TOKENS.fetch_add(1, Ordering::Relaxed)))
}

#[tokio::test]
async fn b1_the_same_items_under_tokens_that_are_new_each_time_stop_the_run() {
    let world = World::new("/rpde", "rpde", |_| with_fresh_token(1..2)).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(world.codes(&run).contains(&"paging-loop".to_owned()));
    assert_eq!(world.server.paths().len(), 2, "one more than there are different pages");
    assert_eq!((run.counts.seen, run.counts.withdrawn), (1, 0));
}

#[tokio::test]
async fn b1_pages_that_mix_anew_what_was_there_before_stop_the_run() {
    let asked = AtomicUsize::new(0);
    let world = World::new("/rpde", "rpde", move |_| {
        // 1 to 4, then any two of them.
        let turn = asked.fetch_add(1, Ordering::Relaxed) as u64;
        match turn {
            0 => with_fresh_token(1..5),
            turn => with_fresh_token(1 + turn % 3..3 + turn % 3),
        }
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(world.codes(&run).contains(&"paging-loop".to_owned()));
    assert!(world.server.paths().len() <= 3, "{:?}", world.server.paths());
}

#[tokio::test]
async fn b5_empty_pages_that_lead_on_are_followed_but_not_for_ever() {
    let asked = AtomicUsize::new(0);
    let world =
        World::new("/rpde", "rpde", move |received| match asked.fetch_add(1, Ordering::Relaxed) {
            0 => with_fresh_token(1..3),
            1..20 => with_fresh_token(0..0),
            20 => with_fresh_token(3..5),
            _ => rpde(0..0, &received.path),
        })
        .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(run.counts.seen, 4);
    world.add_source("other", "/other", "rpde");
    world.answers(|_| with_fresh_token(0..0));
    let asked = world.server.paths().len();
    let run = world.run_source("other").await;
    assert_ne!(run.outcome, Some(Outcome::Unchanged), "{run:#?}");
    assert!(world.server.paths().len() - asked < 110);
}

#[tokio::test]
async fn b1_a_page_that_differs_in_its_time_of_day_alone_is_the_same_page() {
    static CLOCK: AtomicUsize = AtomicUsize::new(0);
    let world = World::new("/services", "open-referral", |_| {
        let now = CLOCK.fetch_add(1, Ordering::Relaxed);
        json_answer(&json!({ "total_items": 1000, "total_pages": 500, "page_number": 1, "size": 1,
            "first_page": true, "last_page": false, "empty": false, "generated": now,
            "contents": [{ "id": "1", "name": "Lunch club", "status": "active", "schedules": [],
                "organization": { "id": "o1", "name": "Leith Centre" } }] }))
    })
    .await;
    let run = world.run().await;
    assert!(world.codes(&run).contains(&"paging-loop".to_owned()));
    assert!(world.server.paths().len() <= 3, "{:?}", world.server.paths());
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

/// A page of services with these numbers, of so many on so many pages.
fn services(numbers: &[u32], page: u32, total: usize, pages: u32) -> Vec<Act> {
    let services: Vec<_> = numbers
        .iter()
        .map(|number| {
            json!({ "id": format!("s{number}"), "name": format!("Club {number}"),
                "status": "active", "schedules": [], "description": "Chess.",
                "service_at_locations": [{ "id": "l1", "location": { "id": "l1", "name": "Hall",
                    "addresses": [{ "id": "a1", "postal_code": "EH6 8RG" }] } }],
                "organization": { "id": "o1", "name": "Leith Centre", "description": "A hall." } })
        })
        .collect();
    json_answer(
        &json!({ "total_items": total, "total_pages": pages, "page_number": page, "size": 3,
        "first_page": page == 1, "last_page": page == pages, "empty": false,
        "contents": services }),
    )
}

fn page_of(path: &str) -> u32 {
    path.split("page=").nth(1).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// A publisher of six services on two pages, which is in another order each
/// time that the first page is asked for.
async fn shifting(orders: &'static [[u32; 6]]) -> World {
    let world = World::new("/services", "open-referral", |received| {
        let order: Vec<u32> = (1..=6).collect();
        let page = page_of(&received.path);
        services(&order[(page as usize - 1) * 3..][..3], page, 6, 2)
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.requests, run.is_complete), (3, true), "with robots.txt");
    let asked = AtomicUsize::new(0);
    world.answers(move |received| {
        let page = page_of(&received.path);
        let turn = asked.fetch_add(1, Ordering::Relaxed);
        let order = &orders[turn.min(orders.len() - 1)];
        services(&order[(page as usize - 1) * 3..][..3], page, 6, 2)
    });
    world
}

#[tokio::test]
async fn b4_items_that_shift_while_paging_are_not_missing() {
    // Club 4 comes to the first page when that was read; 3 stands on both.
    let world =
        shifting(&[[1, 2, 3, 4, 5, 6], [4, 1, 2, 3, 5, 6], [4, 1, 2, 3, 5, 6], [4, 1, 2, 3, 5, 6]])
            .await;
    let run = world.run().await;
    assert_eq!((run.counts.missing, run.counts.changed, run.is_complete), (0, 0, true), "{run:#?}");
    assert_eq!(run.passes.number, 1);
    assert_eq!((world.assets(), world.name("s4").as_deref()), (6, Some("Club 4")));
    // In order again, it is read once.
    let run = world.run().await;
    assert_eq!((run.passes.number, run.counts.missing, run.is_complete), (0, 0, true), "{run:#?}");
}

#[tokio::test]
async fn b4_what_neither_pass_sees_is_missing_and_the_pages_are_asked_for_no_third_time() {
    let world = shifting(&[[1, 2, 3, 4, 5, 7]]).await;
    let asked = world.server.paths().len();
    let run = world.run().await;
    assert_eq!((run.counts.missing, run.counts.created, run.is_complete), (1, 1, true), "{run:#?}");
    assert_eq!(world.server.paths().len() - asked, 4);
    // Known to be missing, it is not looked for twice at each run.
    days_later(1);
    let run = world.run().await;
    assert_eq!((run.passes.number, run.is_complete), (0, true), "{run:#?}");
    // But once more before it goes.
    for _ in 0..2 {
        days_later(4);
        world.run().await;
    }
    assert_eq!(world.name("s6"), None);
}

#[tokio::test]
async fn b4_a_listing_that_shifts_in_the_second_pass_too_is_not_believed() {
    let world =
        shifting(&[[1, 2, 3, 4, 5, 6], [4, 1, 2, 3, 5, 6], [4, 1, 2, 3, 5, 6], [5, 4, 1, 2, 3, 6]])
            .await;
    let run = world.run().await;
    assert_eq!((run.is_complete, run.passes.has_moved, run.counts.missing), (false, true, 0));
    assert_eq!(world.assets(), 6);
}

#[tokio::test]
async fn b4_new_items_that_the_first_pass_missed_are_taken_by_the_second() {
    let world =
        shifting(&[[1, 2, 3, 8, 5, 6], [8, 1, 2, 3, 5, 6], [8, 1, 2, 3, 5, 6], [8, 1, 2, 3, 5, 6]])
            .await;
    let run = world.run().await;
    assert_eq!((run.counts.created, run.counts.missing), (1, 1), "{run:#?}");
    assert!(world.name("s8").is_some());
}

#[tokio::test]
async fn b4_an_item_that_stands_on_two_pages_is_there_while_one_of_them_has_it() {
    let world =
        World::new("/services", "open-referral", |received| match page_of(&received.path) {
            1 => services(&[1, 2, 3], 1, 6, 2),
            page => services(&[3, 4, 5], page, 6, 2),
        })
        .await;
    // A listing that has one twice in each pass is whole.
    let run = world.run().await;
    assert_eq!((run.passes.number, run.is_complete, world.assets()), (1, true, 5), "{run:#?}");
    // As it is known to have from then on.
    let run = world.run().await;
    assert_eq!((run.passes.number, run.is_complete), (0, true), "{run:#?}");
    world.answers(|received| match page_of(&received.path) {
        1 => services(&[1, 2, 7], 1, 6, 2),
        page => services(&[3, 4, 5], page, 6, 2),
    });
    let run = world.run().await;
    assert_eq!((run.counts.missing, run.counts.created, run.is_complete), (0, 1, true), "{run:#?}");
}
