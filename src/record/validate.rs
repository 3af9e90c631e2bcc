//! Checks a record against its shape: counts, lengths, patterns, ranges and
//! choices. Types are right already: a record can't be made with others.
//! What a part leaves out is no fault of it.

use std::collections::BTreeSet;

use super::fault::Pointer;
use super::json_value::absolute_iri;
use super::{Fault, Fields, PARTIAL, Record, Reference, Value, WITHHOLDS, beyond_shapes};
use crate::model::wkt;
use crate::schema::{Field, Schema, Shape, ValueType};

/// Every fault of `record`; empty when it is valid, alone or as a part.
///
/// # Panics
///
/// When `record` has a kind that is not in `schema`: records are made by its
/// schema.
#[must_use]
pub fn validate(schema: &Schema, record: &Record) -> Vec<Fault> {
    let kind = schema.kind(record.id.kind()).expect("a record is of a kind of its schema");
    let mut faults = Vec::new();
    let needs = if record.is_part() { Needs::Part } else { Needs::Whole };
    check_fields(schema, &kind.shape, &record.fields, needs, &Pointer::Root, &mut faults);
    let marks = [PARTIAL, WITHHOLDS];
    for key in record.withheld() {
        if marks.contains(&key) || kind.shape.field(key).is_none() {
            let detail = format!("{} has no property `{key}` to withhold", kind.shape.label);
            faults.push(Fault::new(&Pointer::Key(&Pointer::Root, WITHHOLDS), detail));
        }
    }
    faults
}

/// Whether everything that must be there has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Whole,
    Part,
}

fn check_fields(
    schema: &Schema,
    shape: &Shape,
    fields: &Fields,
    needs: Needs,
    pointer: &Pointer<'_>,
    faults: &mut Vec<Fault>,
) {
    for field in &shape.fields {
        let values = fields.get(&field.key).map_or(&[][..], Vec::as_slice);
        let at = Pointer::Key(pointer, &field.key);
        if needs == Needs::Whole || !values.is_empty() {
            check_counts(field, values, &at, faults);
        }
        for (position, value) in values.iter().enumerate() {
            // Only nodes keep the place that they have in the JSON.
            let has_place = field.is_list() && value.as_node().is_some();
            let at = if has_place { Pointer::Position(&at, position) } else { at };
            check_value(schema, field, value, &at, faults);
        }
    }
    // That it can't be used online says nothing of where it is.
    let says = |values: &Vec<Value>| values.iter().any(|value| *value != Value::Boolean(false));
    let has_any = || shape.any_of.iter().any(|key| fields.get(key).is_some_and(says));
    if needs == Needs::Whole && !shape.any_of.is_empty() && !has_any() {
        let detail =
            format!("{} must have at least one of {}", shape.label, shape.any_of.join(", "));
        faults.push(Fault::new(pointer, detail));
    }
}

fn check_counts(field: &Field, values: &[Value], pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
    let key = &field.key;
    if values.len() < field.minimum {
        let detail = if field.minimum == 1 {
            format!("{key} is missing; it must be {}", field.expected())
        } else {
            format!("{key} has {} values; at least {} are needed", values.len(), field.minimum)
        };
        faults.push(Fault::new(pointer, detail));
    }
    if let Some(maximum) = field.maximum
        && values.len() > maximum
    {
        let detail = format!("{key} has {} values; at most {maximum} are allowed", values.len());
        faults.push(Fault::new(pointer, detail));
    }
    if field.one_per_language {
        let mut seen = BTreeSet::new();
        for value in values {
            if let Value::LanguageText { language, .. } = value
                && !seen.insert(language)
            {
                let detail = format!("{key} has more than one text in language {language}");
                faults.push(Fault::new(pointer, detail));
            }
        }
    }
}

fn check_value(
    schema: &Schema,
    field: &Field,
    value: &Value,
    pointer: &Pointer<'_>,
    faults: &mut Vec<Fault>,
) {
    if let (ValueType::Node(shape), Value::Node(node)) = (&field.value, value) {
        let shape = schema.nested(shape).expect("a schema knows the shapes it names");
        if node.fields.is_empty() {
            faults.push(Fault::new(pointer, format!("{} has no properties", field.key)));
        }
        check_fields(schema, shape, &node.fields, Needs::Whole, pointer, faults);
        beyond_shapes::check(shape.iri.as_str(), &node.fields, pointer, faults);
        return;
    }
    if let Some(fault) = fault_of(field, value) {
        faults.push(Fault::new(pointer, format!("{} {fault}", field.key)).of(value.plain()));
    }
}

/// What is wrong with a value, as the rest of a sentence.
fn fault_of(field: &Field, value: &Value) -> Option<String> {
    if let (ValueType::Reference(to), Value::Reference(Reference::Record(id))) =
        (&field.value, value)
        && !to.kinds.is_empty()
        && !to.kinds.iter().any(|kind| kind == id.kind())
    {
        return Some(format!("must be a record of kind {}", to.kinds.join(" or ")));
    }
    let number = match value {
        #[expect(clippy::cast_precision_loss, reason = "limits are small numbers")]
        Value::Integer(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        Value::Decimal(text) => text.parse().ok(),
        _ => None,
    };
    if let Some(number) = number {
        return match (field.lowest, field.highest) {
            (Some(lowest), _) if number < lowest => {
                Some(format!("is {number}; the lowest that is allowed is {lowest}"))
            }
            (_, Some(highest)) if number > highest => {
                Some(format!("is {number}; the highest that is allowed is {highest}"))
            }
            _ => None,
        };
    }
    let text = value.as_text()?;
    if matches!(value, Value::Iri(_)) && absolute_iri(text).is_none() {
        return Some(format!("must be {}", field.expected()));
    }
    if field.value == ValueType::WellKnownText {
        return wkt::normalise(text).err().map(|error| format!("is no geometry: {error}"));
    }
    if text.trim().is_empty() {
        return Some(format!("is blank; it must be {}", field.expected()));
    }
    if !field.choices.is_empty() && !field.choices.iter().any(|choice| choice == text) {
        return Some(format!("must be {}", field.expected()));
    }
    if let Some(maximum) = field.maximum_length {
        let length = text.chars().count();
        if length > maximum {
            return Some(format!("has {length} characters; at most {maximum} are allowed"));
        }
    }
    match &field.pattern {
        Some(pattern) if !pattern.is_match(text) => {
            Some(format!("must match {pattern}: {}", field.description))
        }
        _ => None,
    }
}
