//! Contract F66: what was corrected here, and changes at its source.

use serde_json::json;

use super::publisher::{World, collection, feature, geojson};
use crate::record::{RecordId, Value};
use crate::register::ledger::{Review, ReviewKind};
use crate::register::{Found, References};

const KEY: &str = "partner\nasset/";

fn asked(world: &World) -> Vec<(String, Review)> {
    let prefix = Review::key(ReviewKind::Curated, KEY);
    world.register().ledger().rows::<Review>(&prefix, "", 10).unwrap()
}

/// An editor corrects the name of a record.
fn correct(world: &World, key: &str, name: &str) {
    let id = RecordId::from_key("asset", "partner", key);
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!() };
    let mut wanted = version.merged.record.clone();
    let value = Value::LanguageText { language: "en".to_owned(), text: name.to_owned() };
    wanted.fields.insert("name".to_owned(), vec![value]);
    let edit = world.register().amendment(&version, &wanted).unwrap();
    let now = world.harvester.now();
    world.register().apply(vec![edit], References::Kept, "an editor", now).unwrap();
}

fn lists(world: &World, name: &str, description: &str) {
    let mut changed = feature(1, name);
    changed["properties"]["description"] = json!(description);
    let body = collection(&[changed, feature(2, "Walking group 2"), feature(3, "Walking group 3")]);
    world.answers(move |_| geojson(&body));
}

#[tokio::test]
async fn a_source_that_changes_what_was_corrected_here_raises_a_review() {
    let world = World::listing(1..=3).await;
    world.run().await;
    correct(&world, "f1", "Leith walkers");
    lists(&world, "Walkers of Leith", "Walks for all.");
    world.run().await;
    assert_eq!(world.name("f1").as_deref(), Some("Leith walkers"), "the correction stays");
    let reviews = asked(&world);
    let properties = &reviews[0].1.about["properties"];
    assert_eq!(
        *properties,
        json!({ "name": { "before": "Walking group 1", "after": "Walkers of Leith",
            "here": "Leith walkers" } })
    );
    assert_eq!(reviews.len(), 1);
}

#[tokio::test]
async fn what_a_source_changes_besides_is_nobodys_question() {
    let world = World::listing(1..=3).await;
    world.run().await;
    correct(&world, "f1", "Leith walkers");
    lists(&world, "Walking group 1", "Walks for nearly all.");
    world.run().await;
    assert_eq!(asked(&world), []);
    // Nor that it comes to say the same.
    lists(&world, "Leith walkers", "Walks for nearly all.");
    world.run().await;
    assert_eq!(asked(&world), []);
}

#[tokio::test]
async fn what_was_answered_is_asked_again_only_for_another_change() {
    let world = World::listing(1..=3).await;
    world.run().await;
    correct(&world, "f1", "Leith walkers");
    lists(&world, "Walkers of Leith", "Walks for all.");
    world.run().await;
    let (key, review) = asked(&world).remove(0);
    let fingerprint = review.about["fingerprint"].as_str().unwrap().to_owned();
    world.decide(&key, "keep", &fingerprint);
    lists(&world, "Walkers of Leith", "Walks for nearly all.");
    world.run().await;
    assert_eq!(asked(&world), []);
    lists(&world, "Walkers of Leith and Granton", "Walks for nearly all.");
    world.run().await;
    assert_eq!(asked(&world).len(), 1);
}
