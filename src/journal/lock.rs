//! One process at a time has a data directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::JournalError;
use crate::private;

/// The right to use a data directory, as long as the value lives. The system
/// gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Takes `directory`, which is made for its owner alone when it is not there.
    ///
    /// # Errors
    ///
    /// [`JournalError::InUse`] when another process has it,
    /// [`JournalError::NotWritable`] when it can't be made or written.
    pub fn take(directory: &Path) -> Result<Self, JournalError> {
        let not_writable = |error: io::Error| JournalError::NotWritable {
            directory: directory.to_owned(),
            reason: error.to_string(),
        };
        private::make(directory).map_err(not_writable)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(directory.join("lock"))
            .map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(JournalError::InUse(directory.to_owned())),
            Err(TryLockError::Error(error)) => Err(not_writable(error)),
        }
    }
}
