//! A first guess of a mapping from a sample, for people to correct.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value as Json};
use url::Url;

use super::read::read;
use super::{more, paging};
use crate::harvest::document::Document;
use crate::harvest::mapped::names;
use crate::harvest::mapping::{Mapping, Rule};

/// How many items are looked at.
const SAMPLE: usize = 50;

/// How deep a list of items is looked for.
const MAX_DEPTH: usize = 4;

/// How many lists are looked at in all.
const MAX_LISTS: usize = 1_000;

/// How many different keys of the items are looked at.
const MAX_KEYS: usize = 1_000;

/// Where the fields probably stand in `document`; `None` when it is no JSON,
/// or nothing in it looks like a list of records that have keys and names.
#[must_use]
pub fn guess(document: &Document) -> Option<Mapping> {
    let json = read(document, &mut Vec::new())?;
    of_json(&json.json, &document.url, None)
}

/// As [`guess`], of what was read already at `url`, when the answer names
/// `header` as the next page.
pub(super) fn of_json(json: &Json, url: &Url, header: Option<&Url>) -> Option<Mapping> {
    let pointer = list_of_items(json)?;
    let list = json.pointer(&pointer)?.as_array()?;
    let items: Vec<&Json> = list.iter().take(SAMPLE).collect();
    let mut mapping = of_items(&items, "").filter(|mapping| !mapping.key.is_empty())?;
    if !pointer.is_empty() {
        mapping.items = Some(format!("{}[*]", paging::path_of(&pointer)?));
    }
    mapping.paging = paging::given(json, header).or_else(|| {
        let whole = more::whole(json, list.len(), url);
        whole.goes_on.or(whole.counts).and_then(|_| paging::guessed(json, list.len()))
    });
    Some(mapping)
}

/// The guess of a mapping for `items`, whose fields stand below `below`, a
/// JSON pointer; without a key where none was found.
pub(in crate::harvest::format) fn of_items(items: &[&Json], below: &str) -> Option<Mapping> {
    let places = places(items, below);
    let key = key(items, below, &places);
    let mut fields: BTreeMap<String, Rule> = BTreeMap::new();
    let mut terms: BTreeMap<String, Rule> = BTreeMap::new();
    for (name, place) in &places {
        if let Some((field, then)) = names::field_of(name) {
            let rule = fields.entry(field.to_owned()).or_default();
            let may_join = rule.from.is_empty() || names::is_address_line(name);
            if may_join {
                rule.from.push(place.clone());
                rule.then = then;
            }
        } else if let Some(field) = names::term_of(name) {
            terms.entry(field.to_owned()).or_default().from.push(place.clone());
        }
    }
    // A text alone is a name in few lists only, so that one must be called so.
    fields.contains_key("name").then_some(())?;
    let kind = Rule { constant: Some("service".to_owned()), ..Rule::default() };
    fields.entry("assetType".to_owned()).or_insert(kind);
    let modified = places.iter().find(|(name, _)| names::is_modified(name));
    Some(Mapping {
        kind: "asset".to_owned(),
        items: None,
        key: key.into_iter().collect(),
        modified: modified.map(|(_, place)| place.clone()),
        fields,
        terms,
        paging: None,
        header_row: 1,
        sheet: None,
    })
}

/// The pointer of the longest list of objects near the root; `""` when the
/// root is one.
pub(super) fn list_of_items(json: &Json) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    let mut open: Vec<(String, &Json, usize)> = vec![(String::new(), json, 0)];
    let mut looked = 0;
    while let Some((pointer, json, depth)) = open.pop() {
        looked += 1;
        if looked > MAX_LISTS {
            break;
        }
        match json {
            Json::Array(list) => {
                let objects = list.iter().filter(|entry| entry.is_object()).count();
                let is_better =
                    objects > 0 && best.as_ref().is_none_or(|(most, _)| objects > *most);
                if is_better {
                    best = Some((objects, pointer));
                }
            }
            Json::Object(object) if depth < MAX_DEPTH => {
                for (key, value) in object.iter().rev() {
                    let escaped = key.replace('~', "~0").replace('/', "~1");
                    open.push((format!("{pointer}/{escaped}"), value, depth + 1));
                }
            }
            _ => {}
        }
    }
    best.map(|(_, pointer)| pointer)
}

/// The places at which items have texts, by the name of their key, in the
/// order of their first appearance; keys of objects within come after.
fn places(items: &[&Json], below: &str) -> Vec<(String, String)> {
    let mut outer: Vec<(String, String)> = Vec::new();
    let mut inner: Vec<(String, String)> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for item in items {
        let object = if below.is_empty() { Some(*item) } else { item.pointer(below) };
        let Some(object) = object.and_then(Json::as_object) else { continue };
        add_places(object, below, &mut outer, &mut seen);
        for (key, value) in object {
            if let Some(nested) = value.as_object() {
                let below = format!("{below}/{}", escaped(key));
                add_places(nested, &below, &mut inner, &mut seen);
            }
        }
    }
    outer.extend(inner);
    outer
}

fn add_places(
    object: &Map<String, Json>,
    below: &str,
    places: &mut Vec<(String, String)>,
    seen: &mut HashSet<String>,
) {
    for (key, value) in object {
        let is_text = match value {
            Json::String(_) | Json::Number(_) | Json::Bool(_) => true,
            Json::Array(list) => list.iter().any(|entry| entry.is_string() || entry.is_number()),
            Json::Null | Json::Object(_) => false,
        };
        let place = format!("{below}/{}", escaped(key));
        if is_text && seen.len() < MAX_KEYS && seen.insert(place.clone()) {
            // A flat item is named by its keys, as people write them.
            let place = if below.is_empty() && !key.contains(['/', '$', '.']) {
                key.clone()
            } else {
                place
            };
            places.push((key.clone(), place));
        }
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The place that all items have with another text each, and that is called
/// like a key; or else that is called just so, and has few texts twice: a
/// publisher may list an item twice (contract A7).
fn key(items: &[&Json], below: &str, places: &[(String, String)]) -> Option<String> {
    let mut candidates: Vec<(usize, &String)> = places
        .iter()
        .filter(|(_, place)| !place.trim_start_matches(below).trim_start_matches('/').contains('/'))
        .filter_map(|(name, place)| Some((names::likeness_of_key(name)?, place)))
        .collect();
    candidates.sort_by_key(|(rank, _)| *rank);
    // How many texts the items have there; `None` when one has none.
    let different = |place: &str| {
        let mut seen = HashSet::new();
        for item in items {
            let value = if place.starts_with('/') { item.pointer(place) } else { item.get(place) };
            seen.insert(match value? {
                Json::String(text) if !text.trim().is_empty() => text.clone(),
                Json::Number(number) => number.to_string(),
                _ => return None,
            });
        }
        Some(seen.len())
    };
    let is_key = |(_, place): &&(usize, &String)| different(place) == Some(items.len());
    let is_doubled = |(rank, place): &&(usize, &String)| {
        *rank == 0 && different(place).is_some_and(|count| count > 1 && 2 * count >= items.len())
    };
    let found = candidates.iter().find(is_key).or_else(|| candidates.iter().find(is_doubled));
    found.map(|(_, place)| (*place).clone())
}
