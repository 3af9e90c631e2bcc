//! The form that a browser gets.

use askama::Template;
use url::form_urlencoded;

use crate::web::html::address::Address;
use crate::web::html::messages;
use crate::web::html::page::{self, Page};
use crate::web::html::tongue::Tongue;
use crate::web::negotiate::Language;
use crate::web::problem::{Problem, Result};
use crate::web::sparql::Endpoint;
use crate::web::sparql::request::{PAGE, PINNED};
use crate::web::sparql::table::Table;

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
    table: Option<&'a Table>,
    /// The same answer for programs.
    downloads: Vec<(&'static str, String)>,
    examples: Vec<(&'static str, String)>,
    /// What keeps the language of the page.
    language: Option<(String, String)>,
    formats: Vec<&'static str>,
    rows: String,
    address: &'a str,
    revision: u64,
}

/// What became of a query.
#[derive(Clone, Copy)]
pub(super) enum Outcome<'a> {
    /// It was not answered.
    Fault(&'a Problem),
    /// Its answer.
    Table(&'a Table),
}

/// The formats in which an answer with rows can be taken away.
const DOWNLOADS: [(&str, &str); 4] =
    [("CSV", "csv"), ("TSV", "tsv"), ("JSON", "json"), ("XML", "xml")];

/// The page: a form that sends a query by GET, questions to begin with, and the
/// limits in words. It needs no script.
///
/// # Errors
///
/// 500 `internal` when it can't be drawn.
pub(super) fn render(
    endpoint: &Endpoint,
    (address, wanted): (&str, Option<&str>),
    asked: Option<(&str, Outcome<'_>)>,
) -> Result<String> {
    let tongue = tongue(address, wanted);
    let examples = EXAMPLES.iter().map(|(what, query)| {
        let at = Address::new("/sparql").with("query", query).with("format", PAGE);
        (*what, tongue.localised(&at).to_string())
    });
    let own = Address::asked("/sparql", address);
    let (fault, table) = match asked {
        Some((_, Outcome::Fault(problem))) => (Some(in_short(problem.detail())), None),
        Some((_, Outcome::Table(table))) => (None, Some(table)),
        None => (None, None),
    };
    let downloads = DOWNLOADS.iter().filter(|_| table.is_some()).map(|(name, format)| {
        (*name, own.set("lang", None).set("format", Some(format)).to_string())
    });
    page::draw(&SparqlPage {
        page: Page::new(tongue, "SPARQL", &own),
        query: asked.map_or(EXAMPLE, |(query, _)| query),
        fault,
        table,
        downloads: downloads.collect(),
        examples: examples.collect(),
        language: tongue.field(),
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
pub(super) fn tongue(query: &str, wanted: Option<&str>) -> Tongue {
    let wanted = Language::negotiate(wanted);
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
    let language = asked.map_or(wanted, |(_, tag)| Language::negotiate(Some(&tag)));
    Tongue::chosen(language, wanted)
}
