//! One process at a time has a data directory.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::JournalError;

/// The right to use a data directory, as long as the value lives. The system
/// gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Takes `directory`. One that is not there is made for its owner alone:
    /// in it are addresses of people, and what was never published. One that
    /// is there keeps its rights.
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
        make(directory).map_err(not_writable)?;
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

fn make(directory: &Path) -> io::Result<()> {
    if let Some(above) = directory.parent() {
        std::fs::create_dir_all(above)?;
    }
    // To be there already is no fault of what is recursive.
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use tempfile::tempdir;

    use super::*;

    fn rights(directory: &Path) -> u32 {
        fs::metadata(directory).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_directory_is_its_owners_alone_and_one_that_is_there_keeps_its_rights() {
        let place = tempdir().unwrap();
        let new = place.path().join("above/new");
        drop(DirectoryLock::take(&new).unwrap());
        assert_eq!(rights(&new), 0o700);
        fs::set_permissions(&new, Permissions::from_mode(0o750)).unwrap();
        drop(DirectoryLock::take(&new).unwrap());
        assert_eq!(rights(&new), 0o750);
    }
}
