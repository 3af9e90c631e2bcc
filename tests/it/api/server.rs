//! A register behind the whole router, without a socket.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use kist::graph::GraphFormat;
use kist::graph::input::Options;
use kist::journal::Scope;
use kist::record::Base;
use kist::register::{Place, References, Register, create_token};
use kist::schema::Schema;
use kist::web::admission;
use kist::web::layers::Surroundings;
use kist::web::state::{App, AppState, Identity};
use kist::web::stop::Stop;
use kist::web::tiles::Tiles;
use serde_json::Value as Json;
use tower::ServiceExt;

/// The public address of the register in all tests.
pub(super) const BASE: &str = "https://kist.example";

/// The time, in all tests.
pub(super) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// What the register of all tests tells of itself.
fn identity() -> Identity {
    Identity {
        hub: Some("https://hub.example/".to_owned()),
        user_agent: format!("kistbot/1.0 (+{BASE}/about/bot; mailto:bot@kist.example)"),
        contact: Some("bot@kist.example".to_owned()),
        licence: None,
        tiles: None,
    }
}

/// A register and its router.
pub(super) struct TestServer {
    pub register: Arc<Register>,
    router: Router,
    tokens: Mutex<BTreeMap<&'static str, String>>,
}

impl TestServer {
    /// The register with all seeds, shared by all tests: nobody writes to it.
    pub(super) fn seeded() -> Self {
        static SEEDED: OnceLock<Arc<Register>> = OnceLock::new();
        let register = SEEDED.get_or_init(|| {
            let register = open(Schema::standard());
            register.apply_places("test", now()).unwrap();
            load(&register, &["ontology/categories", "seeds"]);
            Arc::new(register)
        });
        Self::new(Arc::clone(register))
    }

    /// A register of its own without any record.
    pub(super) fn empty() -> Self {
        Self::with_schema(Schema::standard())
    }

    /// A register of its own that has only categories.
    pub(super) fn with_categories() -> Self {
        let server = Self::empty();
        load(&server.register, &["ontology/categories"]);
        server
    }

    /// Takes records as a seed file has them; references may lead nowhere.
    pub(super) fn load(&self, records: &Json) {
        let imported = self.register.read_json(records.to_string().as_bytes()).unwrap();
        assert_eq!(imported.problems, Vec::<String>::new());
        self.register.apply(imported.drafts, References::Kept, "test", now()).unwrap();
    }

    /// A register of its own of another schema.
    pub(super) fn with_schema(schema: Schema) -> Self {
        Self::new(Arc::new(open(schema)))
    }

    /// A server of `register`, which others may serve too.
    pub(super) fn new(register: Arc<Register>) -> Self {
        Self::with_identity(register, identity())
    }

    /// All seeds, and a movable map with these tiles.
    pub(super) fn seeded_with_tiles(tiles: Tiles) -> Self {
        let identity = Identity { tiles: Some(tiles), ..identity() };
        Self::with_identity(Self::seeded().register, identity)
    }

    /// A server of `register` that tells this of itself.
    pub(super) fn with_identity(register: Arc<Register>, identity: Identity) -> Self {
        Self::of(register, identity, now)
    }

    /// A server of `register` at another time than the usual.
    pub(super) fn at(register: Arc<Register>, clock: fn() -> Timestamp) -> Self {
        Self::of(register, identity(), clock)
    }

    fn of(register: Arc<Register>, identity: Identity, clock: fn() -> Timestamp) -> Self {
        let state = AppState::new(App {
            register: Arc::clone(&register),
            sparql: None,
            stop: Stop::new(),
            clock,
            identity,
        });
        let surroundings = Surroundings {
            base: BASE.to_owned(),
            problem_page: Some(kist::web::problem_page),
            ..Surroundings::default()
        };
        let router = kist::web::router(state, &admission::Options::default(), surroundings);
        Self { register, router, tokens: Mutex::default() }
    }

    /// A token for `scope`, the same each time.
    pub(super) fn token(&self, scope: Scope) -> String {
        let mut tokens = self.tokens.lock().unwrap();
        let token = tokens.entry(scope.name()).or_insert_with(|| {
            let random = [scope as u8; 40];
            let tokens = self.register.token_store();
            create_token(tokens, "test", scope, None, now(), random).unwrap().secret
        });
        token.clone()
    }

    /// Where the page at `path`, which has an alias in it, is.
    pub(super) async fn place_of(&self, path: &str) -> String {
        let location = self.get(path).await.header("location");
        location.strip_prefix(BASE).map_or_else(|| panic!("{path} leads nowhere"), str::to_owned)
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], Body::empty()).await
    }

    /// Gets with one header.
    pub(super) async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        self.ask(Method::GET, path, &[(name, value)], Body::empty()).await
    }

    /// Gets JSON that must be there.
    pub(super) async fn json(&self, path: &str) -> Json {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer}");
        answer.json()
    }

    /// The answers to several requests, one after the other, for a snapshot.
    pub(super) async fn all(&self, paths: &[&str]) -> String {
        let mut text = String::new();
        for path in paths {
            let answer = self.get(path).await;
            writeln!(text, "GET {path}\n{answer}\n").unwrap();
        }
        text
    }

    /// Sends a body with a token. A change that has no header to say which
    /// version it means is made whatever is there.
    pub(super) async fn send(&self, method: Method, path: &str, sent: Sent<'_>) -> Answer {
        let bearer = format!("Bearer {}", sent.token);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend((!sent.media_type.is_empty()).then_some(("content-type", sent.media_type)));
        headers.extend(sent.header);
        let answer = self.ask(method.clone(), path, &headers, sent.body.to_vec()).await;
        if answer.status != StatusCode::PRECONDITION_REQUIRED {
            return answer;
        }
        headers.push(("if-match", "*"));
        self.ask(method, path, &headers, sent.body.to_vec()).await
    }

    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response =
            self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// What is sent with a write.
#[derive(Clone, Copy, Default)]
pub(super) struct Sent<'a> {
    pub token: &'a str,
    pub media_type: &'a str,
    pub header: Option<(&'a str, &'a str)>,
    pub body: &'a [u8],
}

fn open(schema: Schema) -> Register {
    Register::open(schema, Base::new(BASE).unwrap(), Place::Memory, now()).unwrap()
}

/// A file or folder of the project.
pub(super) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn load(register: &Register, folders: &[&str]) {
    let mut edits = Vec::new();
    for folder in folders {
        let entries = fs::read_dir(project(folder)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let end = file.extension().and_then(|end| end.to_str()).unwrap_or_default().to_owned();
            let read = |file: &Path| fs::read(file).unwrap();
            let imported = match end.as_str() {
                "json" => register.read_json(&read(&file)),
                "ttl" => {
                    let limits = Options::default();
                    register.read_rdf(&read(&file), GraphFormat::Turtle, "kist", &limits)
                }
                _ => continue,
            };
            let imported = imported.unwrap();
            assert_eq!(imported.problems, Vec::<String>::new(), "{}", file.display());
            edits.extend(imported.drafts);
        }
    }
    register.apply(edits, References::Checked, "test", now()).unwrap();
}

/// What came back.
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The value of a header, all of them with commas between; empty when
    /// there is none.
    pub(super) fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        values.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// The headers that say what an answer is, as far as it has them.
const TELLING: &[&str] = &["allow", "location", "retry-after", "www-authenticate"];

impl fmt::Display for Answer {
    /// Status, media type, the telling headers and the body; of a problem not
    /// the id of its request, which is another each time.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.header("content-type");
        writeln!(formatter, "{}", format!("{} {kind}", self.status).trim_end())?;
        for name in TELLING.iter().filter(|name| self.headers.contains_key(**name)) {
            writeln!(formatter, "{name}: {}", self.header(name))?;
        }
        if kind != "application/problem+json" {
            return formatter.write_str(&String::from_utf8_lossy(&self.body));
        }
        let mut problem = self.json();
        problem.as_object_mut().unwrap().shift_remove("instance");
        formatter.write_str(&problem.to_string())
    }
}
