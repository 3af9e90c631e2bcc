//! Objects of the standard: empty optional fields are left out, never null or
//! empty (compliance page of Open Referral UK).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value as Json};

use crate::record::says_nothing;

/// The key of an object under which stand the names of those of its fields that
/// the register does not state, and that are there because the standard
/// requires them or because they follow from others.
pub(in crate::web) const ASSUMED: &str = "kist_assumed";

/// An object that is being made; its fields keep their order.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Object(Map<String, Json>);

impl Object {
    /// Adds a field, unless it is empty.
    pub(in crate::web) fn put(&mut self, key: &str, value: impl Into<Json>) {
        let value = value.into();
        if !says_nothing(&value) {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// Adds a field that the register does not state, and says so.
    pub(in crate::web) fn assume(&mut self, key: &str, value: impl Into<Json>) {
        self.put(key, value);
        if !self.0.contains_key(key) {
            return;
        }
        let list = self.0.entry(ASSUMED).or_insert_with(|| Json::Array(Vec::new()));
        if let Some(list) = list.as_array_mut() {
            list.push(key.into());
        }
    }

    /// Whether the field is there.
    pub(in crate::web) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

/// What may not stand in an address (RFC 3986), besides all beyond ASCII.
const STRANGE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An address as RFC 3986 writes it: what may not stand in one is encoded.
pub(in crate::web) fn uri(text: &str) -> String {
    utf8_percent_encode(text, STRANGE).to_string()
}

#[cfg(test)]
#[path = "object_tests.rs"]
mod tests;
