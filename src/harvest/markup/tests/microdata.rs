//! The suite “Microdata to RDF” of the W3C.

use oxigraph::io::RdfFormat;
use oxigraph::model::Graph;

use super::conformance;
use crate::harvest::markup::{dom, microdata};

/// Where the suite says that it lies.
const HOME: &str = "http://w3c.github.io/microdata-rdf/tests/";

/// The suite's own vocabulary, for properties that imply others.
const EXPANSION: microdata::Vocabulary = microdata::Vocabulary {
    prefix: "http://expansion/",
    implied: &[
        ("subPropertyOf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ("equivalentProperty", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ],
};

fn read(html: &str, address: &str) -> (Graph, Vec<String>) {
    let registry = [microdata::REGISTRY, &[EXPANSION]].concat();
    let mut problems = Vec::new();
    let page = dom::tree(html).unwrap();
    let graph = microdata::triples(&page, address, &registry, &mut problems).into_iter().collect();
    (graph, problems.into_iter().map(|problem| problem.code).collect())
}

#[test]
fn the_whole_suite_of_microdata_passes() {
    let Some(folder) = conformance::suite("microdata-rdf") else { return };
    let manifest = conformance::read(&folder.join("manifest.ttl"));
    let mut total = 0;
    let mut failures = Vec::new();
    for entry in manifest.split("mf:action <").skip(1) {
        let action = entry.split('>').next().unwrap();
        let name = action.trim_end_matches(".html").to_owned();
        let (read, problems) =
            read(&conformance::read(&folder.join(action)), &format!("{HOME}{action}"));
        total += 1;
        if !entry.contains("mf:result") {
            if !problems.iter().any(|code| code == "microdata-circle") {
                failures.push((name, "no problem is told".to_owned()));
            }
            continue;
        }
        let expected = conformance::read(&folder.join(format!("{name}.ttl")));
        let expected =
            conformance::graph(&expected, RdfFormat::Turtle, &format!("{HOME}{name}.ttl"));
        if !conformance::is_same(read.clone(), expected.clone()) {
            failures.push((name, format!("{read}\n is not\n{expected}")));
        }
    }
    assert_eq!(total, 84, "tests in the manifest");
    conformance::judge(total, failures, &[]);
}
