//! What the suites share: where they lie, how graphs are compared.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::graph::CanonicalizationAlgorithm;
use oxigraph::model::{Graph, Triple};

/// The folder of a suite; `None`, said aloud, when it is not on this machine.
pub(super) fn suite(name: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = shared.join("conformance").join(name);
    if !folder.is_dir() {
        skip(name);
        return None;
    }
    Some(folder)
}

#[expect(clippy::print_stderr, reason = "who reads the test's output learns what did not run")]
fn skip(name: &str) {
    eprintln!("skipped: the suite `{name}` is not on this machine");
}

pub(super) fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// A graph in Turtle or another syntax.
pub(super) fn graph(text: &str, format: RdfFormat, base: &str) -> Graph {
    let parser = RdfParser::from_format(format).with_base_iri(base).unwrap();
    parser.for_slice(text).map(|quad| Triple::from(quad.unwrap())).collect()
}

/// Whether two graphs say the same, whatever their blank nodes are called.
pub(super) fn is_same(mut left: Graph, mut right: Graph) -> bool {
    left.canonicalize(CanonicalizationAlgorithm::Unstable);
    right.canonicalize(CanonicalizationAlgorithm::Unstable);
    left == right
}

/// Fails with all `failures`, unless they are those that are `accepted`.
#[track_caller]
pub(super) fn judge(total: usize, failures: Vec<(String, String)>, accepted: &[(&str, &str)]) {
    let unexpected: Vec<&(String, String)> = failures
        .iter()
        .filter(|(name, _)| accepted.iter().all(|(known, _)| known != name))
        .collect();
    let names: Vec<&str> = unexpected.iter().map(|(name, _)| name.as_str()).collect();
    let first = unexpected.first().map_or("", |(_, what)| what.as_str());
    assert!(unexpected.is_empty(), "{} of {total} fail: {names:?}\n{first}", unexpected.len());
    for (name, reason) in accepted {
        assert!(
            failures.iter().any(|(failure, _)| failure == name),
            "{name} passes now; take it from the list of exceptions ({reason})",
        );
    }
}
