//! B1 and B3: what pages say of their number, and are not believed in.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value as Json, json};

use super::super::publisher::{World, days_later};
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::register::ledger::Outcome;

/// Five services of the page with this number.
fn rows(page: u32) -> Vec<Json> {
    let one = |id: u32| {
        json!({ "id": format!("s{id}"), "name": format!("Lunch club {id}"), "status": "active",
            "schedules": [], "service_at_locations": [{ "id": "l1", "location": { "id": "l1",
                "name": "Hall", "addresses": [{ "id": "a1", "postal_code": "EH6 8RG" }] } }] })
    };
    (page * 5 - 4..=page * 5).map(one).collect()
}

fn json_answer(body: &Json) -> Vec<Act> {
    answer("200 OK", "Content-Type: application/json\r\n", body.to_string())
}

fn page_of(path: &str) -> u32 {
    let page = path.split(['?', '&']).find_map(|pair| pair.strip_prefix("page="));
    page.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// A publisher of services on `there` pages, each of which says `said` of
/// itself; `behind` them it answers so.
async fn publisher(there: u32, said: Json, behind: fn() -> Vec<Act>) -> World {
    World::new("/services", "open-referral", move |received| {
        let number = page_of(&received.path);
        if number > there {
            return behind();
        }
        let mut page = said.clone();
        page["page_number"] = json!(number);
        page["contents"] = json!(rows(number));
        json_answer(&page)
    })
    .await
}

fn nothing() -> Vec<Act> {
    json_answer(&json!({ "contents": [] }))
}

fn not_there() -> Vec<Act> {
    answer("404 Not Found", "Content-Type: application/json\r\n", r#"{"detail":"Invalid page."}"#)
}

#[tokio::test]
async fn b3_pages_behind_the_last_that_is_announced_are_read() {
    for said in [
        json!({ "total_pages": 2 }),
        json!({ "total_pages": 2, "last_page": false }),
        json!({ "total_pages": 2, "total_items": 10, "last_page": false }),
    ] {
        let world = publisher(4, said, nothing).await;
        let run = world.run().await;
        world.expect(&run, Outcome::Ok);
        assert_eq!((run.counts.seen, run.is_complete), (20, true), "{:?}", world.server.paths());
        assert_eq!(world.codes(&run), ["totals-disagree", "totals-disagree"]);
    }
}

#[tokio::test]
async fn b3_a_server_that_has_no_page_behind_the_last_has_said_all() {
    // It clamps the number of the page, or knows no such page, or is empty.
    let clamped = || json_answer(&json!({ "total_pages": 2, "contents": rows(2) }));
    for behind in [nothing, not_there, clamped as fn() -> Vec<Act>] {
        let world = publisher(2, json!({ "total_pages": 2 }), behind).await;
        let run = world.run().await;
        world.expect(&run, Outcome::Ok);
        assert_eq!((run.counts.seen, run.is_complete), (10, true));
        assert_eq!(world.codes(&run), [""; 0]);
        let mut asked = world.server.paths();
        // Whether it can be asked for what has changed is another question.
        asked.retain(|path| !path.contains("modified_after"));
        assert_eq!(asked, ["/services", "/services?page=2", "/services?page=3"]);
        world.expect(&world.run().await, Outcome::Unchanged);
    }
}

#[tokio::test]
async fn b3_a_page_behind_the_last_that_fails_leaves_open_what_is_there() {
    let fails = || answer("503 Service Unavailable", "", "later");
    let world = publisher(2, json!({ "total_pages": 2 }), fails).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert_eq!((run.counts.created, run.is_complete), (10, false));
}

#[tokio::test]
async fn b1_a_page_that_comes_again_is_not_all_when_it_says_that_there_are_more() {
    let world = World::new("/services", "open-referral", |received| {
        let number = page_of(&received.path);
        json_answer(&json!({ "total_pages": 2, "page_number": number, "last_page": number == 2,
            "contents": rows(number) }))
    })
    .await;
    let run = world.run().await;
    assert_eq!((run.counts.seen, run.is_complete), (10, true));
    world.answers(|_| {
        json_answer(&json!({ "total_pages": 50, "page_number": 1, "last_page": false,
            "contents": rows(1) }))
    });
    for _ in 0..4 {
        let run = world.run().await;
        world.expect(&run, Outcome::Partial);
        assert_eq!((run.is_complete, run.counts.missing), (false, 0));
        assert_eq!(world.codes(&run), ["paging-loop"]);
        days_later(4);
    }
    assert_eq!(world.assets(), 10);
}

#[tokio::test]
async fn b1_the_same_page_under_cursors_that_are_new_each_time_is_not_all() {
    static TURNS: AtomicUsize = AtomicUsize::new(1);
    let world = World::new("/list", "json", |_| {
        let next = format!("/list?after={}", TURNS.fetch_add(1, Ordering::Relaxed));
        let club =
            |id: u32| json!({ "id": id, "name": format!("Club {id}"), "postcode": "EH6 8RG" });
        json_answer(&json!({ "next": next, "items": [club(1), club(2)] }))
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert!(!run.is_complete);
    assert!(world.codes(&run).contains(&"paging-loop".to_owned()));
}
