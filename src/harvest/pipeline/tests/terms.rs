//! What editors decide of a publisher's terms.

use serde_json::json;

use super::publisher::{World, collection, feature};
use crate::harvest::fetch::tests::server::answer;
use crate::journal::Durability;
use crate::record::{RecordId, texts};
use crate::register::Found;
use crate::register::ledger::{Decision, Outcome, Review, Row as _, Table};

fn keywords(world: &World) -> Vec<String> {
    let id = RecordId::from_key("asset", "partner", "f1");
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!() };
    texts(version.merged.record.values("keywords")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_decision_on_a_term_is_seen_in_documents_that_have_not_changed() {
    let world = World::listing([]).await;
    let mut group = feature(1, "Walking group");
    group["properties"]["category"] = json!("Stravaiging");
    let body = collection(&[group, feature(2, "Rowing club")]);
    world.answers(move |received| match received.header("If-None-Match") {
        Some(_) => answer("304 Not Modified", "ETag: \"v1\"\r\n", ""),
        None => answer("200 OK", "Content-Type: application/geo+json\r\nETag: \"v1\"\r\n", &body),
    });
    world.run().await;
    assert_eq!(keywords(&world), ["Stravaiging"]);
    let ledger = world.register().ledger();
    let (key, _) = ledger.rows::<Review>("term\n", "", 10).unwrap().remove(0);
    let run = world.run().await;
    assert_eq!(run.counts.not_modified, 1, "nothing is read again before somebody decides");
    let decision = Decision {
        answer: "ignore".to_owned(),
        by: "an editor".to_owned(),
        at: world.harvester.now(),
        fingerprint: String::new(),
    };
    let notes = [decision.put(&*key), Table::Review.forget(&key)];
    ledger.write(&notes, Durability::Durable).unwrap();
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.changed, keywords(&world)), (1, Vec::new()));
    let run = world.run().await;
    assert_eq!(run.counts.not_modified, 1, "and after it once");
}
