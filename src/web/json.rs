//! Reading JSON that comes from outside, strictly.
//!
//! Before a value is built the text is known to be UTF-8 and not deeper than
//! the parsers below can bear; while it is built, a name that stands twice in
//! an object and the character NUL are refused, since what came out of the
//! register would not be what went in.

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de;
use serde_json::Map;
use serde_json::Number;
use serde_json::Value;

use crate::web::problem::Problem;
use crate::web::problem::Result;

/// The deepest nesting of arrays and objects that is read.
pub const MOST_DEPTH: usize = 32;

/// Reads a JSON text.
///
/// # Errors
///
/// 400 `malformed-json`, with line and column, when it is not UTF-8, not JSON,
/// deeper than [`MOST_DEPTH`], has a name twice in one object, or has NUL in
/// a string.
pub fn read(bytes: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = position(bytes, error.valid_up_to());
        Problem::malformed_json("the body is not UTF-8", line, column)
    })?;
    if let Some(at) = too_deep(bytes) {
        let (line, column) = position(bytes, at);
        let detail = format!("arrays and objects are nested deeper than {MOST_DEPTH}");
        return Err(Problem::malformed_json(detail, line, column));
    }
    let Strict(value) = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    Ok(value)
}

/// The problem for what serde says of a text that is not JSON.
fn malformed(error: &serde_json::Error) -> Problem {
    Problem::malformed_json(without_position(error), error.line(), error.column())
}

/// What serde says, without the position that it adds at the end.
pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Where the nesting becomes too deep; brackets in strings don't count.
fn too_deep(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > MOST_DEPTH {
                    return Some(at);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Line and column of the byte at `at`, both from 1; columns count bytes.
fn position(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at];
    let line = before.split(|byte| *byte == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|byte| **byte != b'\n').count();
    (line, column)
}

/// A value in which no name stands twice in an object and no string has NUL.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> de::Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        let number = Number::from_f64(number);
        number.map(Value::Number).ok_or_else(|| E::custom("the number is too large"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        if text.contains('\0') {
            return Err(E::custom("the character NUL can't stand in a text"));
        }
        Ok(Value::String(text))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if name.contains('\0') {
                return Err(de::Error::custom("the character NUL can't stand in a name"));
            }
            if object.contains_key(&name) {
                return Err(de::Error::custom(format!("`{name}` stands twice in one object")));
            }
            let Strict(value) = access.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
