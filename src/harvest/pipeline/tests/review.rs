//! What a person is asked, and told.

use super::publisher::{World, days_later};
use crate::harvest::HarvestError;
use crate::harvest::fetch::tests::server::answer;
use crate::register::ledger::{Lease, Outcome, Row as _, RunKind, SourceState, Trigger};

#[tokio::test]
async fn a_source_that_keeps_failing_is_told_of_once_and_asked_ever_less_often() {
    let world = World::listing(1..=3).await;
    world.answers(|_| answer("404 Not Found", "", "gone"));
    let state = |world: &World| -> SourceState {
        world.register().ledger().get("partner").unwrap().unwrap()
    };
    let mut waits = Vec::new();
    for _ in 0..4 {
        world.run().await;
        waits.push(state(&world).next_due.unwrap());
    }
    assert_eq!(state(&world).alerts.len(), 1, "{:?}", state(&world).alerts);
    assert_eq!(state(&world).failures, 4);
    world.lists(1..=3);
    world.expect(&world.run().await, Outcome::Ok);
    assert!(state(&world).alerts.is_empty());
}

#[tokio::test]
async fn f5_a_source_is_harvested_by_one_process_at_a_time() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let ledger = world.register().ledger();
    let mut state: SourceState = ledger.get("partner").unwrap().unwrap();
    state.lease = Some(Lease { by: "another".to_owned(), at: world.harvester.now() });
    ledger.write(&[state.put("partner")], crate::journal::Durability::Durable).unwrap();
    let busy = world.harvester.run("partner", RunKind::Harvest, Trigger::Manual, &|_| {}).await;
    assert!(matches!(busy, Err(HarvestError::Busy { .. })));
    // A process that is gone gives way.
    days_later(1);
    world.expect(&world.run().await, Outcome::Unchanged);
}

#[tokio::test]
async fn nothing_is_approved_that_nobody_holds() {
    let world = World::listing(1..=3).await;
    world.run().await;
    assert!(matches!(world.harvester.approve("partner"), Err(HarvestError::NothingHeld(_))));
    let unknown = world.harvester.run("other", RunKind::Harvest, Trigger::Manual, &|_| {}).await;
    assert!(matches!(unknown, Err(HarvestError::Unknown(_))));
}
