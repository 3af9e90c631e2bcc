//! What editors decide of a publisher's terms.

use serde_json::json;

use super::publisher::{World, collection, feature};
use crate::harvest::fetch::tests::server::answer;
use crate::record::texts;
use crate::register::ledger::Outcome;

fn keywords(world: &World) -> Vec<String> {
    texts(world.asset("f1").unwrap().values("keywords")).map(str::to_owned).collect()
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
    let run = world.run().await;
    assert_eq!(run.counts.not_modified, 1, "nothing is read again before somebody decides");
    world.decide_term("ignore");
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.changed, keywords(&world)), (1, Vec::new()));
    let run = world.run().await;
    assert_eq!(run.counts.not_modified, 1, "and after it once");
}
