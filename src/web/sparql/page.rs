//! The form that a browser gets.

use askama::Template;
use url::form_urlencoded;

use crate::web::html::address::Address;
use crate::web::html::messages;
use crate::web::html::page::{self, Page};
use crate::web::negotiate::Language;
use crate::web::problem::{Problem, Result};
use crate::web::sparql::Endpoint;
use crate::web::sparql::request::PINNED;

/// A query that shows something in any register, and how to write one.
const EXAMPLE: &str = "PREFIX schema: <https://schema.org/>

SELECT ?thing ?name WHERE {
  ?thing schema:name ?name
}
ORDER BY ?name
LIMIT 20
";

/// How many characters of what a parser expects people may want to read.
const LONGEST_EXPECTED: usize = 100;

/// Questions that people may begin with, and their queries.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "How many things of each class are there?",
        "SELECT ?class (COUNT(*) AS ?things) WHERE { ?thing a ?class }\nGROUP BY ?class ORDER BY DESC(?things)",
    ),
    (
        "Which sources are there, and under which licence?",
        "PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX schema: <https://schema.org/>\nPREFIX kist: <https://w3id.org/kist#>\n\
         SELECT ?name ?licence WHERE {\n  ?source a kist:Source ; schema:name ?name\n  \
         OPTIONAL { ?source dcterms:license ?licence }\n} ORDER BY ?name",
    ),
    (
        "What is called a library?",
        "PREFIX schema: <https://schema.org/>\nSELECT ?thing ?name WHERE {\n  ?thing schema:name ?name\n  \
         FILTER(CONTAINS(LCASE(?name), \"library\"))\n} ORDER BY ?name LIMIT 50",
    ),
];

#[derive(Template)]
#[template(path = "sparql.html")]
struct SparqlPage<'a> {
    page: Page,
    /// What stands in the form.
    query: &'a str,
    /// Why it was not answered.
    fault: Option<String>,
    examples: Vec<(&'static str, String)>,
    formats: Vec<&'static str>,
    rows: String,
    address: &'a str,
    revision: u64,
}

/// A query that was not answered.
pub(super) struct Fault<'a> {
    pub(super) query: &'a str,
    pub(super) problem: &'a Problem,
}

/// The page: a form that sends a query by GET, questions to begin with, and the
/// limits in words. It needs no script.
///
/// # Errors
///
/// 500 `internal` when it can't be drawn.
pub(super) fn render(
    endpoint: &Endpoint,
    (address, wanted): (&str, Option<&str>),
    fault: Option<Fault<'_>>,
) -> Result<String> {
    let language = language(address, wanted);
    let examples = EXAMPLES.iter().map(|(what, query)| {
        let at = Address::new("/sparql").with("query", query).with("format", "text");
        (*what, at.to_string())
    });
    page::draw(&SparqlPage {
        page: Page::new(language, "SPARQL", &Address::asked("/sparql", address)),
        query: fault.as_ref().map_or(EXAMPLE, |fault| fault.query),
        fault: fault.as_ref().map(|fault| in_short(fault.problem.detail())),
        examples: examples.collect(),
        formats: PINNED.iter().rev().map(|(name, _)| *name).collect(),
        rows: messages::thousands(endpoint.pool.limits().max_rows as u64),
        address: &endpoint.address,
        revision: endpoint.pool.revision().0,
    })
}

/// What is wrong, without the long list of all that could have stood there.
fn in_short(detail: &str) -> String {
    let (place, expected) = detail.split_once("expected").unwrap_or((detail, ""));
    let is_long = expected.chars().count() > LONGEST_EXPECTED;
    let place = place.trim_end().trim_end_matches(':');
    if is_long { format!("{place}: something else was expected") } else { detail.to_owned() }
}

/// The language that the query of an address asks for, or else the one that the
/// browser wants.
fn language(query: &str, wanted: Option<&str>) -> Language {
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
    match &asked {
        Some((_, tag)) => Language::negotiate(Some(tag)),
        None => Language::negotiate(wanted),
    }
}
