//! Each record is given under the licence of its own sources, in every face
//! (contract F71, E7): never under that of the register what nobody has given
//! under it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use insta::assert_snapshot;
use serde_json::{Value as Json, json};

use super::harvests::say;
use super::server::TestServer;

const REGISTER: &str = "https://creativecommons.org/licenses/by/4.0/";
const NC: &str = "https://creativecommons.org/licenses/by-nc/4.0/";
const NOT_STATED: &str = "http://rightsstatements.org/vocab/CNE/1.0/";

/// Four assets: of a source under a licence for no commerce, of one without a
/// licence, of one as the register has it, and one that is written here.
fn server() -> TestServer {
    let server = TestServer::with_categories();
    let sources = [("nc", Some(NC)), ("none", None), ("open", Some(REGISTER))];
    for (id, licence) in sources {
        let id = format!("source/{id}").parse().unwrap();
        let mut source = json!({ "name": "A source" });
        if let Some(licence) = licence {
            source["licence"] = json!(licence);
        }
        say(&server, "local", &id, &source, None);
    }
    for source in ["nc", "none", "open", "local"] {
        let id = format!("asset/{source}").parse().unwrap();
        let asset = json!({ "name": source, "assetType": "category/group", "online": true });
        say(&server, source, &id, &asset, None);
    }
    server
}

/// The licences of a list, by the names of what is listed.
fn expected() -> BTreeMap<String, Option<String>> {
    [("nc", Some(NC)), ("none", Some(NOT_STATED)), ("open", None), ("local", None)]
        .map(|(name, licence)| (name.to_owned(), licence.map(str::to_owned)))
        .into()
}

/// The same where people read it.
fn in_words() -> BTreeMap<String, Option<String>> {
    let word = |licence: String| licence.replace(NOT_STATED, "not stated");
    expected().into_iter().map(|(name, licence)| (name, licence.map(word))).collect()
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

#[tokio::test]
async fn an_entry_says_its_licence_where_the_list_says_another() {
    let server = server();
    for suffix in [".json", ".jsonld"] {
        let json = server.json(&format!("/api/v1/assets{suffix}")).await;
        assert_eq!(json["licence"], REGISTER);
        let items = json["items"].as_array().unwrap().iter();
        let said: BTreeMap<_, _> = items
            .map(|item| {
                (
                    text(&item["name"]["en"]).or(text(&item["name"])).unwrap(),
                    text(&item["sourceLicence"]),
                )
            })
            .collect();
        assert_eq!(said, expected(), "{suffix}");
    }
    let json = server.json("/api/v1/assets.geojson").await;
    let features = json["features"].as_array().unwrap().iter().map(|it| &it["properties"]);
    let said: BTreeMap<_, _> =
        features.map(|it| (text(&it["name"]).unwrap(), text(&it["licence"]))).collect();
    let named = |licence: String| licence.replace(NC, "CC BY-NC 4.0");
    let expected: BTreeMap<_, _> =
        in_words().into_iter().map(|(name, licence)| (name, licence.map(named))).collect();
    assert_eq!(said, expected);
    let json = server.json("/api/v1/assets.feed.json").await;
    let items = json["items"].as_array().unwrap().iter();
    let said: BTreeMap<_, _> =
        items.map(|it| (text(&it["title"]).unwrap(), text(&it["_kist"]["licence"]))).collect();
    assert_eq!(said, in_words());
}

#[tokio::test]
async fn a_feed_of_atom_has_a_link_to_the_licence_of_an_entry() {
    let server = server();
    let feed = server.get("/api/v1/assets.atom").await;
    let feed: atom_syndication::Feed = feed.text().parse().unwrap();
    let said: BTreeMap<_, _> = feed
        .entries()
        .iter()
        .map(|entry| {
            let licence = entry.links().iter().find(|link| link.rel() == "license");
            (entry.title().to_string(), licence.map(|link| link.href().to_owned()))
        })
        .collect();
    assert_eq!(said, expected());
}

#[tokio::test]
async fn each_row_of_a_table_has_its_own_licence() {
    let server = server();
    let table = server.get("/api/v1/assets.csv").await;
    let mut reader = csv::Reader::from_reader(table.text().as_bytes());
    let said: BTreeMap<String, String> = reader
        .deserialize::<BTreeMap<String, String>>()
        .map(|row| row.map(|row| (row["name"].clone(), row["licence"].clone())).unwrap())
        .collect();
    let expected = [("nc", NC), ("none", "not stated"), ("open", REGISTER), ("local", REGISTER)];
    assert_eq!(said, expected.map(|(name, licence)| (name.to_owned(), licence.to_owned())).into());
}

#[tokio::test]
async fn changes_say_the_licence_of_each_record() {
    let server = server();
    let page = server.json("/changes").await;
    assert_eq!(page["license"], REGISTER);
    let assets = page["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "asset");
    let said: BTreeMap<_, _> =
        assets.map(|item| (text(&item["data"]["name"]).unwrap(), text(&item["license"]))).collect();
    assert_eq!(said, expected());
    let feed = server.get("/changes.atom").await;
    assert_eq!(feed.text().matches(NOT_STATED).count(), 1);
    assert_eq!(feed.text().matches(NC).count(), 1);
}

#[tokio::test]
async fn the_page_of_a_record_names_the_licence_or_says_that_there_is_none() {
    let server = server();
    let mut said = String::new();
    for source in ["nc", "none", "open", "local"] {
        let page = server.get(&format!("/assets/{source}")).await;
        let text = page.text();
        let has = |part: &str| text.contains(part);
        writeln!(
            said,
            "{source}: NC {}, register's {}, none stated {}, told to machines {}",
            has(&format!("<a href=\"{NC}\"")),
            has(&format!("<a href=\"{REGISTER}\"")),
            has("No licence is stated: facts and links only"),
            [NC, REGISTER, NOT_STATED]
                .into_iter()
                .filter(|licence| has(&format!("\"license\":\"{licence}\"")))
                .collect::<Vec<_>>()
                .join(", "),
        )
        .unwrap();
    }
    assert_snapshot!(said, @r#"
    nc: NC true, register's false, none stated false, told to machines https://creativecommons.org/licenses/by-nc/4.0/
    none: NC false, register's false, none stated true, told to machines http://rightsstatements.org/vocab/CNE/1.0/
    open: NC false, register's true, none stated false, told to machines https://creativecommons.org/licenses/by/4.0/
    local: NC false, register's false, none stated false, told to machines https://creativecommons.org/licenses/by/4.0/
    "#);
}
