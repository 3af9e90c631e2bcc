//! The description of a named graph: where its statements come from.

use oxigraph::model::{Literal, Triple};

use crate::journal::Version;
use crate::record::{Base, RecordId};
use crate::vocab::{kist, prov, rdf, xsd};

/// The PROV-O description of the graph that holds `version`. It stands in the
/// graph itself, so that both are replaced in one transaction.
pub(super) fn describe(base: &Base, version: &Version) -> Vec<Triple> {
    let graph = base.graph(&version.source, &version.id);
    let at = Literal::new_typed_literal(version.at.to_string(), xsd::DATE_TIME);
    let mut triples = vec![
        Triple::new(graph.clone(), rdf::TYPE, prov::ENTITY),
        Triple::new(graph.clone(), prov::GENERATED_AT_TIME, at),
        Triple::new(graph.clone(), kist::REVISION, Literal::from(version.revision.0)),
    ];
    if let Ok(source) = RecordId::new("source", &version.source) {
        triples.push(Triple::new(graph, prov::HAD_PRIMARY_SOURCE, base.thing(&source)));
    }
    triples
}
