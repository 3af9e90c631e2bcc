//! Contract H10: a source speaks of its own records only, unless an operator
//! trusts it with the identities of others.

use serde_json::{Value as Json, json};

use super::publisher::{World, collection, feature};
use crate::harvest::fetch::tests::server::answer;
use crate::record::{RecordId, texts};
use crate::register::Found;

/// Two sources: `partner` has a walk, and `other` claims to speak of it.
async fn world(claim: impl Fn(&RecordId) -> (String, &'static str)) -> (World, RecordId) {
    let world = World::listing([]).await;
    let walk = RecordId::from_key("asset", "partner", "f1");
    let (body, media) = claim(&walk);
    let own = collection(&[feature(1, "Leith Walkers")]);
    world.answers(move |received| {
        if received.path.starts_with("/other") {
            return answer("200 OK", &format!("Content-Type: {media}\r\n"), body.clone());
        }
        answer("200 OK", "Content-Type: application/geo+json\r\n", &own)
    });
    world.run().await;
    (world, walk)
}

/// A service of a register of our own that says to be the record `id`, with an
/// organisation.
fn services(id: &RecordId) -> (String, &'static str) {
    let json = json!({ "total_items": 1, "total_pages": 1, "page_number": 1, "size": 1,
        "first_page": true, "last_page": true, "empty": false,
        "contents": [{ "id": "x1", "name": "Buy now", "status": "active", "kist_id": id.to_string(),
            "kist_assetType": "activity", "kist_online": true, "description": "Cheap!", "schedules": [],
            "organization": { "id": "o1", "name": "Shop", "description": "A shop.",
                "kist_id": "organisation/019a0000-0000-7000-8000-000000000001" } }] });
    (json.to_string(), "application/json")
}

/// A table of a register of our own with a row that says to be `id`.
fn table(id: &RecordId) -> (String, &'static str) {
    let iri = format!("https://kist.example/id/{id}");
    let text = format!(
        "id,type,name,asset_type_id,topic_ids,online,more\n{iri},asset,Buy now,activity,,true,\n"
    );
    (text, "text/csv; charset=utf-8")
}

/// A page of changes of another register.
fn changes(id: &RecordId) -> (String, &'static str) {
    let data: Json = json!({ "@context": "https://other.example/ns/context.jsonld",
        "id": format!("https://other.example/id/{id}"), "type": "asset", "name": "Buy now",
        "assetType": "activity", "online": true });
    let json = json!({ "next": "/other?after=1", "items": [
        { "state": "updated", "kind": "asset", "id": id.id(), "modified": 1, "data": data }] });
    (json.to_string(), "application/json")
}

fn name(world: &World, id: &RecordId) -> String {
    let Found::Here(version) = world.register().get(id).unwrap() else { panic!("{id} is gone") };
    texts(version.merged.record.values("name")).next().unwrap_or_default().to_owned()
}

fn speakers(world: &World, id: &RecordId) -> Vec<String> {
    world.register().by_source(id).unwrap().into_iter().map(|(source, _)| source).collect()
}

async fn expect_no_claim(
    claim: impl Fn(&RecordId) -> (String, &'static str),
    format: &str,
    key: &str,
) {
    let (world, walk) = world(claim).await;
    world.add_source("other", "/other", format);
    let run = world.run_source("other").await;
    assert!(run.codes.contains_key("identities-not-kept"), "{run:#?}");
    assert_eq!(speakers(&world, &walk), ["partner"], "{format}");
    assert_eq!(name(&world, &walk), "Leith Walkers", "{format}");
    let own = RecordId::from_key("asset", "other", key);
    assert_eq!(name(&world, &own), "Buy now", "{format}");
    // Nor can it take the record away.
    world.answers(|_| answer("404 Not Found", "", ""));
    world.harvester.withdraw_all("other").unwrap();
    assert_eq!(speakers(&world, &walk), ["partner"], "{format}");
}

#[tokio::test]
async fn h10_a_source_that_claims_the_record_of_another_gets_one_of_its_own() {
    expect_no_claim(services, "open-referral", "x1").await;
    let walk = RecordId::from_key("asset", "partner", "f1").to_string();
    expect_no_claim(table, "csv", &walk).await;
}

#[tokio::test]
async fn h10_what_looks_like_the_changes_of_a_register_is_believed_only_where_it_was_added_as_such()
{
    let walk = RecordId::from_key("asset", "partner", "f1").to_string();
    expect_no_claim(changes, "auto", &walk).await;
    let (world, walk) = world(changes).await;
    world.add_source("other", "/other", "kist");
    world.run_source("other").await;
    assert_eq!(speakers(&world, &walk).len(), 2);
}

#[tokio::test]
async fn h10_references_within_a_document_go_to_the_records_that_its_items_got() {
    let (world, _) = world(services).await;
    world.add_source("other", "/other", "open-referral");
    world.run_source("other").await;
    let own = RecordId::from_key("asset", "other", "x1");
    let Found::Here(version) = world.register().get(&own).unwrap() else { panic!() };
    let provider = version.merged.record.values("provider")[0].as_record().unwrap().clone();
    assert_eq!(name(&world, &provider), "Shop");
    assert_ne!(provider.id(), "019a0000-0000-7000-8000-000000000001");
}

#[tokio::test]
async fn h10_a_source_that_an_operator_trusts_speaks_of_the_records_that_it_names() {
    for (claim, format) in
        [(services as fn(&RecordId) -> (String, &'static str), "open-referral"), (table, "csv")]
    {
        let (world, walk) = world(claim).await;
        world.add_source("other", "/other", format);
        world.run_source("other").await;
        assert_eq!(speakers(&world, &walk), ["partner"]);
        world.set_other(&json!({ "format": format, "identities": "keep" }));
        let run = world.run_source("other").await;
        assert_eq!(speakers(&world, &walk).len(), 2, "{format}: {run:#?}");
        // What it had before it was trusted is not left over.
        assert_eq!(world.assets(), 2, "{format}: what each of two says of one record");
        world.set_other(&json!({ "format": format, "identities": "make" }));
        world.run_source("other").await;
        assert_eq!(speakers(&world, &walk), ["partner"], "{format}");
        assert_eq!(name(&world, &walk), "Leith Walkers");
    }
}
