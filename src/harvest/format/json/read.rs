//! JSON and lines of JSON from whatever a server sends as such.
//!
//! What is well-formed is read as it is; otherwise the usual faults (raw line
//! breaks in texts, lone surrogates, `NaN`, trailing commas) are mended, each
//! with a warning. Depth and number of values are bounded.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

use super::mend::mend;
use crate::harvest::document::Document;
use crate::harvest::encoding::decode;
use crate::harvest::extraction::Problem;

/// How many values a document may have: at some 80 bytes each it can't take
/// more than a quarter of a gigabyte, and a page of a real register has some
/// ten thousand.
const MAX_VALUES: usize = 3_000_000;

/// How many names of doubled keys are told.
const MAX_DOUBLED: usize = 20;

/// How many unreadable lines are told one by one.
const MAX_BAD_LINES: usize = 100;

/// A document of JSON.
#[derive(Debug)]
pub(in crate::harvest::format) struct Read {
    /// What it says; a list when it was lines of JSON.
    pub json: Json,
    /// The number of the line of each value of the list, counted from 1, when
    /// it was lines of JSON.
    pub lines: Option<Vec<usize>>,
}

/// Reads `document`; `None` when it is no JSON, which `problems` then say.
pub(in crate::harvest::format) fn read(
    document: &Document,
    problems: &mut Vec<Problem>,
) -> Option<Read> {
    let decoded = decode(document);
    problems.extend(decoded.warnings);
    let text = decoded.text.trim();
    if text.is_empty() {
        problems.push(
            Problem::broken("empty-document", "", "the document is empty")
                .advice("Send an empty list when there is nothing to list."),
        );
        return None;
    }
    if text.starts_with('<') {
        problems.push(
            Problem::broken("unexpected-type", "", "this is a page or XML where JSON was expected")
                .advice("Check the address, and whether it asks for a log-in."),
        );
        return None;
    }
    let first = match value(text, problems) {
        Ok(json) => return Some(Read { json, lines: None }),
        Err(ValueError::TooLarge) => {
            let what = ValueError::TooLarge.to_string();
            problems
                .push(Problem::broken("too-large", "", what).advice("Publish the list in pages."));
            return None;
        }
        Err(error) => error,
    };
    if are_lines(document, text) {
        return Some(read_lines(text, problems));
    }
    if let Some((mended, faults)) = mend(text)
        && let Ok(json) = value(&mended, problems)
    {
        problems.push(
            Problem::warning(
                "json-mended",
                "",
                format!("the JSON has faults, which were mended: {faults}"),
            )
            .advice("Write the document with a JSON library, and check it with a validator."),
        );
        return Some(Read { json, lines: None });
    }
    problems.push(
        Problem::broken("bad-json", "", format!("the JSON can't be read: {first}"))
            .advice("Write the document with a JSON library, and check it with a validator."),
    );
    None
}

/// What lines of JSON are declared as: NDJSON, JSON Lines, and JSON text
/// sequences (RFC 7464).
pub(super) const LINES: [&str; 10] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "application/json-seq",
    "application/stream+json",
    "text/x-ndjson",
];

/// What stands before each value of a JSON text sequence (RFC 7464, 2.2).
pub(super) const RECORD: char = '\u{1e}';

/// Whether this is one JSON object on each line, or a sequence.
fn are_lines(document: &Document, text: &str) -> bool {
    if document.is_declared(&LINES) || text.starts_with(RECORD) {
        return true;
    }
    are_objects(text)
}

/// Whether the first lines are an object each.
pub(super) fn are_objects(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_object =
        |line: Option<&str>| line.is_some_and(|line| line.starts_with('{') && line.ends_with('}'));
    is_object(lines.next()) && is_object(lines.next())
}

fn read_lines(text: &str, problems: &mut Vec<Problem>) -> Read {
    let (mut values, mut numbers) = (Vec::new(), Vec::new());
    let mut bad = 0_usize;
    for (number, line) in values_of(text) {
        if values.len() >= MAX_VALUES {
            problems.push(Problem::broken("too-large", "", "the document has too many lines"));
            break;
        }
        let read = value(line, problems).or_else(|error| match mend(line) {
            Some((mended, faults)) => {
                let at = format!("line {number}");
                let what = format!("the JSON has faults, which were mended: {faults}");
                problems.push(Problem::warning("json-mended", at, what));
                value(&mended, problems)
            }
            None => Err(error),
        });
        match read {
            Ok(json) => {
                values.push(json);
                numbers.push(number);
            }
            Err(error) => {
                bad += 1;
                if bad <= MAX_BAD_LINES {
                    let at = format!("line {number}");
                    problems.push(
                        Problem::broken("bad-json", at, format!("the JSON can't be read: {error}"))
                            .advice("Write one JSON object on each line."),
                    );
                }
            }
        }
    }
    Read { json: Json::Array(values), lines: Some(numbers) }
}

/// The values of a text, each with the number of its line, from 1: those of a
/// sequence may have several.
fn values_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_sequence = text.starts_with(RECORD);
    let mut line = 1;
    let pieces = text.split(if is_sequence { RECORD } else { '\n' });
    let numbered = pieces.map(move |piece| {
        let breaks = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        let start = piece.len() - piece.trim_start().len();
        let number = line + breaks(&piece[..start]);
        line += if is_sequence { breaks(piece) } else { 1 };
        (number, piece.trim())
    });
    numbered.filter(|(_, piece)| !piece.is_empty())
}

/// Why a text is no value that is read.
#[derive(Debug, thiserror::Error)]
enum ValueError {
    /// It has too many values.
    #[error("there are more than {MAX_VALUES} values")]
    TooLarge,
    /// It is no JSON, or is nested too deeply.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

fn value(text: &str, problems: &mut Vec<Problem>) -> Result<Json, ValueError> {
    let counts = Counts::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let json = Counted(&counts).deserialize(&mut deserializer).map_err(|error| {
        if counts.values.get() >= MAX_VALUES { ValueError::TooLarge } else { error.into() }
    })?;
    deserializer.end()?;
    let doubled = counts.doubled.into_inner();
    if !doubled.is_empty() {
        let what = format!(
            "an object has the same key twice, the last counts: `{}`",
            doubled.join("`, `")
        );
        problems.push(
            Problem::warning("doubled-key", "", what).advice("Give each key of an object once."),
        );
    }
    Ok(json)
}

/// What is counted while a document is read.
#[derive(Debug, Default)]
struct Counts {
    values: Cell<usize>,
    doubled: RefCell<Vec<String>>,
}

/// Reads a value as `serde_json` does, counts values and notes doubled keys.
/// Depth is bounded by the deserializer, at 128.
#[derive(Clone, Copy)]
struct Counted<'a>(&'a Counts);

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let seen = self.0.values.get();
        if seen >= MAX_VALUES {
            return Err(D::Error::custom(format!("more than {MAX_VALUES} values")));
        }
        self.0.values.set(seen + 1);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element_seed(self)? {
            list.push(entry);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            let mut doubled = self.0.doubled.borrow_mut();
            if object.contains_key(&key) && doubled.len() < MAX_DOUBLED && !doubled.contains(&key) {
                doubled.push(key.chars().take(100).collect());
            }
            object.insert(key, value);
        }
        Ok(Json::Object(object))
    }
}
