//! RDF dumps in any syntax: Turtle, `TriG`, N-Triples, N-Quads, RDF/XML and
//! JSON-LD, also packed with gzip or zstd.
//!
//! Things in kist's own vocabulary are records as they stand; those in
//! schema.org, or in ORG, FOAF and vCard, go the way of structured data in
//! pages. Names of graphs in a file mean nothing here: all that it says, its
//! publisher says. Nothing is ever fetched.

mod kist;
mod packing;
mod pieces;
pub(super) mod read;
#[cfg(test)]
mod tests;
mod translate;

use std::collections::HashMap;

use oxigraph::model::{NamedOrBlankNode, Term, Triple};

use super::{Format, Listing, Reading, schema_org};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Problem};
use crate::harvest::markup::{Page, Part, Syntax, outline};

pub(super) use packing::is_packed;
pub use pieces::Elsewhere;
pub(super) use pieces::pieces;

pub(super) const FORMAT: Format = Format {
    name: "rdf",
    label: "RDF",
    specification: "https://www.w3.org/TR/rdf11-concepts/",
    accept: "text/turtle, application/trig, application/n-quads, application/n-triples, \
             application/ld+json;q=0.9, application/rdf+xml;q=0.8",
    listing: Listing::Complete,
    recognises,
    extract,
};

/// Subjects that are read together: things that speak of each other are never
/// parted, others are put together up to here.
const TOGETHER: usize = 500;

/// Records of things that all speak of each other; what reads them takes no
/// more of one page.
const MOST_TOGETHER: usize = 1_000;

fn recognises(document: &Document) -> u8 {
    match read::format_of(document) {
        // Feeds of RSS 1.0 are RDF as well, and more than that.
        Some(_) if read::mentions(document, "http://purl.org/rss/1.0/") => 0,
        Some(_) if read::is_declared(document) => 85,
        Some(_) => 70,
        None => 0,
    }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let read::Read { triples, mut problems } = read::read(document);
    let kist::Found { mut drafts, rest, problems: found } =
        kist::drafts(triples, reading.elsewhere);
    problems.extend(found);
    for triples in components(translate::to_schema_org(rest)) {
        let page = Page {
            outline: outline::outline(""),
            base: document.url.clone(),
            parts: vec![Part { syntax: Syntax::JsonLd, at: String::new(), triples }],
            problems: Vec::new(),
        };
        let said = schema_org::read(&page, &document.url, reading);
        if said.drafts.len() >= MOST_TOGETHER {
            let what = format!("more than {MOST_TOGETHER} things speak of each other");
            problems.push(
                Problem::broken("too-many-records", "", what)
                    .advice("Publish them in several documents."),
            );
        }
        problems.extend(said.problems);
        drafts.extend(said.drafts.into_iter().map(|mut draft| {
            draft.at.clone_from(&draft.key);
            draft
        }));
    }
    if drafts.is_empty() && problems.is_empty() {
        let what = "nothing in it is an organisation, service, event, place or resource";
        problems.push(
            Problem::warning("no-records", "", what)
                .advice("Describe things with classes of schema.org or of kist."),
        );
    }
    Extraction { drafts, problems, ..Extraction::default() }
}

/// The triples in groups that say nothing of each other's subjects, in the
/// order of the document.
fn components(triples: Vec<Triple>) -> Vec<Vec<Triple>> {
    let mut numbers: HashMap<NamedOrBlankNode, usize> = HashMap::new();
    for triple in &triples {
        let next = numbers.len();
        numbers.entry(triple.subject.clone()).or_insert(next);
    }
    let mut leaders: Vec<usize> = (0..numbers.len()).collect();
    for triple in &triples {
        let object = match &triple.object {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::Literal(_) => continue,
        };
        if let Some(object) = numbers.get(&object) {
            let (one, other) =
                (leader(&mut leaders, numbers[&triple.subject]), leader(&mut leaders, *object));
            leaders[one.max(other)] = one.min(other);
        }
    }
    // The group of each leader; small ones share one.
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for at in 0..leaders.len() {
        *sizes.entry(leader(&mut leaders, at)).or_default() += 1;
    }
    let mut groups: HashMap<usize, usize> = HashMap::new();
    let (mut group, mut held) = (0, 0);
    let firsts = leaders.iter().enumerate().filter(|(at, leader)| at == *leader);
    for (at, _) in firsts {
        let size = sizes.get(&at).copied().unwrap_or_default();
        if held > 0 && held + size > TOGETHER {
            group += 1;
            held = 0;
        }
        held += size;
        groups.insert(at, group);
    }
    let mut parts: Vec<Vec<Triple>> =
        vec![Vec::new(); if triples.is_empty() { 0 } else { group + 1 }];
    for triple in triples {
        let leader = leader(&mut leaders, numbers[&triple.subject]);
        parts[groups[&leader]].push(triple);
    }
    parts
}

/// The first of the subjects that belong together with the one at `at`.
fn leader(leaders: &mut [usize], mut at: usize) -> usize {
    while leaders[at] != at {
        leaders[at] = leaders[leaders[at]];
        at = leaders[at];
    }
    at
}
