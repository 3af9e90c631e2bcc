//! The index against a scan of everything, and against the cases that the
//! contracts name.

mod disk;
mod oracle;
mod properties;
mod relevance;
mod world;

use super::{Change, Entry, Index, Query};
use crate::model::Revision;

/// An index in memory with these entries, applied one by one.
fn index_of(entries: impl IntoIterator<Item = Entry>) -> Index {
    let index = Index::open(None).unwrap();
    for (revision, entry) in (1..).zip(entries) {
        index.apply(&[Change::Put(Box::new(entry))], Revision(revision)).unwrap();
    }
    index
}

/// The keys of the hits, in order.
fn keys(index: &Index, query: &Query) -> Vec<String> {
    let results = index.search(query).unwrap();
    results.hits.iter().map(|hit| hit.key().to_owned()).collect()
}
