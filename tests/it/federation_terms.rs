//! What one register says of the licence and credit of a record the other says
//! too, in every face (contract F71).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http_body_util::BodyExt;
use kist::register::Register;
use kist::register::ledger::Outcome;
use kist::web::admission;
use kist::web::layers::Surroundings;
use kist::web::state::{App, AppState, Identity};
use kist::web::stop::Stop;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use super::federation::{Publisher, harvest, harvester_of, now, say};

const REGISTER: &str = "https://creativecommons.org/licenses/by/4.0/";
const OPEN_GOVERNMENT: &str =
    "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";
const NC: &str = "https://creativecommons.org/licenses/by-nc/4.0/";
const NOT_STATED: &str = "http://rightsstatements.org/vocab/CNE/1.0/";

/// The faces of a register, without a socket.
fn served(register: &Arc<Register>) -> Router {
    let state = AppState::new(App {
        register: Arc::clone(register),
        sparql: None,
        stop: Stop::new(),
        clock: now,
        identity: Identity::default(),
    });
    let surroundings =
        Surroundings { base: register.base().as_str().to_owned(), ..Surroundings::default() };
    kist::web::router(state, &admission::Options::default(), surroundings)
}

async fn text(router: &Router, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What `/changes` says of the use of each record that is there.
async fn terms(router: &Router) -> BTreeMap<String, (Json, Json)> {
    let page: Json = serde_json::from_str(&text(router, "/changes?limit=1000").await).unwrap();
    let items = page["items"].as_array().unwrap().iter();
    let live = items.filter(|item| item["state"] == "updated");
    live.map(|item| {
        let id = item["id"].as_str().unwrap().rsplit_once("/id/").unwrap().1.to_owned();
        (id, (item["license"].clone(), item["attribution"].clone()))
    })
    .collect()
}

fn source(register: &Register, id: &str, licence: Option<&str>, words: Option<&str>) {
    let mut source = json!({ "name": format!("The people of {id}") });
    if let Some(licence) = licence {
        source["licence"] = json!(licence);
    }
    if let Some(words) = words {
        source["attribution"] = json!(words);
    }
    say(register, "local", &format!("source/{id}"), &source);
}

fn asset(register: &Register, source: &str, name: &str) {
    let asset = json!({
        "name": name, "assetType": "category/group", "online": true,
        "description": format!("All about {name}."),
    });
    say(register, source, &format!("asset/{name}"), &asset);
}

/// Records of sources on all sorts of terms, one of two sources, and one that
/// is written there.
fn fill(register: &Register) {
    source(register, "ogl", Some(OPEN_GOVERNMENT), Some("Contains public information."));
    source(register, "nc", Some(NC), None);
    source(register, "none", None, None);
    source(register, "open", Some(REGISTER), None);
    for name in ["ogl", "nc", "none", "open"] {
        asset(register, name, name);
    }
    asset(register, "local", "written");
    asset(register, "ogl", "both");
    asset(register, "open", "both");
}

#[tokio::test]
async fn each_record_has_the_licence_and_credit_that_the_other_register_gives() {
    let publisher = Publisher::start().await;
    fill(&publisher.register);
    let second = harvester_of(publisher.address, "kist", "/changes?limit=2");
    harvest(&second, Outcome::Ok).await;
    let (first, copy) = (served(&publisher.register), served(second.register()));
    let originals = terms(&first).await;
    let mut copies = terms(&copy).await;
    assert_eq!(originals["asset/ogl"].0, OPEN_GOVERNMENT);
    assert_eq!(originals["asset/none"].0, NOT_STATED);
    assert_eq!(originals["asset/both"].0, json!([OPEN_GOVERNMENT, REGISTER]));
    // Who credits nobody is credited by name by the one who has it from there.
    assert_eq!(originals["asset/written"], (Json::Null, Json::Null));
    let written = copies.insert("asset/written".to_owned(), (Json::Null, Json::Null));
    assert_eq!(written, Some((Json::Null, json!("The first register"))));
    assert_eq!(copies, originals);

    // And so in the lists, tables and pages of the second.
    let list: Json = serde_json::from_str(&text(&copy, "/api/v1/assets.json").await).unwrap();
    let of_list: BTreeMap<&str, (&Json, &Json)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (item["name"].as_str().unwrap(), (&item["sourceLicence"], &item["sourceAttribution"]))
        })
        .collect();
    let ogl = (&json!(OPEN_GOVERNMENT), &json!("Contains public information."));
    assert_eq!(of_list["ogl"], ogl);
    assert_eq!(of_list["none"], (&json!(NOT_STATED), &json!("The people of none")));
    let table = text(&copy, "/api/v1/assets.csv?q=ogl").await;
    assert!(table.contains(OPEN_GOVERNMENT) && !table.contains(REGISTER), "{table}");
    let page = text(&copy, "/assets/ogl").await;
    let link = format!("<a href=\"{OPEN_GOVERNMENT}\"");
    assert!(page.contains(&link) && page.contains("Contains public information."), "{page}");
    let page = text(&copy, "/assets/none").await;
    assert!(page.contains("No licence is stated: facts and links only"), "{page}");
    // Texts that nobody may share are not passed on; what the other register
    // says itself of things whose source states no licence is.
    for (name, has_text) in [("ogl", true), ("nc", false), ("none", true), ("written", true)] {
        let json = text(&copy, &format!("/api/v1/assets/{name}")).await;
        assert_eq!(json.contains(&format!("All about {name}.")), has_text, "{name}: {json}");
    }
    // And in what is said of the graph, for those who ask by SPARQL.
    let turtle = text(&copy, "/assets/ogl.trig").await;
    assert!(turtle.contains(&format!("<{OPEN_GOVERNMENT}>")), "{turtle}");
    assert!(turtle.contains("Contains public information."), "{turtle}");
    assert!(!turtle.contains(REGISTER), "{turtle}");
}

#[tokio::test]
async fn another_licence_there_arrives_here_though_no_record_has_changed() {
    let publisher = Publisher::start().await;
    fill(&publisher.register);
    let second = harvester_of(publisher.address, "kist", "/changes?limit=2");
    harvest(&second, Outcome::Ok).await;
    source(&publisher.register, "ogl", Some(NC), Some("Thanks."));
    let run = harvest(&second, Outcome::Ok).await;
    assert_eq!((run.counts.changed, run.counts.created), (2, 0), "{run:#?}");
    let (first, copy) = (served(&publisher.register), served(second.register()));
    let (originals, mut copies) = (terms(&first).await, terms(&copy).await);
    assert_eq!(originals["asset/ogl"], (json!(NC), json!("Thanks.")));
    copies.insert("asset/written".to_owned(), (Json::Null, Json::Null));
    assert_eq!(copies, originals);
    // That was all: the next run asks for what is new alone.
    let again = harvest(&second, Outcome::Unchanged).await;
    assert_eq!(again.counts.seen, 0, "{again:#?}");
}
