//! The order of hits: total, and the same every time.
//!
//! First by band, then by what was asked for as a number, then (nearest first)
//! by how well the words fit or (best first) by how near it is, then by name, and at last by key, which no two
//! entries share. Many hits have the same score, so the start of the name is
//! looked at as a number first: an entry is read only when that is the same
//! too.

use std::cmp::Ordering;

use super::record::Record;
use super::records::{Records, head};

/// The rank of an entry, but for the name and the key, which are looked up at
/// its slot when ranks are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rank {
    pub(super) band: u8,
    pub(super) primary: u64,
    /// Of those that are equally near, a number that sorts the best first; of
    /// those that are equally good, one that sorts the nearest first.
    pub(super) secondary: u64,
    pub(super) slot: u32,
    /// The site, when sites are ranked; else zero.
    pub(super) site: u16,
}

/// The rank of an entry that may be gone, as a cursor holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) band: u8,
    pub(super) primary: u64,
    pub(super) secondary: u64,
    /// The name as it is sorted.
    pub(super) name: String,
    pub(super) key: String,
}

impl Rank {
    /// Band and numbers.
    const fn numbers(&self) -> (u8, u64, u64) {
        (self.band, self.primary, self.secondary)
    }

    /// The start of the name; looked up only when the numbers are equal, since
    /// it is a wait for memory.
    fn head(&self, records: &Records) -> u64 {
        records.heads[self.slot as usize]
    }

    fn texts<'a>(&self, records: &'a Records) -> (&'a str, &'a str) {
        records.at(self.slot).map_or(("", ""), Record::name_and_key)
    }

    /// Compares with another rank of the same state and sort.
    pub(super) fn compare(&self, other: &Self, records: &Records) -> Ordering {
        self.numbers()
            .cmp(&other.numbers())
            .then_with(|| self.head(records).cmp(&other.head(records)))
            .then_with(|| self.texts(records).cmp(&other.texts(records)))
            .then(self.site.cmp(&other.site))
    }

    /// Whether it comes after `position`.
    pub(super) fn is_after(&self, position: &Position, records: &Records) -> bool {
        self.numbers()
            .cmp(&(position.band, position.primary, position.secondary))
            .then_with(|| self.head(records).cmp(&head(&position.name)))
            .then_with(|| self.texts(records).cmp(&(&position.name, &position.key)))
            .is_gt()
    }

    /// The same, to be kept in a cursor.
    pub(super) fn to_position(self, records: &Records) -> Position {
        let (name, key) = self.texts(records);
        Position {
            band: self.band,
            primary: self.primary,
            secondary: self.secondary,
            name: name.to_owned(),
            key: key.to_owned(),
        }
    }
}

/// The ranks from `skip` on, at most `limit`, in order.
pub(super) fn page(
    mut ranks: Vec<Rank>,
    skip: usize,
    limit: usize,
    records: &Records,
) -> Vec<Rank> {
    let compare = |one: &Rank, other: &Rank| one.compare(other, records);
    let end = skip.saturating_add(limit);
    if end == 0 {
        return Vec::new();
    }
    if end < ranks.len() {
        ranks.select_nth_unstable_by(end - 1, compare);
        ranks.truncate(end);
    }
    ranks.sort_unstable_by(compare);
    ranks.drain(..skip.min(ranks.len()));
    ranks
}
