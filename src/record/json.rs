//! JSON ⇄ record. The JSON is JSON-LD under the context of the schema.
//!
//! Reading takes what people write (slugs for references, plain strings for
//! English, `14:30` for a time); writing gives one canonical form, which
//! reads back as the same record.

use serde_json::{Map, Value as Json, json};

use super::fault::Pointer;
use super::json_value::{read_value, why_not, why_unclean, write_value};
use super::value::canonical;
use super::{Base, Fault, Fields, Node, Record, RecordId, Reference, Value, beyond_shapes};
use crate::schema::{CONTEXT_PATH, Field, Kind, Schema, Shape, ValueType};

/// Everything that reading JSON depends on besides the JSON.
#[derive(Debug, Clone, Copy)]
pub struct FromJson<'a> {
    /// The kinds and their fields.
    pub schema: &'a Schema,
    /// The register's address.
    pub base: &'a Base,
    /// The source whose own keys stand where identifiers are expected; `None`
    /// when only identifiers of the register are meant.
    pub keys_of: Option<&'a str>,
}

/// Reads a record of `kind` from a JSON object. `id` is used when the object
/// has none; an object that has another one is at fault.
///
/// # Errors
///
/// Every fault that was found in reading: wrong types, unknown keys, texts
/// that are no dates. Counts, patterns and choices are checked by
/// [`super::validate`].
pub fn from_json(
    context: FromJson<'_>,
    kind: &Kind,
    id: Option<&RecordId>,
    json: &Json,
) -> Result<Record, Vec<Fault>> {
    let Json::Object(object) = json else {
        return Err(vec![Fault::new("", "a record must be a JSON object")]);
    };
    let mut faults = Vec::new();
    let id = read_identity(context, kind, id, object, &mut faults);
    let own = ["id", "type", "@context"];
    let fields = read_fields(context, &kind.shape, object, &own, &Pointer::Root, &mut faults);
    match id {
        Some(id) if faults.is_empty() => Ok(Record { id, fields }),
        _ => Err(faults),
    }
}

fn read_identity(
    context: FromJson<'_>,
    kind: &Kind,
    id: Option<&RecordId>,
    object: &Map<String, Json>,
    faults: &mut Vec<Fault>,
) -> Option<RecordId> {
    if let Some(stated) = object.get("type")
        && stated.as_str() != Some(&kind.name)
    {
        faults.push(Fault::new("/type", format!("type must be \"{}\" here", kind.name)));
    }
    if let Some(stated) = object.get("@context")
        && !stated.as_str().is_some_and(|iri| iri.ends_with(CONTEXT_PATH))
    {
        let detail = format!(
            "the context must be \"{}{CONTEXT_PATH}\"; leave it out, or send JSON-LD as application/ld+json",
            context.base.as_str()
        );
        faults.push(Fault::new("/@context", detail));
    }
    let stated = match object.get("id") {
        None => None,
        Some(Json::String(text)) => match identity(context, std::slice::from_ref(&kind.name), text)
        {
            Ok(Reference::Record(stated)) if stated.kind() == kind.name => Some(stated),
            _ => {
                let detail = format!("`{text}` is not the id of a record of kind {}", kind.name);
                faults.push(Fault::new("/id", detail));
                return None;
            }
        },
        Some(_) => {
            faults.push(Fault::new("/id", "id must be a text"));
            return None;
        }
    };
    match (stated, id) {
        (Some(stated), Some(id)) if stated != *id => {
            faults.push(Fault::new("/id", format!("id must be that of this record, {id}")));
            None
        }
        (stated, id) => {
            let known = stated.or_else(|| id.cloned());
            if known.is_none() {
                faults.push(Fault::new("/id", "id is missing"));
            }
            known
        }
    }
}

fn read_fields(
    context: FromJson<'_>,
    shape: &Shape,
    object: &Map<String, Json>,
    own: &[&str],
    pointer: &Pointer<'_>,
    faults: &mut Vec<Fault>,
) -> Fields {
    let mut fields = Fields::new();
    for (key, json) in object {
        if own.contains(&key.as_str()) {
            continue;
        }
        let at = Pointer::Key(pointer, key);
        let Some(field) = shape.field(key) else {
            faults.push(Fault::new(&at, unknown_key(shape, key)));
            continue;
        };
        let values = read_field(context, field, json, &at, faults);
        if !values.is_empty() {
            fields.insert(key.clone(), canonical(values));
        }
    }
    fields
}

fn unknown_key(shape: &Shape, key: &str) -> String {
    let nearest = shape
        .fields
        .iter()
        .map(|field| (strsim::jaro_winkler(&field.key, key), &field.key))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.75);
    match nearest {
        Some((_, nearest)) => {
            format!("{} has no property `{key}`; did you mean `{nearest}`?", shape.label)
        }
        None => format!("{} has no property `{key}`", shape.label),
    }
}

fn read_field(
    context: FromJson<'_>,
    field: &Field,
    json: &Json,
    pointer: &Pointer<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<Value> {
    match (&field.value, json) {
        (ValueType::LanguageText, Json::Object(languages)) => {
            read_languages(field, languages, pointer, faults)
        }
        (_, Json::Array(items)) if field.is_list() => items
            .iter()
            .enumerate()
            .filter_map(|(position, item)| {
                read_one(context, field, item, &Pointer::Position(pointer, position), faults)
            })
            .collect(),
        _ => read_one(context, field, json, pointer, faults).into_iter().collect(),
    }
}

/// Reads `{"en": "…", "gd": ["…", "…"]}`.
fn read_languages(
    field: &Field,
    languages: &Map<String, Json>,
    pointer: &Pointer<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<Value> {
    let mut values = Vec::new();
    for (language, json) in languages {
        let at = Pointer::Key(pointer, language);
        let tag = language.to_ascii_lowercase();
        if !is_language(&tag) {
            faults.push(Fault::new(
                &at,
                format!("`{language}` is not a language tag such as en or gd"),
            ));
            continue;
        }
        let texts = match json {
            Json::Array(texts) if !field.one_per_language => texts.iter().collect(),
            one => vec![one],
        };
        for json in texts {
            match json {
                Json::String(text) if super::json_value::is_clean(text) => {
                    values.push(Value::LanguageText { language: tag.clone(), text: text.clone() });
                }
                Json::String(text) => {
                    faults.push(Fault::new(&at, format!("the text {}", why_unclean(text))));
                }
                _ => faults.push(Fault::new(&at, "the text of a language must be a text")),
            }
        }
    }
    values
}

/// Whether `tag` is a well-formed language tag in lower case (RFC 5646, the
/// part of its grammar that is in use).
#[must_use]
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

pub(super) fn read_one(
    context: FromJson<'_>,
    field: &Field,
    json: &Json,
    pointer: &Pointer<'_>,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    let read = match (&field.value, json) {
        (ValueType::Node(iri), Json::Object(object)) => {
            let shape = context.schema.nested(iri).expect("a schema knows the shapes it names");
            let mut fields = read_fields(context, shape, object, &["id", "type"], pointer, faults);
            beyond_shapes::normalise(iri, &mut fields);
            return Some(Value::Node(Node { fields }));
        }
        (ValueType::Reference(to), Json::String(text)) => {
            identity(context, &to.kinds, text).map(Value::Reference)
        }
        // The form in which answers show references: {"id": …, "name": …}.
        (ValueType::Reference(to), Json::Object(object)) => match object.get("id") {
            Some(Json::String(text)) => identity(context, &to.kinds, text).map(Value::Reference),
            _ => Err(field.expected()),
        },
        (_, Json::Null) => {
            Err(format!("{}; leave the property out when there is no value", field.expected()))
        }
        (value_type, json) => {
            let value = read_value(value_type, json);
            if let (None, Some(why)) = (&value, why_not(value_type, json)) {
                faults.push(Fault::new(pointer, format!("{} {why}", field.key)));
                return None;
            }
            value.ok_or_else(|| field.expected())
        }
    };
    match read {
        Ok(value) => Some(value),
        Err(expected) => {
            faults.push(Fault::new(pointer, format!("{} must be {expected}", field.key)));
            None
        }
    }
}

/// Reads what people write for a record: its IRI, `/id/kind/id`, `kind/id`,
/// or the identifier or key alone where only one kind can be meant.
fn identity(context: FromJson<'_>, kinds: &[String], text: &str) -> Result<Reference, String> {
    let ours = context
        .base
        .record_of(text)
        .or_else(|| text.strip_prefix("/id/").map(str::parse))
        .or_else(|| text.strip_prefix("id/").map(str::parse));
    let known = |id: RecordId| {
        let right = context.schema.kind(id.kind()).is_some()
            && (kinds.is_empty() || kinds.iter().any(|kind| kind == id.kind()));
        if right { Ok(Reference::Record(id)) } else { Err(wrong_kind(kinds)) }
    };
    match ours {
        Some(Ok(id)) => return known(id),
        Some(Err(error)) => return Err(error.to_string()),
        None => {}
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return super::json_value::absolute_iri(text)
            .map(Reference::Elsewhere)
            .ok_or_else(|| "an absolute web address without spaces".to_owned());
    }
    match (text.split_once('/'), kinds) {
        (Some((kind, key)), _) => known(by_key(context, kind, key)?),
        (None, [kind]) => known(by_key(context, kind, text)?),
        // Documents with keys of their own mean the first kind that may be.
        (None, [kind, ..]) if context.keys_of.is_some() => known(by_key(context, kind, text)?),
        (None, _) => Err(format!(
            "written with its kind, such as `{}/{text}`",
            kinds.first().map_or("asset", String::as_str)
        )),
    }
}

fn by_key(context: FromJson<'_>, kind: &str, key: &str) -> Result<RecordId, String> {
    let id = RecordId::new(kind, key).map_err(|error| error.to_string())?;
    Ok(match context.keys_of {
        Some(source) if needs_key(kind, key) => RecordId::from_key(kind, source, key),
        _ => id,
    })
}

/// Places, categories, schemes and sources keep their official code or slug;
/// others have UUIDs.
fn needs_key(kind: &str, key: &str) -> bool {
    !matches!(kind, "place" | "category" | "scheme" | "source" | "run")
        && uuid::Uuid::parse_str(key).is_err()
}

fn wrong_kind(kinds: &[String]) -> String {
    match kinds {
        [] => "a record of a kind that the register has".to_owned(),
        kinds => format!("a record of kind {}", kinds.join(" or ")),
    }
}

/// The record as canonical JSON, with `@context`, `id` and `type`, keys in the
/// order of the shapes.
///
/// # Panics
///
/// When `record` has a kind that is not in `schema`: records are made by its
/// schema.
#[must_use]
pub fn to_json(schema: &Schema, base: &Base, record: &Record) -> Json {
    let kind = schema.kind(record.id.kind()).expect("a record is of a kind of its schema");
    let mut object = Map::new();
    object.insert("@context".to_owned(), json!(format!("{}{CONTEXT_PATH}", base.as_str())));
    let iri = base.thing(&record.id);
    object.insert("id".to_owned(), json!(iri.as_str()));
    object.insert("type".to_owned(), json!(kind.name));
    write_fields(schema, base, &kind.shape, &record.fields, iri.as_str(), &mut object);
    Json::Object(object)
}

fn write_fields(
    schema: &Schema,
    base: &Base,
    shape: &Shape,
    fields: &Fields,
    iri: &str,
    object: &mut Map<String, Json>,
) {
    for field in &shape.fields {
        let Some(values) = fields.get(&field.key) else { continue };
        let json = match &field.value {
            ValueType::LanguageText => write_languages(field, values),
            ValueType::Node(shape) => {
                let shape = schema.nested(shape).expect("a schema knows the shapes it names");
                let nodes =
                    values.iter().filter_map(Value::as_node).enumerate().map(|(position, node)| {
                        let iri = super::rdf_write::nested_iri(iri, &field.key, position);
                        let mut nested = Map::new();
                        nested.insert("id".to_owned(), json!(iri));
                        write_fields(schema, base, shape, &node.fields, &iri, &mut nested);
                        Json::Object(nested)
                    });
                collected(field, nodes.collect())
            }
            _ => collected(field, values.iter().map(|value| write_value(base, value)).collect()),
        };
        object.insert(field.key.clone(), json);
    }
}

fn collected(field: &Field, mut values: Vec<Json>) -> Json {
    if field.is_list() || values.len() > 1 {
        Json::Array(values)
    } else {
        values.pop().unwrap_or_default()
    }
}

fn write_languages(field: &Field, values: &[Value]) -> Json {
    let mut languages: Map<String, Json> = Map::new();
    for value in values {
        let Value::LanguageText { language, text } = value else { continue };
        match languages.entry(language.clone()) {
            serde_json::map::Entry::Vacant(entry) if field.one_per_language => {
                entry.insert(json!(text));
            }
            entry => match entry.or_insert_with(|| json!([])) {
                Json::Array(texts) => texts.push(json!(text)),
                one => *one = json!([one.clone(), text]),
            },
        }
    }
    match (languages.len(), languages.get("en")) {
        (1, Some(english)) => english.clone(),
        _ => Json::Object(languages),
    }
}

/// Applies a JSON merge patch (RFC 7396) to `target`.
pub fn merge_patch(target: &mut Json, patch: &Json) {
    let Json::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Json::Object(object) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            object.shift_remove(key);
        } else {
            merge_patch(object.entry(key.clone()).or_insert(Json::Null), value);
        }
    }
}
