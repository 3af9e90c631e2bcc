//! What stands at a place of an item: a key, a JSON pointer or a `JSONPath`.

use std::collections::HashMap;

use serde_json::Value as Json;
use serde_json_path::JsonPath;

use crate::harvest::mapped;
use crate::harvest::mapping::Mapping;

/// How many texts one place may give.
const MAX_TEXTS: usize = 1_000;

/// The places of a mapping, with their `JSONPath`s read once.
#[derive(Debug, Default)]
pub(in crate::harvest::format) struct Places {
    paths: HashMap<String, JsonPath>,
}

impl Places {
    /// The places that `mapping` names.
    pub(in crate::harvest::format) fn of(mapping: &Mapping) -> Self {
        let rules = mapping.fields.values().chain(mapping.terms.values());
        let from = rules.flat_map(|rule| &rule.from).chain(&mapping.key).chain(&mapping.modified);
        let is_path = |from: &&String| from.starts_with('$');
        let read = |from: &String| Some((from.clone(), mapped::path(from).ok()?));
        Self { paths: from.filter(is_path).filter_map(read).collect() }
    }

    /// Whether `item` has anything at `from`, be it null.
    pub(in crate::harvest::format) fn is_there(&self, item: &Json, from: &str) -> bool {
        match self.paths.get(from) {
            Some(path) => !path.query(item).is_empty(),
            None if from.starts_with('/') => item.pointer(from).is_some(),
            None => by_name(item, from).is_some(),
        }
    }

    /// The texts at `from` in `item`.
    pub(in crate::harvest::format) fn texts(&self, item: &Json, from: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(path) = self.paths.get(from) {
            for node in path.query(item).all() {
                add_texts(node, &mut found);
            }
        } else if from.starts_with('/') {
            add_texts(item.pointer(from).unwrap_or(&Json::Null), &mut found);
        } else {
            add_texts(by_name(item, from).unwrap_or(&Json::Null), &mut found);
        }
        found
    }
}

/// The value of a key; of a key in a key where a dot stands and no key has it.
fn by_name<'a>(item: &'a Json, name: &str) -> Option<&'a Json> {
    item.get(name).or_else(|| {
        let mut at = item;
        for step in name.split('.') {
            at = match at {
                Json::Array(list) => list.get(step.parse::<usize>().ok()?)?,
                _ => at.get(step)?,
            };
        }
        Some(at)
    })
}

/// The texts of a value: a list gives those of its entries, an object none.
fn add_texts(json: &Json, found: &mut Vec<String>) {
    if found.len() >= MAX_TEXTS {
        return;
    }
    match json {
        Json::Null | Json::Object(_) => {}
        Json::String(text) => found.push(text.clone()),
        Json::Bool(_) | Json::Number(_) => found.push(json.to_string()),
        Json::Array(list) => {
            for entry in list.iter().filter(|entry| !entry.is_array()) {
                add_texts(entry, found);
            }
        }
    }
}
