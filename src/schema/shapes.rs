//! Reads shapes from Turtle.
//!
//! A subset of SHACL Core (W3C Recommendation, 20 July 2017) is understood,
//! which is what `ontology/shapes.ttl` uses; a constraint outside it is
//! ignored by the program and still there for any SHACL processor.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{
    Graph, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, TermRef, TripleRef,
};
use regex::Regex;
use thiserror::Error;

use super::{Field, Group, Kind, ReferenceTo, Schema, Shape, ValueType};
use crate::vocab::{dcterms, geo, kist, rdf, rdfs, sh, xsd};

/// Why shapes can't be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ShapesError {
    /// The file is not Turtle.
    #[error("the shapes are not Turtle: {0}")]
    Syntax(String),
    /// A shape lacks what it needs.
    #[error("shape {shape} has no {missing}")]
    Missing {
        /// The shape, or the property of it.
        shape: String,
        /// The SHACL property that is not there.
        missing: &'static str,
    },
    /// The name or path of a kind can't stand in addresses, or is that of
    /// another.
    #[error(
        "`{0}` can't be the name or path of a kind: that is words of small letters and digits \
         with hyphens between them, and no two kinds have the same"
    )]
    Kind(String),
    /// A shape is given properties, and nothing says what it is.
    #[error("{0} is given properties, and is no shape that is known: is its name right?")]
    Unknown(String),
    /// The name of a property can't be a key of records.
    #[error(
        "`{0}` can't be the name of a property: that is letters, digits, hyphens and low lines, a \
         letter first, and neither `id`, `type` nor the name of a kind"
    )]
    Name(String),
    /// Two properties of a shape have the same name or the same path.
    #[error("shape {shape} has {one} and {other}: each needs a name and a path of its own")]
    Twice {
        /// The shape.
        shape: String,
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// The same name means different things in different shapes.
    #[error("`{0}` means different things: a name has one path and one type in all shapes")]
    Meanings(String),
    /// No number of values is right.
    #[error("property `{key}` has at least {minimum} values and at most {maximum}")]
    Counts {
        /// JSON key of the property.
        key: String,
        /// How many it has at least.
        minimum: usize,
        /// How many at most.
        maximum: usize,
    },
    /// A property's values are of a type that the program doesn't know.
    #[error("property `{key}` has values of type {datatype}, which is not known here")]
    Datatype {
        /// JSON key of the property.
        key: String,
        /// The datatype, class or shape.
        datatype: String,
    },
    /// A pattern is no regular expression.
    #[error("property `{key}` has a pattern that can't be read: {reason}")]
    Pattern {
        /// JSON key of the property.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads `documents` as one graph and gives the schema in it.
pub(super) fn read<'a>(documents: impl Iterator<Item = &'a str>) -> Result<Schema, ShapesError> {
    let mut graph = Graph::new();
    for document in documents {
        let parser = RdfParser::from_format(RdfFormat::Turtle).rename_blank_nodes();
        for quad in parser.for_slice(document.as_bytes()) {
            let quad = quad.map_err(|error| ShapesError::Syntax(error.to_string()))?;
            graph.insert(&oxigraph::model::Triple::from(quad));
        }
    }
    Reader { graph: &graph }.schema()
}

struct Reader<'a> {
    graph: &'a Graph,
}

type Subject<'a> = NamedOrBlankNodeRef<'a>;

impl<'a> Reader<'a> {
    fn schema(&self) -> Result<Schema, ShapesError> {
        self.check_strays()?;
        let shapes: Vec<Subject<'_>> =
            self.graph.subjects_for_predicate_object(rdf::TYPE, sh::NODE_SHAPE).collect();
        let kind_of_class = self.kinds_by_class(&shapes);
        let mut kinds = Vec::new();
        let mut nested = BTreeMap::new();
        for shape in shapes {
            let order = self.number(shape, sh::ORDER).unwrap_or(f64::MAX);
            if let Some(name) = self.text(shape, kist::KIND) {
                let class = self.required_iri(shape, sh::TARGET_CLASS, "sh:targetClass")?;
                let path = self.required_text(shape, kist::PATH, "kist:path")?;
                let shape = self.shape(shape, class, &kind_of_class)?;
                kinds.push((order, Arc::new(Kind { name, path, shape })));
            } else {
                let class = self.required_iri(shape, sh::CLASS, "sh:class")?;
                let read = self.shape(shape, class, &kind_of_class)?;
                nested.insert(read.iri.as_str().to_owned(), Arc::new(read));
            }
        }
        kinds.sort_by(|a, b| a.0.total_cmp(&b.0));
        let kinds = kinds.into_iter().map(|(_, kind)| kind).collect();
        let schema = Schema { kinds, nested, turtle: Arc::default() };
        super::check::check(&schema)?;
        Ok(schema)
    }

    fn kinds_by_class(&self, shapes: &[Subject<'a>]) -> HashMap<String, String> {
        shapes
            .iter()
            .filter_map(|shape| {
                let class = self.iri(*shape, sh::TARGET_CLASS)?;
                Some((class.into_string(), self.text(*shape, kist::KIND)?))
            })
            .collect()
    }

    /// Properties of a shape that nothing declares would be lost.
    fn check_strays(&self) -> Result<(), ShapesError> {
        let shapes = self.graph.triples_for_predicate(sh::PROPERTY).map(|triple| triple.subject);
        let is_stray = |shape: &Subject<'_>| {
            let is_shape = TripleRef::new(*shape, rdf::TYPE, sh::NODE_SHAPE);
            matches!(shape, NamedOrBlankNodeRef::NamedNode(_)) && !self.graph.contains(is_shape)
        };
        match shapes.into_iter().find(is_stray) {
            Some(shape) => Err(ShapesError::Unknown(shape.to_string())),
            None => Ok(()),
        }
    }

    fn shape(
        &self,
        shape: Subject<'a>,
        class: NamedNode,
        kind_of_class: &HashMap<String, String>,
    ) -> Result<Shape, ShapesError> {
        let NamedOrBlankNode::NamedNode(iri) = shape.into_owned() else {
            return Err(ShapesError::Missing { shape: shape.to_string(), missing: "IRI" });
        };
        let mut fields = self
            .objects(shape, sh::PROPERTY)
            .map(|property| self.field(property, kind_of_class))
            .collect::<Result<Vec<_>, _>>()?;
        fields.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.key.cmp(&b.key)));
        let any_of = self.any_of(shape, &fields);
        Ok(Shape {
            iri,
            class,
            also_classes: self
                .graph
                .objects_for_subject_predicate(shape, kist::ALSO_CLASS)
                .filter_map(named)
                .collect(),
            label: self.text(shape, rdfs::LABEL).unwrap_or_default(),
            description: self.text(shape, sh::DESCRIPTION).unwrap_or_default(),
            fields,
            any_of,
        })
    }

    /// The keys in `sh:or ( [ sh:path … ; sh:minCount 1 ] … )`.
    fn any_of(&self, shape: Subject<'a>, fields: &[Field]) -> Vec<String> {
        self.list(shape, sh::OR)
            .into_iter()
            .filter_map(subject)
            .filter_map(|alternative| self.iri(alternative, sh::PATH))
            .filter_map(|path| fields.iter().find(|field| field.path == path))
            .map(|field| field.key.clone())
            .collect()
    }

    fn field(
        &self,
        property: Subject<'a>,
        kind_of_class: &HashMap<String, String>,
    ) -> Result<Field, ShapesError> {
        let key = self.required_text(property, sh::NAME, "sh:name")?;
        let pattern = self
            .text(property, sh::PATTERN)
            .map(|pattern| Regex::new(&pattern))
            .transpose()
            .map_err(|error| ShapesError::Pattern {
                key: key.clone(),
                reason: error.to_string(),
            })?;
        let choices = self.list(property, sh::IN).into_iter().filter_map(literal).collect();
        let group = self.objects(property, sh::GROUP).next().map(|group| Group {
            label: self.text(group, rdfs::LABEL).unwrap_or_default(),
            order: self.number(group, sh::ORDER).unwrap_or(f64::MAX),
        });
        Ok(Field {
            path: self.required_iri(property, sh::PATH, "sh:path")?,
            value: self.value_type(property, &key, kind_of_class)?,
            minimum: self.count(property, sh::MIN_COUNT).unwrap_or(0),
            maximum: self.count(property, sh::MAX_COUNT),
            one_per_language: self.text(property, sh::UNIQUE_LANG).as_deref() == Some("true"),
            pattern,
            maximum_length: self.count(property, sh::MAX_LENGTH),
            lowest: self.number(property, sh::MIN_INCLUSIVE),
            highest: self.number(property, sh::MAX_INCLUSIVE),
            choices,
            description: self.text(property, sh::DESCRIPTION).unwrap_or_default(),
            group,
            order: self.number(property, sh::ORDER).unwrap_or(f64::MAX),
            key,
        })
    }

    fn value_type(
        &self,
        property: Subject<'a>,
        key: &str,
        kind_of_class: &HashMap<String, String>,
    ) -> Result<ValueType, ShapesError> {
        let unknown = |datatype: &NamedNode| ShapesError::Datatype {
            key: key.to_owned(),
            datatype: datatype.as_str().to_owned(),
        };
        if let Some(datatype) = self.iri(property, sh::DATATYPE) {
            return by_datatype(datatype.as_ref()).ok_or_else(|| unknown(&datatype));
        }
        if let Some(shape) = self.iri(property, sh::NODE) {
            return Ok(ValueType::Node(shape.into_string()));
        }
        let alternatives = self.list(property, sh::OR).into_iter().filter_map(subject);
        let classes: Vec<NamedNode> = std::iter::once(property)
            .chain(alternatives)
            .filter_map(|at| self.iri(at, sh::CLASS))
            .collect();
        if classes.is_empty() {
            return Ok(ValueType::Iri);
        }
        let scheme = self.text(property, kist::SCHEME);
        if classes.iter().any(|class| class.as_ref() == kist::RECORD) {
            return Ok(ValueType::Reference(ReferenceTo { kinds: Vec::new(), scheme }));
        }
        let kinds = classes
            .iter()
            .map(|class| kind_of_class.get(class.as_str()).cloned().ok_or_else(|| unknown(class)))
            .collect::<Result<_, _>>()?;
        Ok(ValueType::Reference(ReferenceTo { kinds, scheme }))
    }

    fn objects(
        &self,
        subject_node: Subject<'a>,
        predicate: NamedNodeRef<'static>,
    ) -> impl Iterator<Item = Subject<'a>> + use<'a> {
        self.graph.objects_for_subject_predicate(subject_node, predicate).filter_map(subject)
    }

    fn iri(&self, at: Subject<'a>, predicate: NamedNodeRef<'static>) -> Option<NamedNode> {
        self.graph.object_for_subject_predicate(at, predicate).and_then(named)
    }

    fn text(&self, at: Subject<'a>, predicate: NamedNodeRef<'static>) -> Option<String> {
        self.graph.object_for_subject_predicate(at, predicate).and_then(literal)
    }

    fn number(&self, at: Subject<'a>, predicate: NamedNodeRef<'static>) -> Option<f64> {
        self.text(at, predicate)?.parse().ok()
    }

    fn count(&self, at: Subject<'a>, predicate: NamedNodeRef<'static>) -> Option<usize> {
        self.text(at, predicate)?.parse().ok()
    }

    fn required_iri(
        &self,
        at: Subject<'a>,
        predicate: NamedNodeRef<'static>,
        missing: &'static str,
    ) -> Result<NamedNode, ShapesError> {
        self.iri(at, predicate)
            .ok_or_else(|| ShapesError::Missing { shape: at.to_string(), missing })
    }

    fn required_text(
        &self,
        at: Subject<'a>,
        predicate: NamedNodeRef<'static>,
        missing: &'static str,
    ) -> Result<String, ShapesError> {
        self.text(at, predicate)
            .ok_or_else(|| ShapesError::Missing { shape: at.to_string(), missing })
    }

    /// The members of an RDF list, as far as it is well formed.
    fn list(&self, at: Subject<'a>, predicate: NamedNodeRef<'static>) -> Vec<TermRef<'a>> {
        let mut members = Vec::new();
        let mut rest = self.objects(at, predicate).next();
        while let Some(cell) = rest {
            let Some(first) = self.graph.object_for_subject_predicate(cell, rdf::FIRST) else {
                break;
            };
            members.push(first);
            rest = self.objects(cell, rdf::REST).next();
        }
        members
    }
}

fn by_datatype(datatype: NamedNodeRef<'_>) -> Option<ValueType> {
    Some(match datatype {
        xsd::STRING => ValueType::Text,
        rdf::LANG_STRING => ValueType::LanguageText,
        xsd::INTEGER => ValueType::Integer,
        xsd::DECIMAL => ValueType::Decimal,
        xsd::DOUBLE => ValueType::Double,
        xsd::BOOLEAN => ValueType::Boolean,
        xsd::DATE => ValueType::Date,
        xsd::TIME => ValueType::Time,
        xsd::DATE_TIME => ValueType::DateTime,
        dcterms::W3CDTF => ValueType::PartialDate,
        geo::WKT_LITERAL => ValueType::WellKnownText,
        _ => return None,
    })
}

fn named(term: TermRef<'_>) -> Option<NamedNode> {
    match term {
        TermRef::NamedNode(node) => Some(node.into_owned()),
        _ => None,
    }
}

fn subject(term: TermRef<'_>) -> Option<Subject<'_>> {
    match term {
        TermRef::NamedNode(node) => Some(node.into()),
        TermRef::BlankNode(node) => Some(node.into()),
        TermRef::Literal(_) => None,
    }
}

fn literal(term: TermRef<'_>) -> Option<String> {
    match term {
        TermRef::Literal(literal) => Some(literal.value().to_owned()),
        _ => None,
    }
}
