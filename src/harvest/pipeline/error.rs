//! Why a source can't be harvested.

use thiserror::Error;

use crate::harvest::settings::SettingsError;
use crate::harvest::sources::SourceError;
use crate::journal::JournalError;
use crate::register::ledger::LedgerError;
use crate::register::{ApplyError, EraseError, ReadError};

/// Why a source can't be harvested. What is wrong with what the source
/// publishes is told in its runs instead.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HarvestError {
    /// There is no such source.
    #[error("there is no source `{0}`")]
    Unknown(String),
    /// Its settings can't be used.
    #[error("the source `{source_id}` can't be harvested: {error}")]
    Settings {
        /// The source.
        source_id: String,
        /// What is wrong.
        error: SettingsError,
    },
    /// It is retired.
    #[error("the source `{0}` is retired; make it active to harvest it again")]
    Retired(String),
    /// Somebody else is at it.
    #[error("the source `{source_id}` is being harvested by {by}")]
    Busy {
        /// The source.
        source_id: String,
        /// Who.
        by: String,
    },
    /// No run waits for approval.
    #[error("no run of `{0}` waits for approval")]
    NothingHeld(String),
    /// No new item of a held run is surely a known one.
    #[error("no new item of `{0}` is surely a known one under another key; approve or dismiss")]
    NothingToRekey(String),
    /// The records have changed since the run looked at them.
    #[error("{0} records have changed since the run looked at them; preview again")]
    Outdated(usize),
    /// No documents were kept that could be read once more.
    #[error("no documents of `{0}` are kept")]
    NothingKept(String),
    /// The newest run wrote nothing, or was undone already.
    #[error("the newest run of `{0}` wrote nothing that could be undone")]
    NothingToUndo(String),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The register refused or failed.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The record of the source can't be changed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The disk can't be read.
    #[error("a document that lies on the disk can't be read: {0}")]
    Disk(#[from] std::io::Error),
    /// The register can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<EraseError> for HarvestError {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::Ledger(error) => Self::Ledger(error),
            EraseError::Apply(error) => Self::Apply(error),
        }
    }
}

impl From<JournalError> for HarvestError {
    fn from(error: JournalError) -> Self {
        Self::Ledger(error.into())
    }
}
