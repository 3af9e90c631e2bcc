//! What registers of our own add to the standard's objects.
//!
//! `kist_id` is the identity of a record, `kist_` and a key hold a property as
//! the register has it, and `kist_assumed` names fields that the register does
//! not state and that are there for the standard's sake. So a record comes back
//! as it was.

use serde_json::{Map, Value as Json};

use crate::harvest::extraction::Draft;
use crate::harvest::format::json::Item;
use crate::harvest::format::kist::use_terms;
use crate::record::{PARTIAL, WITHHOLDS};

/// The names of assumed fields of an object.
const ASSUMED: &str = "kist_assumed";

/// Names that begin as ours do, and hold no property.
const OTHERS: &[&str] = &[
    "assumed",
    "id",
    "field",
    "organizations",
    "sourceLicence",
    "sourceAttribution",
    PARTIAL,
    WITHHOLDS,
];

/// Takes away what the objects of a document say is assumed.
pub(super) fn without_assumed(json: &mut Json) {
    match json {
        Json::Array(list) => list.iter_mut().for_each(without_assumed),
        Json::Object(object) => {
            let names: Vec<String> = match object.get(ASSUMED) {
                Some(Json::Array(names)) => {
                    names.iter().filter_map(Json::as_str).map(str::to_owned).collect()
                }
                _ => Vec::new(),
            };
            object.retain(|key, _| key == ASSUMED || !names.contains(key));
            object.values_mut().for_each(without_assumed);
        }
        _ => {}
    }
}

/// Whether the object says that one of its fields is assumed.
pub(super) fn is_assumed(item: &Item<'_>, name: &str) -> bool {
    let names = item.get(ASSUMED).and_then(Json::as_array);
    names.is_some_and(|names| names.iter().any(|known| known == name))
}

/// The identity within a register of our own of a record of `kind`.
pub(super) fn identity(item: &Item<'_>, kind: &str) -> Option<String> {
    let id = item.text("kist_id")?;
    id.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/')).then_some(id)
}

/// Puts the properties that stand whole in the object in place of what was
/// read from the standard's fields.
pub(super) fn overlay(fields: &mut Map<String, Json>, item: &Item<'_>) {
    for key in item.keys() {
        let Some(name) = key.strip_prefix("kist_").filter(|name| !OTHERS.contains(name)) else {
            continue;
        };
        if let Some(value) = item.get(key) {
            fields.insert(name.to_owned(), value.clone());
        }
    }
}

/// Gives the draft of a record of our own its identity and all its properties.
pub(super) fn complete(draft: &mut Draft, item: &Item<'_>) {
    draft.id = identity(item, &draft.kind);
    draft.use_terms = use_terms(item.get("kist_sourceLicence"), item.get("kist_sourceAttribution"));
    overlay(&mut draft.fields, item);
}
