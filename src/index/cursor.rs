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
#[path = "cursor_tests.rs"]
mod tests;
