//! A query as the protocol carries it: in the address, in a form, or as the
//! body.
//!
//! Source: SPARQL 1.1 Protocol, 2.1 <https://www.w3.org/TR/sparql11-protocol/>.

use http::{HeaderMap, header};
use percent_encoding::percent_decode;

use crate::graph::{Dataset, GraphFormat, SolutionsFormat};
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::sparql::no_updates;

/// The type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// The type of a body that is a query.
const QUERY: &str = "application/sparql-query";

/// The type of a body that is an update.
const UPDATE: &str = "application/sparql-update";

/// All parameters of queries.
const KNOWN: [&str; 4] = ["query", "default-graph-uri", "named-graph-uri", "format"];

/// Parameters of updates.
const OF_UPDATES: [&str; 3] = ["update", "using-graph-uri", "using-named-graph-uri"];

/// A query and what the protocol says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SparqlRequest {
    pub(super) query: String,
    pub(super) dataset: Option<Dataset>,
    /// The format that the parameter `format` pins, whatever `Accept` says.
    pub(super) pinned: Option<Pinned>,
    /// Whether `format` asks for rows as a table in the page.
    pub(super) is_page: bool,
}

/// A format by its short name: for rows, for triples, or for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pinned {
    pub(super) solutions: Option<SolutionsFormat>,
    pub(super) graph: Option<GraphFormat>,
}

/// The value of `format` that asks for a table in the page.
pub(super) const PAGE: &str = "html";

/// The names that the parameter `format` takes besides.
pub(super) const PINNED: [(&str, Pinned); 9] = [
    ("json", pinned(Some(SolutionsFormat::Json), Some(GraphFormat::JsonLd))),
    ("xml", pinned(Some(SolutionsFormat::Xml), Some(GraphFormat::RdfXml))),
    ("csv", pinned(Some(SolutionsFormat::Csv), None)),
    ("tsv", pinned(Some(SolutionsFormat::Tsv), None)),
    ("ttl", pinned(None, Some(GraphFormat::Turtle))),
    ("nt", pinned(None, Some(GraphFormat::NTriples))),
    ("rdf", pinned(None, Some(GraphFormat::RdfXml))),
    ("jsonld", pinned(None, Some(GraphFormat::JsonLd))),
    ("text", pinned(Some(SolutionsFormat::Tsv), Some(GraphFormat::Turtle))),
];

const fn pinned(solutions: Option<SolutionsFormat>, graph: Option<GraphFormat>) -> Pinned {
    Pinned { solutions, graph }
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    Form,
    Query,
    Update,
}

impl BodyKind {
    /// Reads the media type of a body.
    ///
    /// # Errors
    ///
    /// 415 when it is none of ours, not in UTF-8, or encoded.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self> {
        let coding = headers.get(header::CONTENT_ENCODING);
        if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            let detail = "a query is sent as it is, without Content-Encoding";
            return Err(Problem::new(ProblemKind::UnsupportedMediaType, detail));
        }
        let taken = || vec![FORM.to_owned(), QUERY.to_owned()];
        let Some(given) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
        else {
            return Err(Problem::unsupported_media_type(None, taken()));
        };
        let lower = given.to_ascii_lowercase();
        let mut parts = lower.split(';').map(str::trim);
        let kind = match parts.next() {
            Some(FORM) => Some(Self::Form),
            Some(QUERY) => Some(Self::Query),
            Some(UPDATE) => Some(Self::Update),
            _ => None,
        };
        let is_foreign = parts
            .filter_map(|part| part.strip_prefix("charset="))
            .any(|charset| !["utf-8", "utf8", "us-ascii"].contains(&charset.trim_matches('"')));
        kind.filter(|_| !is_foreign)
            .ok_or_else(|| Problem::unsupported_media_type(Some(given), taken()))
    }
}

/// Reads the query of an address; nothing when there are no parameters at
/// all, or only `lang`, the language of the page that describes the endpoint.
///
/// # Errors
///
/// 400 for parameters that are missing, unknown, given twice or not UTF-8;
/// 405 for an update.
pub(super) fn from_get(address: &str) -> Result<Option<SparqlRequest>> {
    let parameters = decode(address)?;
    if parameters.iter().all(|(name, _)| name == "lang") {
        return Ok(None);
    }
    if parameters.iter().any(|(name, _)| OF_UPDATES.contains(&name.as_str())) {
        return Err(Problem::method_not_allowed("GET", "POST"));
    }
    from_parameters(parameters, None).map(Some)
}

/// Reads a form, or a query that is the body; in both cases the address may
/// name graphs.
///
/// # Errors
///
/// 400 as [`from_get`]; 403 for an update.
pub(super) fn from_post(address: &str, kind: BodyKind, body: &[u8]) -> Result<SparqlRequest> {
    let mut parameters = decode(address)?;
    let query = match kind {
        BodyKind::Update => return Err(no_updates()),
        BodyKind::Query => Some(text("query", body.to_vec())?),
        BodyKind::Form => {
            let body = text("query", body.to_vec())?;
            parameters.extend(decode(&body)?);
            None
        }
    };
    if parameters.iter().any(|(name, _)| OF_UPDATES.contains(&name.as_str())) {
        return Err(no_updates());
    }
    from_parameters(parameters, query)
}

fn from_parameters(
    parameters: Vec<(String, String)>,
    mut query: Option<String>,
) -> Result<SparqlRequest> {
    let mut dataset = Dataset::default();
    let mut pinned = None;
    let mut is_page = false;
    for (name, value) in parameters {
        match name.as_str() {
            "default-graph-uri" => dataset.default.push(value),
            "named-graph-uri" => dataset.named.push(value),
            "query" if query.is_some() => return Err(Problem::duplicate_parameter("query")),
            "query" => query = Some(value),
            "format" if pinned.is_some() || is_page => {
                return Err(Problem::duplicate_parameter("format"));
            }
            "format" if value == PAGE => is_page = true,
            "format" => pinned = Some(format(&value)?),
            // That of the page around the answer.
            "lang" => {}
            _ => return Err(Problem::unknown_parameter(&name, None, KNOWN)),
        }
    }
    let query = query.ok_or_else(|| Problem::missing_parameter("query"))?;
    let has_dataset = dataset != Dataset::default();
    Ok(SparqlRequest { query, dataset: has_dataset.then_some(dataset), pinned, is_page })
}

fn format(name: &str) -> Result<Pinned> {
    let row = PINNED.into_iter().find(|(known, _)| *known == name);
    row.map(|(_, pinned)| pinned).ok_or_else(|| {
        let names: Vec<&str> = PINNED.into_iter().map(|(name, _)| name).chain([PAGE]).collect();
        let detail = format!("`{name}` is not among {}", names.join(", "));
        Problem::invalid_parameter("format", detail)
    })
}

/// Splits and decodes the parameters of an address or a form.
///
/// Strict where the usual decoders are not: bytes that aren't UTF-8 are an
/// error and not replaced.
fn decode(parameters: &str) -> Result<Vec<(String, String)>> {
    let part = |name: &str, part: &str| {
        let spaced = part.replace('+', " ");
        text(name, percent_decode(spaced.as_bytes()).collect())
    };
    parameters
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = part("name", name)?;
            let value = part(&name, value)?;
            Ok((name, value))
        })
        .collect()
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Problem::invalid_parameter(name, "it is not UTF-8"))
}
