//! The graph against a map of sets, in memory and on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use oxigraph::model::{Literal, NamedNode, Term, Triple};
use proptest::prelude::*;

use super::*;

fn node(name: &str) -> NamedNode {
    NamedNode::new(format!("http://example.org/{name}")).unwrap()
}

fn triple(subject: u8, object: u8) -> Triple {
    let object: Term = match object {
        0 => node("o").into(),
        1 => Literal::new_language_tagged_literal("còig", "gd").unwrap().into(),
        2 => Literal::from(5).into(),
        3 => Literal::new_typed_literal("5.10", oxigraph::model::vocab::xsd::DECIMAL).into(),
        _ => Literal::from(format!("a text that is longer than sixteen bytes {object}")).into(),
    };
    Triple::new(node(&format!("s{subject}")), node("p"), object)
}

fn named(name: u8, triples: impl IntoIterator<Item = Triple>) -> NamedGraph {
    NamedGraph { name: node(&format!("graph/{name}")), triples: triples.into_iter().collect() }
}

fn dump(graph: &Graph) -> String {
    let mut bytes = Vec::new();
    let count = graph.dump(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(count, text.lines().count() as u64);
    assert_eq!(count, graph.len().unwrap());
    text
}

/// The triples of the default graph: what a query without `GRAPH` sees.
fn union(graph: &Graph) -> BTreeSet<String> {
    let name = oxigraph::model::GraphNameRef::DefaultGraph;
    let quads = graph.store.quads_for_pattern(None, None, None, Some(name));
    quads.map(|quad| Triple::from(quad.unwrap()).to_string()).collect()
}

fn as_read(triple: &Triple) -> String {
    triple.to_string().replace("5.10", "5.1")
}

type Step = Vec<(u8, BTreeSet<(u8, u8)>)>;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let triples = prop::collection::btree_set((0_u8..3, 0_u8..6), 0..6);
    prop::collection::vec(prop::collection::vec((0_u8..4, triples), 0..4), 1..8)
}

fn check_replacing(graph: &Graph, steps: &[Step]) {
    check_adding(graph, steps, usize::MAX);
}

/// New graphs are added in bulk from `bulk` on.
fn check_adding(graph: &Graph, steps: &[Step], bulk: usize) {
    let mut model: BTreeMap<u8, BTreeSet<(u8, u8)>> = BTreeMap::new();
    for (step, revision) in steps.iter().zip(1..) {
        let change: Vec<NamedGraph> = step
            .iter()
            .map(|(name, triples)| named(*name, triples.iter().map(|&(s, o)| triple(s, o))))
            .collect();
        graph.replace_or_add(&mut graph.lock(), change, Revision(revision), bulk).unwrap();
        model.extend(step.iter().cloned());
        assert_eq!(graph.revision().unwrap(), Revision(revision));
    }
    let mut expected: Vec<String> = Vec::new();
    let mut merged = BTreeSet::new();
    for (name, triples) in &model {
        let name = node(&format!("graph/{name}"));
        let texts = triples.iter().map(|&(s, o)| as_read(&triple(s, o)));
        for text in texts {
            expected.push(format!("{text} {name} ."));
            merged.insert(text);
        }
        let read = graph.triples(name.as_ref()).unwrap();
        assert_eq!(read.len(), triples.len());
    }
    expected.sort();
    let mut dumped: Vec<String> = dump(graph).lines().map(str::to_owned).collect();
    dumped.sort();
    assert_eq!(dumped, expected);
    assert_eq!(union(graph), merged);
    let filled = model.values().filter(|triples| !triples.is_empty()).count();
    assert_eq!(graph.names().unwrap().len(), filled);
}

/// All steps in one go; new graphs are gathered from `bulk` on.
fn check_gathering(graph: &Graph, steps: &[Step], bulk: usize) {
    let one_by_one = Graph::in_memory().unwrap();
    check_replacing(&one_by_one, steps);
    let changes = steps.iter().zip(1..).map(|(step, revision)| {
        let change = step
            .iter()
            .map(|(name, triples)| named(*name, triples.iter().map(|&(s, o)| triple(s, o))));
        Ok::<_, GraphError>((change.collect(), Revision(revision)))
    });
    graph.gather_or_replace(changes, bulk).unwrap();
    assert_eq!(graph.revision().unwrap(), one_by_one.revision().unwrap());
    assert_eq!(graph.len().unwrap(), one_by_one.len().unwrap());
    let sorted = |text: String| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(sorted(dump(graph)), sorted(dump(&one_by_one)));
    assert_eq!(union(graph), union(&one_by_one));
}

#[test]
fn an_addition_leaves_nothing_in_the_log_that_a_loss_of_power_could_take() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(directory.path()).unwrap();
    let step = |name, revision| (vec![named(name, [triple(name, 1)])], Revision(revision));
    let write = |name| graph.replace(step(name, u64::from(name)).0, Revision(u64::from(name)));
    write(1).unwrap();
    assert!(graph.lock().unflushed > 0);
    graph.gather_or_replace([Ok::<_, GraphError>(step(2, 2))].into_iter(), 1).unwrap();
    assert_eq!(graph.lock().unflushed, 0);
    write(3).unwrap();
    let (graphs, revision) = step(4, 4);
    graph.replace_or_add(&mut graph.lock(), graphs, revision, 1).unwrap();
    assert_eq!((graph.lock().unflushed, graph.len().unwrap()), (0, 4));
    graph.clear().unwrap();
    graph.load([named(1, [triple(1, 1)])].into_iter(), Revision(5)).unwrap();
    assert_eq!(graph.lock().unflushed, 0);
}

#[test]
fn a_step_that_fails_leaves_what_the_revision_says() {
    let graph = Graph::in_memory().unwrap();
    let step = |name, revision| Ok((vec![named(name, [triple(name, 1)])], Revision(revision)));
    let failed = Err(GraphError::NotEmpty(Revision(7)));
    // The second step names a graph that the first has: what was gathered is added then.
    let steps = [step(1, 1), step(1, 2), step(2, 3), failed];
    assert!(graph.gather_or_replace(steps.into_iter(), 1).is_err());
    assert_eq!((graph.revision().unwrap(), graph.len().unwrap()), (Revision(2), 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn replaced_graphs_are_what_a_map_of_sets_would_be(steps in steps()) {
        check_replacing(&Graph::in_memory().unwrap(), &steps);
    }

    #[test]
    fn many_changes_at_once_are_what_they_are_one_by_one(steps in steps(), bulk in 1_usize..3) {
        check_gathering(&Graph::in_memory().unwrap(), &steps, bulk);
    }

    #[test]
    fn so_are_new_ones_that_are_added_in_bulk(steps in steps(), bulk in 1_usize..3) {
        check_adding(&Graph::in_memory().unwrap(), &steps, bulk);
    }
}

#[test]
fn graphs_that_were_added_before_a_crash_are_counted_once() {
    let graph = Graph::in_memory().unwrap();
    graph.replace(vec![named(1, [triple(1, 1)])], Revision(1)).unwrap();
    let change = vec![named(2, [triple(1, 1), triple(1, 4)]), named(3, [triple(2, 2)])];
    // The first half of what `replace` does.
    let mut addition = graph.addition(1).unwrap();
    addition.take(change.clone()).unwrap();
    addition.finish(None, &mut graph.lock().merging).unwrap();
    assert_eq!((graph.revision().unwrap(), graph.len().unwrap()), (Revision(1), 4));
    graph.replace_or_add(&mut graph.lock(), change, Revision(2), 1).unwrap();
    assert_eq!((graph.revision().unwrap(), graph.len().unwrap()), (Revision(2), 4));
    assert_eq!(dump(&graph).lines().count(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn so_they_are_on_disk_and_after_opening_again(steps in steps(), bulk in 1_usize..3) {
        let directory = tempfile::tempdir().unwrap();
        let graph = Graph::open(directory.path()).unwrap();
        check_adding(&graph, &steps, bulk);
        let (text, revision) = (dump(&graph), graph.revision().unwrap());
        drop(graph);
        let graph = Graph::open(directory.path()).unwrap();
        assert_eq!(dump(&graph), text);
        assert_eq!(graph.revision().unwrap(), revision);
    }

    #[test]
    fn loading_in_bulk_gives_the_same_dump_as_replacing(steps in steps()) {
        let replaced = Graph::in_memory().unwrap();
        check_replacing(&replaced, &steps);
        let graphs: Vec<NamedGraph> = replaced
            .names()
            .unwrap()
            .into_iter()
            .map(|name| NamedGraph { triples: replaced.triples(name.as_ref()).unwrap(), name })
            .collect();
        let directory = tempfile::tempdir().unwrap();
        let loaded = Graph::open(directory.path()).unwrap();
        loaded.load(graphs.into_iter(), Revision(7)).unwrap();
        assert_eq!(dump(&loaded), dump(&replaced));
        assert_eq!(union(&loaded), union(&replaced));
        assert_eq!(loaded.revision().unwrap(), Revision(7));
    }
}

#[test]
fn a_thing_is_found_in_all_graphs_but_the_private_and_the_merged() {
    let graph = Graph::in_memory().unwrap();
    let change = vec![named(1, [triple(1, 0)]), named(2, [triple(1, 0), triple(1, 2)])];
    graph.replace(change, Revision(1)).unwrap();
    let about = graph.quads_about(node("s1").as_ref()).unwrap();
    assert_eq!(about.len(), 3);
    assert_eq!(graph.quads_to(node("o").as_ref()).unwrap().len(), 2);
    assert!(graph.quads_about(private::NAME).unwrap().is_empty());
    assert!(graph.triples(private::NAME).unwrap().is_empty());
    assert_eq!(graph.names().unwrap().len(), 2);
}

#[test]
fn the_private_graph_can_be_neither_replaced_nor_loaded() {
    let graph = Graph::in_memory().unwrap();
    let change = NamedGraph { name: private::NAME.into_owned(), triples: vec![triple(1, 1)] };
    let replaced = graph.replace(vec![change.clone()], Revision(1));
    assert!(matches!(replaced, Err(GraphError::PrivateName(_))));
    let loaded = graph.load([change].into_iter(), Revision(1));
    assert!(matches!(loaded, Err(GraphError::PrivateName(_))));
    assert_eq!(graph.revision().unwrap(), Revision(0));
}

#[test]
fn a_load_that_broke_off_starts_anew_on_opening() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(directory.path()).unwrap();
    // What a crash leaves: quads, and no revision.
    graph.store.insert(&triple(1, 1).in_graph(node("graph/1").as_ref())).unwrap();
    drop(graph);
    let graph = Graph::open(directory.path()).unwrap();
    assert_eq!(graph.revision().unwrap(), Revision(0));
    assert_eq!(dump(&graph), "");
    graph.load([named(1, [triple(1, 1)])].into_iter(), Revision(1)).unwrap();
    assert_eq!(graph.len().unwrap(), 1);
    let again = graph.load(std::iter::empty(), Revision(2));
    assert!(matches!(again, Err(GraphError::NotEmpty(Revision(1)))));
}

#[test]
fn the_directory_of_an_open_graph_is_locked() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(directory.path()).unwrap();
    let second = Graph::open(directory.path());
    assert!(matches!(second, Err(OpenError::Locked(_))), "{second:?}");
    drop(graph);
    Graph::open(directory.path()).unwrap();
}

#[test]
fn a_directory_that_is_a_file_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let opened = Graph::open(file.path());
    assert!(matches!(opened, Err(OpenError::Other { .. })), "{opened:?}");
}

#[test]
fn damaged_files_are_told_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(directory.path()).unwrap();
    graph.replace(vec![named(1, [triple(1, 5)])], Revision(1)).unwrap();
    graph.flush().unwrap();
    drop(graph);
    fs::write(directory.path().join("CURRENT"), "MANIFEST-999999\n").unwrap();
    let opened = Graph::open(directory.path());
    assert!(matches!(opened, Err(OpenError::Damaged { .. })), "{opened:?}");
}

/// Each file of the store in turn is damaged in its middle. Some keep nothing
/// there that is ever read.
#[test]
fn damage_that_opening_does_not_see_is_found_in_whichever_file_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole");
    let graph = Graph::open(&whole).unwrap();
    let graphs = (0..250).map(|name| named(name, (5..45).map(move |number| triple(name, number))));
    graph.load(graphs, Revision(1)).unwrap();
    assert_eq!(graph.disagreements().unwrap(), Vec::<String>::new());
    graph.flush().unwrap();
    drop(graph);
    let files: Vec<_> = fs::read_dir(&whole).unwrap().map(|entry| entry.unwrap()).collect();
    let is_large = |entry: &&fs::DirEntry| {
        entry.file_name().to_string_lossy().ends_with(".sst")
            && entry.metadata().unwrap().len() > 20_000
    };
    let large: Vec<_> = files.iter().filter(is_large).collect();
    // The texts, and nine orders of the terms.
    assert_eq!(large.len(), 10);
    for damaged in large {
        let copy = directory.path().join("copy");
        fs::create_dir(&copy).unwrap();
        for entry in &files {
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
        let path = copy.join(damaged.file_name());
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 1_000].fill(7);
        fs::write(&path, bytes).unwrap();
        let graph = Graph::open(&copy).unwrap();
        let found = graph.disagreements();
        assert!(matches!(found, Err(GraphError::Storage(_))), "{}: {found:?}", path.display());
        drop(graph);
        fs::remove_dir_all(&copy).unwrap();
    }
}

#[test]
fn a_store_of_a_newer_layout_is_told_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(directory.path()).unwrap();
    let mut transaction = graph.store.start_transaction().unwrap();
    let state = private::State { format: private::CURRENT_FORMAT + 1, ..Default::default() };
    private::write(&mut transaction, state).unwrap();
    transaction.commit().unwrap();
    drop(graph);
    let opened = Graph::open(directory.path());
    assert!(matches!(opened, Err(OpenError::Newer(_))), "{opened:?}");
}

fn check_checkpoint(graph: &Graph, directory: &Path) {
    let change = vec![named(1, [triple(1, 0), triple(2, 4)]), named(2, [triple(1, 0)])];
    graph.replace(change, Revision(3)).unwrap();
    let copy = directory.join("copy");
    assert_eq!(graph.checkpoint(&copy).unwrap(), Revision(3));
    graph.replace(vec![named(1, [])], Revision(4)).unwrap();
    let store = checkpoint::open(&copy).unwrap();
    let mut quads: Vec<String> = Vec::new();
    for quad in &store {
        quads.push(quad.unwrap().to_string());
    }
    assert_eq!(quads.len(), 5, "three quads and two merged triples: {quads:?}");
    assert!(!quads.iter().any(|quad| quad.contains("tag:kist.invalid")), "{quads:?}");
    let names: Vec<String> = store.named_graphs().map(|name| name.unwrap().to_string()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_checkpoint_holds_the_public_quads_of_its_moment_and_nothing_private() {
    let directory = tempfile::tempdir().unwrap();
    check_checkpoint(&Graph::in_memory().unwrap(), directory.path());
    let directory = tempfile::tempdir().unwrap();
    let graph = Graph::open(&directory.path().join("graph")).unwrap();
    check_checkpoint(&graph, directory.path());
}

#[test]
fn clearing_leaves_nothing() {
    let graph = Graph::in_memory().unwrap();
    graph.replace(vec![named(1, [triple(1, 0)])], Revision(1)).unwrap();
    graph.clear().unwrap();
    assert!(graph.is_empty().unwrap());
    assert_eq!(dump(&graph), "");
    assert_eq!(graph.revision().unwrap(), Revision(0));
}
