//! Two registers on loopback: what one publishes the other harvests, and has
//! the same.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use kist::harvest::fetch::{self, Fetcher, Pace};
use kist::harvest::{Harvester, Options};
use kist::model::Revision;
use kist::record::{Base, FromJson, RecordId, from_json, to_json};
use kist::register::ledger::{Outcome, Run, RunKind, Trigger};
use kist::register::{Edit, Found, Place, References, Register, Since};
use kist::schema::Schema;
use kist::web::layers::Surroundings;
use kist::web::state::{App, AppState, Identity};
use kist::web::stop::Stop;
use kist::web::{admission, serve};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) fn open(base: &str) -> Arc<Register> {
    let base = Base::new(base).unwrap();
    let register = Register::open(Schema::standard(), base, Place::Memory, now()).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ontology/categories");
    let mut edits = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let limits = kist::graph::input::Options::default();
        let turtle = kist::graph::GraphFormat::Turtle;
        edits.extend(register.read_rdf(&bytes, turtle, "kist", &limits).unwrap().drafts);
    }
    register.apply(edits, References::Checked, "test", now()).unwrap();
    Arc::new(register)
}

/// A register that is served on loopback.
pub(crate) struct Publisher {
    pub(crate) register: Arc<Register>,
    pub(crate) address: SocketAddr,
    stop: Stop,
}

impl Publisher {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let base = format!("http://{address}");
        let register = open(&base);
        let stop = Stop::new();
        let state = AppState::new(App {
            register: Arc::clone(&register),
            sparql: None,
            stop: stop.clone(),
            clock: now,
            identity: Identity::default(),
        });
        let surroundings = Surroundings { base, ..Surroundings::default() };
        let router = kist::web::router(state, &admission::Options::default(), surroundings);
        let own = stop.clone();
        tokio::spawn(async move {
            serve::serve(listener, router, &serve::Options::default(), &own).await
        });
        Self { register, address, stop }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.stop.request();
        self.stop.request();
    }
}

pub(crate) fn say(register: &Register, source: &str, id: &str, json: &Json) {
    let id: RecordId = id.parse().unwrap();
    let kind = register.schema().kind(id.kind()).unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let record = from_json(context, kind, Some(&id), json).unwrap();
    let edit = Edit {
        source: source.to_owned(),
        id,
        record: Some(record),
        original: None,
        expected: None,
        derivation: None,
    };
    register.apply(vec![edit], References::Kept, "test", now()).unwrap();
}

fn withdraw(register: &Register, id: &str, source: &str) {
    let id: RecordId = id.parse().unwrap();
    let mut edits = register.withdrawal(&id, None).unwrap();
    edits.retain(|edit| edit.source == source);
    assert!(!edits.is_empty());
    register.apply(edits, References::Kept, "test", now()).unwrap();
}

/// What a register holds of others' kinds, at its own address or `base`.
pub(crate) fn held(register: &Register, base: &str) -> BTreeMap<String, Json> {
    let own = register.base().as_str();
    let records = register.changed_records(Since::After(Revision(0)), 10_000).unwrap();
    let live = records.iter().filter_map(|changed| changed.record.as_ref());
    live.map(|record| {
        let json = to_json(register.schema(), register.base(), record);
        let text = json.to_string().replace(own, base);
        (record.id.to_string(), serde_json::from_str(&text).unwrap())
    })
    .collect()
}

/// Checks that `second` holds what `first` does.
#[track_caller]
fn expect_same(second: &Register, first: &Register) {
    let base = first.base().as_str();
    let (copies, originals) = (held(second, base), held(first, base));
    let ids = |records: &BTreeMap<String, Json>| records.keys().cloned().collect::<Vec<_>>();
    assert_eq!(ids(&copies), ids(&originals));
    for (id, original) in &originals {
        assert_eq!(copies[id], *original, "{id}");
    }
}

/// A register that harvests the other.
fn harvester(publisher: &Publisher) -> Harvester {
    harvester_of(publisher.address, "kist", "/changes?limit=5")
}

/// A register that harvests `path` of what is served at `address` as `format`.
pub(crate) fn harvester_of(address: SocketAddr, format: &str, path: &str) -> Harvester {
    let register = open("https://second.example");
    let mut source = json!({
        "name": "The first register", "url": format!("http://{address}{path}"), "format": format,
        "harvesting": "active", "licence": "https://creativecommons.org/licenses/by/4.0/",
    });
    if format != "kist" {
        source["identities"] = json!("keep");
    }
    say(&register, "local", "source/first", &source);
    let at_once = Pace { in_flight: 8, delay: std::time::Duration::ZERO };
    let fetch = fetch::Options {
        allowed_hosts: vec![address.to_string()],
        pace: at_once,
        address_pace: at_once,
        tries: 1,
        ..fetch::Options::default()
    };
    let options = Options { fetch, ..Options::default() };
    let fetcher = Fetcher::new(options.fetch.clone(), 7).unwrap();
    Harvester::new(register, fetcher, options, now, "test".to_owned())
}

pub(crate) async fn harvest(harvester: &Harvester, outcome: Outcome) -> Run {
    let run = harvester.run("first", RunKind::Harvest, Trigger::Manual, &|_| {}).await.unwrap();
    let findings = harvester
        .register()
        .ledger()
        .rows::<kist::register::ledger::Finding>("first\n", "", 100)
        .unwrap();
    assert_eq!(run.outcome, Some(outcome), "{run:#?}\n{findings:#?}");
    run
}

/// What a community has, told by two sources; written as a harvester writes
/// it, which tidies numbers of telephones.
fn fill(register: &Register) {
    let group = json!({
        "name": { "en": "Leith Walkers", "gd": "Luchd-coiseachd Lìte" }, "slug": "leith-walkers",
        "url": "https://walkers.example/", "telephone": "0131 496 0000",
        "sector": "category/third-sector",
    });
    say(register, "feed", "organisation/walkers", &group);
    for number in 0..17 {
        let walk = json!({
            "name": format!("Walk {number}"), "assetType": "category/activity-asset",
            "summary": "A slow walk along the shore.", "topics": ["category/walking"],
            "provider": "organisation/walkers", "cost": { "free": true },
            "locations": [{
                "locality": "Leith", "postcode": "EH6 6AA", "latitude": 55.976, "longitude": -3.174,
            }],
            "schedule": [{ "byDay": ["TU"], "startTime": "14:30", "endTime": "16:00" }],
        });
        say(register, "feed", &format!("asset/walk-{number}"), &walk);
    }
    say(
        register,
        "second",
        "asset/walk-3",
        &json!({
            "name": "Walk 3", "assetType": "category/activity-asset", "telephone": "0131 496 0001", "online": true,
        }),
    );
    // Changed here over the feed: a part, which the other gets as the whole.
    let part = json!({ "summary": "A quick walk.", "withholds": ["cost"], "partial": true });
    say(register, "local", "asset/walk-5", &part);
}

#[tokio::test]
async fn what_one_register_has_the_other_has_after_a_harvest() {
    let publisher = Publisher::start().await;
    fill(&publisher.register);
    let second = harvester(&publisher);
    let first_run = harvest(&second, Outcome::Ok).await;
    assert_eq!(first_run.counts.created, 18);
    expect_same(second.register(), &publisher.register);
    // Nothing new: one request, no record.
    let again = harvest(&second, Outcome::Unchanged).await;
    assert!(again.counts.requests <= 2, "{again:#?}");
    assert_eq!(again.counts.seen, 0);
}

#[tokio::test]
async fn a_change_and_a_tombstone_reach_the_other() {
    let publisher = Publisher::start().await;
    fill(&publisher.register);
    let second = harvester(&publisher);
    harvest(&second, Outcome::Ok).await;
    withdraw(&publisher.register, "asset/walk-7", "feed");
    // The other source still speaks of this one.
    withdraw(&publisher.register, "asset/walk-3", "feed");
    say(&publisher.register, "feed", "organisation/walkers", &json!({ "name": "Leith Ramblers" }));
    let run = harvest(&second, Outcome::Ok).await;
    assert_eq!((run.counts.withdrawn, run.counts.changed), (1, 2), "{run:#?}");
    let state = |register: &Register, id: &str| register.get(&id.parse().unwrap()).unwrap();
    assert!(matches!(state(second.register(), "asset/walk-7"), Found::Gone { .. }));
    assert!(matches!(state(second.register(), "asset/walk-3"), Found::Here(_)));
    expect_same(second.register(), &publisher.register);
    // And from the second to whoever follows that.
    let last = second.register().changed_records(Since::Before(Revision(u64::MAX)), 3).unwrap();
    assert!(last.iter().any(|changed| changed.record.is_none()), "{last:#?}");
}

#[tokio::test]
async fn texts_that_look_like_markup_are_the_same_in_the_other() {
    let publisher = Publisher::start().await;
    let name = "A <b> & B &amp; C";
    let asset = json!({
        "name": name, "assetType": "category/group", "online": true,
        "summary": "Tea &amp; cake <i>and</i> more.",
        "description": "One &lt;tag&gt; two\n- 5 < 6 & <i>x</i>\n\nThe end &c.",
        "keywords": ["a &amp; b", "<c>"], "eligibility": "Under 5 < 6",
    });
    say(&publisher.register, "feed", "asset/marked", &asset);
    let second = harvester(&publisher);
    harvest(&second, Outcome::Ok).await;
    expect_same(second.register(), &publisher.register);
    assert_eq!(held(second.register(), "https://second.example")["asset/marked"]["name"], name);
}

#[tokio::test]
async fn categories_of_an_operator_come_along_and_those_of_the_program_stay() {
    let publisher = Publisher::start().await;
    let tin = json!({
        "prefLabel": { "en": "Tin whistle" }, "inScheme": "scheme/topic",
        "broader": ["category/music"],
    });
    say(&publisher.register, "local", "category/tin-whistle", &tin);
    // What the program calls music is not for others to say.
    let music = json!({ "prefLabel": { "en": "Noise" }, "inScheme": "scheme/topic" });
    say(&publisher.register, "local", "category/music", &music);
    let band = json!({
        "name": "Whistlers", "assetType": "category/group", "online": true,
        "topics": ["category/tin-whistle", "category/music"],
    });
    say(&publisher.register, "feed", "asset/whistlers", &band);
    let second = harvester(&publisher);
    harvest(&second, Outcome::Ok).await;
    expect_same(second.register(), &publisher.register);
    let get = |id: &str| second.register().get(&id.parse().unwrap()).unwrap();
    let Found::Here(whistle) = get("category/tin-whistle") else { panic!("it has come along") };
    assert_eq!(whistle.merged.origins[0].source, "first");
    let Found::Here(music) = get("category/music") else { panic!("it is there") };
    let sources: Vec<&str> = music.merged.origins.iter().map(|it| &*it.source).collect();
    assert_eq!(sources, ["kist"]);
    // So the band is found by it, and by its name.
    let found = second.register().search(
        kist::register::Query { text: "tin whistle".to_owned(), ..Default::default() },
        &kist::register::Where::default(),
    );
    let keys: Vec<String> =
        found.unwrap().results.hits.iter().map(|hit| hit.key().to_owned()).collect();
    assert!(keys.contains(&"asset/whistlers".to_owned()), "{keys:?}");

    // What the second has itself, it has from nobody else.
    let own = json!({ "prefLabel": { "en": "Fiddles" }, "inScheme": "scheme/topic" });
    say(second.register(), "local", "category/fiddle", &own);
    let theirs = json!({ "prefLabel": { "en": "Violins" }, "inScheme": "scheme/topic" });
    say(&publisher.register, "local", "category/fiddle", &theirs);
    withdraw(&publisher.register, "category/tin-whistle", "local");
    harvest(&second, Outcome::Ok).await;
    assert!(matches!(get("category/tin-whistle"), Found::Gone { .. }));
    let Found::Here(fiddle) = get("category/fiddle") else { panic!("it is there") };
    let fiddle =
        to_json(second.register().schema(), second.register().base(), &fiddle.merged.record);
    assert_eq!(fiddle["prefLabel"], "Fiddles");
}
