//! Our own records coming back (contract F69).

use serde_json::{Value as Json, json};

use super::publisher::{World, clock, collection, feature};
use crate::harvest::fetch::tests::server::answer;
use crate::record::{RecordId, Value, label};
use crate::register::{Found, References};

/// The page of a partner that says `graph`, and a register with the library f1.
async fn page(graph: Json) -> World {
    let world = World::listing([]).await;
    let library = collection(&[feature(1, "Leith Library")]);
    let said = json!({"@context": "https://schema.org", "@graph": graph});
    let page = format!("<script type=\"application/ld+json\">{said}</script>");
    world.answers(move |received| match received.path.as_str() {
        "/page" => answer("200 OK", "Content-Type: text/html\r\n", &page),
        _ => answer("200 OK", "Content-Type: application/geo+json\r\n", &library),
    });
    world.add_source("other", "/page", "html");
    world.run().await;
    world
}

#[tokio::test]
async fn a_record_of_ours_on_a_partners_page_stays_one() {
    let id = RecordId::from_key("asset", "partner", "f1");
    let ours = json!({"@type": "Service", "@id": format!("https://kist.example/id/{id}"), "name": "Our library, as they show it"});
    let own = json!({"@type": "Service", "@id": "https://partner.example/tea", "name": "Tea", "areaServed": "City of Edinburgh"});
    let world = page(json!([ours, own])).await;
    let run = world.run_source("other").await;
    assert_eq!((run.counts.created, run.counts.invalid), (1, 0), "{run:?}");
    assert_eq!(world.codes(&run), ["own-record"]);
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!("{id} is gone") };
    let name = label(&version.merged.record, "en");
    assert_eq!((name, version.merged.record.values("sameAs")), ("Leith Library", &[][..]));
}

#[tokio::test]
async fn a_record_that_was_withdrawn_here_does_not_come_back_by_a_partner() {
    let id: RecordId = "asset/tea".parse().unwrap();
    let world = page(json!([
        {"@type": "Service", "@id": format!("https://kist.example/id/{id}"), "name": "Tea", "areaServed": "City of Edinburgh"},
        {"@type": "Service", "@id": "https://partner.example/coffee", "name": "Coffee", "areaServed": "City of Edinburgh"},
    ]))
    .await;
    world.say(
        "asset/tea",
        &json!({"name": "Tea", "assetType": "https://example.org/t", "online": true}),
    );
    let gone = world.register().withdrawal(&id, None).unwrap();
    world.register().apply(gone, References::Kept, "test", clock()).unwrap();
    let run = world.run_source("other").await;
    assert_eq!(run.counts.created, 1, "{run:?}");
    assert_eq!(world.codes(&run), ["own-record"]);
    assert!(matches!(world.register().get(&id).unwrap(), Found::Gone { .. }));
}

#[tokio::test]
async fn what_hangs_on_a_record_of_ours_hangs_on_ours() {
    let ours = "https://kist.example/id/organisation/walkers";
    let world = page(json!([
        {"@type": "Organization", "@id": ours, "name": "Walkers"},
        {"@type": "Service", "@id": "https://partner.example/tea", "name": "Tea", "areaServed": "City of Edinburgh",
         "provider": {"@id": ours}},
    ]))
    .await;
    world.say("organisation/walkers", &json!({"name": "Leith Walkers"}));
    let run = world.run_source("other").await;
    assert_eq!(run.counts.created, 1, "{run:?}");
    let id = RecordId::from_key("asset", "other", "https://partner.example/tea");
    let Found::Here(version) = world.register().get(&id).unwrap() else { panic!("{id}") };
    let provider = version.merged.record.values("provider").first().and_then(Value::as_record);
    assert_eq!(provider.map(ToString::to_string).as_deref(), Some("organisation/walkers"));
}

#[tokio::test]
async fn an_address_of_ours_at_which_nothing_is_makes_a_record_of_theirs() {
    let nobody = "https://kist.example/id/asset/nobody";
    let world = page(json!([{"@type": "Service", "@id": nobody, "name": "Tea", "areaServed": "City of Edinburgh"}])).await;
    let run = world.run_source("other").await;
    assert_eq!(run.counts.created, 1, "{run:?}");
}
