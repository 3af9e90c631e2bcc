//! Records of several sources that speak of one thing.

use serde_json::json;

use super::publisher::{World, collection, feature};
use crate::harvest::fetch::tests::server::answer;
use crate::record::{Record, RecordId, Value, texts};
use crate::register::ledger::{Decision, Review, Row as _};
use crate::register::{Duplicates, Found, Query, Where};

/// A source `other` beside `partner`, with the same library and a club.
async fn two_sources() -> (World, RecordId, RecordId) {
    let world = World::listing([]).await;
    let library = |id: u32, name: &str| {
        let mut library = feature(id, name);
        library["properties"]["telephone"] = json!("0131 496 0123");
        library["properties"]["url"] = json!("https://leith-library.example/visit");
        library["properties"]["postcode"] = json!("EH6 4AE");
        library
    };
    let one = collection(&[library(1, "Leith Library"), feature(2, "Chess club")]);
    let other = collection(&[library(9, "Leith Library"), feature(3, "Rowing club")]);
    world.answers(move |received| {
        let body = if received.path.starts_with("/other") { &other } else { &one };
        answer("200 OK", "Content-Type: application/geo+json\r\n", body)
    });
    world.add_source("other", "/other.geojson", "geojson");
    world.run().await;
    world.run_source("other").await;
    (
        world,
        RecordId::from_key("asset", "partner", "f1"),
        RecordId::from_key("asset", "other", "f9"),
    )
}

fn shown(world: &World, id: &RecordId) -> Record {
    match world.register().get(id).unwrap() {
        Found::Here(version) => version.merged.record.clone(),
        other => panic!("{id} is {other:?}"),
    }
}

#[tokio::test]
async fn two_records_of_one_thing_are_linked_and_stay_two() {
    let (world, one, other) = two_sources().await;
    let found = world.harvester.find_duplicates().unwrap();
    assert_eq!((found.things, found.records), (1, 4), "{found:?}");
    let iri = Value::Iri(world.register().base().thing(&other).as_str().to_owned());
    assert_eq!(shown(&world, &one).values("sameAs"), [iri]);
    assert_eq!(texts(shown(&world, &other).values("name")).next(), Some("Leith Library"));
    // Once more changes nothing.
    let before = world.register().newest().unwrap();
    world.harvester.find_duplicates().unwrap();
    assert_eq!(world.register().newest().unwrap(), before);
}

/// The names of what a search for the library finds, and how many there are.
fn listed(world: &World, duplicates: Duplicates) -> usize {
    let query = Query { text: "library".to_owned(), duplicates, ..Query::default() };
    let found = world.register().search(query, &Where::default()).unwrap().results;
    assert_eq!(found.total, found.hits.len() as u64);
    found.hits.len()
}

#[tokio::test]
async fn one_record_stands_for_a_thing_and_goes_on_to() {
    let (world, one, other) = two_sources().await;
    assert_eq!(listed(&world, Duplicates::Hidden), 2);
    world.harvester.find_duplicates().unwrap();
    assert_eq!(listed(&world, Duplicates::Hidden), 1);
    assert_eq!(listed(&world, Duplicates::Shown), 2);
    let canonical = |id: &RecordId| {
        shown(&world, id).values("canonical").iter().find_map(Value::as_record).cloned()
    };
    let (stands, stood) = if canonical(&one).is_none() { (one, other) } else { (other, one) };
    assert_eq!((canonical(&stands), canonical(&stood)), (None, Some(stands.clone())));
    // What is found anew does not change it, even when the other says more.
    let Found::Here(version) = world.register().get(&stands).unwrap() else { panic!() };
    let whole = world.register().whole(&version).unwrap().unwrap();
    let of: std::collections::BTreeSet<&RecordId> = whole.of.iter().collect();
    assert_eq!(of.into_iter().collect::<Vec<_>>().len(), 2, "{whole:#?}");
    let Found::Here(version) = world.register().get(&stood).unwrap() else { panic!() };
    assert_eq!(world.register().whole(&version).unwrap(), None);
    let before = world.register().newest().unwrap();
    world.harvester.find_duplicates().unwrap();
    assert_eq!(world.register().newest().unwrap(), before);
}

#[tokio::test]
async fn what_an_editor_calls_different_is_unlinked_and_not_asked_again() {
    let (world, one, other) = two_sources().await;
    world.harvester.find_duplicates().unwrap();
    let mut pair = [one.to_string(), other.to_string()];
    pair.sort();
    let decision = Decision {
        answer: "different".to_owned(),
        by: "editor".to_owned(),
        at: world.harvester.now(),
        fingerprint: String::new(),
    };
    let note = decision.put(format!("match\n{}|{}", pair[0], pair[1]));
    let ledger = world.register().ledger();
    ledger.write(&[note], crate::journal::Durability::Durable).unwrap();
    let found = world.harvester.find_duplicates().unwrap();
    assert_eq!((found.things, found.doubtful), (0, 0), "{found:?}");
    assert!(shown(&world, &one).values("sameAs").is_empty());
    assert_eq!(listed(&world, Duplicates::Hidden), 2);
    assert_eq!(ledger.rows::<Review>("match\n", "", 10).unwrap(), []);
}

/// Pages of two publishers which call something by one address.
async fn one_address(names: [&'static str; 2]) -> World {
    let world = World::listing([]).await;
    world.answers(move |received| {
        let name = names[usize::from(received.path.starts_with("/other"))];
        let said = json!({
            "@context": "https://schema.org", "@type": "Service", "name": name,
            "@id": "https://data.example/thing/17", "description": "Tea for everybody.",
            "areaServed": "City of Edinburgh",
        });
        let page = format!("<script type=\"application/ld+json\">{said}</script>");
        answer("200 OK", "Content-Type: text/html\r\n", &page)
    });
    world.add_source("one", "/one", "html");
    world.add_source("other", "/other", "html");
    world.run_source("one").await;
    world.run_source("other").await;
    world
}

#[tokio::test]
async fn what_two_publishers_call_by_one_address_is_linked() {
    let world = one_address(["Tea at three", "Tea at three"]).await;
    let found = world.harvester.find_duplicates().unwrap();
    assert_eq!((found.records, found.things, found.doubtful), (2, 1, 0), "{found:?}");
}

#[tokio::test]
async fn one_address_under_two_names_is_put_to_an_editor() {
    let world = one_address(["Tea at three", "Boiler room rave"]).await;
    let found = world.harvester.find_duplicates().unwrap();
    assert_eq!((found.records, found.things, found.doubtful), (2, 0, 1), "{found:?}");
}
