//! What changed: every version in order of its revision, or every record once
//! at its newest.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;

use super::own_sources::OWN_SOURCE;
use super::{Credit, ReadError, Register, credits, merged, stored};
use crate::journal::{Turn, Without};
use crate::model::Revision;
use crate::record::{CANONICAL, Merged, PARTIAL, Record, RecordId, WITHHOLDS};

/// Kinds that are a register's own affair, or the same in all.
const NOT_LISTED: [&str; 3] = ["place", "source", "run"];
/// Kinds of which some come with the program.
const SHIPPED: [&str; 2] = ["category", "scheme"];

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

/// A record as it is, and the revision that made it so.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedRecord {
    /// The newest revision of any of its sources.
    pub revision: Revision,
    /// When that was committed.
    pub at: Timestamp,
    /// The record.
    pub id: RecordId,
    /// What all sources together say; `None` when none speaks of it any more.
    pub record: Option<Record>,
    /// How those sources are credited, by their identifiers, as
    /// [`Register::credits`] has it; told of the same moment as the record,
    /// which the index may not have yet.
    pub credits: Vec<Arc<Credit>>,
}

/// Which records, by their newest revisions, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Those after this revision, the oldest change first.
    After(Revision),
    /// Those before this revision, the newest change first.
    Before(Revision),
}

impl Register {
    /// Records by their newest revisions, each once and as a whole, `limit`
    /// at most. Sources, runs and places are left out, and so are the
    /// categories and schemes that come with the program: who follows has them.
    /// Whoever follows them by [`Since::After`] has in the end what is
    /// registered: a record that changes meanwhile comes again.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn changed_records(
        &self,
        since: Since,
        limit: usize,
    ) -> Result<Vec<ChangedRecord>, ReadError> {
        let turn = match since {
            Since::After(revision) => Turn::After(revision),
            Since::Before(revision) => Turn::Before(revision),
        };
        let without = Without { kinds: &NOT_LISTED, of_source: Some((OWN_SOURCE, &SHIPPED)) };
        let next = self.journal.by_revision(turn, without, limit)?;
        let records = next.into_iter().map(|(revision, id)| self.changed_record(revision, id));
        records.filter_map(Result::transpose).collect()
    }

    /// The record `id`, whose newest revision this is; `None` when nobody ever
    /// spoke of it.
    fn changed_record(
        &self,
        revision: Revision,
        id: RecordId,
    ) -> Result<Option<ChangedRecord>, ReadError> {
        let versions = self.journal.current(&id)?;
        let newest = versions.iter().max_by_key(|version| version.revision);
        let Some(at) = newest.map(|version| version.at) else { return Ok(None) };
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let said = merged::of_versions(&self.schema, &lookup, &id, &versions)?;
        let Some(Merged { mut record, origins, .. }) = said else {
            return Ok(Some(ChangedRecord { revision, at, id, record: None, credits: Vec::new() }));
        };
        // Marks of parts and of clusters are this register's own affair.
        record.fields.retain(|key, _| ![PARTIAL, WITHHOLDS, CANONICAL].contains(&key.as_str()));
        let credits = credits::of_all(&lookup, &origins);
        Ok(Some(ChangedRecord { revision, at, id, record: Some(record), credits }))
    }

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

    /// When `revision` was committed; `None` when there is no such revision.
    /// The answer is remembered until another is asked for, so that lists,
    /// which all name the newest, read nothing.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn committed_at(&self, revision: Revision) -> Result<Option<Timestamp>, ReadError> {
        let mut known = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((asked, at)) = *known
            && asked == revision
        {
            return Ok(Some(at));
        }
        let before = Revision(revision.0.saturating_sub(1));
        let found = self.journal.versions_after(before, 1)?;
        let at =
            found.iter().find(|version| version.revision == revision).map(|version| version.at);
        if let Some(at) = at {
            *known = Some((revision, at));
        }
        Ok(at)
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
