//! Triples → record.

use std::collections::{HashMap, HashSet};
use std::fmt;

use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, TermRef, Triple};

use super::fault::Pointer;
use super::json::is_language;
use super::json_value::{absolute_iri, is_clean, read_lexical};
use super::rdf_write::ASSET_CLASSES;
use super::value::canonical;
use super::{Base, Fault, Fields, Node, Record, RecordId, Reference, Value, beyond_shapes};
use crate::schema::{Field, Schema, Shape, ValueType};
use crate::vocab::{geo, kist, owl, rdf, rdfs, schema as schema_org, wgs84};

/// How deep nodes may be nested in one another, so that a circle ends.
const DEEPEST: usize = 4;

/// What is said of a record or of a node in it, and no shape knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// A property; its values are not kept.
    Property(String),
    /// A class, as it is written in Turtle.
    Class(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(iri) => write!(formatter, "<{iri}>"),
            Self::Class(term) => write!(formatter, "the class {term}"),
        }
    }
}

/// Triples by subject.
#[derive(Debug, Default)]
pub struct Subjects(HashMap<NamedOrBlankNode, Vec<(NamedNode, Term)>>);

impl Subjects {
    /// The subjects that have a kind's class, each with the name of the kind.
    /// A subject of two kinds is of the one that the schema names last, which
    /// is the more special one (a case study is also a resource). A node that
    /// is nested in another is none, whatever its class: a cost is an offer to
    /// schema.org.
    #[must_use]
    pub fn of_kinds<'a>(&'a self, schema: &'a Schema) -> Vec<(&'a NamedOrBlankNode, &'a str)> {
        let nested = self.nested(schema);
        let mut found: Vec<_> = self
            .0
            .iter()
            .filter(|(subject, _)| !nested.contains(subject))
            .filter_map(|(subject, pairs)| {
                let is_class = |class: &NamedNode| {
                    pairs.iter().any(|(predicate, object)| {
                        predicate.as_ref() == rdf::TYPE
                            && matches!(object, Term::NamedNode(node) if node == class)
                    })
                };
                let kind = schema.kinds().filter(|kind| is_class(&kind.shape.class)).last()?;
                Some((subject, kind.name.as_str()))
            })
            .collect();
        found.sort_by_key(|(subject, _)| subject.to_string());
        found
    }

    /// The subjects beside `records` to which no statement leads: what is said
    /// of them is about nothing that is kept.
    #[must_use]
    pub fn besides<'a>(
        &'a self,
        records: &[(&'a NamedOrBlankNode, &str)],
    ) -> Vec<&'a NamedOrBlankNode> {
        let records: HashSet<&NamedOrBlankNode> =
            records.iter().map(|(subject, _)| *subject).collect();
        let mut others: HashMap<TermRef<'_>, &NamedOrBlankNode> = self
            .0
            .keys()
            .filter(|subject| !records.contains(subject))
            .map(|subject| (subject.as_ref().into(), subject))
            .collect();
        for (_, object) in self.0.values().flatten() {
            if !object.is_literal() {
                others.remove(&object.as_ref());
            }
        }
        let mut found: Vec<_> = others.into_values().collect();
        found.sort_by_key(ToString::to_string);
        found
    }

    /// The nodes to which a field for nested nodes leads.
    fn nested(&self, schema: &Schema) -> HashSet<NamedOrBlankNode> {
        let shapes = schema.kinds().map(|kind| &kind.shape).chain(schema.nested_shapes());
        let fields: HashSet<&NamedNode> = shapes
            .flat_map(|shape| &shape.fields)
            .filter(|field| matches!(field.value, ValueType::Node(_)))
            .map(|field| &field.path)
            .collect();
        let pairs = self.0.values().flatten();
        pairs
            .filter(|(predicate, _)| fields.contains(predicate))
            .filter_map(|(_, object)| match object {
                Term::NamedNode(node) => Some(node.clone().into()),
                Term::BlankNode(node) => Some(node.clone().into()),
                Term::Literal(_) => None,
            })
            .collect()
    }
}

impl FromIterator<Triple> for Subjects {
    fn from_iter<T: IntoIterator<Item = Triple>>(triples: T) -> Self {
        let mut subjects = Self::default();
        for triple in triples {
            subjects.0.entry(triple.subject).or_default().push((triple.predicate, triple.object));
        }
        subjects
    }
}

/// Reads what `subjects` say of `subject` as the record `id`.
///
/// Gives the record, and what is said of it that no shape knows and which it
/// therefore doesn't hold.
///
/// # Errors
///
/// Every value that is not of its field's type. The pointers are those of the
/// JSON form.
pub fn from_triples(
    schema: &Schema,
    base: &Base,
    id: &RecordId,
    subject: &NamedOrBlankNode,
    subjects: &Subjects,
) -> Result<(Record, Vec<Unknown>), Vec<Fault>> {
    let Some(kind) = schema.kind(id.kind()) else {
        return Err(vec![Fault::new("", format!("there is no kind `{}`", id.kind()))]);
    };
    let mut reader = Reader { schema, base, subjects, unknown: Vec::new(), faults: Vec::new() };
    let fields = reader.fields(&kind.shape, subject, &Pointer::Root, 0);
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    reader.unknown.sort_unstable();
    reader.unknown.dedup();
    Ok((Record { id: id.clone(), fields }, reader.unknown))
}

struct Reader<'a> {
    schema: &'a Schema,
    base: &'a Base,
    subjects: &'a Subjects,
    unknown: Vec<Unknown>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fields(
        &mut self,
        shape: &Shape,
        subject: &NamedOrBlankNode,
        pointer: &Pointer<'_>,
        depth: usize,
    ) -> Fields {
        let subjects = self.subjects;
        let pairs = subjects.0.get(subject).map_or(&[][..], Vec::as_slice);
        let mut fields = Fields::new();
        for field in &shape.fields {
            let objects: Vec<&Term> = pairs
                .iter()
                .filter(|(predicate, _)| *predicate == field.path)
                .map(|(_, object)| object)
                .collect();
            let at = Pointer::Key(pointer, &field.key);
            let values = match &field.value {
                ValueType::Node(nested) => self.nodes(nested, subject, &objects, &at, depth),
                _ => objects.iter().filter_map(|object| self.value(field, object, &at)).collect(),
            };
            if !values.is_empty() {
                fields.insert(field.key.clone(), canonical(values));
            }
        }
        self.unknown.extend(
            pairs
                .iter()
                .map(|(predicate, _)| predicate)
                .filter(|predicate| !is_derived(predicate))
                .filter(|predicate| shape.fields.iter().all(|field| field.path != **predicate))
                .map(|predicate| Unknown::Property(predicate.as_str().to_owned())),
        );
        let classes = pairs.iter().filter(|(predicate, _)| predicate.as_ref() == rdf::TYPE);
        self.unknown.extend(
            classes
                .filter(|(_, class)| !is_class_of(shape, class))
                .map(|(_, class)| Unknown::Class(class.to_string())),
        );
        fields
    }

    fn nodes(
        &mut self,
        shape: &str,
        parent: &NamedOrBlankNode,
        objects: &[&Term],
        pointer: &Pointer<'_>,
        depth: usize,
    ) -> Vec<Value> {
        let shape = self.schema.nested(shape).expect("a schema knows the shapes it names");
        let mut nodes = Vec::new();
        for object in objects {
            let nested = match object {
                Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
                Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
                Term::Literal(_) => {
                    self.faults.push(Fault::new(pointer, "must be a node, not a literal"));
                    continue;
                }
            };
            if depth >= DEEPEST {
                self.faults.push(Fault::new(pointer, "nodes are nested too deeply"));
                continue;
            }
            let place = place_of(parent, &nested);
            let mut fields = self.fields(shape, &nested, pointer, depth + 1);
            beyond_shapes::normalise(shape.iri.as_str(), &mut fields);
            nodes.push((place, Node { fields }));
        }
        nodes.sort_by_cached_key(|(place, node)| (*place, format!("{node:?}")));
        nodes.into_iter().map(|(_, node)| Value::Node(node)).collect()
    }

    fn value(&mut self, field: &Field, object: &Term, pointer: &Pointer<'_>) -> Option<Value> {
        let value = match (&field.value, object) {
            (ValueType::Reference(_), Term::NamedNode(node)) => self.reference(node),
            (ValueType::Iri, Term::NamedNode(node)) => absolute_iri(node.as_str()).map(Value::Iri),
            (ValueType::LanguageText, Term::Literal(literal)) => {
                let language = literal.language().unwrap_or("en").to_ascii_lowercase();
                let text = literal.value();
                (is_language(&language) && is_clean(text))
                    .then(|| Value::LanguageText { language, text: text.to_owned() })
            }
            (ValueType::Reference(_) | ValueType::Iri, _) => None,
            // Linked data often has numbers of another type than the shape
            // says, and addresses as plain strings; the text decides.
            (value_type, Term::Literal(literal)) => read_lexical(value_type, literal.value()),
            _ => None,
        };
        if value.is_none() {
            let detail = format!("{object} must be {}", field.expected());
            self.faults.push(Fault::new(pointer, detail));
        }
        value
    }

    fn reference(&self, node: &NamedNode) -> Option<Value> {
        match self.base.record_of(node.as_str()) {
            Some(Ok(id)) => Some(Value::Reference(Reference::Record(id))),
            Some(Err(_)) => None,
            None => absolute_iri(node.as_str()).map(Reference::Elsewhere).map(Value::Reference),
        }
    }
}

/// The number at the end of a nested node's own IRI; what has none comes last.
fn place_of(parent: &NamedOrBlankNode, nested: &NamedOrBlankNode) -> u64 {
    let (NamedOrBlankNode::NamedNode(parent), NamedOrBlankNode::NamedNode(nested)) =
        (parent, nested)
    else {
        return u64::MAX;
    };
    nested
        .as_str()
        .strip_prefix(parent.as_str())
        .and_then(|rest| rest.rsplit('-').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(u64::MAX)
}

/// Whether `class` says nothing of a subject of `shape` that writing it doesn't
/// say again.
fn is_class_of(shape: &Shape, class: &Term) -> bool {
    let Term::NamedNode(class) = class else { return false };
    let is_everything =
        [kist::RECORD, schema_org::THING, owl::THING, owl::NAMED_INDIVIDUAL, rdfs::RESOURCE];
    shape.class == *class
        || shape.also_classes.contains(class)
        || is_everything.contains(&class.as_ref())
        || (shape.class.as_ref() == kist::ASSET && ASSET_CLASSES.contains(&class.as_ref()))
}

/// Whether writing makes this property from others.
fn is_derived(predicate: &NamedNode) -> bool {
    let derived = [rdf::TYPE, rdfs::LABEL, wgs84::LATITUDE, wgs84::LONGITUDE, geo::HAS_GEOMETRY];
    derived.contains(&predicate.as_ref())
}
