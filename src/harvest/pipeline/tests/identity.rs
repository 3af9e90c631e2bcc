//! Contract section A: keys.

use serde_json::{Value as Json, json};

use super::publisher::{World, clock, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::record::RecordId;
use crate::register::Found;
use crate::register::ledger::{Item, Outcome, Phase, Row as _, Run};

#[tokio::test]
async fn a7_the_same_key_twice_with_the_same_content_is_one_record() {
    let world = World::listing([1, 2, 2]).await;
    let run = world.run().await;
    assert_eq!((run.counts.seen, run.counts.created, world.assets()), (2, 2, 2));
}

#[tokio::test]
async fn a7_the_same_key_twice_is_noted_and_both_count_towards_what_is_announced() {
    let world = World::listing([]).await;
    let twice = || {
        let features = [feature(1, "Chess"), feature(2, "Rowing"), feature(2, "Rowing")];
        let mut whole: Json = serde_json::from_str(&collection(&features)).unwrap();
        whole["numberMatched"] = json!(features.len());
        whole.to_string()
    };
    // New, then as it was in the same document, and then in another.
    for (created, end, is_told) in [(2, "", true), (0, "", false), (0, " ", true)] {
        let body = twice() + end;
        world.answers(move |_| geojson(&body));
        let run = world.run().await;
        assert_eq!((run.counts.seen, run.counts.created, run.is_complete), (2, created, true));
        let told: Vec<_> =
            world.findings(&run).into_iter().filter(|it| it.code == "duplicate-key").collect();
        assert_eq!(told.len(), usize::from(is_told), "{run:#?}");
        assert!(told.iter().all(|it| it.severity == "warning"), "{told:#?}");
        assert!(!world.codes(&run).contains(&"fewer-than-announced".to_owned()), "{run:#?}");
    }
    // The pair is one short of what is announced without it.
    let body = twice().replace("\"numberMatched\":3", "\"numberMatched\":4");
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    assert!(world.codes(&run).contains(&"fewer-than-announced".to_owned()), "{run:#?}");
}

#[tokio::test]
async fn a7_of_two_with_one_key_the_newer_stays_the_next_time_too() {
    let of = |name: &str, modified: &str| json!({ "id": 1, "name": name, "postcode": "EH6 8RG", "modified": modified });
    let other =
        json!({ "id": 2, "name": "Chess", "postcode": "EH6 8RG", "modified": "2026-11-01" });
    let list = json!([of("New", "2026-11-02"), of("Old", "2026-11-01"), other]).to_string();
    let world = World::new("/clubs", "json", |_| answer("404 Not Found", "", "")).await;
    for end in ["", " "] {
        let list = format!("{list}{end}");
        world.answers(move |_| answer("200 OK", "Content-Type: application/json\r\n", &list));
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

#[tokio::test]
async fn e4_when_the_publisher_changed_it_is_apart_from_when_we_did_and_no_review_is_invented() {
    let list = json!([
        { "id": 1, "name": "Chess", "postcode": "EH6 8RG", "modified": "2020-01-02" },
        { "id": 2, "name": "Rowing", "postcode": "EH6 8RG", "modified": "2020-01-03" },
    ])
    .to_string();
    let world = World::new("/clubs", "json", move |_| {
        answer("200 OK", "Content-Type: application/json\r\n", &list)
    })
    .await;
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(world.json("1")["lastReviewed"], Json::Null);
    let id = RecordId::from_key("asset", "partner", "1");
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!("it is there") };
    assert_eq!(version.modified, clock());
    let item: Item = world.register().ledger().get("partner\nasset\n1").unwrap().unwrap();
    assert_eq!(item.modified.as_deref(), Some("2020-01-02"));
}
