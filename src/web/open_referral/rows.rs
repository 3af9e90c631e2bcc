//! Objects of the standard as rows of its tables: nested objects become rows of
//! their own tables, tied by the ids of what they are nested in.

use std::io;

use serde_json::{Map, Value as Json};

use crate::web::open_referral::tables::TABLES;

/// Lists in an object, and the table that each of their members is a row of.
const NESTED: &[(&str, &str)] = &[
    ("organization_identifiers", "organization_identifier"),
    ("service_at_locations", "service_at_location"),
    ("locations", "location"),
    ("addresses", "address"),
    ("accessibility", "accessibility"),
    ("schedules", "schedule"),
    ("service_areas", "service_area"),
    ("contacts", "contact"),
    ("phones", "phone"),
    ("languages", "language"),
    ("cost_options", "cost_option"),
    ("attributes", "attribute"),
];

/// Where rows of tables go.
pub(super) trait Rows {
    /// Takes a row of the table `name`.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    fn take(&mut self, name: &str, fields: &[&str]) -> io::Result<()>;
}

/// Hands the rows of `object`, one of the table `name`, to `rows`.
///
/// # Errors
///
/// When a row can't be written.
pub(super) fn split(name: &str, object: &Json, rows: &mut impl Rows) -> io::Result<()> {
    let Some(fields) = object.as_object() else { return Ok(()) };
    split_object(name, fields, ("", ""), rows)
}

fn split_object(
    name: &str,
    fields: &Map<String, Json>,
    (owner, owner_id): (&str, &str),
    rows: &mut impl Rows,
) -> io::Result<()> {
    let Some(table) = TABLES.iter().find(|table| table.name == name) else { return Ok(()) };
    let cells: Vec<String> = table
        .columns
        .iter()
        .map(|column| match fields.get(*column) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number.to_string(),
            Some(Json::Array(texts)) => {
                let texts: Vec<&str> = texts.iter().filter_map(Json::as_str).collect();
                texts.join("; ")
            }
            _ if *column == owner => owner_id.to_owned(),
            _ => String::new(),
        })
        .collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    rows.take(name, &cells)?;
    let id = fields.get("id").and_then(Json::as_str).unwrap_or_default();
    let own = format!("{name}_id");
    for (key, nested) in NESTED {
        // A service's contact only repeats its telephone.
        if (name, *nested) == ("service", "contact") {
            continue;
        }
        for object in fields.get(*key).and_then(Json::as_array).into_iter().flatten() {
            if let Some(fields) = object.as_object() {
                split_object(nested, fields, (&own, id), rows)?;
            }
        }
    }
    if let Some(location) = fields.get("location").and_then(Json::as_object) {
        split_object("location", location, ("", ""), rows)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
