//! The JSON-LD context of records, made from the shapes.

use serde_json::{Map, Value, json};

use super::{Field, Schema, ValueType};
use crate::vocab::kist;

/// Where the context is served, under the register's address.
pub const CONTEXT_PATH: &str = "/ns/context.jsonld";

/// The context under which the JSON of every record is JSON-LD 1.1.
///
/// `{"@context": {…}}`, with one term for each kind, and one for each key of a
/// field. Plain strings of a field with languages are English.
#[must_use]
pub fn context(schema: &Schema) -> Value {
    let mut terms = Map::new();
    terms.insert("@version".to_owned(), json!(1.1));
    terms.insert("id".to_owned(), json!("@id"));
    terms.insert("type".to_owned(), json!("@type"));
    // Lists say these of their entries.
    let licence = format!("{}sourceLicence", kist::NAMESPACE);
    for (term, iri) in [("report", kist::REPORT.as_str()), ("sourceLicence", &licence)] {
        terms.insert(term.to_owned(), json!({ "@id": iri, "@type": "@id" }));
    }
    let attribution = format!("{}sourceAttribution", kist::NAMESPACE);
    terms.insert("sourceAttribution".to_owned(), json!(attribution));
    for kind in schema.kinds() {
        terms.insert(kind.name.clone(), json!(kind.shape.class.as_str()));
    }
    let mut fields: Vec<&Field> = schema
        .kinds()
        .map(|kind| &kind.shape)
        .chain(schema.nested_shapes())
        .flat_map(|shape| &shape.fields)
        .collect();
    fields.sort_by(|a, b| a.key.cmp(&b.key));
    for field in fields {
        terms.insert(field.key.clone(), term(field));
    }
    json!({ "@context": terms })
}

/// What a key means: its property and the type of its values.
pub(super) fn term(field: &Field) -> Value {
    let path = field.path.as_str();
    let typed = |datatype: &str| json!({ "@id": path, "@type": format!("http://www.w3.org/2001/XMLSchema#{datatype}") });
    match &field.value {
        ValueType::Text => typed("string"),
        ValueType::LanguageText => {
            json!({ "@id": path, "@container": "@language", "@language": "en" })
        }
        ValueType::Integer => typed("integer"),
        ValueType::Decimal => typed("decimal"),
        ValueType::Double => typed("double"),
        ValueType::Boolean => typed("boolean"),
        ValueType::Date => typed("date"),
        ValueType::Time => typed("time"),
        ValueType::DateTime => typed("dateTime"),
        ValueType::PartialDate => {
            json!({ "@id": path, "@type": "http://purl.org/dc/terms/W3CDTF" })
        }
        ValueType::WellKnownText => {
            json!({ "@id": path, "@type": "http://www.opengis.net/ont/geosparql#wktLiteral" })
        }
        ValueType::Iri | ValueType::Reference(_) => json!({ "@id": path, "@type": "@id" }),
        ValueType::Node(_) => json!({ "@id": path }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_beside_the_ontology_is_current() {
        let kept: Value =
            serde_json::from_str(include_str!("../../ontology/context.jsonld")).unwrap();
        let made = context(&Schema::standard());
        assert_eq!(
            kept, made,
            "write it again with `kist ontology context > ontology/context.jsonld`"
        );
    }
}
