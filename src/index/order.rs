//! The order of hits: total, and the same every time.
//!
//! First by band, then by what was asked for as a number, then (nearest first)
//! by how well the words fit or (best first) by how near it is, then by name, and at last by key, which no two
//! entries share. Many hits have the same score, so the start of the name is
//! looked at as a number first: an entry is read only when that is the same
//! too.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

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

/// Where a page ended: which ranks come after it, whether or not the entries
/// of then are still there. It says no more than tells the last hit from the
/// first that was left, so that it is short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) band: u8,
    pub(super) primary: u64,
    pub(super) tie: Tie,
}

/// What comes after a position of those that have its band and first number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Tie {
    /// None.
    Passed,
    /// Those of a greater second number.
    Secondary(u64),
    /// Those, of this second number, whose name starts with a greater number.
    Head(u64, u64),
    /// Those, of this second number, whose name is this or comes after it.
    Name(u64, String),
    /// Those, of this second number, of a later name, or of this name and with
    /// this key or a later one.
    Key(u64, String, String),
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
        let numbers = (self.band, self.primary).cmp(&(position.band, position.primary));
        numbers.then_with(|| self.against(&position.tie, records)).is_gt()
    }

    /// How it compares with a tie: greater when it comes after it.
    fn against(&self, tie: &Tie, records: &Records) -> Ordering {
        let from = |is_reached: bool| if is_reached { Ordering::Greater } else { Ordering::Less };
        let second = |number: &u64| self.secondary.cmp(number);
        match tie {
            Tie::Passed => Ordering::Equal,
            Tie::Secondary(number) => second(number),
            Tie::Head(number, start) => second(number).then_with(|| self.head(records).cmp(start)),
            Tie::Name(number, name) => second(number)
                .then_with(|| self.head(records).cmp(&head(name)))
                .then_with(|| from(self.texts(records).0 >= name.as_str())),
            Tie::Key(number, name, key) => second(number)
                .then_with(|| self.head(records).cmp(&head(name)))
                .then_with(|| from(self.texts(records) >= (name.as_str(), key.as_str()))),
        }
    }

    /// The position between this, the last of a page, and `next`, the first
    /// that was left.
    pub(super) fn until(&self, next: &Self, records: &Records) -> Position {
        let Self { band, primary, secondary, .. } = *self;
        let ((name, key), (next_name, next_key)) = (self.texts(records), next.texts(records));
        let tie = if (band, primary) != (next.band, next.primary) {
            Tie::Passed
        } else if secondary != next.secondary {
            Tie::Secondary(secondary)
        } else if self.head(records) != next.head(records) {
            Tie::Head(secondary, self.head(records))
        } else if name != next_name {
            Tie::Name(secondary, start_after(name, next_name))
        } else {
            Tie::Key(secondary, name.to_owned(), start_after(key, next_key))
        };
        Position { band, primary, tie }
    }
}

/// The shortest start of `next` that comes after `last`, which comes before it.
fn start_after(last: &str, next: &str) -> String {
    let alike = last.bytes().zip(next.bytes()).take_while(|(one, other)| one == other).count();
    let end = (alike + 1..next.len()).find(|end| next.is_char_boundary(*end));
    next[..end.unwrap_or(next.len())].to_owned()
}

/// The ranks from `skip` on, at most `limit`, in order, and the one after them.
pub(super) fn page(
    mut ranks: Vec<Rank>,
    skip: usize,
    limit: usize,
    records: &Records,
) -> (Vec<Rank>, Option<Rank>) {
    let compare = |one: &Rank, other: &Rank| one.compare(other, records);
    let end = skip.saturating_add(limit);
    if end == 0 {
        return (Vec::new(), None);
    }
    let mut next = None;
    if end < ranks.len() {
        let (_, after, _) = ranks.select_nth_unstable_by(end, compare);
        next = Some(*after);
        ranks.truncate(end);
    }
    ranks.sort_unstable_by(compare);
    ranks.drain(..skip.min(ranks.len()));
    (ranks, next)
}
