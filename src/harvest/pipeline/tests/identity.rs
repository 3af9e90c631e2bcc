//! Contract section A: keys.

use super::publisher::{World, collection, feature, geojson};
use crate::register::ledger::{Outcome, Phase, Row as _, Run};

#[tokio::test]
async fn a7_the_same_key_twice_with_the_same_content_is_one_record() {
    let world = World::listing([1, 2, 2]).await;
    let run = world.run().await;
    assert_eq!((run.counts.seen, run.counts.created, world.assets()), (2, 2, 2));
}

#[tokio::test]
async fn a7_the_same_key_with_different_content_is_told_and_the_run_goes_on() {
    let world = World::listing([]).await;
    let body = collection(&[feature(1, "Walking"), feature(1, "Rowing"), feature(2, "Chess")]);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    assert_eq!((world.assets(), run.counts.created), (2, 2));
    assert!(world.codes(&run).contains(&"duplicate-key".to_owned()), "{:?}", world.codes(&run));
}

#[tokio::test]
async fn a8_new_keys_for_all_are_held() {
    let world = World::listing(1..=40).await;
    world.run().await;
    world.lists(101..=140);
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!(world.assets(), 40);
}

#[tokio::test]
async fn a13_a_run_that_was_applied_but_not_ended_is_ended_without_a_second_write() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let before = world.register().newest().unwrap();
    // As if the process had been killed before its last row was written.
    let ledger = world.register().ledger();
    let mut run: Run = ledger.get(&Run::key("partner", 1)).unwrap().unwrap();
    run.ended = None;
    run.outcome = None;
    run.phase = Phase::Applying;
    let note = run.put(Run::key("partner", 1));
    ledger.write(&[note], crate::journal::Durability::Durable).unwrap();
    let run = world.run().await;
    assert_eq!((run.number, run.outcome), (1, Some(Outcome::Ok)));
    assert_eq!(world.register().newest().unwrap(), before);
}
