//! What is shown beside a record and is no part of it: what other records of
//! the same thing say, which record stands for it, and which of its links did
//! not work.
//!
//! In JSON these are properties that nobody writes and that JSON-LD passes
//! over. They change without a revision of the record, and so stand in the
//! entity tag.

use std::fmt::Write as _;

use http::HeaderValue;
use serde_json::{Map, Value as Json, json};

use crate::record::{CANONICAL, Merged, PARTIAL, RecordId, WITHHOLDS, to_json};
use crate::register::Version;
use crate::register::ledger::{LedgerError, Link};
use crate::web::address;
use crate::web::problem::{Problem, Result};
use crate::web::reuse;
use crate::web::state::AppState;

/// The properties that are shown with a record and never written: they are
/// passed over in what is sent.
pub(in crate::web) const READ_ONLY: [&str; 3] = [VALUES_FROM, FAILING_LINKS, CANONICAL];

/// Which record and source each value comes from.
const VALUES_FROM: &str = "valuesFrom";

/// Links that did not work when they were last checked.
const FAILING_LINKS: &str = "failingLinks";

/// A record as it is shown.
#[derive(Debug, Clone)]
pub(in crate::web) struct Shown {
    /// What it says; of a record that stands for others, what all say.
    pub(in crate::web) version: Version,
    /// For each of its origins, the record of which it speaks.
    pub(in crate::web) of: Vec<RecordId>,
    /// What the record itself says, when others say some of what is shown.
    own: Option<Merged>,
    /// The links that did not work.
    pub(in crate::web) failing: Vec<Link>,
    /// What changes without a revision of the record.
    variant: String,
}

/// `version` as it is shown.
///
/// # Errors
///
/// 500 `internal` when the register can't be read.
pub(in crate::web) fn shown(state: &AppState, version: Version) -> Result<Shown> {
    let id = version.merged.record.id.clone();
    let failing = state.register.failing_links(&id).map_err(failed)?;
    let mut variant = String::new();
    for link in &failing {
        let checked = link.checked.map(|at| at.to_string()).unwrap_or_default();
        // Writing into memory does not fail.
        let _ = writeln!(variant, "{} {} {checked}", link.url, link.state.name());
    }
    Ok(if let Some(whole) = state.register.whole(&version)? {
        let _ = writeln!(variant, "{:?}", whole.revisions);
        let own = Some(version.merged);
        Shown { version: whole.version, of: whole.of, own, failing, variant }
    } else {
        let of = vec![id; version.merged.origins.len()];
        Shown { version, of, own: None, failing, variant }
    })
}

impl Shown {
    /// What the sources of the record itself say, without what other records
    /// do.
    pub(in crate::web) fn own(&self) -> &Merged {
        self.own.as_ref().unwrap_or(&self.version.merged)
    }

    /// The record as JSON, with what stands beside it.
    pub(in crate::web) fn json(&self, state: &AppState) -> Json {
        let register = &state.register;
        let merged = &self.version.merged;
        let mut json = to_json(register.schema(), register.base(), &merged.record);
        let Some(object) = json.as_object_mut() else { return json };
        if self.own.is_some() {
            let from = merged.from.iter().filter(|(key, _)| !is_mark(key)).map(|(key, &place)| {
                let record = register.base().thing(&self.of[place]);
                let source = &merged.origins[place].source;
                (key.clone(), json!({ "source": source, "record": record.as_str() }))
            });
            object.insert(VALUES_FROM.to_owned(), Json::Object(from.collect()));
        }
        if !self.failing.is_empty() {
            let links = self.failing.iter().map(link_json).collect();
            object.insert(FAILING_LINKS.to_owned(), Json::Array(links));
        }
        json
    }

    /// The parts of its entity tag that are no revision; none of most records.
    pub(in crate::web) fn variant(&self) -> Vec<&str> {
        if self.variant.is_empty() { Vec::new() } else { vec![&self.variant] }
    }

    /// The record that stands for it, when that is another.
    pub(in crate::web) fn canonical(&self) -> Option<&RecordId> {
        let cluster = self.version.cluster.as_ref()?;
        Some(&cluster.canonical).filter(|id| **id != self.version.merged.record.id)
    }

    /// The `Link`s that every format has: what it is, under which licences its
    /// sources give it, and the document of the record that stands for it.
    pub(in crate::web) fn links(&self, state: &AppState) -> Vec<HeaderValue> {
        let register = &state.register;
        let merged = &self.version.merged;
        let class = register.schema().kind(merged.record.id.kind());
        let class = class.map(|kind| ("type", kind.shape.class.as_str().to_owned()));
        let credits: Vec<_> =
            merged.origins.iter().filter_map(|origin| register.credit_of(origin)).collect();
        let licences = reuse::licences(state, &credits).into_iter();
        let licences = licences.map(|licence| ("license", licence.to_owned()));
        let canonical = self.canonical().map(|id| ("canonical", address::document(register, id)));
        let links = class.into_iter().chain(licences).chain(canonical);
        links
            .filter_map(|(rel, to)| HeaderValue::try_from(format!("<{to}>; rel=\"{rel}\"")).ok())
            .collect()
    }
}

/// Takes what stands beside a record out of what a client sends back.
pub(in crate::web) fn without(json: &Json) -> Json {
    let mut json = json.clone();
    if let Some(object) = json.as_object_mut() {
        object.retain(|key, _| !READ_ONLY.contains(&key.as_str()));
    }
    json
}

/// The JSON schemas of what stands beside a record.
pub(in crate::web) fn schemas() -> Map<String, Json> {
    let address = json!({ "type": "string", "format": "uri" });
    let mut all = Map::new();
    all.insert(
        VALUES_FROM.to_owned(),
        json!({
            "type": "object", "readOnly": true,
            "description": "Of a record that stands for others of the same thing: from which record and source each value comes",
            "additionalProperties": { "type": "object", "properties": {
                "source": { "type": "string" }, "record": address } },
        }),
    );
    all.insert(
        FAILING_LINKS.to_owned(),
        json!({
            "type": "array", "readOnly": true,
            "description": "Addresses in this record that did not work when they were last checked",
            "items": { "type": "object", "required": ["url", "state"], "properties": {
                "url": address, "state": { "enum": ["suspect", "dead"] },
                "since": { "type": "string", "format": "date-time" },
                "checked": { "type": "string", "format": "date-time" },
                "archivedCopy": address } },
        }),
    );
    all
}

fn is_mark(key: &str) -> bool {
    [PARTIAL, WITHHOLDS, CANONICAL].contains(&key)
}

fn link_json(link: &Link) -> Json {
    let mut json = json!({ "url": link.url, "state": link.state.name(), "since": link.since });
    if let Some(checked) = link.checked {
        json["checked"] = json!(checked);
    }
    if let Some(archived) = &link.archived {
        json["archivedCopy"] = json!(archived);
    }
    json
}

fn failed(error: LedgerError) -> Problem {
    match error {
        LedgerError::Journal(error) => error.into(),
        error => {
            tracing::error!(%error, "the links of a record can't be read");
            Problem::internal()
        }
    }
}
