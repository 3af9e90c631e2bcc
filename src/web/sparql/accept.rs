//! Which format an answer of each form would have.
//!
//! What a query gives is known only when it is parsed, so both are chosen
//! beforehand: how to write rows, and how to write triples.

use http::{HeaderMap, header};

use crate::graph::{GraphFormat, SolutionsFormat};

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

/// The wishes of a client: ranges of media types with their qualities in
/// thousandths (RFC 9110, 12.5.1).
pub(super) struct Accept(Vec<(String, u16)>);

impl Accept {
    /// Reads the header; without one, or with none that can be read, anything
    /// will do.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut ranges = Vec::new();
        for value in headers.get_all(header::ACCEPT) {
            let text = value.to_str().unwrap_or_default();
            ranges.extend(text.split(',').filter_map(range));
        }
        if ranges.is_empty() {
            ranges.push(("*/*".to_owned(), 1_000));
        }
        Self(ranges)
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
        let is_named = self.0.iter().any(|(range, _)| range == "text/html");
        let rdf = GRAPHS.iter().map(|(_, names)| self.quality(names[0]));
        is_named && rdf.max() < Some(self.quality("text/html"))
    }

    fn choose<F: Copy>(&self, formats: &[(F, &[&str])]) -> Option<F> {
        let mut best = None;
        for (format, names) in formats {
            let quality = names.iter().map(|name| self.quality(name)).max().unwrap_or_default();
            let is_better = best.is_none_or(|(known, _)| quality > known);
            if quality.0 > 0 && is_better {
                best = Some((quality, *format));
            }
        }
        best.map(|(_, format)| format)
    }

    /// How much a media type is wanted, and then how exactly it is named: the
    /// most exact range decides.
    fn quality(&self, media_type: &str) -> (u16, u8) {
        let family = media_type.split('/').next().unwrap_or_default();
        let exactness = |range: &str| match range.strip_suffix("/*") {
            _ if range == media_type => Some(2),
            Some("*") => Some(0),
            Some(prefix) if prefix == family => Some(1),
            _ => None,
        };
        let matching =
            self.0.iter().filter_map(|(range, quality)| Some((exactness(range)?, *quality)));
        matching.max().map_or((0, 0), |(exactness, quality)| (quality, exactness))
    }
}

fn range(member: &str) -> Option<(String, u16)> {
    let mut parts = member.split(';');
    let range = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    if !range.contains('/') {
        return None;
    }
    let quality = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
        .and_then(|(_, value)| value.trim().parse::<f64>().ok())
        .map_or(1_000, thousandths);
    Some((range, quality))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is clamped to what a quality can be"
)]
fn thousandths(quality: f64) -> u16 {
    (quality.clamp(0.0, 1.0) * 1_000.0).round() as u16
}
