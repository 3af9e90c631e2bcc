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
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::index::{Change, Entry};
    use crate::model::Revision;

    #[test]
    fn every_entry_is_in_one_part_with_its_last_change() {
        let index = Index::open(None).unwrap();
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let put = |number: i64| {
            let mut entry = Entry::new(&format!("asset/{number}"), "asset", "x");
            entry.modified = at(1_000 + number);
            Change::Put(Box::new(entry))
        };
        let changes: Vec<Change> = (0..10).map(put).collect();
        index.apply(&changes, Revision(1)).unwrap();
        index.apply(&[Change::Remove("asset/4".to_owned())], Revision(2)).unwrap();
        let newest = index.parts(4);
        assert_eq!(newest, [Some(at(1_003)), Some(at(1_007)), Some(at(1_009))]);
        let parts: Vec<Vec<Mention>> = (0..4).map(|number| index.part(number, 4)).collect();
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [4, 3, 2, 0]);
        let keys: BTreeSet<String> = parts.into_iter().flatten().map(|entry| entry.key).collect();
        assert_eq!(keys.len(), 9);
        assert!(index.part(u32::MAX, u32::MAX).is_empty());
        let removals = [8, 9].map(|number| Change::Remove(format!("asset/{number}")));
        index.apply(&removals, Revision(3)).unwrap();
        assert_eq!(index.parts(4), [Some(at(1_003)), Some(at(1_007))]);
    }
}
