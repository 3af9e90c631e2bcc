//! Objects of JSON, read key by key as a publisher may have meant them.
//!
//! Null, an empty text and an absent key are the same here. A number where a
//! text is expected is its text, and the other way round; anything else is
//! noted as a problem and costs the field alone.

use std::cell::RefCell;

use serde_json::{Map, Value as Json};

use super::MAX_PROBLEMS;
use crate::harvest::extraction::Problem;

/// How long one text may be, in bytes: five times the longest text that a
/// record may have, since HTML around it goes away later.
pub(in crate::harvest::format) const MAX_TEXT: usize = 100_000;

/// How many entries a list inside of a record may have.
const MAX_NESTED: usize = 1_000;

/// The problems of one document, gathered while it is read.
#[derive(Debug, Default)]
pub(in crate::harvest::format) struct Notes(RefCell<Vec<Problem>>);

impl Notes {
    /// Notes one.
    pub(in crate::harvest::format) fn add(&self, problem: Problem) {
        let mut problems = self.0.borrow_mut();
        if problems.len() < MAX_PROBLEMS {
            problems.push(problem);
        }
    }

    /// All of them.
    pub(in crate::harvest::format) fn into_problems(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// An object of a document, and where it stands.
#[derive(Debug, Clone)]
pub(in crate::harvest::format) struct Item<'a> {
    object: &'a Map<String, Json>,
    /// Its JSON pointer, or its line.
    pub at: String,
    /// The key of the record that it belongs to.
    pub key: Option<String>,
    notes: &'a Notes,
}

impl<'a> Item<'a> {
    /// `json` as an item; `None` when it is no object.
    pub(in crate::harvest::format) fn new(
        json: &'a Json,
        at: impl Into<String>,
        notes: &'a Notes,
    ) -> Option<Self> {
        let object = json.as_object()?;
        Some(Self { object, at: at.into(), key: None, notes })
    }

    /// The same, as a part of the record with this key: what is wrong with it is
    /// wrong with that record.
    pub(in crate::harvest::format) fn of(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// The value as it is.
    pub(in crate::harvest::format) fn get(&self, name: &str) -> Option<&'a Json> {
        self.object.get(name)
    }

    /// Whether the key is there, with or without a value.
    pub(in crate::harvest::format) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// The keys that it has.
    pub(in crate::harvest::format) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.object.keys().map(String::as_str)
    }

    /// A text; `None` when it is empty, or is none.
    pub(in crate::harvest::format) fn text(&self, name: &str) -> Option<String> {
        match self.object.get(name)? {
            Json::Null => None,
            Json::String(text) if text.len() > MAX_TEXT => {
                self.unread(name, "too-long", &format!("a text has {} bytes", text.len()));
                None
            }
            Json::String(text) => {
                let text = text.trim();
                (!text.is_empty()).then(|| text.to_owned())
            }
            Json::Number(number) => Some(number.to_string()),
            other => {
                self.unread(name, "bad-text", &format!("{} is not a text", kind_of(other)));
                None
            }
        }
    }

    /// The first of these that is there.
    pub(in crate::harvest::format) fn first_text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    /// A number, which may stand in a text.
    pub(in crate::harvest::format) fn number(&self, name: &str) -> Option<f64> {
        let number = match self.object.get(name)? {
            Json::Null => return None,
            Json::Number(number) => number.as_f64(),
            Json::String(text) if text.trim().is_empty() => return None,
            Json::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.unread(name, "bad-number", "this is not a number");
        }
        number
    }

    /// A whole number that is not negative, which may stand in a text.
    pub(in crate::harvest::format) fn count(&self, name: &str) -> Option<u64> {
        match self.object.get(name)? {
            Json::Number(number) => number.as_u64(),
            Json::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Yes or no, which may stand in a text or number.
    pub(in crate::harvest::format) fn truth(&self, name: &str) -> Option<bool> {
        match self.object.get(name)? {
            Json::Bool(truth) => Some(*truth),
            Json::Number(number) => number.as_u64().map(|number| number != 0),
            Json::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// An object within.
    pub(in crate::harvest::format) fn item(&self, name: &str) -> Option<Self> {
        let json = self.object.get(name)?;
        let mut item = Self::new(json, format!("{}/{name}", self.at), self.notes)?;
        item.key.clone_from(&self.key);
        Some(item)
    }

    /// The objects of a list within; one object is a list of it.
    pub(in crate::harvest::format) fn items(&self, name: &str) -> Vec<Self> {
        let at = format!("{}/{name}", self.at);
        match self.object.get(name) {
            Some(Json::Array(list)) => {
                if list.len() > MAX_NESTED {
                    let what = format!("there are {} entries; {MAX_NESTED} were read", list.len());
                    self.unread(name, "too-many", &what);
                }
                let read = |(position, json): (usize, &'a Json)| {
                    let mut item = Self::new(json, format!("{at}/{position}"), self.notes)?;
                    item.key.clone_from(&self.key);
                    Some(item)
                };
                list.iter().take(MAX_NESTED).enumerate().filter_map(read).collect()
            }
            Some(Json::Object(_)) => self.item(name).into_iter().collect(),
            None | Some(Json::Null) => Vec::new(),
            Some(other) => {
                if other.as_str() != Some("") {
                    self.unread(name, "bad-list", &format!("{} is not a list", kind_of(other)));
                }
                Vec::new()
            }
        }
    }

    /// Notes that the value of a key could not be taken.
    pub(in crate::harvest::format) fn unread(&self, name: &str, code: &str, what: &str) {
        let at = if name.is_empty() { self.at.clone() } else { format!("{}/{name}", self.at) };
        let mut problem = Problem::error(code, at, what);
        problem.advice = Some(advice(code).to_owned());
        problem.key.clone_from(&self.key);
        self.notes.add(problem);
    }
}

fn advice(code: &str) -> &'static str {
    match code {
        "no-key" => "Give each record an identifier of its own that never changes.",
        "too-long" => "Shorten the text.",
        "too-many" => "Shorten the list.",
        "bad-date" => "Write dates as 2026-11-22.",
        "bad-time" => "Write times as 14:30.",
        "bad-outline" => {
            "Give the outline as GeoJSON, or name the area by its official name or code."
        }
        "bad-position" => {
            "Give latitude and longitude in degrees of WGS 84, both or neither, the right way round."
        }
        _ => "Look the form up in the specification of the format, and leave out what is empty.",
    }
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
