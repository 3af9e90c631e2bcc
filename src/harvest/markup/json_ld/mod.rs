//! JSON-LD in HTML, after “HTML content algorithms” of the JSON-LD 1.1 API
//! (<https://www.w3.org/TR/json-ld11-api/#html-content-algorithms>).
//!
//! oxjsonld reads the JSON-LD. Its loader knows schema.org, by a context of
//! our own with the terms that matter here (the published one costs 10 ms a
//! script), takes the words of `OpenActive`, which builds on it, for words of
//! schema.org, and knows nothing else: other contexts are never fetched. Beside
//! a known one they are left out, and alone they are an error of that script.
//! Depth is checked before anything recurses.

mod contexts;
mod repair;

use std::error::Error;

use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use oxiri::Iri;
use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use serde::de::IgnoredAny;

use super::dom;
pub(super) use repair::{Repair, repaired};

/// How deep arrays and objects may lie in each other; the reader of JSON has
/// the same limit.
const MOST_DEPTH: usize = 100;
/// More statements than this one page never has.
const MOST_TRIPLES: usize = 100_000;
/// Scripts up to this can't need much memory whatever their contexts say.
const SMALL_BYTES: usize = 16 << 10;
/// How many faults of one script are told.
const MOST_FAULTS: usize = 5;

/// The terms of schema.org that are addresses or dates, and its prefix.
const SCHEMA_ORG: &str = include_str!("schema_org.jsonld");

/// Why a script is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum JsonLdError {
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    Json(String),
    /// Arrays and objects lie too deep in each other.
    #[error("arrays and objects lie more than {MOST_DEPTH} deep in each other")]
    Deep,
}

/// Checks that a text is one JSON value of reasonable depth.
///
/// # Errors
///
/// [`JsonLdError`] when it is not.
pub(super) fn strict(text: &str) -> Result<(), JsonLdError> {
    if is_deep(text) {
        return Err(JsonLdError::Deep);
    }
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) if repair::has_lone_surrogate(text) => {
            Err(JsonLdError::Json("half a character stands in an escape".to_owned()))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(JsonLdError::Json(error.to_string())),
    }
}

fn is_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                if depth > MOST_DEPTH {
                    return true;
                }
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// What a script says, and what of it could not be read.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// The triples of all its graphs.
    pub(super) triples: Vec<Triple>,
    /// What was wrong.
    pub(super) faults: Vec<String>,
    /// Contexts that are not known and were left out.
    pub(super) left_out: Vec<String>,
}

/// What `json` says; `base` completes its relative addresses.
pub(super) fn statements(json: &str, base: &Iri<String>) -> Statements {
    let said = read(json, base);
    if said.faults.is_empty() {
        return said;
    }
    match contexts::known(json) {
        Some((json, left_out)) => Statements { left_out, ..read(&json, base) },
        None => said,
    }
}

fn read(json: &str, base: &Iri<String>) -> Statements {
    let mut said = Statements::default();
    if let Err(fault) = check_contexts(json) {
        said.faults.push(fault);
        return said;
    }
    let parser = match JsonLdParser::new().lenient().with_base_iri(base.as_str()) {
        Ok(parser) => parser,
        Err(error) => {
            said.faults.push(error.to_string());
            return said;
        }
    };
    let parser = parser.for_slice(json).with_load_document_callback(|address, _| context(address));
    for quad in parser {
        match quad {
            Ok(quad) => {
                let triple = Triple::new(quad.subject, quad.predicate, quad.object);
                said.triples.extend(checked(triple, base));
            }
            Err(error) if said.faults.len() < MOST_FAULTS => said.faults.push(error.to_string()),
            Err(_) => {}
        }
        if said.triples.len() >= MOST_TRIPLES {
            said.faults.push(format!("it says more than {MOST_TRIPLES} things"));
            break;
        }
    }
    said
}

/// Checks that no address in a context is long: each short name in the script
/// is expanded with it, so that the memory would grow by the square.
fn check_contexts(json: &str) -> Result<(), String> {
    if json.len() <= SMALL_BYTES {
        return Ok(());
    }
    let json: serde_json::Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let mut pending = vec![(&json, false)];
    while let Some((value, in_context)) = pending.pop() {
        match value {
            serde_json::Value::String(text) if in_context && text.len() > dom::ADDRESS_BYTES => {
                return Err(format!("an address in a context has {} characters", text.len()));
            }
            serde_json::Value::Array(list) => {
                pending.extend(list.iter().map(|value| (value, in_context)));
            }
            serde_json::Value::Object(object) => pending
                .extend(object.iter().map(|(key, value)| (value, in_context || key == "@context"))),
            _ => {}
        }
    }
    Ok(())
}

/// The built-in contexts, by address; others are refused.
fn context(address: &str) -> Result<JsonLdRemoteDocument, Box<dyn Error + Send + Sync>> {
    if !contexts::is_known(address) {
        return Err(format!("the context {address} is not built in, and none is fetched").into());
    }
    Ok(JsonLdRemoteDocument {
        document: SCHEMA_ORG.as_bytes().to_vec(),
        document_url: "https://schema.org/".to_owned(),
    })
}

/// The triple with its addresses as addresses are written; addresses that
/// can't be put right take it away.
fn checked(triple: Triple, base: &Iri<String>) -> Option<Triple> {
    let right = |node: NamedNode| {
        if Iri::parse(node.as_str()).is_ok() { Some(node) } else { dom::node(base, node.as_str()) }
    };
    Some(Triple {
        subject: match triple.subject {
            NamedOrBlankNode::NamedNode(node) => right(node)?.into(),
            blank @ NamedOrBlankNode::BlankNode(_) => blank,
        },
        predicate: Iri::parse(triple.predicate.as_str()).is_ok().then_some(triple.predicate)?,
        object: match triple.object {
            Term::NamedNode(node) => right(node)?.into(),
            other => other,
        },
    })
}
