//! Tests of [`cursor`](super).

use super::super::order::Tie;
use super::*;

fn position() -> Position {
    let tie = Tie::Key(7, "café".to_owned(), "asset/1".to_owned());
    Position { band: 1, primary: 42, tie }
}

#[test]
fn a_cursor_after_a_hit_of_another_distance_than_the_next_is_at_most_30_letters() {
    let primary = 0.123_456_789_f64.to_bits();
    let position = Position { band: 1, primary, tie: Tie::Passed };
    let today = DayNumber::of(jiff::civil::date(2026, 11, 22));
    let cursor = write(&Query::default(), &position, today);
    assert!(cursor.len() <= 30, "{cursor}");
}

#[test]
fn a_cursor_gives_back_its_position() {
    let query = Query { text: "tea".to_owned(), ..Query::default() };
    let today = DayNumber::of(jiff::civil::date(2026, 11, 22));
    let cursor = write(&query, &position(), today);
    assert_eq!(read(&query, &cursor).unwrap(), (position(), today));
    let explained = Query { explain: super::super::query::Explain::Yes, ..query };
    assert_eq!(read(&explained, &cursor).unwrap(), (position(), today));
    let tomorrow = Query { today: Some(jiff::civil::date(2026, 11, 23)), ..explained };
    assert_eq!(read(&tomorrow, &cursor).unwrap(), (position(), today));
}

#[test]
fn a_cursor_of_another_query_is_refused() {
    let cursor = write(&Query::default(), &position(), DayNumber::EVER);
    let other = Query { text: "tea".to_owned(), ..Query::default() };
    assert!(matches!(read(&other, &cursor), Err(QueryError::Cursor(_))));
}

#[test]
fn a_cursor_with_any_letter_changed_or_cut_is_refused() {
    let query = Query::default();
    let cursor = write(&query, &position(), DayNumber::EVER);
    for at in 0..cursor.len() {
        let mut changed = cursor.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(read(&query, &changed).is_err(), "{changed}");
        assert!(read(&query, &cursor[..at]).is_err());
    }
    for strange in ["", "é", "====", "AAAA", &"A".repeat(10_000)] {
        assert!(read(&query, strange).is_err());
    }
}
