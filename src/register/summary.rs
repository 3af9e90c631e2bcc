//! The summary of a record, as lists show it: JSON that is served as it lies
//! in the index.

use serde_json::{Map, Value as Json, json};

use super::lookup::{Lookup, Names};
use super::position;
use crate::gazetteer::Gazetteer;
use crate::journal::JournalError;
use crate::record::{Base, Record, RecordId, Reference, Value, beginning, language_text};
use crate::schema::{Schema, ValueType};

/// Fields that are taken over as they are, in this order.
const AS_THEY_ARE: &[&str] = &[
    "name",
    "prefLabel",
    "alternateName",
    "slug",
    "summary",
    "assetType",
    "resourceType",
    "sector",
    "form",
    "stage",
    "status",
    "topics",
    "audience",
    "minimumAge",
    "maximumAge",
    "accessibility",
    "provider",
    "publisher",
    "by",
    "partners",
    "areaServed",
    "online",
    "accessMode",
    "cost",
    "languages",
    "locations",
    "schedule",
    "url",
    "telephone",
    "email",
    "heldBy",
    "published",
    "date",
    "lastReviewed",
    "claimed",
    "validUntil",
    "code",
    "level",
    "parent",
    "inScheme",
    "broader",
    "latitude",
    "longitude",
    "involves",
    "licence",
    "attribution",
    "owner",
    "items",
    "search",
    "canonical",
];

/// What a summary is made from.
pub(super) struct Context<'a> {
    pub schema: &'a Schema,
    pub base: &'a Base,
    pub lookup: &'a Lookup,
    pub gazetteer: &'a Gazetteer,
}

/// The summary of `record`, whose JSON is `full`. References are
/// `{"id", "name"}`.
///
/// # Errors
///
/// [`JournalError`] when the names of other records can't be read.
pub(super) fn write(
    context: &Context<'_>,
    names: &mut Names<'_>,
    record: &Record,
    full: &Map<String, Json>,
) -> Result<Map<String, Json>, JournalError> {
    let mut summary = Map::new();
    for key in ["id", "type"] {
        summary.insert(key.to_owned(), full.get(key).cloned().unwrap_or_default());
    }
    let kind = context.schema.kind(record.id.kind()).expect("a record is of a kind of its schema");
    for key in AS_THEY_ARE {
        let (Some(field), Some(json)) = (kind.shape.field(key), full.get(*key)) else { continue };
        let json = match &field.value {
            ValueType::Reference(_) => {
                let all = named_all(context, names, record.values(key))?;
                if field.is_list() {
                    Json::Array(all)
                } else {
                    all.into_iter().next().unwrap_or_default()
                }
            }
            ValueType::Node(_) => {
                let mut nodes = without_ids(json);
                if *key == "locations" {
                    position::complete(context.gazetteer, &mut nodes);
                }
                nodes
            }
            _ => json.clone(),
        };
        // Everything that a list shows is called by its name.
        let key = if *key == "prefLabel" { "name" } else { key };
        summary.insert(key.to_owned(), json);
    }
    if !summary.contains_key("summary")
        && let Some(text) = language_text(record.values("description"), "en")
            .or_else(|| language_text(record.values("purpose"), "en"))
            .or_else(|| language_text(record.values("definition"), "en"))
    {
        summary.insert("summary".to_owned(), json!(beginning(text)));
    }
    Ok(summary)
}

fn named_all(
    context: &Context<'_>,
    names: &mut Names<'_>,
    values: &[Value],
) -> Result<Vec<Json>, JournalError> {
    let mut all = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::Reference(Reference::Record(id)) => {
                let mut object = Map::new();
                object.insert("id".to_owned(), json!(context.base.thing(id).as_str()));
                if let Some(name) = name_of(context, names, id)? {
                    object.insert("name".to_owned(), json!(name));
                }
                all.push(Json::Object(object));
            }
            Value::Reference(Reference::Elsewhere(iri)) => all.push(json!({ "id": iri })),
            _ => {}
        }
    }
    Ok(all)
}

/// The English name of a record that is pointed to.
pub(super) fn name_of(
    context: &Context<'_>,
    names: &mut Names<'_>,
    id: &RecordId,
) -> Result<Option<String>, JournalError> {
    match id.kind() {
        "category" => Ok(context.lookup.category(id.id()).and_then(|category| {
            let english = category.names.get("en");
            english.or_else(|| category.names.values().next()).cloned()
        })),
        "place" => match context.gazetteer.area(id.id()) {
            Some(area) => Ok(Some(area.name.clone())),
            None => names.of(id),
        },
        _ => names.of(id),
    }
}

/// Nested nodes without their hash IRIs, which a list has no use for.
fn without_ids(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(without_ids).collect()),
        Json::Object(object) => Json::Object(
            object
                .iter()
                .filter(|(key, _)| *key != "id")
                .map(|(key, value)| (key.clone(), without_ids(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}
