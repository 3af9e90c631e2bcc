//! All entries, piece by piece: for lists that nobody reads from the top.
//!
//! A part is a range of the numbers on the disk, so that it is found without
//! looking at those before, and is the same after a restart. An entry that
//! changes may move to another part.

use jiff::Timestamp;

use super::Index;

/// An entry of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The record's key.
    pub key: String,
    /// When any source last said something else of it, to the second.
    pub changed: Timestamp,
}

impl Index {
    /// The newest change in each part of at most `size` entries; `None` for a
    /// part without any, which the last never is.
    #[must_use]
    pub fn parts(&self, size: u32) -> Vec<Option<Timestamp>> {
        let state = self.read();
        let (records, numbering) = (&state.records, &state.numbering);
        let mut parts: Vec<Option<Timestamp>> =
            (0..numbering.end(records.slots()).div_ceil(size.max(1)))
                .map(|part| {
                    let slots = numbers(part, size).map(|number| numbering.slot(number));
                    let live = slots.filter(|slot| records.live.contains(*slot));
                    live.map(|slot| records.modified(slot)).max()
                })
                .collect();
        // The numbers of what was removed last are given again after a restart.
        while parts.last().is_some_and(Option::is_none) {
            parts.pop();
        }
        parts
    }

    /// The entries of `part`, counted from 0; none when there is no such part.
    #[must_use]
    pub fn part(&self, part: u32, size: u32) -> Vec<Mention> {
        let state = self.read();
        let (records, numbering) = (&state.records, &state.numbering);
        let end = numbering.end(records.slots());
        numbers(part, size)
            .take_while(|number| *number < end)
            .filter_map(|number| {
                let slot = numbering.slot(number);
                let key = records.at(slot)?.key().to_owned();
                Some(Mention { key, changed: records.modified(slot) })
            })
            .collect()
    }
}

fn numbers(part: u32, size: u32) -> std::ops::Range<u32> {
    let first = part.saturating_mul(size);
    first..first.saturating_add(size)
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
