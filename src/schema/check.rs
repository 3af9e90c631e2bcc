//! Whether shapes can be the schema of a register: the fields that they
//! declare have names which can be keys of JSON-LD, and mean one thing each.

use std::collections::HashMap;

use super::context::term;
use super::{Field, Schema, Shape, ShapesError, ValueType};

/// Keys that every record has, whatever its shape.
const OF_ALL: [&str; 2] = ["id", "type"];

/// Checks kinds, nested shapes and fields.
///
/// # Errors
///
/// [`ShapesError`] with the first thing that can't be used.
pub(super) fn check(schema: &Schema) -> Result<(), ShapesError> {
    check_kinds(schema)?;
    let shapes = || schema.kinds().map(|kind| &kind.shape).chain(schema.nested_shapes());
    let mut meanings = HashMap::new();
    for shape in shapes() {
        check_shape(shape)?;
        for field in &shape.fields {
            check_field(schema, field)?;
            let term = term(field);
            if meanings.entry(field.key.as_str()).or_insert_with(|| term.clone()) != &term {
                return Err(ShapesError::Meanings(field.key.clone()));
            }
        }
    }
    Ok(())
}

fn check_kinds(schema: &Schema) -> Result<(), ShapesError> {
    let (mut names, mut paths) = (Vec::new(), Vec::new());
    for kind in schema.kinds() {
        for (text, known) in [(&kind.name, &mut names), (&kind.path, &mut paths)] {
            if !is_slug(text) || known.contains(&text) {
                return Err(ShapesError::Kind(text.clone()));
            }
            known.push(text);
        }
    }
    Ok(())
}

/// No two fields of a shape have the same name, or say the same.
fn check_shape(shape: &Shape) -> Result<(), ShapesError> {
    let (mut keys, mut paths) = (HashMap::new(), HashMap::new());
    for field in &shape.fields {
        let same = keys.insert(&field.key, field).or_else(|| paths.insert(&field.path, field));
        if let Some(same) = same {
            return Err(ShapesError::Twice {
                shape: shape.iri.to_string(),
                one: format!("`{}` ({})", same.key, same.path),
                other: format!("`{}` ({})", field.key, field.path),
            });
        }
    }
    Ok(())
}

fn check_field(schema: &Schema, field: &Field) -> Result<(), ShapesError> {
    let key = &field.key;
    let is_taken = OF_ALL.contains(&key.as_str()) || schema.kind(key).is_some();
    if is_taken || !is_name(key) {
        return Err(ShapesError::Name(key.clone()));
    }
    if let ValueType::Node(iri) = &field.value
        && schema.nested(iri).is_none()
    {
        return Err(ShapesError::Datatype { key: key.clone(), datatype: iri.clone() });
    }
    match field.maximum {
        Some(maximum) if maximum < field.minimum => {
            Err(ShapesError::Counts { key: key.clone(), minimum: field.minimum, maximum })
        }
        _ => Ok(()),
    }
}

/// Whether a text is letters, digits, hyphens and low lines, the first a
/// letter: so no keyword of JSON-LD, no prefix, and no separator of pointers.
fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(is_plain)
}

/// Whether a text is words of small letters and digits, the first a letter,
/// with single hyphens between them.
fn is_slug(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.split('-').all(|word| !word.is_empty() && word.bytes().all(is_plain))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
