//! Property copying: `rdfa:copy` takes the properties of an `rdfa:Pattern`.
//! Section 3.5 of HTML+RDFa 1.1.

use std::collections::HashSet;

use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedOrBlankNode, Term, Triple};

const COPY: &str = "http://www.w3.org/ns/rdfa#copy";
const PATTERN: &str = "http://www.w3.org/ns/rdfa#Pattern";
/// Patterns may name patterns; a chain longer than this is no page's.
const MOST_ROUNDS: usize = 20;
/// Copies multiply; more than this no page means.
const MOST_TRIPLES: usize = 20_000;

/// Replaces each `rdfa:copy` by the properties of its pattern, and takes the
/// patterns that were copied away.
pub(super) fn copy_patterns(triples: &mut Vec<Triple>) {
    if triples.iter().all(|triple| triple.predicate.as_str() != COPY) {
        return;
    }
    let patterns: HashSet<NamedOrBlankNode> = triples
        .iter()
        .filter(|triple| is_pattern(triple))
        .map(|triple| triple.subject.clone())
        .collect();
    let mut known: HashSet<Triple> = triples.iter().cloned().collect();
    let mut copied = HashSet::new();
    for _ in 0..MOST_ROUNDS {
        let pairs: Vec<(NamedOrBlankNode, NamedOrBlankNode)> = triples
            .iter()
            .filter(|triple| triple.predicate.as_str() == COPY)
            .filter_map(|triple| Some((triple.subject.clone(), node(&triple.object)?)))
            .filter(|(_, pattern)| patterns.contains(pattern))
            .collect();
        let before = triples.len();
        for (target, pattern) in pairs {
            let said: Vec<Triple> = triples
                .iter()
                .filter(|triple| triple.subject == pattern && !is_pattern(triple))
                .map(|triple| Triple { subject: target.clone(), ..triple.clone() })
                .collect();
            for triple in said {
                if triples.len() < MOST_TRIPLES && known.insert(triple.clone()) {
                    triples.push(triple);
                }
            }
            copied.insert(pattern);
        }
        if triples.len() == before {
            break;
        }
    }
    triples.retain(|triple| {
        let is_copy = triple.predicate.as_str() == COPY
            && node(&triple.object).is_some_and(|pattern| copied.contains(&pattern));
        !is_copy && !copied.contains(&triple.subject)
    });
}

fn is_pattern(triple: &Triple) -> bool {
    triple.predicate == rdf::TYPE
        && matches!(&triple.object, Term::NamedNode(kind) if kind.as_str() == PATTERN)
}

fn node(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) => None,
    }
}
