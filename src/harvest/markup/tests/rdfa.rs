//! The `RDFa` test suite: `RDFa` 1.1 and `RDFa` 1.1 Lite in HTML5.

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, GraphName, NamedNode, Triple};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;

use super::conformance;
use crate::harvest::markup::{dom, rdfa};

const HOME: &str = "http://rdfa.info/test-suite/test-cases/";

/// What the suite's own vocabulary says, which the expansion would fetch.
const VOCABULARY: &[rdfa::Implication] = &[
    rdfa::Implication {
        property: "http://rdfa.info/vocabs/rdfa-test#subProp",
        implied: "http://rdfa.info/vocabs/rdfa-test#baseProp",
    },
    rdfa::Implication {
        property: "http://rdfa.info/vocabs/rdfa-test#eqProp",
        implied: "http://rdfa.info/vocabs/rdfa-test#baseProp",
    },
    rdfa::Implication {
        property: "http://rdfa.info/vocabs/rdfa-test#baseProp",
        implied: "http://rdfa.info/vocabs/rdfa-test#eqProp",
    },
];

/// The warnings as `RDFa`'s processor graph says them.
fn processor_graph(warnings: &[rdfa::Warning]) -> Vec<Triple> {
    let kinds = warnings.iter().map(|warning| match warning.kind {
        rdfa::WarningKind::UnresolvedTerm => "UnresolvedTerm",
        rdfa::WarningKind::UnresolvedCurie => "UnresolvedCURIE",
        rdfa::WarningKind::PrefixRedefinition => "PrefixRedefinition",
    });
    kinds
        .map(|kind| NamedNode::new_unchecked(format!("http://www.w3.org/ns/rdfa#{kind}")))
        .map(|kind| Triple::new(BlankNode::default(), rdf::TYPE, kind))
        .collect()
}

fn ask(triples: &[Triple], query: &str) -> bool {
    let store = Store::new().unwrap();
    for triple in triples {
        store.insert(&triple.clone().in_graph(GraphName::DefaultGraph)).unwrap();
    }
    let query = SparqlEvaluator::new().parse_query(query).unwrap();
    match query.on_store(&store).execute().unwrap() {
        QueryResults::Boolean(answer) => answer,
        _ => panic!("the suite asks only yes or no"),
    }
}

/// Runs the tests of one version; `accepted` are known failures with reasons.
fn run(version: &str, count: usize, accepted: &[(&str, &str)]) {
    let Some(folder) = conformance::suite("rdfa") else { return };
    let manifest = conformance::read(&folder.join("manifest.jsonld"));
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let has = |test: &serde_json::Value, key: &str, value: &str| {
        test[key].as_array().unwrap().iter().any(|other| other == value)
    };
    let mut total = 0;
    let mut failures = Vec::new();
    for test in manifest["@graph"].as_array().unwrap() {
        if !has(test, "hostLanguages", "html5") || !has(test, "versions", version) {
            continue;
        }
        total += 1;
        let number = test["num"].as_str().unwrap();
        let folder = folder.join(version).join("html5");
        let html = conformance::read(&folder.join(format!("{number}.html")));
        let address = format!("{HOME}{version}/html5/{number}.html");
        let mut said = rdfa::statements(&dom::tree(&html).unwrap(), &address);
        let mut triples = std::mem::take(&mut said.triples);
        match test["queryParam"].as_str() {
            Some("rdfagraph=processor") => triples = processor_graph(&said.warnings),
            Some("vocab_expansion=true") => rdfa::imply(&mut triples, VOCABULARY),
            _ => {}
        }
        let query = conformance::read(&folder.join(format!("{number}.sparql")));
        if ask(&triples, &query) != test["expectedResults"].as_bool().unwrap() {
            let said: Vec<String> = triples.iter().map(ToString::to_string).collect();
            failures.push((number.to_owned(), format!("{html}\n{query}\n{}", said.join("\n"))));
        }
    }
    assert_eq!(total, count, "tests in the manifest");
    conformance::judge(total, failures, accepted);
}

#[test]
fn the_whole_suite_of_rdfa_lite_passes() {
    run("rdfa1.1-lite", 54, &[]);
}

#[test]
fn the_whole_suite_of_rdfa_in_html5_passes() {
    run("rdfa1.1", 170, &[]);
}
