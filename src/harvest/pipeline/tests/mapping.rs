//! Where fields stand is guessed once, saved, and confirmed.

use serde_json::json;

use super::publisher::World;
use crate::harvest::fetch::tests::server::{Act, answer};
use crate::harvest::sources;
use crate::record::texts;
use crate::register::ledger::{Outcome, Review, ReviewKind, RunKind};

fn csv(body: &'static str) -> impl Fn(&crate::harvest::fetch::tests::server::Received) -> Vec<Act> {
    move |_| answer("200 OK", "Content-Type: text/csv\r\n", body)
}

fn mapping(world: &World) -> Option<String> {
    texts(world.source().values("mapping")).next().map(str::to_owned)
}

fn question(world: &World) -> Option<Review> {
    let key = Review::key(ReviewKind::Mapping, "partner");
    world.register().ledger().get(&key).unwrap()
}

const CLUBS: &str = "name,postcode,telephone\n\
    Lunch club,EH6 8RG,0131 496 0001\nWalking group,EH6 8RG,0131 496 0002\n\
    Rowing club,EH6 8RG,0131 496 0003\n";

/// The same, and a group at another place that is called like one of them: by
/// a new guess, names alone would be no key any more.
const MORE_CLUBS: &str = "name,postcode,telephone\n\
    Lunch club,EH6 8RG,0131 496 0001\nWalking group,EH6 8RG,0131 496 0002\n\
    Rowing club,EH6 8RG,0131 496 0003\nRowing club,EH7 4AA,0131 496 0004\n";

#[tokio::test]
async fn the_guess_for_a_table_is_saved_with_the_source_and_asked_about() {
    let world = World::new("/clubs.csv", "csv", csv(CLUBS)).await;
    world.run_as(RunKind::Preview).await;
    let saved = mapping(&world).unwrap();
    let asked = question(&world).unwrap();
    assert_eq!(asked.about["mapping"].to_string(), saved);
    assert_eq!(asked.about["mapping"]["fields"]["name"]["from"], json!(["name"]));
    let run = world.run().await;
    world.expect(&run, Outcome::Ok);
    assert_eq!((run.counts.created, mapping(&world)), (3, Some(saved)));
}

#[tokio::test]
async fn rows_that_would_change_the_guess_change_no_keys() {
    let world = World::new("/clubs.csv", "csv", csv(CLUBS)).await;
    world.run().await;
    let saved = mapping(&world);
    world.answers(csv(MORE_CLUBS));
    let run = world.run().await;
    let counts = run.counts;
    assert_eq!((counts.missing, counts.withdrawn), (0, 0), "{run:#?}");
    assert_eq!(world.name("Lunch club").as_deref(), Some("Lunch club"));
    assert_eq!(mapping(&world), saved);
}

#[tokio::test]
async fn the_guess_for_json_is_saved_too() {
    let list = json!([{ "id": 7, "name": "Lunch club", "postcode": "EH6 8RG" },
        { "id": 8, "name": "Walking group", "postcode": "EH6 8RG" }]);
    let body = list.to_string();
    let world = World::new("/clubs.json", "json", move |_| {
        answer("200 OK", "Content-Type: application/json\r\n", &body)
    })
    .await;
    world.run().await;
    assert_eq!(world.name("7").as_deref(), Some("Lunch club"));
    assert!(mapping(&world).unwrap().contains("\"key\":[\"id\"]"));
    // Without its key nothing is read, rather than by another key.
    let list = json!([{ "number": 7, "name": "Lunch club", "postcode": "EH6 8RG" }]).to_string();
    world.answers(move |_| answer("200 OK", "Content-Type: application/json\r\n", &list));
    let run = world.run().await;
    world.expect(&run, Outcome::Failed);
    let reason = run.reason.unwrap();
    assert!(reason.contains("no record has `id`, which is the key"), "{reason}");
    assert_eq!(world.assets(), 2);
}

#[tokio::test]
async fn a_column_that_vanished_is_named() {
    let world = World::new("/clubs.csv", "csv", csv(CLUBS)).await;
    world.run().await;
    world.answers(csv("name,postcode,phone no\nLunch club,EH6 8RG,0131 496 0001\n\
        Walking group,EH6 8RG,0131 496 0002\nRowing club,EH6 8RG,0131 496 0003\n"));
    let run = world.run().await;
    let findings = world.findings(&run);
    let vanished = findings.iter().find(|finding| finding.code == "column-vanished").unwrap();
    assert_eq!(vanished.what, "no record has `telephone`, from which `telephone` is made");
    world.answers(csv("title,postcode\nLunch club,EH6 8RG\n"));
    let run = world.run().await;
    world.expect(&run, Outcome::Failed);
    assert!(run.reason.unwrap().contains("there is no column `name`; the columns are title"));
    assert_eq!(world.assets(), 3);
}

#[tokio::test]
async fn what_somebody_saves_instead_is_no_guess() {
    let world = World::new("/clubs.csv", "csv", csv(CLUBS)).await;
    world.run().await;
    let other = json!({ "key": ["name"], "fields": {
        "name": { "from": ["name"] }, "assetType": { "constant": "service" },
        "locations/0/postcode": { "from": ["postcode"] } } });
    let texts = [("mapping", &*other.to_string())];
    sources::set(world.register(), "partner", &texts, "test", world.harvester.now()).unwrap();
    let run = world.run().await;
    assert!(!world.codes(&run).contains(&"mapping-guessed".to_owned()));
    assert_eq!((mapping(&world), question(&world)), (Some(other.to_string()), None));
}

#[tokio::test]
async fn each_file_of_a_catalogue_keeps_a_guess_of_its_own() {
    let catalogue = json!({ "@type": "dcat:Catalog", "dataset": [
        { "identifier": "clubs", "title": "Clubs", "distribution": [
            { "downloadURL": "/clubs.csv", "mediaType": "text/csv" }] },
        { "identifier": "halls", "title": "Halls", "distribution": [
            { "downloadURL": "/halls.csv", "mediaType": "text/csv" }] } ] });
    let world = World::new("/data.json", "dcat", |_| Vec::new()).await;
    let own = world.server.url("/");
    let catalogue = catalogue.to_string().replace("\"/", &format!("\"{own}"));
    let answers = |clubs: &'static str| {
        let catalogue = catalogue.clone();
        move |received: &crate::harvest::fetch::tests::server::Received| match &*received.path {
            "/clubs.csv" => answer("200 OK", "Content-Type: text/csv\r\n", clubs),
            "/halls.csv" => answer(
                "200 OK",
                "Content-Type: text/csv\r\n",
                "id,hall name,post code\n1,Leith Hall,EH6 8RG\n2,Old Hall,EH6 8RG\n",
            ),
            _ => answer("200 OK", "Content-Type: application/json\r\n", &catalogue),
        }
    };
    world.answers(answers(CLUBS));
    world.run().await;
    assert_eq!(world.name("Rowing club").as_deref(), Some("Rowing club"));
    assert_eq!(mapping(&world), None);
    world.answers(answers(MORE_CLUBS));
    let run = world.run().await;
    assert_eq!((run.counts.missing, run.counts.withdrawn), (0, 0), "{:#?}", world.findings(&run));
}
