//! Contract section A: keys.

use serde_json::{Value as Json, json};

use super::publisher::{World, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::register::ledger::{Outcome, Phase, Row as _, Run};

#[tokio::test]
async fn a7_the_same_key_twice_with_the_same_content_is_one_record() {
    let world = World::listing([1, 2, 2]).await;
    let run = world.run().await;
    assert_eq!((run.counts.seen, run.counts.created, world.assets()), (2, 2, 2));
}

#[tokio::test]
async fn a7_the_same_key_twice_is_noted_and_both_count_towards_what_is_announced() {
    let world = World::listing([]).await;
    let twice = |more: &[Json]| {
        let mut features = vec![feature(1, "Chess"), feature(2, "Rowing"), feature(2, "Rowing")];
        features.extend_from_slice(more);
        let mut whole: Json = serde_json::from_str(&collection(&features)).unwrap();
        whole["numberMatched"] = json!(features.len());
        whole.to_string()
    };
    let body = twice(&[]);
    world.answers(move |_| geojson(&body));
    // The first time it is new, and then as it was.
    for created in [2, 0] {
        let run = world.run().await;
        assert_eq!((run.counts.seen, run.counts.created, run.is_complete), (2, created, true));
        let codes: Vec<_> =
            world.findings(&run).into_iter().map(|it| (it.code, it.severity)).collect();
        assert_eq!(codes, [("duplicate-key".to_owned(), "warning".to_owned())], "{run:#?}");
    }
    // The pair is one short of what is announced without it.
    let body = twice(&[]).replace("\"numberMatched\":3", "\"numberMatched\":4");
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    assert!(world.codes(&run).contains(&"fewer-than-announced".to_owned()), "{run:#?}");
}

#[tokio::test]
async fn a7_of_two_with_one_key_the_newer_stays_the_next_time_too() {
    let of = |name: &str, modified: &str| json!({ "id": 1, "name": name, "postcode": "EH6 8RG", "modified": modified });
    let other = json!({ "id": 2, "name": "Chess", "postcode": "EH6 8RG", "modified": "2026-11-01" });
    let list = json!([of("New", "2026-11-02"), of("Old", "2026-11-01"), other]).to_string();
    let world = World::new("/clubs", "json", move |_| {
        answer("200 OK", "Content-Type: application/json\r\n", &list)
    })
    .await;
    for _ in 0..2 {
        let run = world.run().await;
        assert!(world.codes(&run).contains(&"duplicate-key".to_owned()), "{run:#?}");
        assert_eq!(world.name("1").as_deref(), Some("New"), "{run:#?}");
    }
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
