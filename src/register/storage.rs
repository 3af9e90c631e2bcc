//! What the register takes on the disk, and what is left there.

use std::sync::atomic::Ordering;

use rustix::fs::statvfs;

use super::Register;
use crate::journal::{JournalError, JournalSize};

/// The disk of the data directory, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// What is left for whoever runs the program.
    pub free: u64,
    /// All of it.
    pub size: u64,
}

impl Register {
    /// How large the journal is.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    pub fn journal_size(&self) -> Result<JournalSize, JournalError> {
        self.journal.size()
    }

    /// The disk of the data directory; `None` for a register in memory, or
    /// when the system does not say.
    #[must_use]
    pub fn room(&self) -> Option<Room> {
        let disk = statvfs(self.directory.as_ref()?).ok()?;
        Some(Room { free: disk.f_bavail * disk.f_frsize, size: disk.f_blocks * disk.f_frsize })
    }

    /// Refuses to write from now on while fewer than `bytes` are left on the
    /// disk; with 0 only when there is no room at all. The quad store can't go
    /// on after its disk was full, so it should never see that.
    /// Source: contract of limits, 4, durability 5.
    pub fn keep_free(&self, bytes: u64) {
        self.kept_free.store(bytes, Ordering::Relaxed);
    }

    /// How many bytes are kept free; see [`Register::keep_free`].
    #[must_use]
    pub fn kept_free(&self) -> u64 {
        self.kept_free.load(Ordering::Relaxed)
    }

    /// Whether there is room to write.
    ///
    /// # Errors
    ///
    /// [`JournalError::LittleRoom`] when there is not.
    pub fn check_room(&self) -> Result<(), JournalError> {
        let least = self.kept_free();
        match self.room().filter(|_| least > 0) {
            Some(Room { free, .. }) if free < least => {
                Err(JournalError::LittleRoom { free, least })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;
