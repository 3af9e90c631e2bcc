//! Rows that have no key: nobody can say which records they are, and so they
//! are not to be taken for gone (contract, section 1).

use serde_json::{Value as Json, json};

use super::publisher::{World, collection, days_later, feature, geojson};
use crate::register::ledger::Outcome;

/// The features 1 to 30, of which those that `lacks` says have no `id`.
fn features(lacks: impl Fn(u32) -> bool) -> Vec<Json> {
    let one = |id: u32| {
        let mut one = feature(id, &format!("Walking group {id}"));
        if lacks(id) {
            one.as_object_mut().unwrap().remove("id");
        }
        one
    };
    (1..=30).map(one).collect()
}

#[tokio::test]
async fn a_row_that_has_lost_its_key_is_no_record_that_is_gone() {
    let world = World::listing(1..=30).await;
    world.run().await;
    let body = collection(&features(|id| id == 7));
    world.answers(move |_| geojson(&body));
    for _ in 0..5 {
        // From the second time on, the document is as it was.
        let run = world.run().await;
        world.expect(&run, Outcome::OkWithErrors);
        assert_eq!((run.counts.invalid, run.counts.missing, run.is_complete), (1, 0, false));
        days_later(4);
    }
    assert_eq!(world.name("f7").as_deref(), Some("Walking group 7"));
    // It has its key again, and another one is gone.
    world.lists(2..=30);
    let run = world.run().await;
    assert_eq!((run.counts.invalid, run.counts.missing, run.is_complete), (0, 1, true), "{run:#?}");
}

#[tokio::test]
async fn rows_that_never_had_a_key_do_not_keep_others_from_going() {
    let sum = json!({ "type": "Feature", "geometry": null, "properties": { "name": "All" } });
    let world = World::listing(1..=30).await;
    let mut listed = features(|_| false);
    listed.push(sum.clone());
    let body = collection(&listed);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    world.expect(&run, Outcome::OkWithErrors);
    assert_eq!((run.counts.created, run.is_complete), (30, true));
    let mut listed = features(|_| false);
    listed[0] = sum;
    let body = collection(&listed);
    world.answers(move |_| geojson(&body));
    for _ in 0..4 {
        let run = world.run().await;
        assert!(run.is_complete, "{run:#?}");
        days_later(4);
    }
    assert_eq!((world.name("f1"), world.assets()), (None, 29));
}

#[tokio::test]
async fn the_guard_counts_rows_without_a_key_among_those_that_cannot_be_taken() {
    let world = World::listing(1..=30).await;
    world.run().await;
    let body = collection(&features(|id| id <= 12));
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!(run.held, ["12 of 30 records can't be taken"]);
    assert_eq!(world.assets(), 30);
}
