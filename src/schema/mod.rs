//! Kinds of record and their fields, read from the ontology at start-up.
//!
//! The SHACL shapes of `ontology/shapes.ttl`, and of any shapes file that an
//! operator adds, are the one place where a property is declared. This module
//! turns them into [`Schema`], which everything else asks: conversions,
//! validation, the JSON-LD context, OpenAPI and pages. It holds no records.

mod check;
mod context;
mod field;
mod shapes;

use std::collections::BTreeMap;
use std::sync::Arc;

use oxigraph::model::NamedNode;

pub use context::{CONTEXT_PATH, context};
pub use field::{Field, Group, ReferenceTo, ValueType};
pub use shapes::ShapesError;

/// The shapes that every register has, as Turtle.
pub const STANDARD_SHAPES: &str = include_str!("../../ontology/shapes.ttl");

/// All kinds of record, and the shapes of the nodes nested in them.
#[derive(Debug, Clone)]
pub struct Schema {
    kinds: Vec<Arc<Kind>>,
    nested: BTreeMap<String, Arc<Shape>>,
    turtle: Arc<str>,
}

/// A kind of record, such as `asset`.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The value of `type` in JSON: singular, in kebab case.
    pub name: String,
    /// The first segment of its addresses: plural, in kebab case.
    pub path: String,
    /// Its properties.
    pub shape: Shape,
}

/// A class of subjects, with the fields that one may have.
#[derive(Debug, Clone)]
pub struct Shape {
    /// IRI of the shape.
    pub iri: NamedNode,
    /// The class that marks subjects of this shape.
    pub class: NamedNode,
    /// Further classes that such a subject is given.
    pub also_classes: Vec<NamedNode>,
    /// What people call it.
    pub label: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Its fields, in the order of the shapes.
    pub fields: Vec<Field>,
    /// Keys of which at least one must have a value; empty when none must.
    pub any_of: Vec<String>,
}

impl Schema {
    /// The schema of a register without additions.
    ///
    /// # Panics
    ///
    /// Never: the shapes are part of the program, and a test reads them.
    #[must_use]
    pub fn standard() -> Self {
        Self::with_additions(&[]).expect("the shapes of the program are read by a test")
    }

    /// The standard schema with the shapes of an operator's own files, each
    /// in Turtle, joined to it: properties are added to the shape that they
    /// name.
    ///
    /// # Errors
    ///
    /// [`ShapesError`] when a file is not Turtle, or a shape of it can't be
    /// used; the message names the shape and the property.
    pub fn with_additions(files: &[&str]) -> Result<Self, ShapesError> {
        let documents = || std::iter::once(STANDARD_SHAPES).chain(files.iter().copied());
        let schema = shapes::read(documents())?;
        let turtle = documents().collect::<Vec<_>>().join("\n# Shapes of the operator.\n\n");
        Ok(Self { turtle: turtle.into(), ..schema })
    }

    /// The shapes as they were written, those of the operator after the
    /// standard ones.
    #[must_use]
    pub fn as_turtle(&self) -> &str {
        &self.turtle
    }

    /// All kinds, in the order of the shapes.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter().map(Arc::as_ref)
    }

    /// The kind with this JSON name.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds().find(|kind| kind.name == name)
    }

    /// The kind with this address segment.
    #[must_use]
    pub fn kind_by_path(&self, path: &str) -> Option<&Kind> {
        self.kinds().find(|kind| kind.path == path)
    }

    /// The kind whose records are marked with this class.
    #[must_use]
    pub fn kind_by_class(&self, class: &str) -> Option<&Kind> {
        self.kinds().find(|kind| kind.shape.class.as_str() == class)
    }

    /// The shape of nested nodes with this IRI.
    #[must_use]
    pub fn nested(&self, iri: &str) -> Option<&Shape> {
        self.nested.get(iri).map(Arc::as_ref)
    }

    /// All shapes of nested nodes, by IRI.
    pub fn nested_shapes(&self) -> impl Iterator<Item = &Shape> {
        self.nested.values().map(Arc::as_ref)
    }
}

impl Shape {
    /// The field with this JSON key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_shapes_give_every_kind_of_the_domain() {
        let schema = Schema::standard();
        let names: Vec<&str> = schema.kinds().map(|kind| kind.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "organisation",
                "asset",
                "resource",
                "case-study",
                "partnership",
                "offer",
                "need",
                "place",
                "category",
                "scheme",
                "collection",
                "source",
                "run",
            ]
        );
    }

    #[test]
    fn every_nested_shape_that_a_field_names_is_there() {
        let schema = Schema::standard();
        let shapes = schema.kinds().map(|kind| &kind.shape).chain(schema.nested_shapes());
        for field in shapes.flat_map(|shape| &shape.fields) {
            if let ValueType::Node(iri) = &field.value {
                assert!(schema.nested(iri).is_some(), "{} names {iri}", field.key);
            }
        }
    }

    #[test]
    fn no_key_of_a_field_is_the_name_of_a_kind() {
        let schema = Schema::standard();
        for kind in schema.kinds() {
            for field in &kind.shape.fields {
                assert!(schema.kind(&field.key).is_none(), "{} in {}", field.key, kind.name);
            }
        }
    }

    #[test]
    fn a_record_of_any_kind_can_be_a_part_and_withhold() {
        for kind in Schema::standard().kinds() {
            for key in ["partial", "withholds"] {
                assert!(kind.shape.field(key).is_some(), "{} has no {key}", kind.name);
            }
        }
    }

    #[test]
    fn an_operators_shape_adds_a_property() {
        let schema = Schema::with_additions(&[r#"
            @prefix kist: <https://w3id.org/kist#> .
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
            kist:AssetShape sh:property [ sh:path <https://example.org/ns#parking> ;
                sh:name "parkingSpaces" ; sh:datatype xsd:integer ; sh:maxCount 1 ] .
        "#])
        .unwrap();
        let field = schema.kind("asset").unwrap().shape.field("parkingSpaces").unwrap();
        assert_eq!(field.value, ValueType::Integer);
        assert!(schema.kind("resource").unwrap().shape.field("parkingSpaces").is_none());
    }

    #[test]
    fn an_operators_shape_that_cant_be_used_is_named() {
        let shapes = r#"
            @prefix kist: <https://w3id.org/kist#> .
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            kist:AssetShape sh:property [ sh:path <https://example.org/ns#x> ; sh:name "x" ;
                sh:datatype <https://example.org/ns#unheard> ] .
        "#;
        let error = Schema::with_additions(&[shapes]).unwrap_err().to_string();
        assert!(error.contains('x') && error.contains("unheard"), "{error}");
    }

    #[test]
    fn a_kind_whose_name_or_path_can_not_stand_in_addresses_is_refused() {
        let with = |name: &str, path: &str| {
            let shapes = format!(
                r#"
                @prefix kist: <https://w3id.org/kist#> .
                @prefix sh: <http://www.w3.org/ns/shacl#> .
                <https://example.org/ns#Shape> a sh:NodeShape ; kist:kind "{name}" ;
                    kist:path "{path}" ; sh:targetClass <https://example.org/ns#Thing> .
                "#
            );
            Schema::with_additions(&[&shapes]).map_err(|error| error.to_string())
        };
        assert!(with("walking-route", "walking-routes").is_ok());
        for (name, path, wrong) in [
            ("", "routes", ""),
            ("écoute", "routes", "écoute"),
            ("walking--route", "routes", "walking--route"),
            ("route", "a/b", "a/b"),
            ("route", "{id}", "{id}"),
            ("route", "Routes", "Routes"),
            ("asset", "routes", "asset"),
            ("route", "assets", "assets"),
        ] {
            let error = with(name, path).unwrap_err();
            assert!(error.starts_with(&format!("`{wrong}` can't be")), "{error}");
        }
    }
}
