//! A source is harvested, again, and changed.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::publisher::{World, clock, collection, feature, geojson};
use crate::harvest::fetch::tests::server::answer;
use crate::record::{RecordId, to_json};
use crate::register::Found;
use crate::register::ledger::{Outcome, Phase, Run, RunKind, Trigger};

#[tokio::test]
async fn everything_that_is_listed_becomes_a_record_with_its_provenance() {
    let world = World::listing(1..=3).await;
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.seen, run.counts.created), (3, 3));
    assert_eq!(world.name("f1").as_deref(), Some("Walking group 1"));
    let id = RecordId::from_key("asset", "partner", "f1");
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!() };
    let quads = world.register().quads(&version.merged).unwrap();
    let text: Vec<String> = quads.iter().map(ToString::to_string).collect();
    let text = text.join("\n");
    for expected in [
        "http://www.w3.org/ns/prov#wasGeneratedBy> <https://kist.example/id/run/partner.1>",
        "http://www.w3.org/ns/prov#wasDerivedFrom> <http://127.0.0.1:",
        "https://w3id.org/kist#retrievedAt",
        "https://w3id.org/kist#extractor",
        "http://purl.org/dc/terms/license> <https://creativecommons.org/licenses/by/4.0/>",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[tokio::test]
async fn f8_a_run_shows_that_it_is_alive_while_it_is_written_in_bulk() {
    /// Each look at the clock finds it half a minute later.
    fn ticking() -> Timestamp {
        static LOOKS: AtomicI64 = AtomicI64::new(0);
        clock() + SignedDuration::from_secs(30 * LOOKS.fetch_add(1, Ordering::Relaxed))
    }
    let world = World::listing(1..=5_000).await;
    let beats = Mutex::new(BTreeSet::new());
    let watch = |run: &Run| {
        if run.phase == Phase::Applying {
            beats.lock().unwrap().insert(run.heartbeat);
        }
    };
    let harvester = world.at(ticking);
    let run = harvester.run("partner", RunKind::Harvest, Trigger::Manual, &watch).await.unwrap();
    assert_eq!((run.outcome, run.counts.seen), (Some(Outcome::Ok), 5_000), "{run:#?}");
    let beats = beats.into_inner().unwrap();
    // Two batches of the ledger tell of themselves.
    assert!(beats.len() > 5, "{beats:?}");
}

#[tokio::test]
async fn f65_a_run_tells_who_read_which_documents_by_which_plan() {
    let world = World::listing([]).await;
    let mut changed = feature(1, "Walking group");
    changed["properties"]["modified"] = serde_json::json!("2026-11-01T10:00:00Z");
    let body = collection(&[changed]);
    let hash = blake3::hash(body.as_bytes()).to_hex().to_string();
    world.answers(move |_| {
        answer("200 OK", "Content-Type: application/geo+json\r\nETag: \"v1\"\r\n", &body)
    });
    world.run().await;
    let run = RecordId::new("run", "partner.1").unwrap();
    let Found::Here(version) = world.register().get(&run).unwrap() else { panic!() };
    let register = world.register();
    let json = to_json(register.schema(), register.base(), &version.merged.record);
    assert_eq!(json["agent"], "https://w3id.org/kist#harvester");
    assert!(json["plan"].as_str().unwrap().starts_with("blake3:"));
    let document = &json["documents"][0];
    assert_eq!(document["document"], world.server.url("/all.geojson").as_str());
    assert_eq!(document["contentHash"], format!("blake3:{hash}"));
    assert_eq!(document["entityTag"], "\"v1\"");
    assert_eq!(document["readAt"], "2026-11-22T12:00:00Z");
    let id = RecordId::from_key("asset", "partner", "f1");
    let Found::Here(version) = register.get(&id).unwrap() else { panic!() };
    let quads = register.quads(&version.merged).unwrap();
    let modified = "<http://purl.org/dc/terms/modified> \"2026-11-01T10:00:00Z\"^^";
    assert!(quads.iter().any(|quad| quad.to_string().contains(modified)), "{quads:#?}");
}

#[tokio::test]
async fn the_same_again_writes_nothing() {
    let world = World::listing(1..=3).await;
    world.run().await;
    let before = world.register().newest().unwrap();
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!((run.counts.seen, run.counts.unchanged), (3, 3));
    assert_eq!(world.register().newest().unwrap(), before);
}

#[tokio::test]
async fn one_changed_record_is_one_change() {
    let world = World::listing(1..=30).await;
    world.run().await;
    let mut features: Vec<_> =
        (1..=30).map(|id| feature(id, &format!("Walking group {id}"))).collect();
    features[4] = feature(5, "Rowing club");
    let body = collection(&features);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.changed, run.counts.created, run.counts.unchanged), (1, 0, 29));
    assert_eq!(world.name("f5").as_deref(), Some("Rowing club"));
}

#[tokio::test]
async fn a_server_that_says_not_modified_is_believed() {
    let world = World::listing([]).await;
    let body = collection(&[feature(1, "Walking group")]);
    world.answers(move |received| match received.header("If-None-Match") {
        Some("\"v1\"") => answer("304 Not Modified", "ETag: \"v1\"\r\n", ""),
        _ => answer("200 OK", "Content-Type: application/geo+json\r\nETag: \"v1\"\r\n", &body),
    });
    world.run().await;
    let run = world.run().await;
    world.expect(&run, Outcome::Unchanged);
    assert_eq!((run.counts.not_modified, run.counts.seen), (1, 1));
}

#[tokio::test]
async fn a_record_that_is_not_valid_costs_itself_alone_and_is_told() {
    let world = World::listing([]).await;
    let mut faulty = feature(2, "");
    faulty["properties"]["name"] = serde_json::json!("");
    let body = collection(&[feature(1, "Walking group"), faulty, feature(3, "Rowing club")]);
    world.answers(move |_| geojson(&body));
    let run = world.run().await;
    assert_eq!(run.counts.created, 2);
    assert!(!world.codes(&run).is_empty());
}

#[tokio::test]
async fn a_preview_writes_nothing_until_it_is_approved() {
    let world = World::listing(1..=3).await;
    let run = world.run_as(RunKind::Preview).await;
    assert_eq!((run.counts.created, world.assets()), (3, 0));
    // What is approved is what was seen, whatever is published meanwhile.
    world.lists(7..=9);
    let run = world.harvester.approve("partner").unwrap();
    world.expect(&run, Outcome::Ok);
    assert_eq!((world.assets(), world.name("f7")), (3, None));
}

#[tokio::test]
async fn e7_without_a_licence_texts_are_left_with_the_publisher() {
    let world = World::listing([]).await;
    let url = world.server.url("/all.geojson");
    world.set_source(&serde_json::json!({
        "name": "Partner", "url": url.as_str(), "format": "geojson", "harvesting": "active",
    }));
    world.lists(1..=1);
    world.run().await;
    let record = world.asset("f1").unwrap();
    assert!(record.values("description").is_empty());
    assert!(!record.values("name").is_empty());
}
