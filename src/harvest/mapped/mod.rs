//! Records from data whose form is the publisher's own, by a mapping.
//!
//! Tables and JSON meet here: whoever reads a row or an item says what stands
//! at a column or path, and gets a draft. Nothing here knows tables or JSON.

mod check;
mod function;
pub mod names;
#[cfg(test)]
mod tests;
mod vanished;

use serde_json::{Map, Value as Json};

use crate::harvest::extraction::{Draft, Problem, Term};
use crate::harvest::mapping::{Mapping, Rule};

pub use check::{check, path};
pub use function::{Made, Unread, apply};
pub use vanished::vanished;

/// How long a key may be, in bytes: the longest address that browsers and
/// servers agree on.
const MAX_KEY: usize = 2_000;

/// How deep a field may be nested: no shape of the schema is deeper than three,
/// and lists count as well.
const MAX_DEPTH: usize = 8;

/// How many entries of a list a mapping may name: a table has no more columns
/// for the sites of one record than this.
const MAX_ENTRIES: usize = 100;

/// How many terms of one field are kept; more is a text that was split wrongly.
const MAX_TERMS: usize = 200;

/// The field of areas that are served.
const AREAS: &str = "areaServed";

/// Makes a draft of one row or item.
///
/// `get` gives the texts at a column or path, none when there is nothing; `at`
/// says where the item stands. `None` when the item has no key; the problems
/// then say so. A value that can't be read costs its field alone.
#[must_use]
pub fn build(
    mapping: &Mapping,
    get: &dyn Fn(&str) -> Vec<String>,
    at: &str,
) -> (Option<Draft>, Vec<Problem>) {
    let key = match key(mapping, get, at) {
        Ok(key) => key,
        Err(problem) => return (None, vec![*problem]),
    };
    let mut draft = Draft::new(&mapping.kind, key.as_str(), at);
    let mut problems = Vec::new();
    draft.modified = mapping.modified.as_deref().and_then(|path| get(path).into_iter().next());
    let mut fields = Json::Object(Map::new());
    for (pointer, rule) in &mapping.fields {
        let Made { values, is_list, unread } = apply(rule, get);
        problems.extend(unread.iter().map(|unread| problem(unread, rule, pointer, at, &key)));
        let Some(value) = one_or_list(values, is_list) else { continue };
        match slot(&mut fields, pointer) {
            Some(empty @ Json::Null) => *empty = value,
            _ => problems.push(
                Problem::error(
                    "mapping-conflict",
                    at,
                    format!("the mapping gives no place for `{pointer}`"),
                )
                .advice("Correct the name of the field in the mapping.")
                .of(key.as_str()),
            ),
        }
    }
    prune(&mut fields);
    if let Json::Object(fields) = fields {
        draft.fields = fields;
    }
    areas(&mut draft);
    for (field, rule) in &mapping.terms {
        let Made { values, unread, .. } = apply(rule, get);
        problems.extend(unread.iter().map(|unread| problem(unread, rule, field, at, &key)));
        draft.terms.extend(values.iter().take(MAX_TERMS).filter_map(|value| term(field, value)));
    }
    (Some(draft), problems)
}

fn key(
    mapping: &Mapping,
    get: &dyn Fn(&str) -> Vec<String>,
    at: &str,
) -> Result<String, Box<Problem>> {
    let parts: Vec<String> = mapping
        .key
        .iter()
        .map(|from| get(from).into_iter().map(|part| part.trim().to_owned()).next())
        .map(Option::unwrap_or_default)
        .collect();
    let from = mapping.key.join("`, `");
    if parts.iter().all(String::is_empty) {
        let what = format!("there is nothing at `{from}`, which is the key of the record");
        return Err(Box::new(
            Problem::error("no-key", at, what)
                .advice("Give each record a number or address of its own that never changes."),
        ));
    }
    let key = parts.join("/");
    if key.len() > MAX_KEY {
        let what = format!("the key at `{from}` has {} bytes", key.len());
        return Err(Box::new(
            Problem::error("key-too-long", at, what)
                .advice(format!("Use a key of {MAX_KEY} bytes at most.")),
        ));
    }
    Ok(key)
}

/// Areas that are named become terms, for whoever knows the names of areas;
/// only addresses stay references.
fn areas(draft: &mut Draft) {
    let values = match draft.fields.shift_remove(AREAS) {
        Some(Json::Array(values)) => values,
        Some(value) => vec![value],
        None => return,
    };
    let is_reference = |value: &Json| {
        value.as_str().is_some_and(|text| {
            text.starts_with("place/")
                || text.starts_with("http://")
                || text.starts_with("https://")
        })
    };
    let (references, names): (Vec<Json>, Vec<Json>) = values.into_iter().partition(is_reference);
    draft.terms.extend(names.iter().take(MAX_TERMS).filter_map(|name| term(AREAS, name)));
    draft.set(AREAS, references);
}

fn term(field: &str, value: &Json) -> Option<Term> {
    let label = match value {
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    let is_address = label.starts_with("http://") || label.starts_with("https://");
    let code = is_address.then(|| label.clone());
    Some(Term { field: field.to_owned(), scheme: None, code, label })
}

fn problem(unread: &Unread, rule: &Rule, field: &str, at: &str, key: &str) -> Problem {
    let what = match rule.from.as_slice() {
        [] => format!("{field}: {unread}"),
        from => format!("{field} from `{}`: {unread}", from.join("`, `")),
    };
    Problem::error(unread.code(), at, what).advice(unread.advice()).of(key)
}

fn one_or_list(mut values: Vec<Json>, is_list: bool) -> Option<Json> {
    match (values.len(), is_list) {
        (0, _) => None,
        (1, false) => values.pop(),
        _ => Some(Json::Array(values)),
    }
}

/// The place that `pointer` names in `fields`, made when it isn't there; `None`
/// when something else is in the way.
fn slot<'a>(fields: &'a mut Json, pointer: &str) -> Option<&'a mut Json> {
    let mut at = fields;
    for step in steps(pointer)? {
        at = match step {
            Step::Entry(position) => {
                if at.is_null() {
                    *at = Json::Array(Vec::new());
                }
                let Json::Array(list) = at else { return None };
                if list.len() <= position {
                    list.resize(position + 1, Json::Null);
                }
                list.get_mut(position)?
            }
            Step::Key(key) => {
                if at.is_null() {
                    *at = Json::Object(Map::new());
                }
                let Json::Object(object) = at else { return None };
                object.entry(key).or_insert(Json::Null)
            }
        };
    }
    Some(at)
}

/// A step of a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Entry(usize),
}

/// The steps of a field's pointer, such as `locations/0/postcode`; `None` when
/// it is none.
fn steps(pointer: &str) -> Option<Vec<Step>> {
    let steps: Option<Vec<Step>> = pointer
        .split('/')
        .enumerate()
        .map(|(depth, step)| match step.parse::<usize>() {
            Ok(position) => (depth > 0 && position < MAX_ENTRIES).then_some(Step::Entry(position)),
            Err(_) if step.is_empty() => None,
            Err(_) => Some(Step::Key(step.replace("~1", "/").replace("~0", "~"))),
        })
        .collect();
    steps.filter(|steps| steps.len() <= MAX_DEPTH)
}

/// Takes away entries of lists that got nothing, and what is empty then.
fn prune(json: &mut Json) {
    match json {
        Json::Array(list) => {
            list.iter_mut().for_each(prune);
            list.retain(|entry| !is_empty(entry));
        }
        Json::Object(object) => {
            object.values_mut().for_each(prune);
            object.retain(|_, value| !is_empty(value));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}
