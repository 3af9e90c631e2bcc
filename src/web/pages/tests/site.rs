//! The register of the tests: the seeds, a record that two sources speak of, one
//! that is gone, and one of each kind whose every field is hostile.

use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::HeaderMap;
use http_body_util::BodyExt;
use jiff::Timestamp;
use regex::Regex;
use serde_json::Value as Json;
use serde_json::json;
use tower::ServiceExt;

use crate::graph::GraphFormat;
use crate::graph::input::Options;
use crate::journal::Durability;
use crate::record::Base;
use crate::record::Fields;
use crate::record::FromJson;
use crate::record::PARTIAL;
use crate::record::RecordId;
use crate::record::Value;
use crate::record::WITHHOLDS;
use crate::record::from_json;
use crate::register::Edit;
use crate::register::Place;
use crate::register::References;
use crate::register::Register;
use crate::register::ledger::Finding;
use crate::register::ledger::Row as _;
use crate::register::ledger::Run;
use crate::register::ledger::SourceState;
use crate::schema::Field;
use crate::schema::Schema;
use crate::schema::Shape;
use crate::schema::ValueType;
use crate::web;
use crate::web::admission;
use crate::web::layers::Surroundings;
use crate::web::state::App;
use crate::web::state::AppState;
use crate::web::state::Identity;
use crate::web::stop::Stop;

const BASE: &str = "https://kist.example";

/// A text that breaks out of whatever is not escaped.
pub(super) const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;";

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The register with the seeds, a record that two sources speak of, one that
/// was withdrawn, and a hostile one of each kind.
pub(super) static SITE: LazyLock<Site> = LazyLock::new(Site::open);

pub(super) struct Site {
    pub(super) router: Router,
    pub(super) state: AppState,
    /// The path of a report of a harvest.
    pub(super) report: String,
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Site {
    fn open() -> Self {
        let base = Base::new(BASE).unwrap();
        let register = Register::open(Schema::standard(), base, Place::Memory, now()).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut edits = Vec::new();
        for folder in ["seeds", "ontology/categories"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let bytes = || std::fs::read(&path).unwrap();
                let imported = match path.extension().and_then(|end| end.to_str()) {
                    Some("json") => register.read_json(&bytes()),
                    Some("ttl") => {
                        let options = Options::default();
                        register.read_rdf(&bytes(), GraphFormat::Turtle, "kist", &options)
                    }
                    _ => continue,
                };
                edits.extend(imported.unwrap().drafts);
            }
        }
        register.apply_places("test", now()).unwrap();
        register.apply(edits, References::Checked, "test", now()).unwrap();
        let written = [
            edit(
                &register,
                "asset",
                "shared",
                "first",
                &json!({"name": "Told by two", "assetType": "service", "online": true}),
            ),
            edit(
                &register,
                "asset",
                "shared",
                "second",
                &json!({"name": "Told by two", "assetType": "service", "telephone": "0131 555 0100", "online": true}),
            ),
            edit(
                &register,
                "asset",
                "gone",
                "local",
                &json!({"name": "Gone", "assetType": "service", "online": true}),
            ),
        ];
        register.apply(written.into(), References::Checked, "test", now()).unwrap();
        let gone = RecordId::new("asset", "gone").unwrap();
        let gone = register.withdrawal(&gone, None).unwrap();
        register.apply(gone, References::Checked, "test", now()).unwrap();
        let hostile = register.schema().kinds().map(|kind| {
            let json = hostile(register.schema(), &kind.shape);
            edit(&register, &kind.name, "hostile", "local", &json)
        });
        let hostile: Vec<Edit> = hostile.collect();
        register.apply(hostile, References::Kept, "test", now()).unwrap();
        let report = hostile_report(&register);
        let state = AppState::new(App {
            register: Arc::new(register),
            sparql: None,
            stop: Stop::new(),
            clock: now,
            identity: Identity::default(),
        });
        let surroundings = Surroundings {
            base: BASE.to_owned(),
            problem_page: Some(web::problem_page),
            ..Surroundings::default()
        };
        let router = web::router(state.clone(), &admission::Options::default(), surroundings);
        Self { router, state, report }
    }

    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::get(path).header("accept", "text/html");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(bytes.to_vec()).unwrap();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// The page of the first record that a search of the pages shows.
    pub(super) async fn first(&self, search: &str, path: &str) -> String {
        let list = self.get(search, &[]).await.body;
        let link = Regex::new(&format!("href=\"(/{path}/[^\"?.]+)\"")).unwrap();
        link.captures(&list).unwrap_or_else(|| panic!("{search} lists no {path}"))[1].to_owned()
    }

    /// One page of each sort.
    pub(super) async fn pages(&self) -> Vec<String> {
        let mut pages: Vec<String> = [
            "/",
            "/search?near=EH6&within=2km",
            "/search?q=library&topic=reading&cost=free&open=mo+10:00&sort=name&page=2",
            "/search?q=zzzzqq&near=EH6&within=1km",
            "/search?near=Zzyzx",
            "/knowledge-bank",
            "/knowledge-bank?q=partner&resource_type=guide",
            "/knowledge-bank/findings",
            "/knowledge-bank/findings?of=helped&topic=trust-and-respect",
            "/categories",
            "/ns",
            "/problems",
            "/problems/rate-limited",
            "/about",
            "/about/bot",
            "/accessibility",
            "/organisations",
            "/sources",
            "/sources/hostile",
            "/places?page=2",
            "/places/S12000036",
            "/categories/library",
            "/assets/shared",
            "/assets/gone",
            "/nowhere",
        ]
        .map(str::to_owned)
        .into();
        pages.push(self.report.clone());
        pages.push(self.first("/search?near=EH6&kind=asset", "assets").await);
        pages.push(self.first("/search?kind=case-study", "case-studies").await);
        pages.push(self.first("/search?kind=partnership", "partnerships").await);
        pages
    }
}

/// Keeps a harvest whose words are all hostile, and gives the path of its
/// report.
fn hostile_report(register: &Register) -> String {
    let run: Run = serde_json::from_value(json!({
        "source": "hostile", "number": 1, "kind": "harvest", "trigger": "manual",
        "started": now(), "ended": now(), "heartbeat": now(), "phase": "done",
        "outcome": "blocked-by-guard", "reason": HOSTILE, "held": [HOSTILE],
        "counts": { "findings": 2 }, "codes": { HOSTILE: 2 },
    }))
    .unwrap();
    let finding: Finding = serde_json::from_value(json!({
        "stage": "map", "severity": "error", "code": HOSTILE, "url": HOSTILE, "at": HOSTILE,
        "what": HOSTILE, "advice": HOSTILE, "key": HOSTILE,
    }))
    .unwrap();
    let state = SourceState { last_run: 1, ..SourceState::default() };
    let rows = [
        run.put(Run::key("hostile", 1)),
        finding.put(Finding::key("hostile", 1, 1)),
        state.put("hostile"),
    ];
    register.ledger().write(&rows, Durability::Relaxed).unwrap();
    let address = register.report_address("hostile", 1).unwrap();
    address.replace(register.base().as_str(), "")
}

fn edit(register: &Register, kind: &str, id: &str, source: &str, json: &Json) -> Edit {
    let kind = register.schema().kind(kind).unwrap();
    let id = RecordId::new(&kind.name, id).unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let record = from_json(context, kind, Some(&id), json).unwrap();
    Edit {
        source: source.to_owned(),
        id,
        record: Some(record),
        original: None,
        expected: None,
        derivation: None,
    }
}

/// A record with a hostile text in every field that takes one.
fn hostile(schema: &Schema, shape: &Shape) -> Json {
    let withheld = if shape.field("slug").is_some() { "slug" } else { "note" };
    let fields = shape.fields.iter().filter_map(|field| {
        let value = match field.key.as_str() {
            WITHHOLDS => json!(withheld),
            _ => hostile_value(schema, field)?,
        };
        let value = if field.is_list() { json!([value]) } else { value };
        Some((field.key.clone(), value))
    });
    Json::Object(fields.collect())
}

/// Puts scripts where web addresses were; reading JSON would refuse them.
pub(super) fn poison(fields: &mut Fields) {
    for value in fields.values_mut().flatten() {
        match value {
            Value::Iri(iri) => "javascript:alert(1)".clone_into(iri),
            Value::Node(node) => poison(&mut node.fields),
            _ => {}
        }
    }
}

fn hostile_value(schema: &Schema, field: &Field) -> Option<Json> {
    if let Some(choice) = field.choices.first() {
        return Some(json!(choice));
    }
    let text =
        || -> String { HOSTILE.chars().take(field.maximum_length.unwrap_or(usize::MAX)).collect() };
    Some(match &field.value {
        ValueType::Text | ValueType::LanguageText if field.key == "email" => {
            json!("\"><script>alert(1)</script>@x")
        }
        ValueType::Text | ValueType::LanguageText => match field.key.as_str() {
            "code" => json!("S99"),
            "register" => json!("GB"),
            "rrule" => json!("FREQ=DAILY;COUNT=3"),
            // Where postcodes are texts of any kind.
            "country" => json!("FR"),
            _ if field.pattern.is_some() => return None,
            _ => json!(text()),
        },
        ValueType::Integer => json!(1),
        ValueType::Decimal => json!("3.5"),
        ValueType::Double => json!(56.0),
        // A part that stands alone is not shown.
        ValueType::Boolean => json!(field.key != PARTIAL),
        ValueType::Date => json!("2026-11-21"),
        ValueType::Time => json!("10:00:00"),
        ValueType::DateTime => json!("2026-11-21T10:00:00Z"),
        ValueType::PartialDate => json!("2026"),
        ValueType::WellKnownText => json!("POINT (-3.19 55.95)"),
        ValueType::Iri => json!("https://hostile.example/"),
        ValueType::Reference(to) => match to.kinds.first().map(String::as_str) {
            Some("category") => json!("hostile"),
            Some(kind) => json!(format!("{BASE}/id/{kind}/hostile")),
            None => json!(format!("{BASE}/id/asset/hostile")),
        },
        ValueType::Node(iri) => hostile(schema, schema.nested(iri)?),
    })
}
