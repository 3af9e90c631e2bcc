//! Why the journal can't do what was asked.

use std::path::PathBuf;

use thiserror::Error;

use crate::model::Revision;
use crate::record::RecordId;

/// Why the journal can't be opened, read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another process has the data directory.
    #[error(
        "another process uses the data directory {0}; stop it first, or name another directory"
    )]
    InUse(PathBuf),
    /// The data directory can't be written.
    #[error("the data directory {directory} can't be written: {reason}")]
    NotWritable {
        /// The directory.
        directory: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The data was written by a newer program.
    #[error(
        "the data directory has format {found}, and this program knows up to {known}; use a newer kist"
    )]
    NewerFormat {
        /// Format of the data.
        found: u32,
        /// Newest format that is understood.
        known: u32,
    },
    /// A change expected another version than there is.
    #[error("{id} of source {source_id} is at revision {found}, not as the change expects")]
    Conflict {
        /// The record.
        id: RecordId,
        /// The source whose version it is.
        source_id: String,
        /// The revision that there is; zero when there is none.
        found: Revision,
    },
    /// The alias belongs to another record of the kind.
    #[error("the slug `{slug}` belongs to {id} already")]
    SlugTaken {
        /// The alias.
        slug: String,
        /// The record that has it.
        id: RecordId,
    },
    /// Whoever made the changes gave up before the last of them.
    #[error("the changes were given up; nothing was written")]
    Abandoned,
    /// There is no room on the disk.
    #[error("the disk is full; nothing was written")]
    Full,
    /// There is less room on the disk than is to be kept free.
    #[error("{} MB are left on the disk, and {} MB are kept free; nothing was written", free / 1_000_000, least / 1_000_000)]
    LittleRoom {
        /// Bytes that are left.
        free: u64,
        /// Bytes that are kept free.
        least: u64,
    },
    /// A payload can't be read.
    #[error("a payload of the journal is damaged: {0}")]
    Damaged(String),
    /// Another process went on writing for longer than was waited.
    #[error("another process is writing to the journal, such as a load; try again when it is done")]
    Busy,
    /// The database failed.
    #[error("the journal's database failed: {0}")]
    Database(String),
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseBusy) => Self::Busy,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Database(error.to_string()),
        }
    }
}
