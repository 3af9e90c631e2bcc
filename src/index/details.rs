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
#[path = "details_tests.rs"]
mod tests;
