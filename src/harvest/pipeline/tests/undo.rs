//! Contract F10: the newest run is undone.

use super::publisher::{World, collection, days_later, feature, geojson};
use crate::harvest::HarvestError;
use crate::harvest::settings::{Harvesting, Settings};
use crate::harvest::sources;
use crate::record::RecordId;
use crate::register::ledger::Outcome;

fn dump(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    world
        .register()
        .each_record("asset", &mut |source, record| {
            all.push(format!("{source} {record:?}"));
        })
        .unwrap();
    all
}

#[tokio::test]
async fn f10_what_the_newest_run_wrote_is_as_it_was_before_and_the_source_is_paused() {
    let world = World::listing(1..=30).await;
    world.run().await;
    let before = dump(&world);
    let mut features: Vec<_> =
        (1..=31).map(|id| feature(id, &format!("Walking group {id}"))).collect();
    features[4] = feature(5, "Rowing club");
    let body = collection(&features);
    world.answers(move |_| geojson(&body));
    world.expect(&world.run().await, Outcome::Ok);
    assert_ne!(dump(&world), before);
    assert_eq!(world.harvester.undo("partner").unwrap(), 2);
    assert_eq!(dump(&world), before);
    assert_eq!((world.assets(), world.name("f31")), (30, None));
    let record = sources::all(world.register()).unwrap().remove(0);
    assert_eq!(Settings::read(&record).unwrap().harvesting, Harvesting::Paused);
    // Once is enough.
    let again = world.harvester.undo("partner");
    assert!(matches!(again, Err(HarvestError::NothingToUndo(_))), "{again:?}");
    // And the next run brings it again, when somebody asks for it.
    let run = world.run().await;
    assert_eq!((run.counts.created, run.counts.changed), (1, 1));
}

#[tokio::test]
async fn the_first_run_is_undone_to_nothing() {
    let world = World::listing(1..=3).await;
    world.run().await;
    assert_eq!(world.harvester.undo("partner").unwrap(), 3);
    assert_eq!(world.assets(), 0);
    assert_eq!(world.run().await.counts.created, 3);
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn what_was_withdrawn_by_approval_comes_back_with_its_identity_and_provenance() {
    let world = World::listing(1..=40).await;
    world.run().await;
    let before = dump(&world);
    world.lists(1..=16);
    world.run().await;
    // Time goes by before somebody approves.
    days_later(1);
    world.harvester.approve("partner").unwrap();
    assert_eq!(world.assets(), 16);
    world.harvester.undo("partner").unwrap();
    assert_eq!(dump(&world), before);
    let id = RecordId::from_key("asset", "partner", "f40");
    let newest = world.register().history(&id, 1).unwrap().remove(0);
    assert_eq!(newest.derivation.unwrap().run, "partner.1");
}

#[tokio::test]
async fn a_run_that_wrote_nothing_is_not_undone() {
    let world = World::listing(1..=3).await;
    let nothing = world.harvester.undo("partner");
    assert!(matches!(nothing, Err(HarvestError::NothingToUndo(_))), "{nothing:?}");
    world.run().await;
    world.run().await;
    // The second found nothing new: the first is meant.
    assert_eq!(world.harvester.undo("partner").unwrap(), 3);
}
