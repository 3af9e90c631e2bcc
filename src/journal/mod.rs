//! The ground state: one row for each version of what a source says of a
//! record, with a revision that grows by one, and the private tables.
//!
//! Everything else is a view of this and can be thrown away. A version is
//! durable when [`Journal::append`] returns. Nothing here knows RDF or what a
//! payload means.

mod beside;
mod derivation;
mod error;
mod heads;
mod lock;
mod notes;
mod payload;
mod sqlite;
mod sqlite_notes;
mod sqlite_tokens;
#[cfg(test)]
mod tests;
mod tokens;

use jiff::Timestamp;

use crate::model::Revision;
use crate::record::RecordId;

pub use beside::{Beside, Copied};
pub use derivation::Derivation;
pub use error::JournalError;
pub use lock::DirectoryLock;
pub use notes::{Durability, Note, Notes};
pub use payload::Payload;
pub use sqlite::{FILE, SqliteJournal};
pub use tokens::{Scope, StoredToken, TokenStore};

/// What a source says of a record now.
#[derive(Debug, Clone)]
pub struct Change {
    /// Identifier of the source.
    pub source: String,
    /// Which record.
    pub id: RecordId,
    /// The record's canonical JSON; `None` withdraws it and leaves a tombstone.
    pub payload: Option<Payload>,
    /// The bytes that the partner sent, when they differ from the payload.
    pub original: Option<Original>,
    /// What must be true of the version before, checked in the transaction.
    pub expected: Expected,
    /// The readable alias that the record has from now on.
    pub slug: Option<String>,
    /// What it was harvested from; `None` when it was written here.
    pub derivation: Option<Derivation>,
}

/// What a partner sent, to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Media type of the bytes.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a change expects of the version before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: the last writer wins.
    Anything,
    /// That the source has no version that is not withdrawn.
    Absent,
    /// That the source's version is this one.
    Revision(Revision),
}

/// One version of what a source says of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number.
    pub revision: Revision,
    /// Identifier of the source.
    pub source: String,
    /// Which record.
    pub id: RecordId,
    /// When it was committed.
    pub at: Timestamp,
    /// Who wrote it: a token's label or a program's name, never personal.
    pub actor: String,
    /// The record's canonical JSON; `None` is a tombstone.
    pub payload: Option<Payload>,
    /// What it was harvested from; `None` when it was written here.
    pub derivation: Option<Derivation>,
}

/// Where the current versions are walked on from: the last seen, in order of
/// kind, identifier and source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position(pub Option<(RecordId, String)>);

/// Where a walk over records by their newest revisions begins, and which way
/// it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// From the oldest after this revision to newer ones.
    After(Revision),
    /// From the newest before this revision to older ones.
    Before(Revision),
}

/// What a walk over records leaves out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without<'a> {
    /// All records of these kinds.
    pub kinds: &'a [&'a str],
    /// Of these kinds, those of which this source speaks or spoke.
    pub of_source: Option<(&'a str, &'a [&'a str])>,
}

/// How large a journal is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalSize {
    /// The database itself.
    pub database_bytes: u64,
    /// Its write-ahead log, which is used again and does not shrink.
    pub log_bytes: u64,
}

/// The ground state. SQLite implements it for one machine.
pub trait Journal: TokenStore + Notes + Send + Sync {
    /// Appends `changes` and keeps `notes`, all or none, and gives the
    /// revisions of the first and the last change; `None` when there were no
    /// changes. Memory is bounded whatever their number. `changes` must not
    /// use this journal.
    ///
    /// # Errors
    ///
    /// The first error among `changes`, and then nothing is written;
    /// [`JournalError::Conflict`] when an expectation does not hold, and then
    /// nothing is written; [`JournalError::Full`] when the disk is.
    fn append(
        &self,
        changes: &mut dyn Iterator<Item = Result<Change, JournalError>>,
        notes: &[Note],
        at: Timestamp,
        actor: &str,
    ) -> Result<Option<(Revision, Revision)>, JournalError>;

    /// The revision of the newest version; zero when there is none.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn newest(&self) -> Result<Revision, JournalError>;

    /// How large it is.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn size(&self) -> Result<JournalSize, JournalError>;

    /// Versions after `after`, oldest first, `limit` at most.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn versions_after(&self, after: Revision, limit: usize) -> Result<Vec<Version>, JournalError>;

    /// What each source says of `id` now, withdrawn versions included.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn current(&self, id: &RecordId) -> Result<Vec<Version>, JournalError>;

    /// Whether `source` speaks of `id` now.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn speaks(&self, source: &str, id: &RecordId) -> Result<bool, JournalError>;

    /// The versions that hold now, tombstones left out, in order of kind,
    /// identifier and source, `limit` at most; pass the position on to walk
    /// them all.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn walk(
        &self,
        after: &Position,
        limit: usize,
    ) -> Result<(Vec<Version>, Position), JournalError>;

    /// Records with their newest revisions, each once, withdrawn ones too,
    /// in the order of these revisions, `limit` at most. It costs time in
    /// proportion to what is given and left out, whatever the journal holds.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn by_revision(
        &self,
        from: Turn,
        without: Without<'_>,
        limit: usize,
    ) -> Result<Vec<(Revision, RecordId)>, JournalError>;

    /// All versions of `id`, newest first, `limit` at most.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn history(&self, id: &RecordId, limit: usize) -> Result<Vec<Version>, JournalError>;

    /// The last version that `source` gave of `id` before `revision`, a
    /// withdrawal too.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn before(
        &self,
        id: &RecordId,
        source: &str,
        revision: Revision,
    ) -> Result<Option<Version>, JournalError>;

    /// When the first and the newest version of `id` were committed.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn lifetime(&self, id: &RecordId) -> Result<Option<(Timestamp, Timestamp)>, JournalError>;

    /// The record of `kind` whose readable alias is `slug`.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn by_slug(&self, kind: &str, slug: &str) -> Result<Option<RecordId>, JournalError>;

    /// What the partner sent for the version `revision`.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn original(&self, revision: Revision) -> Result<Option<Original>, JournalError>;
}
