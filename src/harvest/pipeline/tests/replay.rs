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

#[tokio::test]
async fn a_run_that_is_dismissed_leaves_the_documents_that_were_read_before_it() {
    let world = World::listing(1..=40).await;
    world.run().await;
    for _ in 0..2 {
        world.lists(1..=10);
        world.expect(&world.run().await, Outcome::BlockedByGuard);
        world.harvester.dismiss("partner").unwrap();
        let run = world.run_as(RunKind::Replay).await;
        world.expect(&run, Outcome::Unchanged);
        assert_eq!((run.counts.seen, world.assets()), (40, 40));
    }
    // And what is listed is read whole the next time.
    world.lists(2..=41);
    let run = world.run().await;
    assert_eq!((run.counts.created, run.counts.missing), (1, 1), "{run:#?}");
    world.expect(&world.run_as(RunKind::Replay).await, Outcome::Unchanged);
}

#[tokio::test]
async fn a_replay_in_place_of_a_held_run_reads_what_was_read_before_it() {
    let world = World::held(1..=10).await;
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!((run.counts.seen, world.assets()), (40, 40));
    // Asked again, the publisher still lists ten.
    world.expect(&world.run().await, Outcome::BlockedByGuard);
}

#[tokio::test]
async fn what_was_approved_is_what_is_replayed() {
    let world = World::held(1..=10).await;
    world.harvester.approve("partner").unwrap();
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!((run.counts.seen, world.assets()), (10, 10));
    world.expect(&world.run().await, Outcome::Unchanged);
}

#[tokio::test]
async fn what_was_undone_can_be_replayed() {
    let world = World::listing(1..=3).await;
    world.run().await;
    world.harvester.undo("partner").unwrap();
    assert_eq!(world.assets(), 0);
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn an_approved_preview_keeps_its_documents_and_a_dismissed_one_does_not() {
    let world = World::listing(1..=3).await;
    world.run_as(RunKind::Preview).await;
    world.harvester.dismiss("partner").unwrap();
    world.expect(&world.run_as(RunKind::Replay).await, Outcome::Failed);
    world.run_as(RunKind::Preview).await;
    world.harvester.approve("partner").unwrap();
    let run = world.run_as(RunKind::Replay).await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!((run.counts.seen, world.assets()), (3, 3));
    // A preview of something else, which nobody approves, changes nothing.
    world.lists(1..=2);
    world.run_as(RunKind::Preview).await;
    world.harvester.dismiss("partner").unwrap();
    let run = world.run_as(RunKind::Replay).await;
    assert_eq!(run.counts.seen, 3, "{run:#?}");
}
