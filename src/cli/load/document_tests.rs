//! Tests of [`document`](super).

use super::super::survey::Survey;
use super::*;
use crate::record::Base;
use crate::schema::Schema;

/// What a register says when it is dumped.
fn dumped(register: &Register) -> Vec<u8> {
    let mut bytes = Vec::new();
    register.graph().dump(&mut bytes).unwrap();
    bytes
}

/// A register with our own categories.
fn register() -> Register {
    let base = Base::new("https://kist.example").unwrap();
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let place = crate::register::Place::Memory;
    let register = Register::open(Schema::standard(), base, place, now).unwrap();
    crate::cli::seeds::furnish(&register).unwrap();
    register
}

#[test]
fn a_dump_that_is_read_in_pieces_is_the_same_register() {
    let (one, another) = (register(), register());
    crate::cli::seeds::plant(&one).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.nq");
    std::fs::write(&file, dumped(&one)).unwrap();
    let document = |piece| Document {
        piece,
        ..Document::named("dump.nq", Place::File(file.clone())).unwrap()
    };
    let cut = [document(100_000)];
    assert!(cut[0].read(&another).count() > 10, "it is read in pieces");
    let survey = Survey::of(&another, &cut, &mut || {}).unwrap();
    assert_eq!((survey.dangling().len(), survey.problems()), (0, &[][..]));
    let (applied, contradictions) = survey.apply(&mut |_| {}).unwrap();
    assert!(applied.written > 1_000, "{applied:?}");
    assert_eq!(contradictions, Vec::<String>::new());
    let whole = [document(usize::MAX)];
    assert_eq!(whole[0].read(&another).count(), 1);
    let (again, _) = Survey::of(&another, &whole, &mut || {}).unwrap().apply(&mut |_| {}).unwrap();
    assert_eq!(again.written, 0, "the same records were read");
    assert_eq!(another.index().size().records, one.index().size().records);
}

#[test]
fn a_category_of_another_scheme_is_told_before_it_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    let records = serde_json::json!([
        { "type": "asset", "id": "walk", "name": "Walk", "online": true,
            "assetType": "walking", "topics": ["walking", "my-own"] },
        { "type": "category", "id": "my-own", "prefLabel": "Ours", "inScheme": "audience" },
    ]);
    std::fs::write(&file, records.to_string()).unwrap();
    let register = register();
    let documents = [Document::named("a.json", Place::File(file)).unwrap()];
    let survey = Survey::of(&register, &documents, &mut || {}).unwrap();
    assert_eq!(survey.problems(), &[] as &[String]);
    let misplaced: Vec<String> = survey
        .misplaced()
        .into_iter()
        .map(|told| told.split_once('/').unwrap().1.split_once('/').unwrap().1.to_owned())
        .collect();
    assert_eq!(
        misplaced,
        [
            "assetType: category/walking is of scheme `topic`, and not of `asset-type`",
            "topics: category/my-own is of scheme `audience`, and not of `topic`"
        ]
    );
}

#[test]
fn the_end_of_a_name_tells_the_format() {
    let cases = [
        ("a.ttl", Some(Format::Rdf(GraphFormat::Turtle))),
        ("dump.NQ.gz", Some(Format::Rdf(GraphFormat::NQuads))),
        ("seeds/needs.json", Some(Format::Json)),
        ("a.json.ttl/b", None),
        ("notes.md", None),
        (".gz", None),
        ("", None),
    ];
    for (name, expected) in cases {
        assert_eq!(format_of(Path::new(name)), expected, "{name}");
    }
}
