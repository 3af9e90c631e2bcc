//! Why the index can't do what it was asked to.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::model::Revision;

/// Why the index can't be opened or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// What is in the directory can't be read: remove it and load again.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// What is in the directory has another format: remove it and load again.
    #[error("the index has format {found}, and this program knows {known}")]
    Format {
        /// The format that was found; 0 when it doesn't say.
        found: u32,
        /// The format that this program writes.
        known: u32,
    },
    /// Another process, or another part of this one, has it open.
    #[error("the index in `{0}` is in use by another process")]
    Locked(PathBuf),
    /// The directory can't be made or read.
    #[error("the index directory `{path}` can't be used")]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A bulk load into an index that holds something.
    #[error("the index holds {0} entries, and a bulk load needs an empty one")]
    NotEmpty(u64),
    /// A change that is not newer than what was applied.
    #[error("revision {given} is not after revision {applied}, which is applied already")]
    Stale {
        /// The revision of the change.
        given: Revision,
        /// The revision of the index.
        applied: Revision,
    },
    /// The thread that writes to the disk failed before, for this reason.
    #[error("the index can't be written to the disk: {0}")]
    Disk(String),
    /// The thread that writes to the disk is gone.
    #[error("the index has been stopped")]
    Stopped,
    /// The text index failed.
    #[error("the text index failed")]
    Text(#[from] tantivy::TantivyError),
}

impl IndexError {
    /// Whether removing the directory and loading again heals it.
    #[must_use]
    pub const fn is_healed_by_rebuilding(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Format { .. })
    }
}
