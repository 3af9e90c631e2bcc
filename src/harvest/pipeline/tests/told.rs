//! What is told of runs that are neither good nor bad.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::publisher::World;
use crate::harvest::fetch::tests::server::answer;
use crate::record::{RecordId, to_json};
use crate::register::Found;
use crate::register::ledger::{Outcome, RunKind};

const FEED: &str = "Content-Type: application/rss+xml\r\n";

fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>News</title><link>https://a.example/</link>\
         <description>News</description>{items}</channel></rss>"
    )
}

#[tokio::test]
async fn a_feed_that_lists_nothing_any_more_is_told_and_its_records_stay() {
    let item = "<item><guid isPermaLink=\"false\">1</guid><title>A guide</title>\
                <link>https://a.example/guide</link></item>";
    let world = World::new("/feed", "rss", |_| answer("200 OK", FEED, rss(item))).await;
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(world.state().alerts, []);
    world.answers(|_| answer("200 OK", FEED, rss("")));
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!(world.codes(&run), ["lists-nothing"]);
    assert_eq!(world.state().alerts[0].code, "lists-nothing");
    assert_eq!(world.state().live, 1);
    world.answers(move |_| answer("200 OK", FEED, rss(item)));
    world.run().await;
    assert_eq!(world.state().alerts, []);
}

#[tokio::test]
async fn a_document_that_fails_for_ever_does_not_make_every_second_run_fail() {
    let mends = Arc::new(AtomicBool::new(false));
    let is_mended = Arc::clone(&mends);
    let page = json!({
        "total_items": 2, "total_pages": 1, "page_number": 1, "last_page": true, "contents": [
            { "id": "a", "name": "Walks", "status": "active" },
            { "id": "b", "name": "Choir", "status": "active" },
        ],
    });
    let whole = |id: &str, name: &str| {
        json!({
            "id": id, "name": name, "status": "active", "description": "For all.",
            "organization": { "id": "o", "name": "Leith Centre" }, "service_at_locations": [],
        })
    };
    let world = World::new("/services", "open-referral", move |received| {
        let ok = |body: &str| answer("200 OK", "Content-Type: application/json\r\n", body);
        match received.path.as_str() {
            path if path.contains("/services/a") => ok(&whole("a", "Walks").to_string()),
            path if path.contains("/services/b") && !is_mended.load(Ordering::SeqCst) => {
                answer("500 Internal Server Error", "", "")
            }
            path if path.contains("/services/b") => ok(&whole("b", "Choir").to_string()),
            _ => ok(&page.to_string()),
        }
    })
    .await;
    let mut outcomes = Vec::new();
    let mut requests = Vec::new();
    for _ in 0..4 {
        let run = world.run().await;
        outcomes.push(run.outcome.unwrap());
        requests.push(run.counts.requests);
    }
    assert_eq!(outcomes, [Outcome::Partial; 4]);
    // What is left is asked for by itself once, and then everything again.
    assert!(requests[1] < requests[2] && requests[3] < requests[2], "{requests:?}");
    mends.store(true, Ordering::SeqCst);
    world.run().await;
    let run = world.run().await;
    assert!(run.outcome.unwrap().is_good(), "{run:#?}");
}

#[tokio::test]
async fn the_run_of_an_approved_preview_says_which_documents_it_has_read() {
    let world = World::listing(1..=3).await;
    world.run_as(RunKind::Preview).await;
    world.harvester.approve("partner").unwrap();
    let id = RecordId::new("run", "partner.1").unwrap();
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!() };
    let register = world.register();
    let json = to_json(register.schema(), register.base(), &version.merged.record);
    let documents = json["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 1, "{json:#}");
    assert_eq!(documents[0]["document"], world.server.url("/all.geojson").as_str());
    assert!(documents[0]["contentHash"].as_str().unwrap().starts_with("blake3:"));
}

#[tokio::test]
async fn what_is_repaired_here_is_not_advised_to_be() {
    let world = World::listing([]).await;
    let doubled = super::publisher::collection(&[super::publisher::feature(1, "CafÃ©")]);
    world.answers(move |_| super::publisher::geojson(&doubled));
    let advice = |run: &crate::register::ledger::Run| {
        let mut findings = world.findings(run).into_iter();
        findings.find(|it| it.code == "double-encoded").unwrap().advice.unwrap()
    };
    assert!(advice(&world.run().await).contains("let kist repair it"));
    world.set_also("/all.geojson", "geojson", &json!({ "doubleEncoding": "repair" }));
    assert!(!advice(&world.run().await).contains("repair"));
    assert_eq!(world.name("f1").as_deref(), Some("Café"));
}
