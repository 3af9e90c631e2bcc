//! Links of a register are collected and checked against servers on loopback.

mod checks;
mod collecting;
mod judging;
mod load;
mod moves;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::{Checked, check_due, collect_all};
use crate::harvest::fetch::Fetcher;
use crate::harvest::fetch::tests::options;
use crate::harvest::fetch::tests::server::{Act, Received, Server};
use crate::harvest::{Harvester, Options};
use crate::record::{Base, FromJson, RecordId, from_json};
use crate::register::ledger::{Citation, Link, LinkInState, LinkState};
use crate::register::{Edit, LOCAL_SOURCE, Place, References, Register};
use crate::schema::Schema;

std::thread_local! {
    /// Hours since the start of a test's time; each test has a thread.
    static HOURS: AtomicI64 = const { AtomicI64::new(0) };
}

fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn clock() -> Timestamp {
    start() + SignedDuration::from_hours(HOURS.with(|hours| hours.load(Ordering::Relaxed)))
}

fn days_later(days: i64) {
    HOURS.with(|hours| hours.fetch_add(days * 24, Ordering::Relaxed));
}

fn register() -> Arc<Register> {
    let base = Base::new("https://kist.example").unwrap();
    Arc::new(Register::open(Schema::standard(), base, Place::Memory, start()).unwrap())
}

/// What `source` says of an organisation from now on; null withdraws it.
fn say(register: &Register, source: &str, id: &str, json: &Json) {
    let id = RecordId::new("organisation", id).unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let kind = register.schema().kind("organisation").unwrap();
    let record = (!json.is_null()).then(|| from_json(context, kind, Some(&id), json).unwrap());
    let (original, expected, derivation) = (None, None, None);
    let edit = Edit { source: source.to_owned(), id, record, original, expected, derivation };
    register.apply(vec![edit], References::Kept, "test", clock()).unwrap();
}

fn link(register: &Register, url: &str) -> Option<Link> {
    register.ledger().get(&Link::key(url)).unwrap()
}

/// Who points to `url`, as the report shows it.
fn citing(register: &Register, url: &str) -> Vec<String> {
    let rows = register.ledger().rows::<Citation>(&format!("{}\n", Link::key(url)), "", 1_000);
    let ids = rows.unwrap().into_iter().filter_map(|(key, _)| Citation::record(&key));
    ids.map(|id| id.id().to_owned()).collect()
}

/// How many links are in the order of `state`.
fn in_state(register: &Register, state: LinkState) -> usize {
    let prefix = format!("{}\n", state.name());
    register.ledger().rows::<LinkInState>(&prefix, "", 1_000).unwrap().len()
}

/// A server, and a register with one organisation whose page is on it.
struct World {
    server: Server,
    harvester: Harvester,
    url: String,
}

impl World {
    /// The page is at `/club/walks.html`.
    async fn new<F>(answers: F) -> Self
    where
        F: Fn(&Received) -> Vec<Act> + Send + Sync + 'static,
    {
        Self::of(Server::start(answers).await)
    }

    fn of(server: Server) -> Self {
        let register = register();
        let url = server.url("/club/walks.html").to_string();
        say(&register, LOCAL_SOURCE, "club", &json!({ "name": "Club", "url": url }));
        collect_all(&register, clock()).unwrap();
        let options = Options { fetch: options(&server), ..Options::default() };
        let fetcher = Fetcher::new(options.fetch.clone(), 7).unwrap();
        let harvester = Harvester::new(register, fetcher, options, clock, "test".to_owned());
        Self { server, harvester, url }
    }

    async fn check(&self) -> Checked {
        check_due(&self.harvester, 1_000, &|_| {}).await.unwrap()
    }

    fn link(&self) -> Link {
        link(self.harvester.register(), &self.url).unwrap()
    }

    /// Methods and paths of all requests, without robots.txt.
    fn asked(&self) -> Vec<String> {
        let received = self.server.received().into_iter();
        let asked = received.filter(|received| received.path != "/robots.txt");
        asked.map(|it| format!("{} {}", it.head.split(' ').next().unwrap(), it.path)).collect()
    }
}

/// Whether a request is for the headers only.
fn is_head(received: &Received) -> bool {
    received.head.starts_with("HEAD ")
}
