//! A publisher whose listing the tests change between runs, and a register
//! that harvests it.

use std::cell::Cell;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::harvest::fetch::tests::options;
use crate::harvest::fetch::tests::server::{Act, Received, Server, answer};
use crate::harvest::fetch::{Fetcher, Resolver, SystemResolver};
use crate::harvest::{Harvester, Options};
use crate::journal::Durability;
use crate::record::{Base, FromJson, Record, RecordId, from_json, label, to_json};
use crate::register::ledger::{
    Decision, Finding, Outcome, Review, Row as _, Run, RunKind, SecretFrom, SourceState, Table,
    Trigger,
};
use crate::register::{Edit, Found, Place, References, Register};
use crate::schema::Schema;

thread_local! {
    /// Hours since the start of the test's time; the test moves it. A test and
    /// its world are on one thread.
    static HOURS: Cell<i64> = const { Cell::new(0) };
}

pub(super) fn clock() -> Timestamp {
    let start: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(HOURS.get())
}

/// What the publisher answers: status, headers and body by path and query.
type Answers = Arc<Mutex<Box<dyn Fn(&Received) -> Vec<Act> + Send + Sync>>>;

/// A publisher, and a register with one source, `partner`.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) harvester: Arc<Harvester>,
    answers: Answers,
}

impl World {
    /// A world whose publisher answers as `answers` says.
    pub(super) async fn new<F>(path: &str, format: &str, answers: F) -> Self
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        Self::with(path, format, |_| Arc::new(SystemResolver), answers).await
    }

    /// As [`World::new`], with options that `change` has changed, and the
    /// resolver that it gives.
    pub(super) async fn with<F>(
        path: &str,
        format: &str,
        change: impl FnOnce(&mut Options) -> Arc<dyn Resolver>,
        answers: F,
    ) -> Self
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        let answers: Answers = Arc::new(Mutex::new(Box::new(answers)));
        let own = Arc::clone(&answers);
        let server = Server::start(move |received| own.lock().unwrap()(received)).await;
        let base = Base::new("https://kist.example").unwrap();
        let register = Register::open(Schema::standard(), base, Place::Memory, clock()).unwrap();
        let register = Arc::new(register);
        // Records may have links to the world.
        let links = crate::harvest::links::Options {
            enabled: false,
            ..crate::harvest::links::Options::default()
        };
        let mut settings = Options { fetch: options(&server), links, ..Options::default() };
        let resolver = change(&mut settings);
        let fetcher = Fetcher::with(settings.fetch.clone(), 7, resolver, Vec::new()).unwrap();
        let harvester =
            Harvester::new(Arc::clone(&register), fetcher, settings, clock, "test".to_owned())
                .with_secrets(secret);
        let world = Self { server, harvester: Arc::new(harvester), answers };
        let url = world.server.url(path);
        world.set_source(&json!({
            "name": "Partner", "url": url.as_str(), "format": format, "harvesting": "active",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
        }));
        world
    }

    /// A world whose publisher lists GeoJSON features at `/all.geojson`: the
    /// simplest format that lists everything.
    pub(super) async fn listing(ids: impl IntoIterator<Item = u32>) -> Self {
        let body = features(ids);
        Self::new("/all.geojson", "geojson", move |_| geojson(&body)).await
    }

    /// A world of forty features, of which only those of `left` are listed
    /// then: the guard holds that run.
    pub(super) async fn held(left: RangeInclusive<u32>) -> Self {
        let world = Self::listing(1..=40).await;
        world.run().await;
        world.lists(left);
        world.expect(&world.run().await, Outcome::BlockedByGuard);
        world
    }

    /// A harvester of the same register whose clock is `clock`.
    pub(super) fn at(&self, clock: fn() -> Timestamp) -> Harvester {
        let Harvester { register, fetcher, options, .. } = &*self.harvester;
        let name = "test".to_owned();
        Harvester::new(Arc::clone(register), fetcher.clone(), options.clone(), clock, name)
    }

    /// The publisher answers so from now on.
    pub(super) fn answers<F>(&self, answers: F)
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        *self.answers.lock().unwrap() = Box::new(answers);
    }

    /// The publisher lists these features from now on.
    pub(super) fn lists(&self, ids: impl IntoIterator<Item = u32>) {
        let body = features(ids);
        self.answers(move |_| geojson(&body));
    }

    pub(super) fn set_source(&self, json: &Json) {
        self.set_source_of("partner", json);
    }

    /// Another source of the same publisher.
    pub(super) fn add_source(&self, id: &str, path: &str, format: &str) {
        let url = self.server.url(path);
        self.set_source_of(
            id,
            &json!({
                "name": id, "url": url.as_str(), "format": format, "harvesting": "active",
                "licence": "https://creativecommons.org/licenses/by/4.0/",
            }),
        );
    }

    /// The source `other` of [`World::add_source`], with these settings.
    pub(super) fn set_other(&self, more: &Json) {
        let mut json = json!({
            "name": "other", "url": self.server.url("/other").as_str(), "harvesting": "active",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
        });
        for (key, value) in more.as_object().unwrap() {
            json[key] = value.clone();
        }
        self.set_source_of("other", &json);
    }

    /// The record of the source.
    pub(super) fn source(&self) -> Record {
        let id = RecordId::new("source", "partner").unwrap();
        let Found::Here(version) = self.register().get(&id).unwrap() else { panic!() };
        version.merged.record
    }

    /// The source at `path`, with these settings besides the usual ones.
    pub(super) fn set_also(&self, path: &str, format: &str, more: &Json) {
        let mut json = json!({
            "name": "Partner", "url": self.server.url(path).as_str(), "format": format,
            "harvesting": "active", "licence": "https://creativecommons.org/licenses/by/4.0/",
        });
        for (key, value) in more.as_object().unwrap() {
            json[key] = value.clone();
        }
        self.set_source(&json);
    }

    /// How the source fares.
    pub(super) fn state(&self) -> SourceState {
        self.register().ledger().get("partner").unwrap().unwrap_or_default()
    }

    fn set_source_of(&self, id: &str, json: &Json) {
        self.say(&format!("source/{id}"), json);
    }

    /// The register itself says this of the record `kind/id`.
    pub(super) fn say(&self, id: &str, json: &Json) {
        let register = self.register();
        let id: RecordId = id.parse().unwrap();
        let kind = register.schema().kind(id.kind()).unwrap();
        let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
        let record = from_json(context, kind, Some(&id), json).unwrap();
        let edit = Edit {
            source: "local".to_owned(),
            id,
            record: Some(record),
            original: None,
            expected: None,
            derivation: None,
        };
        register.apply(vec![edit], References::Kept, "test", clock()).unwrap();
    }

    pub(super) fn register(&self) -> &Register {
        self.harvester.register()
    }

    pub(super) async fn run(&self) -> Run {
        self.run_as(RunKind::Harvest).await
    }

    pub(super) async fn run_as(&self, kind: RunKind) -> Run {
        self.harvester.run("partner", kind, Trigger::Manual, &|_| {}).await.unwrap()
    }

    pub(super) async fn run_source(&self, source: &str) -> Run {
        self.harvester.run(source, RunKind::Harvest, Trigger::Manual, &|_| {}).await.unwrap()
    }

    /// Runs, and expects this outcome; the message has the findings.
    #[track_caller]
    pub(super) fn expect(&self, run: &Run, outcome: Outcome) {
        assert_eq!(run.outcome, Some(outcome), "{run:#?}\n{:#?}", self.findings(run));
    }

    pub(super) fn findings(&self, run: &Run) -> Vec<Finding> {
        let prefix = Finding::keys_of(&run.source, run.number);
        let rows = self.register().ledger().rows::<Finding>(&prefix, "", 100).unwrap();
        rows.into_iter().map(|(_, finding)| finding).collect()
    }

    pub(super) fn codes(&self, run: &Run) -> Vec<String> {
        self.findings(run).into_iter().map(|finding| finding.code).collect()
    }

    /// The asset with this key; `None` when it is not published.
    pub(super) fn asset(&self, key: &str) -> Option<Record> {
        match self.register().get(&RecordId::from_key("asset", "partner", key)).unwrap() {
            Found::Here(version) => Some(version.merged.record),
            _ => None,
        }
    }

    /// The asset with this key as JSON; null when it is not published.
    pub(super) fn json(&self, key: &str) -> Json {
        let register = self.register();
        let json = |record: Record| to_json(register.schema(), register.base(), &record);
        self.asset(key).map_or(Json::Null, json)
    }

    /// The name of the asset with this key; `None` when it is not published.
    pub(super) fn name(&self, key: &str) -> Option<String> {
        self.asset(key).map(|record| label(&record, "en").to_owned())
    }

    /// An editor answers the review with this key in the ledger.
    pub(super) fn decide(&self, key: &str, answer: &str, fingerprint: &str) {
        let decision = Decision {
            answer: answer.to_owned(),
            by: "an editor".to_owned(),
            at: clock(),
            fingerprint: fingerprint.to_owned(),
        };
        let notes = [decision.put(key), Table::Review.forget(key)];
        self.register().ledger().write(&notes, Durability::Durable).unwrap();
    }

    /// An editor says what the first term is that is asked about.
    pub(super) fn decide_term(&self, answer: &str) {
        let asked = self.register().ledger().rows::<Review>("term\n", "", 1).unwrap();
        self.decide(&asked[0].0, answer, "");
    }

    /// How many assets are published.
    pub(super) fn assets(&self) -> usize {
        let mut count = 0;
        self.register()
            .each_record("asset", &mut |_, record| count += usize::from(!record.is_part()))
            .unwrap();
        count
    }
}

/// There is one secret.
fn secret(from: &SecretFrom) -> Option<String> {
    (*from == SecretFrom::Env("PARTNER_TOKEN".to_owned())).then(|| "Bearer tops3cret".to_owned())
}

/// Time goes by.
pub(super) fn days_later(days: i64) {
    HOURS.set(HOURS.get() + days * 24);
}

/// A feature with this number.
pub(super) fn feature(id: u32, name: &str) -> Json {
    json!({
        "type": "Feature", "id": format!("f{id}"),
        "geometry": { "type": "Point", "coordinates": [-3.17, 55.97] },
        "properties": { "name": name, "description": "Walks for all." }
    })
}

/// A collection of features.
pub(super) fn collection(features: &[Json]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn features(ids: impl IntoIterator<Item = u32>) -> String {
    let features: Vec<Json> =
        ids.into_iter().map(|id| feature(id, &format!("Walking group {id}"))).collect();
    collection(&features)
}

/// A sitemap of the pages `/1`, `/2` and so on of the host that was asked.
pub(super) fn sitemap(received: &Received, pages: impl IntoIterator<Item = u32>) -> Vec<Act> {
    let host = received.header("host").unwrap();
    let url = |page| format!("<url><loc>http://{host}/{page}</loc></url>");
    let urls: String = pages.into_iter().map(url).collect();
    let body =
        format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>");
    answer("200 OK", "Content-Type: application/xml\r\n", body)
}

/// A library as schema.org tells of it, at a path of the host that was asked.
pub(super) fn library(received: &Received, path: &str) -> Json {
    let host = received.header("host").unwrap();
    json!({ "@context": "https://schema.org", "@type": "Library",
        "@id": format!("http://{host}{path}"), "name": format!("Library {path}"),
        "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" } })
}

/// A page with this description for machines.
pub(super) fn page_with(ld: &Json) -> Vec<Act> {
    let body =
        format!("<!doctype html><title>Hall</title><script type=application/ld+json>{ld}</script>");
    answer("200 OK", "Content-Type: text/html\r\n", body)
}

/// The answer with a document of GeoJSON.
pub(super) fn geojson(body: &str) -> Vec<Act> {
    answer("200 OK", "Content-Type: application/geo+json\r\n", body)
}
