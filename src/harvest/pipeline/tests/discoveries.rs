//! What people ask to have looked for at an address (contract F2).

use std::sync::Arc;

use jiff::SignedDuration;

use super::publisher::{World, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::harvest::schedule::Schedule;
use crate::journal::Durability;
use crate::register::ledger::{Discovery, DiscoveryResult, Row as _};

const HOME: &str = r#"<!doctype html><html lang="en"><title>Leith Centre</title>
    <link rel="alternate" type="application/geo+json" title="Walks" href="/walks.geojson">
    <a href="/nothing.ics">Our calendar</a>"#;

async fn publisher() -> World {
    let walks = collection(&[feature(1, "Walk"), feature(2, "Row")]);
    World::new("/walks.geojson", "geojson", move |received| match received.path.as_str() {
        "/" => answer("200 OK", "Content-Type: text/html\r\n", HOME),
        "/walks.geojson" => geojson(&walks),
        _ => answer("404 Not Found", "", ""),
    })
    .await
}

fn ask(world: &World, url: &str) {
    let (url, by) = (url.to_owned(), "token:a".to_owned());
    let asked = Discovery { url, at: world.harvester.now(), by, result: None };
    let note = asked.put(asked.key());
    world.register().ledger().write(&[note], Durability::Durable).unwrap();
}

fn result(world: &World, url: &str) -> Option<DiscoveryResult> {
    let key = format!("{}{}", Discovery::DONE, Discovery::id(url));
    let kept: Option<Discovery> = world.register().ledger().get(&key).unwrap();
    kept.and_then(|kept| kept.result)
}

/// Turns of the schedule, each with the end of what it began. The source
/// itself rests.
async fn turns(world: &World, count: usize) {
    world.set_also("/walks.geojson", "geojson", &serde_json::json!({ "harvesting": "paused" }));
    let mut schedule = Schedule::new(Arc::clone(&world.harvester));
    for _ in 0..count {
        schedule.tick(world.harvester.now()).unwrap();
        schedule.settle().await;
    }
}

fn waiting(world: &World) -> u64 {
    world.register().ledger().count::<Discovery>(Discovery::WAITING).unwrap()
}

#[tokio::test]
async fn f2_what_a_home_page_offers_is_found_and_each_says_what_it_would_yield() {
    let world = publisher().await;
    let home = world.server.url("/").to_string();
    ask(&world, &home);
    turns(&world, 1).await;
    let result = result(&world, &home).unwrap();
    let walks = &result.found[0];
    assert_eq!(
        (walks.format.as_str(), walks.records, walks.how.as_str()),
        ("geojson", 2, "linked")
    );
    assert_eq!(walks.url, world.server.url("/walks.geojson").as_str());
    assert_eq!((result.found.len(), result.reason), (1, None), "nothing else is there");
    assert_eq!((waiting(&world), world.assets()), (0, 0), "and nothing is taken");
}

#[tokio::test]
async fn what_can_not_be_looked_at_says_why_and_keeps_nobody_else_waiting() {
    let world = publisher().await;
    let home = world.server.url("/").to_string();
    let missing = world.server.url("/nothing?token=s3cret").to_string();
    let wrong = ["http://169.254.169.254/latest/", "ftp://partner.example/", &missing];
    for url in wrong {
        ask(&world, url);
    }
    ask(&world, &home);
    turns(&world, 4).await;
    for url in wrong {
        let result = result(&world, url).unwrap();
        assert!(result.reason.is_some() && result.found.is_empty(), "{url}: {result:?}");
        assert!(!result.reason.unwrap().contains("s3cret"), "{url}");
    }
    assert_eq!(result(&world, &home).unwrap().found.len(), 1);
}

#[tokio::test]
async fn one_address_is_looked_at_at_a_time() {
    let world = publisher().await;
    ask(&world, world.server.url("/").as_str());
    ask(&world, world.server.url("/walks.geojson").as_str());
    turns(&world, 1).await;
    assert_eq!(waiting(&world), 1);
}

#[tokio::test]
async fn what_was_found_is_forgotten_after_a_day() {
    let world = publisher().await;
    let (day, now) = (SignedDuration::from_hours(24), world.harvester.now());
    for (url, ended) in [("https://a.example/", now - day), ("https://b.example/", now - day * 2)] {
        let result = DiscoveryResult { ended, reason: None, found: Vec::new(), passed_over: 0 };
        let (url, by) = (url.to_owned(), "token:a".to_owned());
        let old = Discovery { url, at: ended, by, result: Some(result) };
        let note = old.put(old.key());
        world.register().ledger().write(&[note], Durability::Durable).unwrap();
    }
    let walks = world.server.url("/walks.geojson");
    ask(&world, walks.as_str());
    turns(&world, 1).await;
    for (url, is_kept) in
        [("https://a.example/", true), ("https://b.example/", false), (walks.as_str(), true)]
    {
        assert_eq!(result(&world, url).is_some(), is_kept, "{url}");
    }
}

#[tokio::test]
async fn f24_an_api_that_offers_all_its_services_at_once_is_asked_for_them_so() {
    const ROOT: &str = r#"{"version": "HSDS-UK-3.0", "openapi_url": "/oruk/openapi.json"}"#;
    const DESCRIPTION: &str = r#"{"openapi": "3.1.0", "paths": {"/services": {"get": {"parameters":
        [{"name": "format", "in": "query", "schema": {"enum": ["json", "ndjson"]}}]}}}}"#;
    let json = |body: &str| answer("200 OK", "Content-Type: application/json\r\n", body);
    let world = World::new("/other", "geojson", move |received| match received.path.as_str() {
        "/oruk" | "/oruk?format=ndjson" => json(ROOT),
        "/oruk/openapi.json" => json(DESCRIPTION),
        "/oruk/services?format=ndjson" => {
            let line = |id: u32| {
                format!(
                    "{{\"id\":\"s{id}\",\"name\":\"Club {id}\",\"status\":\"active\",\
                    \"organization\":{{\"id\":\"o\",\"name\":\"Trust\"}},\"schedules\":[]}}\n"
                )
            };
            let lines: String = (1..=60).map(line).collect();
            answer("200 OK", "Content-Type: application/x-ndjson\r\n", &lines)
        }
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    let root = world.server.url("/oruk").to_string();
    ask(&world, &root);
    turns(&world, 1).await;
    let found = result(&world, &root).unwrap().found;
    assert_eq!((found.len(), &*found[0].url), (1, &*format!("{root}?format=ndjson")), "{found:?}");
    world.set_also("/oruk?format=ndjson", "open-referral", &serde_json::json!({}));
    let asked = world.server.paths().len();
    let run = world.run().await;
    let mut paths = world.server.paths().split_off(asked);
    paths.retain(|path| !path.contains("/s") || path.contains('?'));
    assert_eq!(paths, ["/oruk?format=ndjson", "/oruk/services?format=ndjson"]);
    assert!(run.counts.seen >= 60, "{run:#?}");
    // Under its other address it is the same source.
    let known = crate::harvest::sources::at_address(world.register(), &root.parse().unwrap(), None);
    assert_eq!(known.unwrap().unwrap().id(), "partner");
}
