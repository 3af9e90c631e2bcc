//! What the standard can't say, under names of our own.
//!
//! `kist_id` is the identity within the register; `kist_` and the key of a
//! property hold its value as the register has it. References are written as
//! `kind/id`, which holds in every register. Fields that are there only because
//! the standard requires them are named in `kist_assumed`. On which terms its
//! sources give an object stands in `kist_sourceLicence` and
//! `kist_sourceAttribution`.

use serde_json::{Map, Value as Json};

use crate::record::{Base, PARTIAL, RecordId, WITHHOLDS};
use crate::register::Register;
use crate::schema::{Field, Schema, Shape, ValueType};
use crate::web::hsds::object::Object;
use crate::web::negotiate::Language;
use crate::web::reuse;

/// Adds the properties of `said`, a record's JSON, that are not `carried` by
/// fields of the standard.
pub(super) fn add(
    object: &mut Object,
    schema: &Schema,
    base: &Base,
    id: &RecordId,
    said: &Map<String, Json>,
    carried: impl Fn(&str) -> bool,
) {
    object.put("kist_id", id.to_string());
    let Some(kind) = schema.kind(id.kind()) else { return };
    add_fields(object, schema, base, &kind.shape, said, carried);
}

/// As [`add`], for a nested node of the shape that the field `key` of the kind
/// of `id` has.
pub(super) fn add_nested(
    object: &mut Object,
    schema: &Schema,
    base: &Base,
    (id, key): (&RecordId, &str),
    said: &Map<String, Json>,
    carried: impl Fn(&str) -> bool,
) {
    let field = schema.kind(id.kind()).and_then(|kind| kind.shape.field(key));
    let Some(ValueType::Node(shape)) = field.map(|field| &field.value) else { return };
    if let Some(shape) = schema.nested(shape) {
        add_fields(object, schema, base, shape, said, carried);
    }
}

/// Adds the licences of the sources of `id`, and how they want to be credited;
/// nothing for what is written here, which is under the licence of the register.
/// The standard's own `licenses` are those that a service needs to operate.
pub(in crate::web) fn add_credits(object: &mut Object, register: &Register, id: &RecordId) {
    let credits = register.credits(&id.to_string());
    match reuse::own_licences(&credits).as_slice() {
        [one] => object.put("kist_sourceLicence", *one),
        several => object.put("kist_sourceLicence", several),
    }
    object.put("kist_sourceAttribution", reuse::words(&credits, Language::English).as_deref());
}

fn add_fields(
    object: &mut Object,
    schema: &Schema,
    base: &Base,
    shape: &Shape,
    said: &Map<String, Json>,
    carried: impl Fn(&str) -> bool,
) {
    for field in &shape.fields {
        // Marks of parts are the register's own affair.
        if matches!(field.key.as_str(), PARTIAL | WITHHOLDS) {
            continue;
        }
        let Some(value) = said.get(&field.key) else { continue };
        if !carried(&field.key) {
            object.put(&format!("kist_{}", field.key), local(schema, base, field, value));
        }
    }
}

/// A value with references as `kind/id` and nested nodes without their IRIs.
fn local(schema: &Schema, base: &Base, field: &Field, value: &Json) -> Json {
    match (&field.value, value) {
        (_, Json::Array(list)) => {
            list.iter().map(|value| local(schema, base, field, value)).collect()
        }
        (ValueType::Reference(_), Json::String(iri)) => match base.record_of(iri) {
            Some(Ok(id)) => id.to_string().into(),
            _ => value.clone(),
        },
        (ValueType::Node(shape), Json::Object(object)) => {
            let Some(shape) = schema.nested(shape) else { return value.clone() };
            let fields = shape.fields.iter().filter_map(|field| {
                let value = object.get(&field.key)?;
                Some((field.key.clone(), local(schema, base, field, value)))
            });
            Json::Object(fields.collect())
        }
        _ => value.clone(),
    }
}
