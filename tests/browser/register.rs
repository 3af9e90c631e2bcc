//! A register with the seeds, served on a free port of this machine.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use jiff::Timestamp;
use kist::graph::GraphFormat;
use kist::graph::input::Options;
use kist::record::Base;
use kist::register::{Place, References, Register};
use kist::schema::Schema;
use kist::web;
use kist::web::layers::Surroundings;
use kist::web::state::{App, AppState, Identity};
use kist::web::stop::Stop;
use kist::web::tiles::Tiles;
use serde_json::json;
use tokio::net::TcpListener;

/// The time, in all tests.
fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// Opens the register and gives its router, for those who ask without a
/// socket, with its address and the register itself.
pub(crate) async fn serve() -> (Router, String, Arc<Register>) {
    let (listener, address) = listen().await;
    let base = format!("http://{address}");
    let own = base.clone();
    let register = tokio::task::spawn_blocking(move || open(&own)).await.unwrap();
    let register = Arc::new(register);
    let router = router(Arc::clone(&register), &base, Identity::default());
    spawn(listener, router.clone());
    (router, base, register)
}

/// Serves the same register once more, with tiles, and gives its address.
pub(crate) async fn serve_with_tiles(register: Arc<Register>, tiles: Tiles) -> String {
    let (listener, address) = listen().await;
    let base = format!("http://{address}");
    let identity = Identity { tiles: Some(tiles), ..Identity::default() };
    spawn(listener, router(register, &base, identity));
    base
}

fn router(register: Arc<Register>, base: &str, identity: Identity) -> Router {
    let state =
        AppState::new(App { register, sparql: None, stop: Stop::new(), clock: now, identity });
    let surroundings = Surroundings {
        base: base.to_owned(),
        problem_page: Some(web::problem_page),
        ..Surroundings::default()
    };
    web::router(state, &web::admission::Options::default(), surroundings)
}

/// A free port of this machine.
pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Serves a router until the tests end.
pub(crate) fn spawn(listener: TcpListener, router: Router) {
    let options = web::serve::Options {
        max_connections_per_address: 4_096,
        ..web::serve::Options::default()
    };
    tokio::spawn(async move {
        web::serve::serve(listener, router, &options, &Stop::new()).await;
    });
}

fn open(base: &str) -> Register {
    let base = Base::new(base).unwrap();
    let register = Register::open(Schema::standard(), base, Place::Memory, now()).unwrap();
    register.apply_places("test", now()).unwrap();
    let mut edits = Vec::new();
    for file in ["ontology/categories", "seeds"].iter().flat_map(|folder| files(folder)) {
        let read = || fs::read(&file).unwrap();
        let imported = match file.extension().and_then(|end| end.to_str()) {
            Some("json") => register.read_json(&read()),
            Some("ttl") => {
                register.read_rdf(&read(), GraphFormat::Turtle, "kist", &Options::default())
            }
            _ => continue,
        };
        edits.extend(imported.unwrap().drafts);
    }
    register.apply(edits, References::Checked, "test", now()).unwrap();
    let own = register.read_json(additions().to_string().as_bytes()).unwrap();
    assert_eq!(own.problems, Vec::<String>::new());
    register.apply(own.drafts, References::Kept, "test", now()).unwrap();
    register
}

/// What the seeds lack: something with a telephone number and a Gaelic name.
fn additions() -> serde_json::Value {
    json!({"records": [{
        "id": "feis-lite", "type": "asset",
        "name": {"gd": "Fèis Lìte"},
        "summary": {"gd": "Seinn is dannsa gach Dimàirt."},
        "assetType": "service", "telephone": "+44 (0)131 555 0100",
        "locations": [{"streetAddress": "1 Great Junction Street", "locality": "Leith",
            "postcode": "EH6 5HX", "latitude": 55.9723, "longitude": -3.1715}],
    }]})
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
