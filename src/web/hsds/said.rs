//! The JSON of a record, or its summary, read field by field.
//!
//! The two differ only in how they point to other records: a record by IRI, a
//! summary by `{"id", "name"}`.

use serde_json::{Map, Value as Json};

use crate::record::{Base, RecordId};

/// An object of a record's JSON.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Said<'a>(pub(in crate::web) &'a Map<String, Json>);

impl<'a> Said<'a> {
    /// The value as it stands.
    pub(in crate::web) fn get(self, key: &str) -> Option<&'a Json> {
        self.0.get(key)
    }

    /// The text in English, or else in the first language there is.
    pub(in crate::web) fn text(self, key: &str) -> Option<&'a str> {
        match self.0.get(key)? {
            Json::String(text) => Some(text),
            Json::Array(texts) => texts.first()?.as_str(),
            Json::Object(languages) => {
                let text = languages.get("en").or_else(|| languages.values().next())?;
                text.as_str().or_else(|| text.as_array()?.first()?.as_str())
            }
            _ => None,
        }
    }

    /// Whether the value is one text, in English where it has a language.
    pub(in crate::web) fn is_one_text(self, key: &str) -> bool {
        self.0.get(key).is_some_and(Json::is_string)
    }

    /// The texts of a list.
    pub(in crate::web) fn texts(self, key: &str) -> Vec<&'a str> {
        let list = self.0.get(key).and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_str).collect()
    }

    /// The truth value.
    pub(in crate::web) fn truth(self, key: &str) -> Option<bool> {
        self.0.get(key)?.as_bool()
    }

    /// The nested object.
    pub(in crate::web) fn node(self, key: &str) -> Option<Self> {
        self.0.get(key)?.as_object().map(Self)
    }

    /// The nested objects.
    pub(in crate::web) fn nodes(self, key: &str) -> Vec<Self> {
        let list = self.0.get(key).and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_object).map(Self).collect()
    }

    /// The records that it points to.
    pub(in crate::web) fn references(self, key: &str, base: &Base) -> Vec<RecordId> {
        let values = match self.0.get(key) {
            Some(Json::Array(list)) => list.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let iri = |value: &'a Json| value.as_str().or_else(|| value.get("id")?.as_str());
        values.iter().filter_map(iri).filter_map(|iri| base.record_of(iri)?.ok()).collect()
    }

    /// The one record that it points to.
    pub(in crate::web) fn reference(self, key: &str, base: &Base) -> Option<RecordId> {
        self.references(key, base).into_iter().next()
    }
}
