//! What the register takes on the disk, and what is left there.

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
}

#[cfg(test)]
mod tests {
    use crate::record::Base;
    use crate::register::{Place, Register};
    use crate::schema::Schema;

    #[test]
    fn a_register_on_the_disk_knows_its_room_and_one_in_memory_has_none() {
        let directory = tempfile::tempdir().unwrap();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let open = |place| {
            let base = Base::new("https://kist.example").unwrap();
            Register::open(Schema::standard(), base, place, now).unwrap()
        };
        let kept = open(Place::Directory(directory.path()));
        let room = kept.room().unwrap();
        assert!(room.free <= room.size && room.size > 0, "{room:?}");
        let size = kept.journal_size().unwrap();
        let file = std::fs::metadata(directory.path().join("journal.sqlite")).unwrap().len();
        // A page that is new may still be in the log.
        assert!(size.database_bytes >= file && file > 0, "{size:?}");
        let passing = open(Place::Memory);
        assert_eq!(passing.room(), None);
        assert!(passing.journal_size().unwrap().database_bytes > 0);
        assert_eq!(passing.journal_size().unwrap().log_bytes, 0);
    }
}
