//! What a preview shows.

use super::publisher::World;
use crate::harvest::pipeline::{Difference, What};
use crate::register::ledger::{Outcome, RunKind};

fn what(differences: &[Difference]) -> Vec<(&str, What)> {
    differences.iter().map(|one| (one.name.as_str(), one.what)).collect()
}

#[tokio::test]
async fn a_preview_shows_each_record_that_would_change_and_how() {
    let world = World::listing(1..=3).await;
    world.run_as(RunKind::Preview).await;
    let shown = world.harvester.differences("partner", "", 100).unwrap();
    let new = |id| (format!("Walking group {id}"), What::Create);
    let expected: Vec<_> = (1..=3).map(new).collect();
    let expected: Vec<_> = expected.iter().map(|(name, what)| (name.as_str(), *what)).collect();
    assert_eq!(what(&shown), expected);
    assert!(shown[0].removed.is_empty());
    let name = "<https://schema.org/name> \"Walking group 1\"@en .";
    assert!(shown[0].added.iter().any(|line| line.ends_with(name)), "{:#?}", shown[0].added);
}

#[tokio::test]
async fn a_change_is_shown_by_the_statements_that_come_and_go() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let body = super::publisher::collection(&[
        super::publisher::feature(1, "Walking group 1"),
        super::publisher::feature(2, "Rowing club"),
    ]);
    world.answers(move |_| super::publisher::geojson(&body));
    world.run_as(RunKind::Preview).await;
    let shown = world.harvester.differences("partner", "", 100).unwrap();
    assert_eq!(what(&shown), [("Rowing club", What::Update), ("Walking group 3", What::Missing)]);
    let lines = |lines: &[String]| {
        lines.iter().filter(|line| line.contains("#name") || line.contains("/name")).count()
    };
    assert_eq!((lines(&shown[0].added), lines(&shown[0].removed)), (1, 1));
    // Nothing of it is published.
    assert_eq!(world.name("f2").as_deref(), Some("Walking group 2"));
}

#[tokio::test]
async fn differences_come_in_pages() {
    let world = World::listing(1..=7).await;
    world.run_as(RunKind::Preview).await;
    let (mut after, mut all) = (String::new(), Vec::new());
    loop {
        let page = world.harvester.differences("partner", &after, 3).unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 3);
        after.clone_from(&last.key);
        all.extend(page);
    }
    assert_eq!(all.len(), 7);
}

#[tokio::test]
async fn nothing_is_shown_when_nothing_waits() {
    let world = World::listing(1..=3).await;
    world.expect(&world.run().await, Outcome::Ok);
    assert_eq!(world.harvester.differences("partner", "", 100).unwrap(), []);
}
