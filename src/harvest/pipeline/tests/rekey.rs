//! Contract A8: a publisher changes all its keys.

use std::ops::RangeInclusive;

use serde_json::json;

use super::publisher::{World, collection, days_later, feature, geojson};
use crate::harvest::HarvestError;
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::record::RecordId;
use crate::register::Found;
use crate::register::ledger::Outcome;

/// The publisher lists these groups under keys that are `shift` higher.
fn list_shifted(world: &World, groups: RangeInclusive<u32>, shift: u32) {
    let name = |group: u32| format!("Walking group {group}");
    let features: Vec<_> = groups.map(|group| feature(group + shift, &name(group))).collect();
    let body = collection(&features);
    world.answers(move |_| geojson(&body));
}

/// A world whose 40 groups have got new keys, with the run that is held.
async fn held() -> World {
    let world = World::listing(1..=40).await;
    world.run().await;
    list_shifted(&world, 1..=40, 100);
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!((run.rekeys.sure, run.rekeys.doubtful), (40, 0), "{run:#?}");
    world
}

#[tokio::test]
async fn a8_a_held_run_shows_which_new_item_is_which_known_one() {
    let world = held().await;
    let differences = world.harvester.differences("partner", "", 100).unwrap();
    let proposed: Vec<_> = differences.iter().filter_map(|it| it.rekey.as_ref()).collect();
    assert_eq!((differences.len(), proposed.len()), (80, 40));
    for difference in &differences {
        let Some(rekey) = &difference.rekey else { continue };
        let (new, old) = (&difference.key, &rekey.from);
        let number = |key: &str| key.trim_start_matches("asset\nf").parse::<u32>().unwrap();
        assert_eq!(number(new), number(old) + 100);
        assert!(rekey.is_sure && rekey.likelihood > 0.99, "{rekey:?}");
    }
}

#[tokio::test]
async fn a8_items_that_are_rekeyed_keep_their_records_and_nothing_is_written() {
    let world = held().await;
    let before = world.register().newest().unwrap();
    let run = world.harvester.rekey("partner").unwrap();
    assert_eq!(run.outcome, Some(Outcome::Unchanged), "{run:#?}");
    assert_eq!((run.counts.created, run.counts.withdrawn, run.counts.missing), (0, 0, 0));
    assert_eq!(world.register().newest().unwrap(), before);
    assert_eq!((world.assets(), world.state().live), (40, 40));
    let next = world.run().await;
    world.expect(&next, Outcome::Unchanged);
    assert_eq!((next.counts.seen, next.counts.unchanged), (40, 40));
    assert_eq!(world.register().newest().unwrap(), before);
    // What changes under a new key changes the record of the old one.
    let features: Vec<_> = (1..=40).map(|group| feature(group + 100, "Rambling group")).collect();
    let body = collection(&features[..1]);
    world.answers(move |_| geojson(&body));
    world.run().await;
    world.harvester.approve("partner").unwrap();
    assert_eq!(world.name("f1").as_deref(), Some("Rambling group"));
    assert_eq!(world.assets(), 1);
}

#[tokio::test]
async fn a8_what_is_left_over_is_new_or_stays_for_its_time_of_grace() {
    let world = World::listing(1..=40).await;
    world.run().await;
    let name = |group: u32| format!("Walking group {group}");
    let mut features: Vec<_> = (1..=39).map(|group| feature(group + 100, &name(group))).collect();
    features.push(feature(500, "Basket weaving and willow work in Oban"));
    let body = collection(&features);
    world.answers(move |_| geojson(&body));
    world.run().await;
    let run = world.harvester.rekey("partner").unwrap();
    assert_eq!((run.counts.created, run.counts.withdrawn, run.counts.missing), (1, 0, 1));
    assert_eq!(world.name("f40").as_deref(), Some("Walking group 40"));
    assert!(world.name("f500").is_some());
    assert_eq!(world.assets(), 41);
    for _ in 0..3 {
        days_later(4);
        world.run().await;
    }
    assert_eq!((world.assets(), world.name("f40")), (40, None));
}

#[tokio::test]
async fn a8_a_publisher_who_goes_back_to_its_old_keys_loses_no_record() {
    let world = held().await;
    world.harvester.rekey("partner").unwrap();
    world.lists(1..=40);
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    world.harvester.approve("partner").unwrap();
    assert_eq!((world.assets(), world.name("f7").as_deref()), (40, Some("Walking group 7")));
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!(world.assets(), 40);
}

#[tokio::test]
async fn a8_going_back_by_another_rekey_loses_no_record_either() {
    let world = held().await;
    world.harvester.rekey("partner").unwrap();
    world.lists(1..=40);
    world.run().await;
    world.harvester.rekey("partner").unwrap();
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!((world.assets(), world.name("f7").as_deref()), (40, Some("Walking group 7")));
}

#[tokio::test]
async fn a8_nothing_is_rekeyed_that_is_not_surely_known() {
    let world = World::listing(1..=40).await;
    world.run().await;
    let features: Vec<_> = (1..=40)
        .map(|number| feature(number + 100, &format!("{number} quite other things")))
        .collect();
    let body = collection(&features);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!(run.rekeys.sure, 0);
    let refused = world.harvester.rekey("partner");
    assert!(matches!(refused, Err(HarvestError::NothingToRekey(_))), "{refused:?}");
    assert_eq!(world.assets(), 40);
}

/// A page of services, each of an organisation of its own, whose keys begin so.
fn services(prefix: &str) -> Vec<Act> {
    let services: Vec<_> = (1..=20)
        .map(|number| {
            json!({ "id": format!("{prefix}s{number}"), "name": format!("Lunch club {number}"),
                "status": "active", "description": "Lunch and company.", "schedules": [],
                "service_at_locations": [{ "id": "l1", "location": { "id": "l1", "name": "Hall",
                    "addresses": [{ "id": "a1", "postal_code": "EH6 8RG" }] } }],
                "organization": { "id": format!("{prefix}o{number}"),
                    "name": format!("Hall trust {number}"), "description": "Keeps a hall." } })
        })
        .collect();
    let json = json!({ "total_items": 20, "total_pages": 1, "page_number": 1, "size": 20,
        "first_page": true, "last_page": true, "empty": false, "contents": services });
    answer("200 OK", "Content-Type: application/json\r\n", json.to_string())
}

#[tokio::test]
async fn a8_references_between_rekeyed_items_hold() {
    let world = World::new("/services", "open-referral", |_| services("a")).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    let before = world.register().newest().unwrap();
    world.answers(|_| services("b"));
    let run = world.run().await;
    world.expect(&run, Outcome::BlockedByGuard);
    assert_eq!(run.rekeys.sure, 40, "{run:#?}");
    let run = world.harvester.rekey("partner").unwrap();
    assert_eq!(run.outcome, Some(Outcome::Unchanged), "{run:#?}");
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!(world.register().newest().unwrap(), before);
    // Nor is the run before them undone in the place of the new keys.
    let undone = world.harvester.undo("partner");
    assert!(matches!(undone, Err(HarvestError::NothingToUndo(_))), "{undone:?}");
    assert_eq!((world.assets(), world.register().newest().unwrap()), (20, before));
    let club = RecordId::from_key("asset", "partner", "as3");
    let Found::Here(version) = world.register().get(&club).unwrap() else { panic!() };
    let provider = version.merged.record.values("provider")[0].as_record().unwrap().clone();
    assert!(matches!(world.register().get(&provider).unwrap(), Found::Here(_)));
}
