//! Contract F11, F71: what people are told of a source.

use serde_json::json;

use super::publisher::{World, collection, days_later, feature, geojson};
use crate::harvest::fetch::tests::server::{Act, answer, redirect};
use crate::register::ledger::{Review, ReviewKind};

fn alerts(world: &World) -> Vec<String> {
    world.state().alerts.into_iter().map(|alert| alert.code).collect()
}

fn asked(world: &World, kind: ReviewKind) -> Option<Review> {
    world.register().ledger().get(&Review::key(kind, "partner")).unwrap()
}

fn decide(world: &World, kind: ReviewKind, answer: &str, fingerprint: &str) {
    world.decide(&Review::key(kind, "partner"), answer, fingerprint);
}

#[tokio::test]
async fn a_run_that_waits_is_told_until_somebody_has_decided() {
    let world = World::held(1..=10).await;
    assert_eq!(alerts(&world), ["held-for-review"]);
    world.harvester.dismiss("partner").unwrap();
    assert_eq!(alerts(&world), [""; 0]);
}

#[tokio::test]
async fn a_source_that_does_not_change_for_a_year_is_asked_whether_it_is_looked_after() {
    let world = World::listing(1..=3).await;
    world.run().await;
    days_later(300);
    world.run().await;
    assert_eq!(alerts(&world), [""; 0]);
    days_later(100);
    world.run().await;
    assert_eq!(alerts(&world), ["unchanged-for-long"]);
    world.lists(1..=4);
    world.run().await;
    assert_eq!(alerts(&world), [""; 0]);
}

#[tokio::test]
async fn a_jump_of_what_can_not_be_taken_is_told() {
    let world = World::listing(1..=40).await;
    world.run().await;
    let features: Vec<_> = (1..=40)
        .map(|id| {
            let mut feature = feature(id, "");
            feature["properties"]["name"] =
                json!(if id <= 8 { String::new() } else { format!("Walking group {id}") });
            feature
        })
        .collect();
    let body = collection(&features);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    assert_eq!(run.counts.invalid, 8, "{run:#?}");
    assert_eq!(alerts(&world), ["invalid-jump"]);
    world.lists(1..=40);
    world.run().await;
    assert_eq!(alerts(&world), [""; 0]);
}

fn feed(licence: &str) -> Vec<Act> {
    let body = json!({ "items": [], "next": "/rpde", "license": licence }).to_string();
    answer("200 OK", "Content-Type: application/json\r\n", body)
}

#[tokio::test]
async fn f71_another_licence_is_told_and_asked_about_once() {
    let world =
        World::new("/rpde", "rpde", |_| feed("https://creativecommons.org/licenses/by/4.0/")).await;
    world.run().await;
    world.answers(|_| feed("http://creativecommons.org/licenses/by/4.0/deed.en"));
    world.run().await;
    assert_eq!(asked(&world, ReviewKind::Licence), None, "this is the same licence");
    let other = "https://creativecommons.org/licenses/by-nc/4.0/";
    world.answers(|_| feed("https://creativecommons.org/licenses/by-nc/4.0/"));
    world.run().await;
    assert_eq!(alerts(&world), ["licence-changed"]);
    assert_eq!(asked(&world, ReviewKind::Licence).unwrap().about["licence"], json!(other));
    decide(&world, ReviewKind::Licence, "ignore", other);
    world.run().await;
    assert_eq!(asked(&world, ReviewKind::Licence), None);
}

#[tokio::test]
async fn a_source_that_moved_is_told_and_not_asked_about_again_when_that_was_ignored() {
    let world = World::listing(1..=3).await;
    let body = collection(&[feature(1, "Walking group")]);
    world.answers(move |received| match &*received.path {
        "/all.geojson" => redirect(301, "/new.geojson"),
        _ => geojson(&body),
    });
    for _ in 0..4 {
        world.run().await;
        days_later(3);
    }
    assert_eq!(alerts(&world), ["host-moved"]);
    let about = asked(&world, ReviewKind::Moved).unwrap().about;
    decide(&world, ReviewKind::Moved, "ignore", about["url"].as_str().unwrap());
    world.run().await;
    assert_eq!(asked(&world, ReviewKind::Moved), None);
    assert_eq!(alerts(&world), [""; 0]);
}
