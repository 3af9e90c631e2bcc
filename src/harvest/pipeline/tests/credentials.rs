//! Contract F1, F88: secrets by reference.

use super::publisher::{World, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::journal::Durability;
use crate::register::ledger::{Credential, Outcome, Row as _, SecretFrom};

fn want(world: &World, name: &str, host: &str) {
    let credential = Credential {
        header: "Authorization".to_owned(),
        from: SecretFrom::Env(name.to_owned()),
        host: host.to_owned(),
    };
    let key = Credential::key("partner", "Authorization");
    world.register().ledger().write(&[credential.put(key)], Durability::Durable).unwrap();
}

async fn guarded() -> World {
    let world = World::listing([]).await;
    let body = collection(&[feature(1, "Walking group")]);
    world.answers(move |received| match received.header("Authorization") {
        Some("Bearer tops3cret") => geojson(&body),
        other => answer("401 Unauthorized", "", format!("{other:?}")),
    });
    world
}

#[tokio::test]
async fn a_source_that_wants_a_secret_gets_it_and_no_report_does() {
    let world = guarded().await;
    world.expect(&world.run().await, Outcome::Failed);
    want(&world, "PARTNER_TOKEN", &world.server.host());
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    let told = format!("{run:?}{:?}{:?}", world.findings(&run), world.source());
    assert!(!told.contains("tops3cret"), "{told}");
}

#[tokio::test]
async fn another_host_gets_no_secret() {
    let world = guarded().await;
    want(&world, "PARTNER_TOKEN", "partner.example");
    world.expect(&world.run().await, Outcome::Failed);
    assert!(world.server.received().iter().all(|it| it.header("Authorization").is_none()));
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_told_and_nothing_is_asked() {
    let world = guarded().await;
    want(&world, "FORGOTTEN", &world.server.host());
    let run = world.run().await;
    world.expect(&run, Outcome::Failed);
    let reason = run.reason.unwrap();
    assert_eq!(reason, "there is nothing in the variable FORGOTTEN, for the header Authorization");
    assert!(world.server.paths().is_empty());
}
