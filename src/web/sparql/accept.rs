//! Which format an answer of each form would have.
//!
//! What a query gives is known only when it is parsed, so both are chosen
//! beforehand: how to write rows, and how to write triples.

use http::{HeaderMap, header};

use crate::graph::{GraphFormat, SolutionsFormat};
use crate::web::negotiate::Wishes;

/// Names of the formats of rows, the first being their own; also those by
/// which browsers and older clients ask for them.
const SOLUTIONS: [(SolutionsFormat, &[&str]); 4] = [
    (SolutionsFormat::Json, &["application/sparql-results+json", "application/json"]),
    (SolutionsFormat::Xml, &["application/sparql-results+xml", "application/xml", "text/xml"]),
    (SolutionsFormat::Csv, &["text/csv"]),
    (SolutionsFormat::Tsv, &["text/tab-separated-values", "text/plain"]),
];

/// Names of the formats of triples.
const GRAPHS: [(GraphFormat, &[&str]); 6] = [
    (GraphFormat::Turtle, &["text/turtle", "application/x-turtle"]),
    (GraphFormat::NTriples, &["application/n-triples", "text/plain"]),
    (GraphFormat::RdfXml, &["application/rdf+xml", "application/xml", "text/xml"]),
    (GraphFormat::JsonLd, &["application/ld+json", "application/json"]),
    (GraphFormat::NQuads, &["application/n-quads"]),
    (GraphFormat::TriG, &["application/trig"]),
];

/// The wishes of a client about formats.
pub(super) struct Accept(Wishes);

impl Accept {
    /// Reads the header; without one, or with none that can be read, anything
    /// will do.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter();
        let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        Self(Wishes::of(&texts.join(",")))
    }

    /// How to write rows; none when the client takes none of ours.
    pub(super) fn solutions(&self) -> Option<SolutionsFormat> {
        self.choose(&SOLUTIONS)
    }

    /// How to write triples; none when the client takes none of ours.
    pub(super) fn graph(&self) -> Option<GraphFormat> {
        self.choose(&GRAPHS)
    }

    /// Whether the client asks for a page by name, and for no RDF as much.
    pub(super) fn wants_page(&self) -> bool {
        let page = self.0.quality("text/html");
        let rdf = GRAPHS.iter().map(|(_, names)| self.0.quality(names[0]));
        page.is_exact() && rdf.max() < Some(page)
    }

    fn choose<F: Copy>(&self, formats: &[(F, &[&str])]) -> Option<F> {
        let mut best = None;
        for (format, names) in formats {
            let quality = names.iter().map(|name| self.0.quality(name)).max().unwrap_or_default();
            let is_better = best.is_none_or(|(known, _)| quality > known);
            if quality.is_wanted() && is_better {
                best = Some((quality, *format));
            }
        }
        best.map(|(_, format)| format)
    }
}
