//! The changes feed of another kist register, in two forms.
//!
//! `/changes` is RPDE 1.0 (<https://openactive.io/realtime-paged-data-exchange/>)
//! in the order of change numbers, of records as they are with all sources
//! together, each at its newest revision alone:
//! `{"next", "items": [{"state", "kind", "id", "modified", "data"}], "license"}`.
//! `/api/v1/changes` lists each version of each source:
//! `{"next", "newest", "items": [{"revision", "id", "type", "source", "state",
//! "record"}]}`; what one source says may be a part of the record, so that
//! `/changes` is to be preferred, and a warning says so. A record keeps its identity, so that the same thing has the
//! same id in every register that has it.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde_json::{Map, Value as Json};
use url::Url;

use super::json::{Item, Notes, read, within_limit};
use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role, State, Writing};
use crate::model::{NOT_STATED, TermsOfUse};

/// Kinds of record that are a register's own affair: what it harvests, and how.
/// A run here may have the identifier of one there, and what it is of is not
/// taken.
const OWN_AFFAIRS: &[&str] = &["source", "run"];

/// Keys whose values are addresses in the world and stay whole, also where they
/// are addresses of the other register.
const ADDRESSES: &[&str] = &[
    "sameAs",
    "exactMatch",
    "closeMatch",
    "url",
    "contentUrl",
    "archivedCopy",
    "licence",
    "socialLinks",
];

pub(super) const FORMAT: Format = Format {
    name: "kist",
    label: "Another kist register",
    specification: "https://openactive.io/realtime-paged-data-exchange/",
    accept: "application/json",
    listing: Listing::Changes,
    recognises,
    extract,
};

fn recognises(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let has = |name: &str| head.contains(name);
    let is_feed = has("\"items\"") && has("\"state\"") || has("\"newest\"") && has("\"next\"");
    let is_kist = has("/ns/context.jsonld") || (has("\"newest\"") && has("/api/v1/changes?since="));
    if head.starts_with('{') && is_feed && is_kist { 97 } else { 0 }
}

fn extract(document: &Document, _reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let Some(json) = read(document, &mut extraction.problems) else { return extraction };
    let Some(items) = json.json.get("items").and_then(Json::as_array) else {
        extraction.problems.push(
            Problem::broken("not-a-feed", "", "there is no list of items")
                .advice("Give the address of the register's /changes."),
        );
        return extraction;
    };
    let notes = Notes::default();
    let mut pages = Page::default();
    if items.iter().any(|item| item.get("source").is_some()) {
        notes.add(
            Problem::warning(
                "versions-by-source",
                "",
                "this lists what each source says, one by one",
            )
            .advice("Harvest the register's /changes, which has each record as a whole."),
        );
    }
    let limit = within_limit(items.len(), &mut extraction.problems);
    for (position, json) in items.iter().take(limit).enumerate() {
        match Item::new(json, format!("/items/{position}"), &notes) {
            Some(item) => pages.add(&item),
            None => notes.add(Problem::error(
                "bad-item",
                format!("/items/{position}"),
                "this is not an object",
            )),
        }
    }
    extraction.drafts = pages.drafts.into_iter().flatten().collect();
    extraction.about.credits = json.json.get("credits").and_then(Json::as_str).map(str::to_owned);
    extraction.about.licence = ["license", "licence"]
        .iter()
        .find_map(|name| json.json.get(name)?.as_str())
        .map(str::to_owned);
    extraction.problems.extend(notes.into_problems());
    match next(&json.json, &document.url) {
        Ok(next) => {
            // The end is an empty page that names itself; one that names
            // another is a gap.
            if next != document.url {
                let (url, role) = (next.clone(), Role::Next);
                extraction.follow.push(Follow { url, role, format: Some("kist") });
            }
            extraction.resume = Some(next);
        }
        Err(problem) => extraction.problems.push(*problem),
    }
    extraction
}

fn next(json: &Json, url: &Url) -> Result<Url, Box<Problem>> {
    let broken = |what: String| {
        Box::new(
            Problem::broken("bad-next", "/next", what).advice("Give the address of the next page."),
        )
    };
    let text = json.get("next").and_then(Json::as_str).unwrap_or_default().trim();
    if text.is_empty() {
        return Err(broken("the page does not say where to go on".to_owned()));
    }
    url.join(text).map_err(|error| broken(format!("`{text}` is no address: {error}")))
}

/// The drafts of a page: the last word on each record, in the order of the
/// last words.
#[derive(Debug, Default)]
struct Page {
    drafts: Vec<Option<Draft>>,
    places: HashMap<String, usize>,
    /// The source that last spoke for a record, in the form that lists them.
    speakers: HashMap<String, String>,
}

impl Page {
    fn add(&mut self, item: &Item<'_>) {
        let Some(draft) = draft(item) else { return };
        let speaker = item.text("source");
        let is_live_elsewhere = draft.state == State::Deleted
            && self.last(&draft.key).is_some_and(|last| last.state == State::Live)
            && speaker.is_some()
            && self.speakers.get(&draft.key) != speaker.as_ref();
        if is_live_elsewhere {
            // One source withdrew what another had said meanwhile.
            return;
        }
        if let Some(speaker) = speaker {
            self.speakers.insert(draft.key.clone(), speaker);
        }
        if let Some(place) = self.places.insert(draft.key.clone(), self.drafts.len())
            && let Some(superseded) = self.drafts.get_mut(place)
        {
            *superseded = None;
        }
        self.drafts.push(Some(draft));
    }

    fn last(&self, key: &str) -> Option<&Draft> {
        self.drafts.get(*self.places.get(key)?)?.as_ref()
    }
}

fn draft(item: &Item<'_>) -> Option<Draft> {
    let kind = item.first_text(&["kind", "type"]);
    let Some(identity) = item.text("id").and_then(|id| Identity::read(&id, kind.as_deref())) else {
        item.unread("id", "no-key", "this is not the id of a record");
        return None;
    };
    let mut item = item.clone();
    item.key = Some(identity.name());
    if OWN_AFFAIRS.contains(&identity.kind.as_str()) {
        return None;
    }
    let mut draft = Draft::new(&identity.kind, identity.name(), item.at.as_str());
    draft.id = Some(identity.name());
    draft.modified = item.first_text(&["modified", "revision"]);
    match item.text("state").as_deref() {
        Some("deleted") => {
            draft.state = State::Deleted;
            return Some(draft);
        }
        Some("updated") => {}
        state => {
            let what =
                format!("the state is {}, neither updated nor deleted", state.unwrap_or("missing"));
            item.unread("state", "bad-state", &what);
            return None;
        }
    }
    let Some(record) = item.item("data").or_else(|| item.item("record")) else {
        item.unread("data", "no-record", "the record itself is missing");
        return None;
    };
    if record.truth("partial") == Some(true) {
        // What editors changed over a source: the rest is not known here.
        return None;
    }
    let base =
        record.text("id").or_else(|| item.text("id")).and_then(|iri| base_of(&iri, &identity));
    draft.writing = Writing::Plain;
    draft.use_terms = use_terms(item.get("license"), item.get("attribution"));
    for key in record.keys().filter(|key| !matches!(*key, "id" | "type" | "@context")) {
        if let Some(value) = record.get(key) {
            draft.set(key, localised(key, value, base.as_deref()));
        }
    }
    Some(draft)
}

/// What an item says of its own use: its licences, or that none is stated, and
/// how it is to be credited.
pub(in crate::harvest::format) fn use_terms(
    licence: Option<&Json>,
    attribution: Option<&Json>,
) -> Option<TermsOfUse> {
    let licences = licence.map(|licence| match licence {
        Json::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    });
    let licences: Option<Vec<String>> = licences
        .map(|licences| licences.iter().filter_map(Json::as_str).map(str::to_owned).collect());
    let licences = licences.filter(|licences| !licences.is_empty());
    let is_stated = |licences: &Vec<String>| *licences != [NOT_STATED];
    let licences =
        licences.map(|licences| if is_stated(&licences) { licences } else { Vec::new() });
    let attribution = attribution.and_then(Json::as_str).map(str::to_owned);
    TermsOfUse { licences, attribution }.said()
}

/// The kind and id of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    kind: String,
    id: String,
}

impl Identity {
    /// Reads `https://register/id/kind/id`, `kind/id` or, of a known kind, the
    /// id alone.
    pub(super) fn read(text: &str, kind: Option<&str>) -> Option<Self> {
        let text = text.rsplit_once("/id/").map_or(text, |(_, name)| name);
        let (stated, id) = match text.split_once('/') {
            Some((stated, id)) => (stated, id),
            None => (kind?, text),
        };
        let is_plain = |text: &str| {
            !text.is_empty()
                && text.len() <= 200
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        let is_right = is_plain(stated) && is_plain(id) && kind.is_none_or(|kind| kind == stated);
        is_right.then(|| Self { kind: stated.to_owned(), id: id.to_owned() })
    }

    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }
}

/// The address of the register that gave this IRI to a record.
pub(super) fn base_of(iri: &str, identity: &Identity) -> Option<String> {
    let base = iri.strip_suffix(&format!("/id/{}", identity.name()))?;
    (base.starts_with("https://") || base.starts_with("http://")).then(|| base.to_owned())
}

/// A value with the other register's IRIs of records as `kind/id`, and without
/// the identities of nested nodes.
pub(super) fn localised(key: &str, value: &Json, base: Option<&str>) -> Json {
    match value {
        Json::String(text) if !ADDRESSES.contains(&key) => {
            reference(text, base).map_or_else(|| value.clone(), Json::String)
        }
        Json::Array(list) => list.iter().map(|entry| localised(key, entry, base)).collect(),
        Json::Object(object) => {
            if let Some(reference) = named_reference(object, base) {
                return Json::String(reference);
            }
            let own = |key: &String| matches!(key.as_str(), "id" | "type" | "@id" | "@type");
            let fields = object
                .iter()
                .filter(|(key, _)| !own(key))
                .map(|(key, value)| (key.clone(), localised(key, value, base)));
            Json::Object(fields.collect())
        }
        _ => value.clone(),
    }
}

/// `kind/id` of an IRI of a record under `base`.
fn reference(text: &str, base: Option<&str>) -> Option<String> {
    let name = text.strip_prefix(base?)?.strip_prefix("/id/")?;
    (!name.contains('#'))
        .then(|| Identity::read(name, None))
        .flatten()
        .map(|identity| identity.name())
}

/// The form in which answers show references: `{"id": …, "name": …}`.
fn named_reference(object: &Map<String, Json>, base: Option<&str>) -> Option<String> {
    let is_reference = object.keys().all(|key| matches!(key.as_str(), "id" | "name" | "type"));
    let id = object.get("id").filter(|_| is_reference)?.as_str()?;
    reference(id, base)
}
