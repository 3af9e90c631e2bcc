use super::*;
use crate::record::Base;
use crate::register::Place;
use crate::schema::Schema;

fn register() -> Register {
    let base = Base::new("https://kist.example").unwrap();
    Register::open(Schema::standard(), base, Place::Memory, now()).unwrap()
}

fn now() -> jiff::Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn state(last_run: u64) -> SourceState {
    SourceState { last_run, ..SourceState::default() }
}

#[test]
fn rows_are_kept_found_by_prefix_and_forgotten() {
    let register = register();
    let ledger = register.ledger();
    let notes = [state(1).put("a"), state(2).put("b\n1"), state(3).put("b\n2")];
    ledger.write(&notes, Durability::Durable).unwrap();
    assert_eq!(ledger.get::<SourceState>("a").unwrap(), Some(state(1)));
    let rows = ledger.rows::<SourceState>("b\n", "", 10).unwrap();
    assert_eq!(rows, [("b\n1".to_owned(), state(2)), ("b\n2".to_owned(), state(3))]);
    for (prefix, expected) in [("", 3), ("b\n", 2), ("c", 0)] {
        assert_eq!(ledger.count::<SourceState>(prefix).unwrap(), expected, "{prefix}");
    }
    ledger.write(&[Table::Source.forget("a")], Durability::Relaxed).unwrap();
    assert_eq!(ledger.get::<SourceState>("a").unwrap(), None);
    assert_eq!(ledger.forget_all(Table::Source, "b\n").unwrap(), 2);
}

#[test]
fn each_row_is_walked_once_however_many_there_are() {
    let register = register();
    let notes: Vec<Note> =
        (0..4_001).map(|number| state(number).put(format!("s\n{number:05}"))).collect();
    register.ledger().write(&notes, Durability::Relaxed).unwrap();
    let mut seen = Vec::new();
    register.ledger().each::<SourceState>("s\n", |_, state| seen.push(state.last_run)).unwrap();
    assert_eq!(seen, (0..4_001).collect::<Vec<_>>());
}

#[test]
fn a_row_that_was_written_by_something_else_is_named() {
    let register = register();
    let note = Table::Source.put_bytes("a".to_owned(), b"7".to_vec());
    register.ledger().write(&[note], Durability::Durable).unwrap();
    let error = register.ledger().get::<SourceState>("a").unwrap_err();
    assert!(error.to_string().starts_with("the row `a` of harvest.source can't be read"));
}

#[test]
fn long_keys_of_publishers_are_shortened_and_stay_apart() {
    let (one, other) = ("a".repeat(9_000), format!("{}b", "a".repeat(8_999)));
    assert!(Item::key("s", "asset", &one).len() < 100);
    assert_ne!(Item::key("s", "asset", &one), Item::key("s", "asset", &other));
}
