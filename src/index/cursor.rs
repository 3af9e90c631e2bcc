//! Cursors: where a page ended, in a form that can be handed out.
//!
//! A cursor holds where in the order the page ended, not a number of hits: so
//! what is added or removed before it neither repeats nor hides anything after
//! it. It stands in addresses, so it is short: of names and keys it holds only
//! the start that tells the next hit from the last, and mostly none. It
//! begins with a digest of itself and of the query (page, facets and
//! explanations aside), which tells a cursor that was tampered with, or that
//! another query made. It also holds the day of the first page, so that what
//! becomes overdue meanwhile keeps its place until the last.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::order::Position;
use super::query::{Query, QueryError};
use super::records::DayNumber;

/// Bytes of the digest: it tells mistakes, and keeps no secret.
const DIGEST: usize = 6;

/// The cursor at `position` of `query`, whose first page is of the day `today`.
pub(super) fn write(query: &Query, position: &Position, today: DayNumber) -> String {
    let payload =
        postcard::to_stdvec(&(position, today)).expect("numbers and texts can be written");
    let mut bytes = digest(query, &payload).to_vec();
    bytes.extend(payload);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position that `cursor` of `query` holds, and the day of its first page.
pub(super) fn read(query: &Query, cursor: &str) -> Result<(Position, DayNumber), QueryError> {
    let position = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (expected, payload) = bytes.split_at_checked(DIGEST)?;
        if digest(query, payload) != expected {
            return None;
        }
        postcard::from_bytes(payload).ok()
    };
    position().ok_or_else(|| QueryError::Cursor(cursor.chars().take(200).collect()))
}

fn digest(query: &Query, payload: &[u8]) -> [u8; DIGEST] {
    let Query { text, centre, region, kinds, filters, only, age, open_at, sort, .. } = query;
    let Query { without, ages_within, hours, changed_since, serving, .. } = query;
    let asked = format!(
        "{:?}{:?}{:?}",
        (text, centre, region, kinds, filters, only, age, open_at, sort),
        (without, ages_within, hours, changed_since, serving),
        (query.duplicates, query.links),
    );
    let digest = Sha256::new().chain_update(asked).chain_update([0]).chain_update(payload);
    let mut first = [0; DIGEST];
    first.copy_from_slice(&digest.finalize()[..DIGEST]);
    first
}

#[cfg(test)]
mod tests {
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
}
