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
mod tests;
