//! Documents that were kept are read once more.

use serde_json::json;

use super::publisher::{World, days_later};
use crate::harvest::HarvestError;
use crate::harvest::fetch::tests::server::answer;
use crate::register::ledger::{Outcome, RunKind, SourceState, Trigger};

#[tokio::test]
async fn a12_another_mapping_is_applied_to_what_was_kept_without_a_request() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let due = |world: &World| -> SourceState {
        world.register().ledger().get("partner").unwrap().unwrap()
    };
    let (asked, planned) = (world.server.paths().len(), due(&world).next_due);
    let url = world.server.url("/all.geojson");
    world.set_source(&json!({
        "name": "Partner", "url": url.as_str(), "format": "geojson", "harvesting": "active",
        "language": "gd", "licence": "https://creativecommons.org/licenses/by/4.0/",
    }));
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.seen, run.counts.changed), (3, 3));
    assert_eq!(world.server.paths().len(), asked);
    // Nothing is planned anew because of it.
    assert_eq!(due(&world).next_due, planned);
}

#[tokio::test]
async fn the_same_mapping_again_changes_nothing() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let before = world.register().newest().unwrap();
    world.answers(|_| answer("500 Internal Server Error", "", "no"));
    world.expect(&world.run_as(RunKind::Replay).await, Outcome::Unchanged);
    assert_eq!(world.register().newest().unwrap(), before);
}

#[tokio::test]
async fn the_guard_holds_a_replay_that_would_change_most_records() {
    let world = World::listing(1..=40).await;
    world.run().await;
    let url = world.server.url("/all.geojson");
    world.set_source(&json!({
        "name": "Partner", "url": url.as_str(), "format": "geojson", "harvesting": "active",
        "language": "gd", "licence": "https://creativecommons.org/licenses/by/4.0/",
    }));
    world.expect(&world.run_as(RunKind::Replay).await, Outcome::BlockedByGuard);
    world.harvester.approve("partner").unwrap();
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Unchanged);
}

#[tokio::test]
async fn what_is_no_longer_listed_does_not_come_back() {
    let world = World::listing(1..=30).await;
    world.run().await;
    world.lists(2..=30);
    for _ in 0..4 {
        world.run().await;
        days_later(3);
    }
    assert_eq!(world.assets(), 29);
    world.run_as(RunKind::Replay).await;
    assert_eq!(world.assets(), 29);
}

#[tokio::test]
async fn nothing_is_read_where_nothing_was_kept() {
    let world = World::listing(1..=3).await;
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Failed);
    let why = HarvestError::NothingKept("partner".to_owned()).to_string();
    assert_eq!(run.reason, Some(why));
    let other = world.harvester.run("other", RunKind::Replay, Trigger::Manual, &|_| {}).await;
    assert!(matches!(other, Err(HarvestError::Unknown(_))));
}
