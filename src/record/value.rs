//! Records, nodes and values, in canonical form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::RecordId;
use super::fault::Pointer;

/// What one source says of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Which thing.
    pub id: RecordId,
    /// What is said, by JSON key.
    pub fields: Fields,
}

/// Values by JSON key. A key that is there has at least one value.
pub type Fields = BTreeMap<String, Vec<Value>>;

/// A node nested in a record, such as a location. Its place among its
/// siblings is part of its identity, so their order is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// What is said of it, by JSON key.
    pub fields: Fields,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text in no language, a partial date or a geometry.
    Text(String),
    /// A text in a language.
    LanguageText {
        /// BCP 47 tag, in lower case.
        language: String,
        /// The text.
        text: String,
    },
    /// A whole number.
    Integer(i64),
    /// An exact number, written without needless zeros or signs.
    Decimal(String),
    /// A measured number, finite.
    Double(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A time of day, to the second.
    Time(Time),
    /// A moment.
    DateTime(Timestamp),
    /// An absolute IRI.
    Iri(String),
    /// Another record, or a thing elsewhere.
    Reference(Reference),
    /// A nested node.
    Node(Node),
}

/// What a reference points to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A record of this register.
    Record(RecordId),
    /// A thing elsewhere, by its IRI.
    Elsewhere(String),
}

impl Record {
    /// The values of a field; empty when it has none.
    #[must_use]
    pub fn values(&self, key: &str) -> &[Value] {
        self.fields.get(key).map_or(&[], Vec::as_slice)
    }

    /// All records of this register that it points to, also from nested
    /// nodes, each with the JSON pointer of the place.
    #[must_use]
    pub fn references(&self) -> Vec<(String, &RecordId)> {
        let mut found = Vec::new();
        collect_references(&self.fields, &Pointer::Root, &mut found);
        found
    }
}

impl Node {
    /// The values of a field; empty when it has none.
    #[must_use]
    pub fn values(&self, key: &str) -> &[Value] {
        self.fields.get(key).map_or(&[], Vec::as_slice)
    }
}

impl Value {
    /// The text of a text in any or no language.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text)
            | Self::LanguageText { text, .. }
            | Self::Decimal(text)
            | Self::Iri(text) => Some(text),
            _ => None,
        }
    }

    /// The record that this value points to.
    #[must_use]
    pub fn as_record(&self) -> Option<&RecordId> {
        match self {
            Self::Reference(Reference::Record(id)) => Some(id),
            _ => None,
        }
    }

    /// The nested node.
    #[must_use]
    pub fn as_node(&self) -> Option<&Node> {
        match self {
            Self::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The measured number.
    #[must_use]
    pub fn as_double(&self) -> Option<f64> {
        match self {
            Self::Double(number) => Some(*number),
            _ => None,
        }
    }

    /// The whole number.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is the value true.
    #[must_use]
    pub fn is_true(&self) -> bool {
        *self == Self::Boolean(true)
    }

    /// A text by which values without an order are sorted.
    fn sort_key(&self) -> (String, String) {
        match self {
            Self::LanguageText { language, text } => (language.clone(), text.clone()),
            Self::Integer(number) => {
                let number = i128::from(*number) - i128::from(i64::MIN);
                (format!("{number:020}"), String::new())
            }
            _ => (self.plain(), String::new()),
        }
    }

    /// The value as a text; of a record that is pointed to its identifier, of
    /// a nested node nothing.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Text(text)
            | Self::LanguageText { text, .. }
            | Self::Decimal(text)
            | Self::Iri(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Double(number) => number.to_string(),
            Self::Boolean(truth) => truth.to_string(),
            Self::Date(date) => date.to_string(),
            Self::Time(time) => time.to_string(),
            Self::DateTime(moment) => moment.to_string(),
            Self::Reference(Reference::Record(id)) => id.to_string(),
            Self::Reference(Reference::Elsewhere(iri)) => iri.clone(),
            Self::Node(_) => String::new(),
        }
    }
}

/// Puts values in canonical order, without repetition. Nested nodes keep
/// theirs.
#[must_use]
pub fn canonical(mut values: Vec<Value>) -> Vec<Value> {
    if values.iter().any(|value| matches!(value, Value::Node(_))) {
        return values;
    }
    values.sort_by_cached_key(Value::sort_key);
    values.dedup();
    values
}

fn collect_references<'a>(
    fields: &'a Fields,
    pointer: &Pointer<'_>,
    found: &mut Vec<(String, &'a RecordId)>,
) {
    for (key, values) in fields {
        for (position, value) in values.iter().enumerate() {
            let at = Pointer::Key(pointer, key);
            // Only nodes keep the place that they have in the JSON.
            let at = match value {
                Value::Node(_) => Pointer::Position(&at, position),
                _ => at,
            };
            match value {
                Value::Reference(Reference::Record(id)) => found.push((at.to_string(), id)),
                Value::Node(node) => collect_references(&node.fields, &at, found),
                _ => {}
            }
        }
    }
}
