//! The change feed: every version in order of its revision.

use jiff::Timestamp;

use super::{ReadError, Register, stored};
use crate::model::Revision;
use crate::record::{Record, RecordId};

/// A page of the change feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The changes, oldest first.
    pub items: Vec<ChangeItem>,
    /// Ask for what is after this revision next, also when `items` is empty.
    pub next: Revision,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeItem {
    /// Its revision.
    pub revision: Revision,
    /// The record.
    pub id: RecordId,
    /// The source that spoke.
    pub source: String,
    /// When it was committed.
    pub at: Timestamp,
    /// What the source says from then on; `None` when it withdrew the record.
    pub record: Option<Record>,
}

impl Register {
    /// The changes after `since`, `limit` at most. None is left out and none
    /// comes twice.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn changes(&self, since: Revision, limit: usize) -> Result<Changes, ReadError> {
        let mut items = Vec::new();
        for version in self.journal.versions_after(since, limit)? {
            items.push(ChangeItem {
                revision: version.revision,
                record: stored::read(&self.schema, &version)?,
                id: version.id,
                source: version.source,
                at: version.at,
            });
        }
        let next = items.last().map_or(since, |item| item.revision);
        Ok(Changes { items, next })
    }

    /// The newest revision.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn newest(&self) -> Result<Revision, ReadError> {
        Ok(self.journal.newest()?)
    }
}
