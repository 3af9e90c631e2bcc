//! Lists of plain JSON in pages (contracts F32, A1 to A3, B3).

use serde_json::{Value as Json, json};

use super::publisher::{World, days_later};
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::register::ledger::Outcome;

fn item(number: u32) -> Json {
    json!({ "id": number, "name": format!("Club {number}"), "postcode": "EH6 8RG" })
}

fn items(numbers: &[u32]) -> Vec<Json> {
    numbers.iter().copied().map(item).collect()
}

/// A page, with `next` in the `Link` header when it is not empty.
fn page(body: &Json, next: &str) -> Vec<Act> {
    let link = match next {
        "" => String::new(),
        next => format!("Link: <{next}>; rel=\"next\", </>; rel=\"first\"\r\n"),
    };
    answer("200 OK", &format!("Content-Type: application/json\r\n{link}"), body.to_string())
}

#[tokio::test]
async fn f32_the_link_header_leads_to_the_next_page_and_the_list_is_whole() {
    let world = World::new("/clubs", "json", |received| match received.path.as_str() {
        "/clubs" => page(&json!(items(&[1, 2])), "/clubs?x=2"),
        "/clubs?x=2" => page(&json!(items(&[3, 4])), "?x=3"),
        _ => page(&json!(items(&[5])), ""),
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.seen, run.is_complete, world.assets()), (5, true, 5), "{run:#?}");
    let mapping = crate::record::texts(world.source().values("mapping")).next().map(str::to_owned);
    assert!(mapping.as_deref().is_some_and(|it| it.contains(r#""by":"link""#)), "{mapping:?}");
    // What is gone from it is missing, so it is believed to be whole.
    world.answers(|received| match received.path.as_str() {
        "/clubs" => page(&json!(items(&[1, 2])), "/clubs?x=2"),
        _ => page(&json!(items(&[3, 4])), ""),
    });
    let run = world.run().await;
    assert_eq!((run.counts.missing, run.is_complete), (1, true), "{run:#?}");
}

#[tokio::test]
async fn b3_a_first_page_that_says_that_there_is_more_is_not_the_whole_and_nothing_goes() {
    for more in [
        json!({ "pages": 3 }),
        json!({ "meta": { "next_cursor": "2" } }),
        json!({ "has_more": true }),
        json!({ "total": 5 }),
        json!({ "count": "9" }),
    ] {
        let body = |numbers: &[u32], more: &Json| {
            let mut body = more.clone();
            body["items"] = json!(items(numbers));
            body
        };
        let world =
            World::new("/clubs", "json", move |_| page(&json!({ "items": items(&[1, 2, 3]) }), ""))
                .await;
        let run = world.run().await;
        world.expect(&run, Outcome::Ok);
        assert!(run.is_complete);
        let now = body(&[1, 2], &more);
        world.answers(move |_| page(&now, ""));
        for _ in 0..5 {
            days_later(4);
            let run = world.run().await;
            world.expect(&run, Outcome::Partial);
            assert_eq!((run.counts.missing, run.is_complete), (0, false), "{more}: {run:#?}");
            assert!(world.codes(&run).contains(&"more-pages".to_owned()), "{more}");
        }
        assert_eq!(world.name("3").as_deref(), Some("Club 3"), "{more}");
    }
}

#[tokio::test]
async fn f11_pages_that_can_not_be_reached_are_told_once_and_are_no_failure() {
    let world =
        World::new("/clubs", "json", |_| page(&json!({ "pages": 3, "items": items(&[1]) }), ""))
            .await;
    let alerts =
        || -> Vec<String> { world.state().alerts.into_iter().map(|alert| alert.code).collect() };
    for _ in 0..4 {
        world.expect(&world.run().await, Outcome::Partial);
        assert_eq!((world.state().failures, alerts()), (0, vec!["incomplete".to_owned()]));
    }
    world.answers(|_| page(&json!({ "pages": 1, "items": items(&[1, 2]) }), ""));
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(alerts(), [""; 0]);
}

#[tokio::test]
async fn f32_the_first_guess_is_kept_though_the_way_on_is_not_known() {
    let world =
        World::new("/clubs", "json", |_| page(&json!({ "pages": 3, "items": items(&[1]) }), ""))
            .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Partial);
    assert_eq!(world.assets(), 1);
    assert!(!world.source().values("mapping").is_empty(), "somebody can complete it");
}

#[tokio::test]
async fn b3_fewer_records_than_are_announced_are_told_and_nothing_goes() {
    let whole = |numbers: &[u32], total: u32, next: &str| json!({ "total": total, "items": items(numbers), "next": next });
    let world = World::new("/clubs", "json", move |received| match received.path.as_str() {
        "/clubs" => page(&whole(&[1, 2], 3, "/clubs?page=2"), ""),
        _ => page(&whole(&[3], 3, ""), ""),
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.announced, run.is_complete), (3, true), "{run:#?}");
    world.answers(move |received| match received.path.as_str() {
        "/clubs" => page(&whole(&[1, 2], 3, "/clubs?page=2"), ""),
        _ => page(&whole(&[], 3, ""), ""),
    });
    let run = world.run().await;
    assert_eq!((run.counts.missing, run.is_complete), (0, false), "{run:#?}");
    assert!(world.codes(&run).contains(&"fewer-than-announced".to_owned()));
}

#[tokio::test]
async fn f32_an_offset_that_the_page_gives_back_is_counted_on() {
    let world = World::new("/clubs", "json", |received| {
        let offset: usize =
            received.path.split("offset=").nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        let all = items(&[1, 2, 3, 4, 5]);
        let rows = &all[offset.min(5)..(offset + 2).min(5)];
        page(&json!({ "total": 5, "limit": 2, "offset": offset, "items": rows }), "")
    })
    .await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.seen, run.is_complete), (5, true), "{run:#?}");
    // A server that only says so gives the same page again: it is not believed.
    world.add_source("other", "/other", "json");
    world.answers(|_| {
        page(&json!({ "total": 5, "limit": 2, "offset": 0, "items": items(&[1, 2]) }), "")
    });
    let run = world.run_source("other").await;
    assert_eq!((run.outcome, run.is_complete), (Some(Outcome::Partial), false), "{run:#?}");
}
