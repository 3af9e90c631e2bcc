//! JSON as it lies in a text, for what is read once and not kept.
//!
//! Texts are borrowed where nothing in them is escaped, and the members of an
//! object stand in a row, since few objects have many. So a list of summaries
//! is read for a fraction of what trees of values cost, which own each name and
//! each text. Parts are asked for as [`serde_json::Value`] names it; nothing
//! can be changed.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonView<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<JsonView<'a>>),
    /// An object.
    Object(ObjectView<'a>),
}

/// A JSON object: its members in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObjectView<'a>(Vec<(Cow<'a, str>, JsonView<'a>)>);

impl<'a> ObjectView<'a> {
    /// Reads an object; `None` when `json` is anything else.
    #[must_use]
    pub fn read(json: &'a [u8]) -> Option<Self> {
        // Looked at once as a whole, the texts in it need no look each.
        match serde_json::from_str(std::str::from_utf8(json).ok()?) {
            Ok(JsonView::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The value of a member; the last, when its name comes twice.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&JsonView<'a>> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The names and values, in order.
    #[must_use]
    pub fn members(&self) -> impl ExactSizeIterator<Item = (&str, &JsonView<'a>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// The same as a map of values.
    #[must_use]
    pub fn to_map(&self) -> Map<String, Value> {
        self.members().map(|(name, value)| (name.to_owned(), value.to_value())).collect()
    }
}

impl<'a> JsonView<'a> {
    /// The member of an object; `None` when it is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The truth value, when it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The whole number, when it is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Number(number) = self { number.as_i64() } else { None }
    }

    /// The number, when it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self { number.as_f64() } else { None }
    }

    /// The values of a list, when it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    /// The object, when it is one.
    #[must_use]
    pub const fn as_object(&self) -> Option<&ObjectView<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The same as a value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Number(number) => Value::Number(number.clone()),
            Self::String(text) => Value::String(text.clone().into_owned()),
            Self::Array(values) => values.iter().map(Self::to_value).collect(),
            Self::Object(object) => Value::Object(object.to_map()),
        }
    }
}

impl<'a> From<&'a Value> for JsonView<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::String(Cow::Borrowed(text)),
            Value::Array(values) => Self::Array(values.iter().map(Self::from).collect()),
            Value::Object(object) => {
                let members = object.iter();
                Self::Object(ObjectView(
                    members.map(|(name, value)| (name.as_str().into(), value.into())).collect(),
                ))
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonView<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Takes what a reader of JSON finds.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = JsonView<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(JsonView::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(JsonView::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(JsonView::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(JsonView::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(JsonView::Null, JsonView::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(JsonView::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(JsonView::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(JsonView::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Name(name), value)) = object.next_entry()? {
            members.push((name, value));
        }
        Ok(JsonView::Object(ObjectView(members)))
    }
}

/// The name of a member.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
#[path = "json_view_tests.rs"]
mod tests;
