//! JSON ⇄ one value that is neither reference nor nested node.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde_json::{Value as Json, json};

use super::{Base, Reference, Value};
use crate::model::wkt;
use crate::schema::ValueType;

/// Reads one value; `None` when `json` is not of this type.
pub(super) fn read_value(value_type: &ValueType, json: &Json) -> Option<Value> {
    match (value_type, json) {
        (ValueType::Integer, json) => json.as_i64().map(Value::Integer),
        (ValueType::Double, json) => {
            json.as_f64().filter(|number| number.is_finite()).map(Value::Double)
        }
        (ValueType::Boolean, json) => json.as_bool().map(Value::Boolean),
        (ValueType::Decimal, Json::Number(number)) => decimal(&number.to_string()),
        (value_type, Json::String(text)) => read_lexical(value_type, text),
        _ => None,
    }
}

/// Reads one value from its text, as XML Schema or people write it; `None`
/// when the text is not of this type.
pub(super) fn read_lexical(value_type: &ValueType, text: &str) -> Option<Value> {
    match value_type {
        ValueType::Text => is_clean(text).then(|| Value::Text(text.to_owned())),
        // What is no geometry stays as it is, for `validate`.
        ValueType::WellKnownText => is_clean(text).then(|| {
            Value::Text(wkt::normalise(text).map_or_else(|_| text.to_owned(), Cow::into_owned))
        }),
        ValueType::LanguageText => is_clean(text)
            .then(|| Value::LanguageText { language: "en".to_owned(), text: text.to_owned() }),
        ValueType::Decimal => decimal(text),
        ValueType::Date => date(text).map(Value::Date),
        ValueType::Time => time(text).map(Value::Time),
        ValueType::DateTime => text.parse::<Timestamp>().ok().map(Value::DateTime),
        ValueType::PartialDate => is_partial_date(text).then(|| Value::Text(text.to_owned())),
        ValueType::Iri => absolute_iri(text).map(Value::Iri),
        ValueType::Integer => text.parse().ok().map(Value::Integer),
        ValueType::Double => {
            text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Double)
        }
        ValueType::Boolean => match text {
            "true" | "1" => Some(Value::Boolean(true)),
            "false" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        ValueType::Reference(_) | ValueType::Node(_) => None,
    }
}

/// Whether JSON says nothing: null, or an empty text, list or object.
#[must_use]
pub fn says_nothing(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Writes one value that is not a nested node.
pub(super) fn write_value(base: &Base, value: &Value) -> Json {
    match value {
        Value::Integer(number) => json!(number),
        Value::Double(number) => json!(number),
        Value::Boolean(truth) => json!(truth),
        Value::Reference(Reference::Record(id)) => json!(base.thing(id).as_str()),
        Value::Reference(Reference::Elsewhere(iri)) => json!(iri),
        Value::Node(_) => Json::Null,
        value => json!(lexical(value)),
    }
}

/// The text of a literal, as XML Schema writes it; for IRIs the IRI.
pub(super) fn lexical(value: &Value) -> String {
    match value {
        Value::Text(text)
        | Value::LanguageText { text, .. }
        | Value::Decimal(text)
        | Value::Iri(text)
        | Value::Reference(Reference::Elsewhere(text)) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.strftime("%H:%M:%S").to_string(),
        Value::DateTime(moment) => moment.to_string(),
        Value::Reference(Reference::Record(id)) => id.to_string(),
        Value::Node(_) => String::new(),
    }
}

/// Whether a text says something, and has no characters that RDF or XML can't
/// carry.
pub(super) fn is_clean(text: &str) -> bool {
    !text.is_empty() && !text.contains(is_forbidden)
}

fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Why JSON that is of the type all the same can't be taken for a value of it,
/// as the rest of a sentence; `None` when it is of another type.
pub(super) fn why_not(value_type: &ValueType, json: &Json) -> Option<String> {
    let is_text = matches!(value_type, ValueType::Text | ValueType::LanguageText);
    match (value_type, json) {
        (_, Json::String(text)) if is_text => Some(why_unclean(text)),
        (ValueType::Decimal, Json::String(text)) if is_number(text) => Some(MANY_DIGITS.to_owned()),
        (ValueType::Decimal, Json::Number(_)) => Some(MANY_DIGITS.to_owned()),
        _ => None,
    }
}

const MANY_DIGITS: &str = "may have 17 digits before the point and 17 behind it, and no exponent";

/// What is wrong with a text that is not clean, as the rest of a sentence.
pub(super) fn why_unclean(text: &str) -> String {
    match text.chars().find(|c| is_forbidden(*c)) {
        Some(c) => format!("has the character U+{:04X}, which no text can have", u32::from(c)),
        None => "is empty; leave the property out when there is no value".to_owned(),
    }
}

/// Whether a text is digits, with a sign before and a point among them.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() + part.len() > 0 && is_digits(whole) && is_digits(part)
}

/// The IRI, when it is absolute, has no spaces or other characters that are
/// not allowed, and is of a scheme that is safe to show as a link.
pub(super) fn absolute_iri(text: &str) -> Option<String> {
    let iri = oxiri::Iri::parse(text).ok()?;
    let safe = match iri.scheme().to_ascii_lowercase().as_str() {
        "http" | "https" => iri.authority().is_some_and(|authority| !authority.is_empty()),
        "mailto" | "tel" | "urn" => true,
        _ => false,
    };
    safe.then(|| text.to_owned())
}

/// `-?[0-9]+(.[0-9]+)?` with at most 17 digits each side, without needless
/// zeros; the limits are those of every store that we know.
fn decimal(text: &str) -> Option<Value> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| {
        (1..=17).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let part = part.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if whole == "0" && part.is_empty() { "" } else { sign };
    let point = if part.is_empty() { "" } else { "." };
    Some(Value::Decimal(format!("{sign}{whole}{point}{part}")))
}

fn date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10 && text.as_bytes()[4] == b'-';
    if shaped { text.parse().ok() } else { None }
}

fn time(text: &str) -> Option<Time> {
    let shaped = matches!(text.len(), 5 | 8) && text.as_bytes()[2] == b':';
    if shaped { text.parse().ok() } else { None }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and a day that exists (W3C note on
/// date and time formats, 1997).
fn is_partial_date(text: &str) -> bool {
    let first_day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && date(&first_day).is_some()
}
