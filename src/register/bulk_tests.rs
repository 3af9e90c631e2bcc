//! Tests of [`bulk`](super).

use std::collections::BTreeSet;
use std::ops::Range;

use oxigraph::model::{NamedNode, Triple};

use super::super::{Found, Place};
use super::*;
use crate::graph::{Graph, NamedGraph};
use crate::record::{Base, Fields, RecordId, Value};
use crate::schema::Schema;

fn register() -> Register {
    let base = Base::new("https://kist.example").unwrap();
    Register::open(Schema::standard(), base, Place::Memory, now()).unwrap()
}

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn organisation(number: u32, name: &str) -> Edit {
    let id = RecordId::new("organisation", &format!("o{number}")).unwrap();
    let name = Value::LanguageText { language: "en".to_owned(), text: name.to_owned() };
    let fields = Fields::from([("name".to_owned(), vec![name])]);
    let record = Some(Record { id: id.clone(), fields });
    Edit { source: "test".to_owned(), id, record, original: None, expected: None, derivation: None }
}

fn apply_all(register: &Register, edits: Vec<Edit>) -> Result<Applied, ApplyError> {
    register.apply_all(&mut edits.into_iter().map(Ok), "test", now(), &mut |_| {})
}

#[test]
fn a_first_load_in_bulk_and_later_edits_agree_with_the_journal() {
    let register = register();
    let many = || (0..25_000).map(|number| organisation(number, "Leith Walkers")).collect();
    let applied = apply_all(&register, many()).unwrap();
    assert_eq!((applied.written, applied.revision.0), (25_000, 25_000));
    assert_eq!(register.index().size().records, 25_000);
    assert_eq!(register.graph().revision().unwrap(), applied.revision);
    assert_eq!(apply_all(&register, many()).unwrap().written, 0);
    let edits = vec![organisation(7, "Portree Walkers"), organisation(8, "Leith Walkers")];
    assert_eq!(apply_all(&register, edits).unwrap().written, 1);
    assert_eq!(register.index().revision().0, 25_001);
}

#[test]
fn a_load_beside_much_that_is_there_shows_what_a_view_made_anew_would() {
    let register = register();
    let named = |numbers: Range<u32>, name: &str| {
        numbers.map(|number| organisation(number, name)).collect::<Vec<_>>()
    };
    apply_all(&register, named(0..8_000, "Leith Walkers")).unwrap();
    // Not enough for the views to be made again: they follow, in steps.
    let mut edits = named(8_000..16_500, "Portree Walkers");
    edits.extend(named(500..600, "Oban Walkers"));
    let applied = apply_all(&register, edits).unwrap();
    assert_eq!(applied.written, 8_600);
    let size = || (register.index().size().records, register.graph().len().unwrap());
    let dump = || {
        let mut dump = Vec::new();
        register.graph().dump(&mut dump).unwrap();
        let text = String::from_utf8(dump).unwrap();
        text.lines().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let followed = (size(), dump(), register.graph().revision().unwrap());
    assert_eq!((followed.0.0, followed.2), (16_500, applied.revision));
    register.rebuild(now(), &mut |_| {}).unwrap();
    assert_eq!((size(), dump(), register.graph().revision().unwrap()), followed);
}

#[test]
fn an_index_that_is_gone_is_made_again_and_the_graph_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let base = Base::new("https://kist.example").unwrap();
        let place = Place::Directory(directory.path());
        Register::open(Schema::standard(), base, place, now()).unwrap()
    };
    let register = open();
    apply_all(&register, (0..6_000).map(|number| organisation(number, "Walkers")).collect())
        .unwrap();
    let revision = register.newest().unwrap();
    drop(register);
    std::fs::remove_dir_all(directory.path().join("index")).unwrap();
    // What the journal doesn't say tells whether the graph is made again.
    let node = |name: &str| NamedNode::new(format!("https://mark.example/{name}")).unwrap();
    let mark = NamedGraph {
        name: node("graph"),
        triples: vec![Triple::new(node("s"), node("p"), node("o"))],
    };
    let graph = Graph::open(&directory.path().join("graph")).unwrap();
    graph.replace(vec![mark], revision).unwrap();
    drop(graph);
    let register = open();
    assert_eq!(register.index().size().records, 6_000);
    let mut dump = Vec::new();
    register.graph().dump(&mut dump).unwrap();
    assert!(String::from_utf8(dump).unwrap().contains("https://mark.example/o"));
}

#[test]
fn edits_that_break_off_write_nothing() {
    let register = register();
    let edits = vec![
        Ok(organisation(1, "Leith Walkers")),
        Err(ApplyError::Unread("the file has gone".to_owned())),
    ];
    let applied = register.apply_all(&mut edits.into_iter(), "test", now(), &mut |_| {});
    assert_eq!(applied.unwrap_err().to_string(), "the file has gone");
    let id = RecordId::new("organisation", "o1").unwrap();
    assert_eq!(register.get(&id).unwrap(), Found::Nowhere);
}

#[test]
fn an_edit_that_is_refused_takes_all_the_others_with_it() {
    let register = register();
    let mut edits = vec![organisation(1, "Leith Walkers"), organisation(2, "")];
    edits[1].record = edits[1].record.take().map(|mut record| {
        record.fields.clear();
        record
    });
    assert!(matches!(apply_all(&register, edits), Err(ApplyError::Invalid { .. })));
    let id = RecordId::new("organisation", "o1").unwrap();
    assert_eq!(register.get(&id).unwrap(), Found::Nowhere);
}
