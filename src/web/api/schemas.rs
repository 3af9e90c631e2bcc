//! JSON schemas of records, made from the shapes, for the OpenAPI document.

use serde_json::{Map, Value, json};

use crate::schema::{Field, Schema, Shape, ValueType};
use crate::web::beside;
use crate::web::kinds::operation_name;

/// The components: each kind, each nested node, and the list.
pub(super) fn components(schema: &Schema) -> Value {
    let mut components = Map::new();
    for kind in schema.kinds() {
        let mut object = object_schema(&kind.shape);
        object["properties"]["id"] = json!({ "type": "string", "format": "uri" });
        object["properties"]["type"] = json!({ "const": kind.name });
        for (key, schema) in beside::schemas() {
            object["properties"][key] = schema;
        }
        object["properties"]["@context"] = json!({ "type": "string", "format": "uri" });
        if !kind.shape.any_of.is_empty() {
            let needed = kind.shape.any_of.iter().map(|key| json!({ "required": [key] }));
            object["anyOf"] = needed.collect();
        }
        components.insert(operation_name(&kind.name), object);
    }
    for shape in schema.nested_shapes() {
        let mut object = object_schema(shape);
        object["properties"]["id"] = json!({ "type": "string", "format": "uri", "readOnly": true });
        components.insert(nested_name(shape.iri.as_str()), object);
    }
    components.insert("List".to_owned(), list_schema());
    for (name, description, properties, required) in request_schemas() {
        let schema = json!({
            "type": "object", "description": description, "additionalProperties": false,
            "properties": properties, "required": [required],
        });
        components.insert(name.to_owned(), schema);
    }
    Value::Object(components)
}

/// What the harvester is asked: name, description, properties, and the one
/// that must be there.
fn request_schemas() -> [(&'static str, &'static str, Value, &'static str); 5] {
    [
        (
            "RunRequest",
            "What kind of run is asked for",
            json!({ "kind": { "enum": ["harvest", "preview", "replay"] } }),
            "kind",
        ),
        (
            "RunApproval",
            "What is decided of the newest run, which waits",
            json!({
                "decision": { "enum": ["approve", "rekey", "dismiss"] },
                "run": { "type": "integer", "minimum": 1, "description": "The run that was looked at; refused when it is no longer the newest" },
            }),
            "decision",
        ),
        (
            "DiscoveryRequest",
            "At which address it is to be looked for what can be harvested",
            json!({
                "url": { "type": "string", "minLength": 1, "description": "Of a home page, a feed or a file" },
            }),
            "url",
        ),
        (
            "ErasureRequest",
            "Which item of a source is to be erased",
            json!({
                "key": { "type": "string", "minLength": 1, "description": "The publisher's own key" },
                "kind": { "type": "string", "default": "asset", "description": "The kind of its record" },
                "reason": { "type": "string", "description": "A reference to the request" },
            }),
            "key",
        ),
        (
            "ReviewAnswer",
            "What an editor decides",
            json!({ "answer": { "type": "string", "minLength": 1 } }),
            "answer",
        ),
    ]
}

fn nested_name(iri: &str) -> String {
    let local = iri.rsplit(['#', '/']).next().unwrap_or(iri);
    format!("Nested{}", local.trim_end_matches("Shape"))
}

fn object_schema(shape: &Shape) -> Value {
    let properties: Map<String, Value> =
        shape.fields.iter().map(|field| (field.key.clone(), field_schema(field))).collect();
    let required: Vec<&str> = shape
        .fields
        .iter()
        .filter(|field| field.minimum > 0)
        .map(|field| field.key.as_str())
        .collect();
    let mut object = json!({
        "type": "object",
        "description": shape.description,
        "additionalProperties": false,
        "properties": properties,
    });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn field_schema(field: &Field) -> Value {
    let one = value_schema(field);
    let mut schema = if field.value == ValueType::LanguageText {
        let by_language = json!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z]{2,3}(-[a-z0-9]{2,8})*$" },
            "additionalProperties": if field.one_per_language {
                one.clone()
            } else {
                json!({ "anyOf": [one, { "type": "array", "items": one }] })
            },
        });
        let plain = if field.is_list() { json!({ "type": "array", "items": one }) } else { one };
        json!({ "anyOf": [plain, by_language] })
    } else if field.is_list() {
        json!({ "type": "array", "items": one })
    } else {
        one
    };
    schema["description"] = json!(field.description);
    schema
}

fn value_schema(field: &Field) -> Value {
    let mut schema = match &field.value {
        ValueType::Text | ValueType::LanguageText | ValueType::WellKnownText => {
            json!({ "type": "string", "minLength": 1 })
        }
        ValueType::Integer => json!({ "type": "integer" }),
        ValueType::Decimal => json!({ "type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$" }),
        ValueType::Double => json!({ "type": "number" }),
        ValueType::Boolean => json!({ "type": "boolean" }),
        ValueType::Date => json!({ "type": "string", "format": "date" }),
        ValueType::Time => {
            json!({ "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$" })
        }
        ValueType::DateTime => json!({ "type": "string", "format": "date-time" }),
        ValueType::PartialDate => {
            json!({ "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" })
        }
        ValueType::Iri => json!({ "type": "string", "format": "uri" }),
        ValueType::Reference(_) => json!({ "type": "string", "format": "uri-reference" }),
        ValueType::Node(shape) => {
            return json!({ "$ref": format!("#/components/schemas/{}", nested_name(shape)) });
        }
    };
    if let Some(pattern) = &field.pattern {
        schema["pattern"] = json!(pattern.as_str());
    }
    if let Some(length) = field.maximum_length {
        schema["maxLength"] = json!(length);
    }
    if let Some(lowest) = field.lowest {
        schema["minimum"] = number(lowest);
    }
    if let Some(highest) = field.highest {
        schema["maximum"] = number(highest);
    }
    if !field.choices.is_empty() {
        schema = json!({ "enum": field.choices });
    }
    schema
}

/// A limit, as a whole number when it is one.
fn number(limit: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "the next line looks whether it fits")]
    let whole = limit as i64;
    #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "it must be the very same")]
    let is_whole = whole as f64 == limit;
    if is_whole { json!(whole) } else { json!(limit) }
}

fn list_schema() -> Value {
    json!({
        "type": "object",
        "description": "A page of what was found",
        "required": ["total", "items"],
        "properties": {
            "@context": { "type": "string", "format": "uri" },
            "id": { "type": "string", "format": "uri" },
            "type": { "type": "string" },
            "total": { "type": "integer", "minimum": 0, "description": "How many were found, on all pages" },
            "near": {
                "type": "object",
                "description": "What `near` was taken for",
                "properties": {
                    "kind": { "enum": ["postcode", "sector", "district", "place", "area", "point"] },
                    "status": { "enum": ["live", "terminated", "approximate", "outside_area"] },
                    "label": { "type": "string" },
                    "latitude": { "type": "number" },
                    "longitude": { "type": "number" },
                    "precision": { "type": "number", "description": "How far off the position may be, in metres" },
                },
            },
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "description": "The summary of a record; references are objects with id and name",
                    "required": ["id", "type"],
                    "properties": {
                        "id": { "type": "string", "format": "uri" },
                        "type": { "type": "string" },
                        "distance": { "type": "number", "description": "Metres from the place that was searched" },
                        "match": { "enum": ["near", "covers", "online", "anywhere", "elsewhere"] },
                        "deprioritised": { "const": true, "description": "Its review is overdue: it stands after all others" },
                    },
                },
            },
            "first": { "type": "string", "format": "uri" },
            "previous": { "type": "string", "format": "uri" },
            "next": { "type": "string", "format": "uri" },
            "facets": { "type": "object" },
        },
    })
}
