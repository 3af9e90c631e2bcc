//! One view of a thing of which several sources speak.
//!
//! Nothing is melted for good: each source's record stays as it is, and the
//! view takes each property whole from the source that goes first, and can
//! tell which. What a source withholds is not taken from those after it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Fields, PARTIAL, Record, RecordId};
use crate::model::TermsOfUse;

/// Where a version of a record comes from, and how far it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Identifier of the source.
    pub source: String,
    /// From 0 to 100; the owner's own and editors' words have more than any
    /// harvested source.
    pub trust: u8,
    /// When it was committed.
    pub at: Timestamp,
    /// The terms of use of this record, where they are not those of all that
    /// the source gives.
    pub terms: Option<Arc<TermsOfUse>>,
}

/// The merged view of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// What it says.
    pub record: Record,
    /// For each key, the position in [`Merged::origins`] of the source that
    /// gave it.
    pub from: BTreeMap<String, usize>,
    /// The sources, the one that goes first at the front.
    pub origins: Vec<Origin>,
}

/// Merges what sources say of `id`, property by property: the most trusted
/// goes first, then the newest, then the alphabet. `None` when none speaks, or
/// all say only parts.
#[must_use]
pub fn merge(id: &RecordId, mut versions: Vec<(Origin, Record)>) -> Option<Merged> {
    if versions.iter().all(|(_, record)| record.is_part()) {
        return None;
    }
    versions.sort_by(|(a, _), (b, _)| {
        b.trust.cmp(&a.trust).then(b.at.cmp(&a.at)).then(a.source.cmp(&b.source))
    });
    let mut fields = Fields::new();
    let mut from = BTreeMap::new();
    let mut origins = Vec::with_capacity(versions.len());
    let mut withheld: BTreeSet<String> = BTreeSet::from([PARTIAL.to_owned()]);
    for (place, (origin, record)) in versions.into_iter().enumerate() {
        let marks: Vec<String> = record.withheld().map(str::to_owned).collect();
        for (key, values) in record.fields {
            if withheld.contains(&key) {
                continue;
            }
            if let Entry::Vacant(free) = fields.entry(key) {
                from.insert(free.key().clone(), place);
                free.insert(values);
            }
        }
        withheld.extend(marks);
        origins.push(origin);
    }
    Some(Merged { record: Record { id: id.clone(), fields }, from, origins })
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
