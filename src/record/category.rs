//! The categories that a record names, each with the scheme from which the
//! shape of its field takes them.

use super::fault::Pointer;
use super::value::canonical;
use super::{Fields, Record, RecordId, Reference, Value};
use crate::schema::{Schema, Shape, ValueType};

/// A category that a record names in a field of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Categorised<'a> {
    /// Key of the field, without the path to it.
    pub field: &'a str,
    /// Identifier of the scheme of the field, such as `topic`.
    pub scheme: &'a str,
    /// The category.
    pub category: &'a RecordId,
}

/// What becomes of a category that a record names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Becomes {
    /// It stays.
    Same,
    /// This one stands in its place.
    Other(RecordId),
    /// Nothing stands in its place.
    Nothing,
}

/// All categories that `record` names in fields of a scheme, also in nested
/// nodes, each with the JSON pointer of the field.
#[must_use]
pub fn categories<'a>(schema: &'a Schema, record: &'a Record) -> Vec<(String, Categorised<'a>)> {
    let mut found = Vec::new();
    if let Some(kind) = schema.kind(record.id.kind()) {
        collect(schema, &kind.shape, &record.fields, &Pointer::Root, &mut found);
    }
    found
}

fn collect<'a>(
    schema: &'a Schema,
    shape: &'a Shape,
    fields: &'a Fields,
    pointer: &Pointer<'_>,
    found: &mut Vec<(String, Categorised<'a>)>,
) {
    for field in &shape.fields {
        let at = Pointer::Key(pointer, &field.key);
        for (position, value) in fields.get(&field.key).into_iter().flatten().enumerate() {
            match (&field.value, value) {
                (ValueType::Reference(to), Value::Reference(Reference::Record(category))) => {
                    if let Some(scheme) = &to.scheme {
                        let categorised = Categorised { field: &field.key, scheme, category };
                        found.push((at.to_string(), categorised));
                    }
                }
                (ValueType::Node(iri), Value::Node(node)) => {
                    if let Some(shape) = schema.nested(iri) {
                        let position = Pointer::Position(&at, position);
                        let at = if field.is_list() { &position } else { &at };
                        collect(schema, shape, &node.fields, at, found);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Gives each category that `record` names in a field of a scheme to `judge`,
/// and does what it says; a field without any values left is left out.
pub fn recategorise(
    schema: &Schema,
    record: &mut Record,
    judge: &dyn Fn(Categorised<'_>) -> Becomes,
) {
    if let Some(kind) = schema.kind(record.id.kind()) {
        walk(schema, &kind.shape, &mut record.fields, judge);
    }
}

fn walk(
    schema: &Schema,
    shape: &Shape,
    fields: &mut Fields,
    judge: &dyn Fn(Categorised<'_>) -> Becomes,
) {
    for field in &shape.fields {
        let Some(values) = fields.get_mut(&field.key) else { continue };
        match &field.value {
            ValueType::Reference(to) => {
                let Some(of) = &to.scheme else { continue };
                let judged = std::mem::take(values).into_iter().filter_map(|value| {
                    let Some(category) = value.as_record() else { return Some(value) };
                    match judge(Categorised { field: &field.key, scheme: of, category }) {
                        Becomes::Same => Some(value),
                        Becomes::Other(id) => Some(Value::Reference(Reference::Record(id))),
                        Becomes::Nothing => None,
                    }
                });
                *values = canonical(judged.collect());
            }
            ValueType::Node(iri) => {
                let Some(shape) = schema.nested(iri) else { continue };
                for value in values {
                    if let Value::Node(node) = value {
                        walk(schema, shape, &mut node.fields, judge);
                    }
                }
            }
            _ => {}
        }
    }
    fields.retain(|_, values| !values.is_empty());
}

#[cfg(test)]
#[path = "category_tests.rs"]
mod tests;
