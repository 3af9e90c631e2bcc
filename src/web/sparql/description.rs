//! What the endpoint says of itself (SPARQL 1.1 Service Description).

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};

use crate::graph::{GraphFormat, SolutionsFormat};

/// Namespace of the vocabulary.
const SD: &str = "http://www.w3.org/ns/sparql-service-description#";

/// The description of the endpoint at `address`, its whole IRI.
///
/// Source: <https://www.w3.org/TR/sparql11-service-description/>.
pub(super) fn triples(address: &str) -> Vec<Triple> {
    let service = NamedNode::new_unchecked(format!("{address}#service"));
    let dataset = BlankNode::new_unchecked("dataset");
    let default_graph = BlankNode::new_unchecked("default");
    let mut triples = Vec::new();
    let mut say = |subject: &NamedOrBlankNode, predicate: NamedNode, object: Term| {
        triples.push(Triple::new(subject.clone(), predicate, object));
    };
    let service: NamedOrBlankNode = service.into();
    let a = || rdf::TYPE.into_owned();
    say(&service, a(), term("Service").into());
    say(&service, term("endpoint"), NamedNode::new_unchecked(address).into());
    say(&service, term("supportedLanguage"), term("SPARQL11Query").into());
    // Not `DereferencesURIs`: graphs are never fetched.
    say(&service, term("feature"), term("UnionDefaultGraph").into());
    let solutions = SolutionsFormat::ALL.into_iter().map(SolutionsFormat::iri);
    let graphs = GraphFormat::ALL.into_iter().map(GraphFormat::iri);
    for format in solutions.chain(graphs) {
        let format = NamedNodeRef::new_unchecked(format).into_owned();
        say(&service, term("resultFormat"), format.into());
    }
    say(&service, term("defaultDataset"), dataset.clone().into());
    let dataset: NamedOrBlankNode = dataset.into();
    say(&dataset, a(), term("Dataset").into());
    say(&dataset, term("defaultGraph"), default_graph.clone().into());
    say(&default_graph.into(), a(), term("Graph").into());
    triples
}

fn term(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{SD}{name}"))
}
