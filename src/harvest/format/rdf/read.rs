//! The triples of a document, whatever its syntax and packing.

use std::sync::LazyLock;

use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser, RdfSyntaxError};
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple};
use url::Url;

use super::packing::{is_packed, unpacked};
use crate::graph::GraphFormat;
use crate::graph::input::{self, Contexts, InputError, Options};
use crate::harvest::document::Document;
use crate::harvest::extraction::Problem;
use crate::schema::{CONTEXT_PATH, context};

/// Media types, and endings of file names, by syntax.
const SYNTAXES: &[(GraphFormat, &[&str], &[&str])] = &[
    (GraphFormat::Turtle, &["text/turtle", "application/x-turtle", "text/n3"], &[".ttl", ".n3"]),
    (GraphFormat::TriG, &["application/trig"], &[".trig"]),
    (GraphFormat::NTriples, &["application/n-triples"], &[".nt"]),
    (GraphFormat::NQuads, &["application/n-quads"], &[".nq"]),
    (GraphFormat::RdfXml, &["application/rdf+xml"], &[".rdf", ".owl"]),
    (GraphFormat::JsonLd, &["application/ld+json"], &[".jsonld"]),
];

/// Triples of one document: a register of 25,000 records.
const MOST_TRIPLES: usize = 500_000;

/// Faults in the syntax after which the rest is not read.
pub(super) const MOST_FAULTS: usize = 100;

/// Problems with single triples that are said; all are counted.
pub(super) const MOST_SAID: usize = 100;

/// The context of every kist register.
static KIST_CONTEXT: LazyLock<String> = LazyLock::new(|| context(&super::kist::SCHEMA).to_string());

/// What a document says.
#[derive(Debug, Default)]
pub(in crate::harvest::format) struct Read {
    /// All triples, of whichever graph.
    pub(in crate::harvest::format) triples: Vec<Triple>,
    /// What could not be read.
    pub(in crate::harvest::format) problems: Vec<Problem>,
}

/// The syntax of a document; `None` when it is no RDF.
pub(in crate::harvest::format) fn format_of(document: &Document) -> Option<GraphFormat> {
    let head = document.head();
    let is_packed = is_packed(&document.bytes);
    if !is_packed && (head.is_empty() || starts(head, &["<!doctype html", "<html"])) {
        return None;
    }
    let declared = SYNTAXES.iter().find(|(_, types, _)| document.is_declared(types));
    let path = document.url.path().to_ascii_lowercase();
    let path = [".gz", ".zst"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(&path);
    let by_path = || SYNTAXES.iter().find(|(_, _, ends)| ends.iter().any(|e| path.ends_with(e)));
    if let Some((format, _, _)) = declared.or_else(by_path) {
        return Some(*format);
    }
    if is_packed { None } else { sniffed(head) }
}

/// Whether the declared media type is one of RDF.
pub(in crate::harvest::format) fn is_declared(document: &Document) -> bool {
    SYNTAXES.iter().any(|(_, types, _)| document.is_declared(types))
}

/// Whether the start of a document has these characters.
pub(in crate::harvest::format) fn mentions(document: &Document, text: &str) -> bool {
    document.head().windows(text.len()).any(|window| window == text.as_bytes())
}

fn starts(head: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        head.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    })
}

pub(super) fn sniffed(head: &[u8]) -> Option<GraphFormat> {
    let has = |text: &str| head.windows(text.len()).any(|window| window == text.as_bytes());
    if starts(head, &["@prefix", "@base", "prefix ", "base <"]) {
        Some(GraphFormat::TriG)
    } else if starts(head, &["<http", "_:"]) && has("> <") {
        Some(GraphFormat::NQuads)
    } else if head.starts_with(b"<") && has("http://www.w3.org/1999/02/22-rdf-syntax-ns#") {
        Some(GraphFormat::RdfXml)
    } else if head.starts_with(b"{") && has("\"@context\"") || has("\"@graph\"") {
        Some(GraphFormat::JsonLd)
    } else {
        None
    }
}

/// Reads a document to its end, or as far as it can be read.
pub(in crate::harvest::format) fn read(document: &Document) -> Read {
    let broken = |problem: Problem| Read { triples: Vec::new(), problems: vec![problem] };
    let bytes = match unpacked(&document.bytes) {
        Ok(bytes) => bytes,
        Err(problem) => return broken(*problem),
    };
    let sniffed = || sniffed(&bytes[..bytes.len().min(2_048)]);
    let Some(format) = format_of(document).or_else(sniffed) else {
        return broken(
            Problem::broken("unexpected-type", "", "it is no RDF")
                .advice("Check the address: it may answer with a page to log in."),
        );
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let options = Options { max_quads: MOST_TRIPLES, ..Options::default() };
    if format == GraphFormat::JsonLd {
        let base = Some(document.url.as_str());
        let contexts = contexts(bytes, document);
        return match input::parse(bytes, format, base, &contexts, &options) {
            Ok(quads) => Read {
                triples: quads.into_iter().map(Triple::from).collect(),
                problems: Vec::new(),
            },
            Err(error) => broken(from_input(&error)),
        };
    }
    if let Err(error) = input::guard(bytes, format, &options) {
        return broken(from_input(&error));
    }
    by_statement(bytes, format, document.url.as_str(), &options)
}

/// The contexts that a document of JSON-LD may name: schema.org's, and that of
/// another kist register for its own documents.
fn contexts(bytes: &[u8], document: &Document) -> Contexts {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let named = text.find(&format!("{CONTEXT_PATH}\"")).and_then(|at| {
        let address = &text[..at + CONTEXT_PATH.len()];
        Some(&address[address.rfind('"')? + 1..])
    });
    let is_its_own = |address: &&str| {
        let origin = Url::parse(address).map(|address| address.origin());
        origin.is_ok_and(|origin| origin == document.url.origin())
    };
    Contexts::new(named.filter(is_its_own).map(|address| (address, KIST_CONTEXT.as_str())))
}

/// Reads statement by statement: one that can't be taken costs itself.
fn by_statement(bytes: &[u8], format: GraphFormat, base: &str, options: &Options) -> Read {
    let mut read = Read::default();
    let parser = RdfParser::from_format(engine_format(format));
    let Ok(parser) = parser.with_base_iri(base) else {
        read.problems.push(Problem::broken("bad-rdf", "", format!("`{base}` is no base")));
        return read;
    };
    let (mut faults, mut left_out) = (0_usize, 0_usize);
    for quad in parser.for_slice(bytes) {
        match quad {
            Ok(_) if read.triples.len() >= MOST_TRIPLES => {
                let what =
                    format!("there are more than {MOST_TRIPLES} triples; the rest was not read");
                read.problems.push(Problem::broken("too-many-triples", "", what));
                break;
            }
            Ok(quad) => match refused(&quad, options) {
                None => read.triples.push(quad.into()),
                Some(what) => {
                    left_out += 1;
                    if left_out <= MOST_SAID {
                        read.problems.push(Problem::error(
                            "bad-triple",
                            quad.subject.to_string(),
                            what,
                        ));
                    }
                }
            },
            Err(error) => {
                read.problems.push(fault(&error));
                faults += 1;
                if faults >= MOST_FAULTS {
                    break;
                }
            }
        }
    }
    if left_out > MOST_SAID {
        let what = format!("{} more triples were left out", left_out - MOST_SAID);
        read.problems.push(Problem::warning("more-problems", "", what));
    }
    read
}

/// What is wrong with the syntax, and where.
pub(super) fn fault(error: &RdfSyntaxError) -> Problem {
    let at = error.location().map(|location| {
        format!("line {}, column {}", location.start.line + 1, location.start.column + 1)
    });
    let what = error.to_string().chars().take(300).collect::<String>();
    Problem::broken("bad-rdf", at.unwrap_or_default(), what)
}

/// Why a triple is not taken; `None` when it is.
pub(super) fn refused(quad: &Quad, options: &Options) -> Option<String> {
    let is_fine = |iri: NamedNodeRef<'_>| {
        let iri = iri.as_str();
        let scheme = iri.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
        let is_safe = matches!(scheme.as_str(), "http" | "https" | "urn" | "mailto" | "tel");
        is_safe && iri.len() <= options.max_iri_bytes
    };
    let refuse = |iri: NamedNodeRef<'_>| {
        let shown: String = iri.as_str().chars().take(200).collect();
        format!("`{shown}` is no address that is taken")
    };
    match &quad.object {
        Term::NamedNode(node) if !is_fine(node.as_ref()) => return Some(refuse(node.as_ref())),
        Term::Literal(literal) if literal.value().len() > options.max_literal_bytes => {
            return Some(format!("a text of {} bytes is too long", literal.value().len()));
        }
        _ => {}
    }
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) if !is_fine(node.as_ref()) => Some(refuse(node.as_ref())),
        _ => None,
    }
}

pub(super) fn engine_format(format: GraphFormat) -> RdfFormat {
    match format {
        GraphFormat::Turtle => RdfFormat::Turtle,
        GraphFormat::NTriples => RdfFormat::NTriples,
        GraphFormat::NQuads => RdfFormat::NQuads,
        GraphFormat::TriG => RdfFormat::TriG,
        GraphFormat::RdfXml => RdfFormat::RdfXml,
        GraphFormat::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
    }
}

fn from_input(error: &InputError) -> Problem {
    let (code, advice) = match error {
        InputError::Doctype(_) => ("xml-doctype", "Leave the document type out."),
        InputError::Depth { .. } => ("too-deep", "Nest less deeply."),
        InputError::UnknownContext(_) => {
            ("unknown-context", "Write the context into the document, or use that of schema.org.")
        }
        InputError::Encoding(_) => ("bad-encoding", "Write the document in UTF-8."),
        InputError::TooManyQuads { .. } => ("too-many-triples", "Publish it in several documents."),
        _ => ("bad-rdf", "Check the document with a validator of its syntax."),
    };
    Problem::broken(code, "", error.to_string()).advice(advice)
}
