//! What few lists show of an entry: kept on the disk with it, and read when it
//! is asked for.
//!
//! A whole description may be ten times as long as a summary, so memory holds
//! none. Those of a page are read together, in the order in which they lie;
//! the lock is held only to look up where that is.

use std::sync::Arc;

use super::Index;
use super::error::IndexError;
use super::segment::Segment;
use super::store::damaged;

/// Where the details of the entry with the `asked`th key lie.
struct Place {
    /// The number of the segment.
    number: usize,
    document: u32,
    segment: Arc<Segment>,
    asked: usize,
}

impl Index {
    /// The details of the entries with these keys, in the order of the keys;
    /// `None` where there is no entry.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the disk can't be read.
    pub fn details(&self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, IndexError> {
        let mut found = vec![None; keys.len()];
        let mut places = self.places(keys, &mut found);
        places.sort_unstable_by_key(|place| (place.number, place.document));
        for Place { document, segment, asked, .. } in places {
            let details = segment.details(&self.shared.fields, document).map_err(damaged)?;
            found[asked] = Some(details);
        }
        Ok(found)
    }

    /// Where the details lie on the disk; those that are in memory still are
    /// put into `found`.
    fn places(&self, keys: &[&str], found: &mut [Option<Vec<u8>>]) -> Vec<Place> {
        let state = self.read();
        let accepted = state.accepted();
        let mut places = Vec::with_capacity(keys.len());
        for (asked, key) in keys.iter().enumerate() {
            let Some(slot) = state.records.slot(key) else { continue };
            let recent = state.active.details(slot).or_else(|| state.sealed.details(slot));
            if let Some(details) = recent {
                found[asked] = Some(details.to_vec());
                continue;
            }
            let lying = state.disk.iter().enumerate().find_map(|(number, segment)| {
                let document = segment.document(slot, &accepted)?;
                Some(Place { number, document, segment: Arc::clone(segment), asked })
            });
            places.extend(lying);
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use crate::index::{Change, Entry, Index};
    use crate::model::Revision;

    fn entry(number: u64, details: &str) -> Entry {
        let mut entry = Entry::new(&format!("asset/{number}"), "asset", "Tea room");
        entry.details = details.as_bytes().to_vec();
        entry
    }

    fn put(number: u64, details: &str) -> Change {
        Change::Put(Box::new(entry(number, details)))
    }

    #[track_caller]
    fn check(index: &Index, keys: &[&str], expected: &[Option<&str>]) {
        let found = index.details(keys).unwrap();
        let found: Vec<Option<String>> =
            found.into_iter().map(|bytes| bytes.map(|it| String::from_utf8(it).unwrap())).collect();
        let found: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn details_are_the_same_in_memory_and_on_the_disk_before_and_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::open(Some(directory.path())).unwrap();
        index.apply(&[put(1, "one"), put(2, "two")], Revision(1)).unwrap();
        let keys = ["asset/2", "asset/9", "asset/1"];
        check(&index, &keys, &[Some("two"), None, Some("one")]);
        index.flush().unwrap();
        check(&index, &keys, &[Some("two"), None, Some("one")]);
        index.apply(&[put(1, "one again")], Revision(2)).unwrap();
        index.apply(&[Change::Remove("asset/2".to_owned())], Revision(3)).unwrap();
        check(&index, &keys, &[None, None, Some("one again")]);
        index.flush().unwrap();
        drop(index);
        let index = Index::open(Some(directory.path())).unwrap();
        check(&index, &keys, &[None, None, Some("one again")]);
    }

    #[test]
    fn details_that_were_loaded_at_once_lie_on_the_disk() {
        let index = Index::open(None).unwrap();
        let long = "a long description ".repeat(200);
        let entries = (0..300).map(|number| entry(number, &format!("{long}{number}")));
        index.load(entries, Revision(1)).unwrap();
        let (first, last) = (format!("{long}0"), format!("{long}299"));
        check(&index, &["asset/299", "asset/0"], &[Some(&last), Some(&first)]);
        // Memory holds none of them.
        let held = index.size().record_bytes / 300;
        assert!(held < 1_000, "{held} bytes of memory for each entry");
    }
}
