//! Record → triples.

use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term, Triple};

use super::json_value::lexical;
use super::{Base, Fields, Node, Record, Reference, Value};
use crate::schema::{Field, Schema, Shape, ValueType};
use crate::vocab::{dcterms, geo, rdf, schema as schema_org, wgs84, xsd};

/// The triples of `record`, nested nodes under hash IRIs of its own.
///
/// Besides the fields there are triples that follow from them, for consumers
/// who know only those: the classes, and for positions `wgs84:lat`/`long` and
/// a GeoSPARQL geometry. Reading takes no notice of those.
///
/// # Panics
///
/// When `record` has a kind that is not in `schema`: records are made by its
/// schema.
#[must_use]
pub fn to_triples(schema: &Schema, base: &Base, record: &Record) -> Vec<Triple> {
    let kind = schema.kind(record.id.kind()).expect("a record is of a kind of its schema");
    let subject = base.thing(&record.id);
    let mut writer = Writer { schema, base, triples: Vec::new() };
    writer.classes(&subject, &kind.shape);
    if let Some(class) = asset_class(record) {
        writer.push(&subject, rdf::TYPE, class.into_owned());
    }
    writer.fields(&subject, &kind.shape, &record.fields);
    writer.position(&subject, &record.fields);
    writer.triples
}

/// The IRI of a nested node: `…#locations-1`, `…#partners-2-contacts-1`.
pub(super) fn nested_iri(parent: &str, key: &str, position: usize) -> String {
    let joint = if parent.contains('#') { '-' } else { '#' };
    format!("{parent}{joint}{key}-{}", position + 1)
}

/// The classes that an asset may be given by its type.
pub(super) const ASSET_CLASSES: [NamedNodeRef<'static>; 4] =
    [schema_org::EVENT, schema_org::CREATIVE_WORK, schema_org::PLACE, schema_org::SERVICE];

/// The schema.org class of an asset, by its type; one of [`ASSET_CLASSES`].
fn asset_class(record: &Record) -> Option<NamedNodeRef<'static>> {
    let asset_type = record.values("assetType").first()?.as_record()?;
    Some(match asset_type.id() {
        "event" | "activity-asset" => schema_org::EVENT,
        "lived-experience-tip" | "digital-tool" => schema_org::CREATIVE_WORK,
        "venue"
        | "green-space"
        | "blue-space"
        | "hospital"
        | "health-centre"
        | "pharmacy"
        | "library-venue"
        | "community-building"
        | "sports-venue"
        | "arts-venue"
        | "meeting-cafe"
        | "place-of-worship"
        | "warm-welcome-place"
        | "public-toilet"
        | "mobile-library-stop"
        | "walking-route"
        | "play-place" => schema_org::PLACE,
        _ => schema_org::SERVICE,
    })
}

struct Writer<'a> {
    schema: &'a Schema,
    base: &'a Base,
    triples: Vec<Triple>,
}

impl Writer<'_> {
    fn push(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.triples.push(Triple::new(subject.clone(), predicate, object));
    }

    fn classes(&mut self, subject: &NamedNode, shape: &Shape) {
        for class in std::iter::once(&shape.class).chain(&shape.also_classes) {
            self.push(subject, rdf::TYPE, class.clone());
        }
    }

    fn fields(&mut self, subject: &NamedNode, shape: &Shape, fields: &Fields) {
        for field in &shape.fields {
            let Some(values) = fields.get(&field.key) else { continue };
            for (position, value) in values.iter().enumerate() {
                match (&field.value, value) {
                    (ValueType::Node(shape), Value::Node(node)) => {
                        self.nested(subject, field, shape, position, node);
                    }
                    _ => self.push(subject, field.path.as_ref(), term(self.base, field, value)),
                }
            }
        }
    }

    fn nested(
        &mut self,
        subject: &NamedNode,
        field: &Field,
        shape: &str,
        position: usize,
        node: &Node,
    ) {
        let shape = self.schema.nested(shape).expect("a schema knows the shapes it names");
        let iri = NamedNode::new_unchecked(nested_iri(subject.as_str(), &field.key, position));
        self.push(subject, field.path.as_ref(), iri.clone());
        self.classes(&iri, shape);
        self.fields(&iri, shape, &node.fields);
        self.position(&iri, &node.fields);
    }

    fn position(&mut self, subject: &NamedNode, fields: &Fields) {
        let number = |key: &str| {
            fields.get(key).and_then(|values| values.first()).and_then(Value::as_double)
        };
        let (Some(latitude), Some(longitude)) = (number("latitude"), number("longitude")) else {
            return;
        };
        self.push(subject, wgs84::LATITUDE, Literal::from(latitude));
        self.push(subject, wgs84::LONGITUDE, Literal::from(longitude));
        let geometry = NamedNode::new_unchecked(nested_iri(subject.as_str(), "point", 0));
        self.push(subject, geo::HAS_GEOMETRY, geometry.clone());
        self.push(&geometry, rdf::TYPE, geo::GEOMETRY.into_owned());
        let text = format!("POINT ({longitude} {latitude})");
        self.push(&geometry, geo::AS_WKT, Literal::new_typed_literal(text, geo::WKT_LITERAL));
    }
}

fn term(base: &Base, field: &Field, value: &Value) -> Term {
    match value {
        Value::LanguageText { language, text } => {
            Literal::new_language_tagged_literal_unchecked(text, language).into()
        }
        Value::Reference(Reference::Record(id)) => base.thing(id).into(),
        Value::Iri(iri) | Value::Reference(Reference::Elsewhere(iri)) => {
            NamedNode::new_unchecked(iri).into()
        }
        Value::Double(number) => Literal::from(*number).into(),
        value => Literal::new_typed_literal(lexical(value), datatype(&field.value)).into(),
    }
}

fn datatype(value_type: &ValueType) -> NamedNodeRef<'static> {
    match value_type {
        ValueType::Integer => xsd::INTEGER,
        ValueType::Decimal => xsd::DECIMAL,
        ValueType::Boolean => xsd::BOOLEAN,
        ValueType::Date => xsd::DATE,
        ValueType::Time => xsd::TIME,
        ValueType::DateTime => xsd::DATE_TIME,
        ValueType::PartialDate => dcterms::W3CDTF,
        ValueType::WellKnownText => geo::WKT_LITERAL,
        _ => xsd::STRING,
    }
}
