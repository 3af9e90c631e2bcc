//! RDF that comes from outside, read without trust.
//!
//! The bytes are looked at before any parser sees them (see [`guard`]), and
//! what the parser gives is counted. Nothing is ever fetched: the contexts of
//! JSON-LD come from memory or are refused. Blank nodes pass: what they become
//! is for the caller to say.

mod contexts;
mod guards;

use std::sync::{Arc, Mutex, PoisonError};

use oxigraph::io::{RdfParser, RdfSyntaxError};
use oxigraph::model::{GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, QuadRef, TermRef};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::graph::GraphFormat;

pub use contexts::Contexts;
pub use guards::{depth_of_json, guard};

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Objects and lists of JSON within each other. Default 32.
    pub max_json_depth: usize,
    /// Elements of XML within each other. Default 64.
    pub max_xml_depth: usize,
    /// Quads of one document. Default 200000.
    pub max_quads: usize,
    /// Bytes of one literal. Default 65536.
    pub max_literal_bytes: usize,
    /// Bytes of one IRI. Default 2048.
    pub max_iri_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_json_depth: 32,
            max_xml_depth: 64,
            max_quads: 200_000,
            max_literal_bytes: 64 * 1024,
            max_iri_bytes: 2_048,
        }
    }
}

/// A place in a text, both numbers from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

/// Why RDF from outside is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InputError {
    /// The bytes are not UTF-8, or have NUL among them.
    #[error("line {}, column {}: the text is not UTF-8 without NUL", .0.line, .0.column)]
    Encoding(Position),
    /// The XML declares a document type or entities.
    #[error("line {}, column {}: document types and entities are not taken", .0.line, .0.column)]
    Doctype(Position),
    /// Something is nested too deep.
    #[error("line {}, column {}: more than {limit} levels within each other", .at.line, .at.column)]
    Depth {
        /// How deep is allowed.
        limit: usize,
        /// Where it goes deeper.
        at: Position,
    },
    /// The text is not of its format.
    #[error("{}{message}", .at.map(|at| format!("line {}, column {}: ", at.line, at.column)).unwrap_or_default())]
    Syntax {
        /// What the parser said.
        message: String,
        /// Where, when the parser knows.
        at: Option<Position>,
    },
    /// The document names a context that is not kept here.
    #[error("the context `{0}` is not known here, and none is fetched")]
    UnknownContext(String),
    /// The document says too much.
    #[error("the document has more than {limit} quads")]
    TooManyQuads {
        /// How many are allowed.
        limit: usize,
    },
    /// A text is too long.
    #[error("a literal of {bytes} bytes is longer than {limit}")]
    LiteralTooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A name is too long.
    #[error("an IRI of {bytes} bytes is longer than {limit}")]
    IriTooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A name is not an absolute IRI of a kind that is taken.
    #[error("`{0}` is not an absolute http, https or urn IRI")]
    Iri(String),
    /// The base is not an absolute IRI.
    #[error("the base `{0}` is not an absolute IRI")]
    Base(String),
}

/// Reads all quads of a document; relative IRIs are resolved against `base`.
///
/// # Errors
///
/// [`InputError`] with the first fault. Nothing is read in part.
pub fn parse(
    bytes: &[u8],
    format: GraphFormat,
    base: Option<&str>,
    contexts: &Contexts,
    options: &Options,
) -> Result<Vec<Quad>, InputError> {
    guard(bytes, format, options)?;
    let mut parser = RdfParser::from_format(format.to_engine()).rename_blank_nodes();
    if let Some(base) = base {
        parser = parser.with_base_iri(base).map_err(|_| InputError::Base(base.to_owned()))?;
    }
    let unknown = Arc::new(Mutex::new(None));
    let loader = contexts.loader(Arc::clone(&unknown));
    let mut quads = Vec::new();
    for quad in parser.for_slice(bytes).with_document_loader(loader) {
        let quad = match quad {
            Ok(quad) => quad,
            Err(error) => {
                let unknown = unknown.lock().unwrap_or_else(PoisonError::into_inner).take();
                return Err(unknown.map_or_else(|| from_syntax(&error), InputError::UnknownContext));
            }
        };
        if quads.len() == options.max_quads {
            return Err(InputError::TooManyQuads { limit: options.max_quads });
        }
        check_quad(quad.as_ref(), options)?;
        quads.push(quad);
    }
    Ok(quads)
}

fn from_syntax(error: &RdfSyntaxError) -> InputError {
    let at = error.location().map(|location| Position {
        line: location.start.line + 1,
        column: location.start.column + 1,
    });
    let message = error.to_string();
    // The parser says where in words too: `Parser error at line 1 …: `.
    let message = match message.split_once(": ") {
        Some((place, what)) if at.is_some() && place.starts_with("Parser error at") => what,
        _ => &message,
    };
    InputError::Syntax { message: message.to_owned(), at }
}

fn check_quad(quad: QuadRef<'_>, options: &Options) -> Result<(), InputError> {
    if let NamedOrBlankNodeRef::NamedNode(subject) = quad.subject {
        check_iri(subject, NAMES, options)?;
    }
    check_iri(quad.predicate, NAMES, options)?;
    match quad.object {
        TermRef::NamedNode(object) => check_iri(object, LINKS, options)?,
        TermRef::Literal(literal) => {
            let (bytes, limit) = (literal.value().len(), options.max_literal_bytes);
            if bytes > limit {
                return Err(InputError::LiteralTooLong { bytes, limit });
            }
            check_iri(literal.datatype(), NAMES, options)?;
        }
        TermRef::BlankNode(_) => {}
    }
    match quad.graph_name {
        GraphNameRef::NamedNode(name) => check_iri(name, NAMES, options),
        GraphNameRef::BlankNode(_) | GraphNameRef::DefaultGraph => Ok(()),
    }
}

/// Schemes of what can be named.
const NAMES: &[&str] = &["http", "https", "urn"];

/// Schemes of what can be linked to: a contact may be a mailbox or a
/// telephone.
const LINKS: &[&str] = &["http", "https", "urn", "mailto", "tel"];

fn check_iri(iri: NamedNodeRef<'_>, schemes: &[&str], options: &Options) -> Result<(), InputError> {
    let (iri, limit) = (iri.as_str(), options.max_iri_bytes);
    if iri.len() > limit {
        return Err(InputError::IriTooLong { bytes: iri.len(), limit });
    }
    let known = |(scheme, rest): (&str, &str)| {
        let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme))
            && (!is_web || rest.strip_prefix("//").is_some_and(|host| !host.is_empty()))
    };
    if iri.split_once(':').is_some_and(known) {
        Ok(())
    } else {
        Err(InputError::Iri(iri.to_owned()))
    }
}

#[cfg(test)]
mod tests;
