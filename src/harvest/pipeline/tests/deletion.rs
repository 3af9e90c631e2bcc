//! Contract section A: what is absent is gone only when a whole, plausible
//! listing says so, often enough.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::publisher::{World, days_later, geojson};
use crate::harvest::fetch::tests::server::{Received, answer};
use crate::record::RecordId;
use crate::register::Found;
use crate::register::ledger::{Missing, Outcome};

#[tokio::test]
async fn a1_an_empty_listing_withdraws_nothing() {
    let world = World::listing(1..=5).await;
    world.run().await;
    world.lists([]);
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert!(!run.held.is_empty());
    assert_eq!(world.assets(), 5);
}

#[tokio::test]
async fn a3_a_listing_that_shrinks_waits_for_a_person_and_then_applies_just_that() {
    let world = World::listing(1..=40).await;
    world.run().await;
    world.lists(1..=16);
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!(world.assets(), 40);
    let run = world.harvester.approve("partner").unwrap();
    world.expect(&run, Outcome::Ok);
    assert_eq!((world.assets(), run.counts.withdrawn), (16, 24));
    world.expect(&world.run().await, Outcome::Unchanged);
}

#[tokio::test]
async fn a_held_run_that_is_dismissed_leaves_the_last_good_state() {
    let world = World::listing(1..=40).await;
    world.run().await;
    world.lists(1..=16);
    world.run().await;
    world.harvester.dismiss("partner").unwrap();
    assert_eq!(world.assets(), 40);
    world.lists(1..=40);
    world.expect(&world.run().await, Outcome::Unchanged);
}

#[tokio::test]
async fn a5_what_is_missing_once_stays_and_after_three_runs_and_a_week_is_withdrawn() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.lists(2..=30);
    for _ in 0..3 {
        let run = world.run().await;
        assert_eq!((run.counts.withdrawn, world.assets()), (0, 30));
        days_later(3);
    }
    let run = world.run().await;
    assert_eq!((run.counts.withdrawn, world.assets()), (1, 29));
    assert_eq!(world.name("f1"), None);
    assert_eq!(missing_since(&world, "f1"), None);
}

/// Since when the source lacks the asset with this key.
fn missing_since(world: &World, key: &str) -> Option<Timestamp> {
    let id = RecordId::from_key("asset", "partner", key);
    let missing: Option<Missing> =
        world.register().ledger().get(&Missing::key("partner", &id)).unwrap();
    missing.map(|missing| missing.since)
}

#[tokio::test]
async fn a5_what_comes_back_is_the_same_record_and_no_news() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.lists(2..=30);
    world.run().await;
    // Its page can say so, and says so no more when it is back.
    assert!(missing_since(&world, "f1").is_some());
    assert_eq!(missing_since(&world, "f2"), None);
    let before = world.register().newest().unwrap();
    world.lists(1..=30);
    let run = world.run().await;
    assert_eq!(missing_since(&world, "f1"), None);
    assert_eq!((run.counts.created, run.counts.restored), (0, 1));
    // The run itself is a record; the asset has no new version.
    assert!(world.register().newest().unwrap().0 <= before.0 + 1);
}

#[tokio::test]
async fn a_listing_that_fails_in_its_midst_deletes_nothing() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.answers(|_| answer("500 Internal Server Error", "", "no"));
    let run = world.run().await;
    world.expect(&run, Outcome::Failed);
    assert_eq!(world.assets(), 30);
    world.lists(1..=30);
    world.expect(&world.run().await, Outcome::Unchanged);
}

#[tokio::test]
async fn c5_a_page_to_log_in_is_no_empty_listing() {
    let world = World::listing(1..=3).await;
    world.run().await;
    world.answers(|_| {
        let page = "<!doctype html><title>Log in</title><form><input type=password></form>";
        answer("200 OK", "Content-Type: text/html\r\n", page)
    });
    let run = world.run().await;
    world.expect(&run, Outcome::Failed);
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn half_a_document_is_no_whole_listing() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.answers(|_| geojson("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Fea"));
    let run = world.run().await;
    assert!(matches!(run.outcome, Some(Outcome::Failed | Outcome::Partial)), "{run:?}");
    assert_eq!(world.assets(), 30);
}

#[tokio::test]
async fn a5_what_comes_back_after_it_was_withdrawn_is_the_same_record_and_counts_as_restored() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.lists(2..=30);
    for _ in 0..4 {
        world.run().await;
        days_later(3);
    }
    assert_eq!(world.assets(), 29);
    world.lists(1..=31);
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    let counts = run.counts;
    assert_eq!((counts.created, counts.restored, counts.republished), (1, 1, 1), "{run:#?}");
    assert_eq!(world.assets(), 31);
    // That was written, and so it can be undone.
    world.lists(2..=30);
    world.harvester.undo("partner").unwrap();
    assert_eq!(world.assets(), 29);
}

#[tokio::test]
async fn a9_an_update_after_a_tombstone_counts_as_restored_only_when_the_record_was_there() {
    let item = |id: &str, state: &str, modified: u64| {
        let place =
            json!({ "@type": "Place", "name": "Hall", "address": { "postalCode": "EH6 8RG" } });
        json!({ "id": id, "kind": "SessionSeries", "state": state, "modified": modified,
            "data": { "@type": "SessionSeries", "name": format!("Class {id}"), "location": place } })
    };
    let answer_with = |items: Vec<Json>| {
        move |_: &Received| {
            let body = json!({ "items": items, "next": "/feed?end" });
            answer("200 OK", "Content-Type: application/json\r\n", body.to_string())
        }
    };
    let world = World::new("/feed", "rpde", answer_with(vec![item("a", "updated", 1)])).await;
    world.run().await;
    for (state, modified) in [("deleted", 2), ("updated", 3)] {
        world.answers(answer_with(vec![item("a", state, modified), item("b", state, modified)]));
        let run = world.run().await;
        let counts = run.counts;
        let expected = if state == "deleted" { (0, 1, 0) } else { (1, 0, 1) };
        assert_eq!((counts.created, counts.withdrawn, counts.restored), expected, "{run:#?}");
    }
}

#[tokio::test]
async fn f65_a_run_that_withdraws_what_an_unchanged_document_lacks_has_its_record() {
    let change = |options: &mut crate::harvest::Options| {
        (options.grace_days, options.grace_runs) = (0, 2);
        std::sync::Arc::new(crate::harvest::fetch::SystemResolver)
            as std::sync::Arc<dyn crate::harvest::fetch::Resolver>
    };
    let world = World::with("/all.geojson", "geojson", change, |_| Vec::new()).await;
    world.lists(1..=30);
    world.run().await;
    world.lists(1..=28);
    world.run().await;
    let run = world.run().await;
    assert_eq!((run.counts.withdrawn, run.counts.not_modified), (2, 1), "{run:#?}");
    let id: RecordId = "run/partner.3".parse().unwrap();
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!("no record") };
    let extractor = crate::record::texts(version.merged.record.values("extractor")).next();
    assert!(extractor.unwrap().ends_with(" geojson"));
}
