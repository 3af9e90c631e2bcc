//! Each record is given under the licence of its own sources and credited in
//! their words, in every face (contract F71, E7, feeds 2.6): never under that of
//! the register what nobody has given under it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use icalendar::Component;
use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::harvests::say;
use super::server::TestServer;

const REGISTER: &str = "https://creativecommons.org/licenses/by/4.0/";
const NC: &str = "https://creativecommons.org/licenses/by-nc/4.0/";
const OPEN_GOVERNMENT: &str =
    "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";
const NOT_STATED: &str = "http://rightsstatements.org/vocab/CNE/1.0/";

/// Four assets: of a source under a licence for no commerce, of one without a
/// licence, of one as the register has it, and one that is written here.
fn server() -> TestServer {
    let server = TestServer::with_categories();
    // As every register that is served has them: that of what is written here too.
    server.register.apply_places("test", Timestamp::UNIX_EPOCH).unwrap();
    let sources = [("nc", Some(NC)), ("none", None), ("open", Some(REGISTER))];
    for (id, licence) in sources {
        let mut source = json!({ "name": format!("The people of {id}") });
        if let Some(licence) = licence {
            source["licence"] = json!(licence);
        }
        if id == "nc" {
            source["attribution"] =
                json!({ "en": "By the walkers.", "gd": "Leis an luchd-coiseachd." });
        }
        say(&server, "local", &format!("source/{id}").parse().unwrap(), &source, None);
    }
    for source in ["nc", "none", "open", "local"] {
        let id = format!("asset/{source}").parse().unwrap();
        let asset = json!({
            "name": source, "assetType": "category/group", "online": true,
            "schedule": [{ "byDay": ["TU"], "startTime": "10:00:00" }],
        });
        say(&server, source, &id, &asset, None);
    }
    server
}

/// What is said of each entry of a list, by its name.
type Said = BTreeMap<String, Option<String>>;

fn of_each(said: [(&str, Option<&str>); 4]) -> Said {
    said.map(|(name, said)| (name.to_owned(), said.map(str::to_owned))).into()
}

/// The licences of all entries.
fn licences() -> Said {
    let not_stated = Some(NOT_STATED);
    let register = Some(REGISTER);
    of_each([("nc", Some(NC)), ("none", not_stated), ("open", register), ("local", register)])
}

/// The same where people read it.
fn in_words() -> Said {
    let word = |licence: String| licence.replace(NOT_STATED, "not stated");
    licences().into_iter().map(|(name, licence)| (name, licence.map(word))).collect()
}

/// The licences of entries in feeds that say that of the register once.
fn licences_but_of_the_register() -> Said {
    let of_register = Some(REGISTER.to_owned());
    let but = |licence: Option<String>| licence.filter(|own| Some(own) != of_register.as_ref());
    licences().into_iter().map(|(name, licence)| (name, but(licence))).collect()
}

/// The words in which all entries are to be credited: those that a source asks
/// for, its name where it asks for none, or those that name the register.
fn attributions() -> Said {
    of_each([
        ("nc", Some("By the walkers.")),
        ("none", Some("The people of none")),
        ("open", Some("The people of open")),
        ("local", Some("From the community register at https://kist.example/.")),
    ])
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

/// What the entries of a list in JSON say under `key`.
fn said<'a>(entries: impl IntoIterator<Item = &'a Json>, name: &str, key: &str) -> Said {
    let entries = entries.into_iter();
    entries.map(|entry| (text(&entry[name]).unwrap(), text(&entry[key]))).collect()
}

#[tokio::test]
async fn an_entry_in_json_says_its_licence_and_whom_to_name() {
    let server = server();
    for suffix in [".json", ".jsonld"] {
        let json = server.json(&format!("/api/v1/assets{suffix}")).await;
        assert_eq!(json["licence"], REGISTER);
        let items = json["items"].as_array().unwrap();
        assert_eq!(said(items, "name", "sourceLicence"), licences(), "{suffix}");
        assert_eq!(said(items, "name", "sourceAttribution"), attributions(), "{suffix}");
    }
    let gaelic = server.get_with("/api/v1/assets.json?q=nc", "accept-language", "gd").await.json();
    assert_eq!(gaelic["items"][0]["sourceAttribution"], "Leis an luchd-coiseachd.");
    let turtle = server.get("/api/v1/assets.ttl").await;
    for words in attributions().into_values().flatten() {
        let triple = format!("kist:sourceAttribution \"{words}\"");
        assert!(turtle.text().contains(&triple), "{triple}:\n{turtle}");
    }
}

#[tokio::test]
async fn a_feature_says_licence_and_words_where_the_collection_says_others() {
    let server = server();
    let json = server.json("/api/v1/assets.geojson").await;
    let features: Vec<Json> =
        json["features"].as_array().unwrap().iter().map(|it| it["properties"].clone()).collect();
    let named = |licence: Option<String>| {
        licence.map(|licence| licence.replace(NC, "CC BY-NC 4.0").replace(NOT_STATED, "not stated"))
    };
    let licences = licences_but_of_the_register();
    let expected: Said =
        licences.into_iter().map(|(name, licence)| (name, named(licence))).collect();
    assert_eq!(said(&features, "name", "licence"), expected);
    assert_eq!(json["attribution"], "From the community register at https://kist.example/.");
    let mut expected = attributions();
    expected.insert("local".to_owned(), None);
    assert_eq!(said(&features, "name", "attribution"), expected);
    // What all have in common stands once.
    let json = server.json("/api/v1/assets.geojson?q=nc").await;
    assert_eq!(json["licence"], "CC BY-NC 4.0");
    assert_eq!(
        json["attribution"],
        "From the community register at https://kist.example/. By the walkers."
    );
    let properties = &json["features"][0]["properties"];
    assert_eq!((properties.get("licence"), properties.get("attribution")), (None, None));
}

#[tokio::test]
async fn every_entry_of_a_feed_says_its_licence_and_whom_to_name() {
    let server = server();
    let json = server.json("/api/v1/assets.feed.json").await;
    let ours = |key: &str| -> Said {
        let items = json["items"].as_array().unwrap().iter();
        items.map(|it| (text(&it["title"]).unwrap(), text(&it["_kist"][key]))).collect()
    };
    assert_eq!((ours("licence"), ours("attribution")), (in_words(), attributions()), "JSON Feed");

    let feed = server.get("/api/v1/assets.atom").await;
    let feed: atom_syndication::Feed = feed.text().parse().unwrap();
    let of_entries = |of: &dyn Fn(&atom_syndication::Entry) -> Option<String>| -> Said {
        feed.entries().iter().map(|entry| (entry.title().to_string(), of(entry))).collect()
    };
    let licence = |entry: &atom_syndication::Entry| {
        let licence = entry.links().iter().find(|link| link.rel() == "license");
        licence.map(|link| link.href().to_owned())
    };
    let rights =
        |entry: &atom_syndication::Entry| entry.rights().map(|rights| rights.value.clone());
    assert_eq!((of_entries(&licence), of_entries(&rights)), (licences(), attributions()), "Atom");

    let feed = server.get("/api/v1/assets.rss").await;
    let feed: rss::Channel = feed.text().parse().unwrap();
    let items = feed.items().iter();
    let (licensed, credited): (Vec<_>, Vec<_>) = items
        .map(|item| {
            let name = item.title().unwrap().to_owned();
            let licence = &item.extensions()["atom"]["link"][0];
            let words = item.dublin_core_ext().unwrap().rights().first().cloned();
            ((name.clone(), licence.attrs().get("href").cloned()), (name, words))
        })
        .unzip();
    let (licensed, credited): (Said, Said) =
        (licensed.into_iter().collect(), credited.into_iter().collect());
    assert_eq!((licensed, credited), (licences(), attributions()), "RSS");

    let calendar = server.get("/api/v1/assets.ics").await;
    let calendar: icalendar::Calendar = calendar.text().parse().unwrap();
    let property = |name: &str| -> Said {
        let events = calendar.components.iter().filter_map(|it| it.as_event());
        let value = |event: &icalendar::Event| event.property_value(name).map(str::to_owned);
        events.map(|event| (event.get_summary().unwrap().to_owned(), value(event))).collect()
    };
    let said = (property("X-KIST-LICENCE"), property("X-KIST-ATTRIBUTION"));
    assert_eq!(said, (licences(), attributions()), "iCalendar");
    let described = property("DESCRIPTION");
    for (name, words) in attributions() {
        let line = format!("Source: {}", words.unwrap());
        assert!(described[&name].as_ref().unwrap().contains(&line), "{described:?}");
    }
}

#[tokio::test]
async fn each_row_of_a_table_has_its_own_licence_and_whom_to_name() {
    let server = server();
    let table = server.get("/api/v1/assets.csv").await;
    let mut reader = csv::Reader::from_reader(table.text().as_bytes());
    let rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().collect::<Result<_, _>>().unwrap();
    let column = |name: &str| -> Said {
        rows.iter().map(|row| (row["name"].clone(), Some(row[name].clone()))).collect()
    };
    assert_eq!((column("licence"), column("attribution")), (in_words(), attributions()));
}

#[tokio::test]
async fn a_list_names_all_its_sources_those_of_most_entries_first() {
    let server = server();
    let id = "asset/more".parse().unwrap();
    let asset = json!({ "name": "more", "assetType": "category/group", "online": true });
    say(&server, "open", &id, &asset, None);
    let list = server.json("/api/v1/assets.json").await;
    assert_eq!(
        list["attribution"],
        "From the community register at https://kist.example/. The people of open (CC BY 4.0); \
         By the walkers (CC BY-NC 4.0). The people of none"
    );
}

#[tokio::test]
async fn aliss_says_the_licence_that_all_of_an_answer_has_and_credits_its_sources() {
    let server = server();
    let about = "https://kist.example/about";
    for (path, licence) in [
        ("v5/services?q=nc", NC),
        ("v4/import?q=nc", about),
        ("v5/services?q=none", NOT_STATED),
        ("v5/services?q=local", REGISTER),
        ("v5/services", about),
        ("v5/services?q=zzz", REGISTER),
        ("v5/services/nc", NC),
        ("v4/services/none", NOT_STATED),
        ("v5/import", about),
        ("v5/categories", REGISTER),
        ("v5/service-areas", OPEN_GOVERNMENT),
    ] {
        let answer = server.json(&format!("/aliss/{path}")).await;
        assert_eq!(answer["meta"]["licence"], licence, "{path}");
    }
    let all = server.json("/aliss/v5/import").await;
    let credits = all["meta"]["attribution"].as_array().unwrap();
    let mut own = credits[4..].to_vec();
    own.sort_by_key(|credit| credit["text"].to_string());
    assert_eq!(
        json!(own),
        json!([
            { "text": "By the walkers (CC BY-NC 4.0).", "url": NC },
            { "text": "The people of none", "url": "" },
            { "text": "The people of open (CC BY 4.0)", "url": REGISTER },
        ])
    );
    let page = server.get("/about").await;
    assert!(page.text().contains(&format!("<a href=\"{NC}\">CC BY-NC 4.0</a>")), "{page}");
}

#[tokio::test]
async fn open_referral_says_the_licence_of_each_object_and_whom_to_name() {
    let server = server();
    let root = server.json("/open-referral/v3").await;
    assert_eq!(root["kist_sourceLicence"], REGISTER);
    let mut licences = licences();
    licences.insert("local".to_owned(), None);
    let mut attributions = attributions();
    attributions.insert("local".to_owned(), None);
    for path in [
        "/open-referral/v3/services",
        "/open-referral/v3/services?full=true",
        "/lists/all.oruk.json",
    ] {
        let page = server.json(path).await;
        let rows = page["contents"].as_array().unwrap();
        assert_eq!(said(rows, "name", "kist_sourceLicence"), licences, "{path}");
        assert_eq!(said(rows, "name", "kist_sourceAttribution"), attributions, "{path}");
    }
    let sites = server.json("/open-referral/v3/service_at_locations").await;
    let site = &sites["contents"][0];
    assert!(licences.values().any(|licence| *licence == text(&site["kist_sourceLicence"])));
    let id = server.json("/open-referral/v3/services?search=nc").await["contents"][0]["id"].clone();
    let alone = server.json(&format!("/open-referral/v3/services/{}", id.as_str().unwrap())).await;
    assert_eq!(alone["kist_sourceLicence"], NC);
    assert_eq!(alone["kist_sourceAttribution"], "By the walkers.");
}

#[tokio::test]
async fn changes_say_the_licence_of_each_record() {
    let server = server();
    let page = server.json("/changes").await;
    assert_eq!(page["license"], REGISTER);
    let assets = page["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "asset");
    let said: BTreeMap<_, _> =
        assets.map(|item| (text(&item["data"]["name"]).unwrap(), text(&item["license"]))).collect();
    assert_eq!(said, licences_but_of_the_register());
    let feed = server.get("/changes.atom").await;
    assert_eq!(feed.text().matches(NOT_STATED).count(), 1);
    assert_eq!(feed.text().matches(NC).count(), 1);
    assert_eq!(feed.text().matches("<rights>By the walkers.</rights>").count(), 1);
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
