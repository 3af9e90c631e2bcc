//! Contract F4 (operating): a run is stopped while it is written, and the next
//! one writes the rest.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use super::publisher::{World, days_later};
use crate::harvest::HarvestError;
use crate::harvest::fetch::SystemResolver;
use crate::journal::Durability;
use crate::record::RecordId;
use crate::register::ledger::{
    Item, Outcome, Phase, Request, RequestKind, Row as _, Run, RunKind, Staged, Trigger,
};
use crate::register::{Found, Stopping};

/// A world with this many features, whose runs write ten at once.
async fn world(count: u32) -> World {
    let change = |options: &mut crate::harvest::Options| {
        options.written_at_once = 10;
        Arc::new(SystemResolver) as Arc<dyn crate::harvest::fetch::Resolver>
    };
    let world = World::with("/all.geojson", "geojson", change, |_| Vec::new()).await;
    world.lists(1..=count);
    world
}

/// Runs, and is asked to stop once the first ten are written.
async fn stopped_after_ten(world: &World) -> Run {
    let stop = |run: &Run| {
        if run.phase == Phase::Applying && run.ended.is_none() {
            assert_eq!(world.register().stop_writing("partner"), Stopping::Stops);
        }
    };
    let run = world.harvester.run("partner", RunKind::Harvest, Trigger::Manual, &stop).await;
    let run = run.unwrap();
    world.expect(&run, Outcome::Cancelled);
    run
}

#[tokio::test]
async fn f4_a_run_that_is_stopped_while_it_is_written_is_gone_on_with_by_the_next() {
    let world = world(40).await;
    let stopped = stopped_after_ten(&world).await;
    assert_eq!((stopped.counts.created, world.assets()), (10, 10), "{stopped:#?}");
    assert!(stopped.reason.unwrap().contains("the next run writes the rest"));
    assert_eq!(world.register().stop_writing("partner"), Stopping::Nobody);
    // Its record says so, for those who ask from which run ten records are.
    let id = RecordId::new("run", "partner.1").unwrap();
    assert!(matches!(world.register().get(&id).unwrap(), Found::Here(_)));

    let rest = world.run().await;
    world.expect(&rest, Outcome::Ok);
    assert_eq!((rest.counts.requests, rest.counts.created), (0, 30), "{rest:#?}");
    assert_eq!((world.assets(), rest.is_complete), (40, true));
    // As after a run that nobody has stopped: nothing is new, and what goes is
    // missing.
    world.expect(&world.run().await, Outcome::Unchanged);
    world.lists(1..=38);
    assert_eq!(world.run().await.counts.missing, 2);
}

#[tokio::test]
async fn the_rest_is_read_anew_when_the_settings_are_others_or_it_is_old() {
    for is_old in [false, true] {
        let world = world(40).await;
        stopped_after_ten(&world).await;
        if is_old {
            days_later(2);
        } else {
            world.set_also("/all.geojson", "geojson", &json!({ "language": "gd" }));
        }
        world.lists(1..=35);
        let run = world.run().await;
        world.expect(&run, Outcome::Ok);
        assert!(run.counts.requests > 0, "{run:#?}");
        assert_eq!(world.assets(), 35, "{run:#?}");
    }
}

#[tokio::test]
async fn a_run_that_was_stopped_is_undone_with_its_rest() {
    let world = world(40).await;
    stopped_after_ten(&world).await;
    assert_eq!(world.harvester.undo("partner").unwrap(), 10);
    assert_eq!(world.assets(), 0);
    let again = world.harvester.undo("partner");
    assert!(matches!(again, Err(HarvestError::NothingToUndo(_))), "{again:?}");
    let run = world.run().await;
    assert_eq!((run.counts.created, world.assets()), (40, 40), "{run:#?}");
    assert!(run.counts.requests > 0);
}

#[tokio::test]
async fn what_is_written_as_one_change_is_taken_back_when_it_is_stopped() {
    let world = World::listing(1..=5_000).await;
    let register = Arc::clone(world.harvester.register());
    let is_over = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&is_over);
    let asking = thread::spawn(move || {
        loop {
            match register.stop_writing("partner") {
                Stopping::Nobody if !ended.load(Ordering::Relaxed) => thread::yield_now(),
                answer => return answer,
            }
        }
    });
    let run = world.run().await;
    is_over.store(true, Ordering::Relaxed);
    assert_eq!(asking.join().unwrap(), Stopping::Stops);
    world.expect(&run, Outcome::Cancelled);
    assert_eq!((run.counts.created, world.assets()), (0, 0));
    let ledger = world.register().ledger();
    assert_eq!(ledger.count::<Item>("partner\n").unwrap(), 0);
    assert_eq!(ledger.count::<Staged>("partner\n").unwrap(), 5_000);
    let rest = world.run().await;
    world.expect(&rest, Outcome::Ok);
    assert_eq!((rest.counts.requests, rest.counts.created), (0, 5_000));
    assert_eq!(world.assets(), 5_000);
}

#[tokio::test]
async fn f10_a_run_that_was_stopped_and_the_one_that_wrote_its_rest_are_undone_together() {
    let world = world(40).await;
    stopped_after_ten(&world).await;
    let rest = world.run().await;
    assert_eq!((rest.counts.created, rest.rest_of), (30, Some(1)), "{rest:#?}");
    assert_eq!(world.harvester.undo("partner").unwrap(), 40);
    assert_eq!(world.assets(), 0);
    let again = world.harvester.undo("partner");
    assert!(matches!(again, Err(HarvestError::NothingToUndo(_))), "{again:?}");
}

#[tokio::test]
async fn the_rest_of_a_preview_that_was_stopped_is_never_written_by_another_preview() {
    let world = world(40).await;
    world.run_as(RunKind::Preview).await;
    let request = Request {
        source: "partner".to_owned(),
        kind: RequestKind::Cancel,
        at: world.harvester.now(),
        by: "test".to_owned(),
    };
    world.register().ledger().write(&[request.put(request.key())], Durability::Relaxed).unwrap();
    let stopped = world.harvester.approve("partner").unwrap();
    assert_eq!((stopped.outcome, world.assets()), (Some(Outcome::Cancelled), 0), "{stopped:#?}");
    let preview = world.run_as(RunKind::Preview).await;
    assert_eq!((preview.counts.created, world.assets()), (40, 0), "{preview:#?}");
    assert!(preview.waits_for_somebody());
}

#[tokio::test]
async fn the_rest_of_a_preview_that_was_stopped_is_written_by_the_next_harvest() {
    let world = world(40).await;
    world.run_as(RunKind::Preview).await;
    let request = Request {
        source: "partner".to_owned(),
        kind: RequestKind::Cancel,
        at: world.harvester.now(),
        by: "test".to_owned(),
    };
    world.register().ledger().write(&[request.put(request.key())], Durability::Relaxed).unwrap();
    world.harvester.approve("partner").unwrap();
    let rest = world.run().await;
    world.expect(&rest, Outcome::Ok);
    assert_eq!((rest.kind, rest.counts.requests, world.assets()), (RunKind::Harvest, 0, 40));
}
