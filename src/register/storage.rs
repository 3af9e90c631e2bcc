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
mod tests {
    use super::*;
    use crate::record::{Base, Fields, Record, RecordId, Value};
    use crate::register::{ApplyError, Edit, Found, Place, References, Register};
    use crate::schema::Schema;

    #[test]
    fn nothing_is_written_while_there_is_less_room_than_is_kept_free_and_reading_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let base = Base::new("https://kist.example").unwrap();
        let place = Place::Directory(directory.path());
        let register = Register::open(Schema::standard(), base, place, now).unwrap();
        let id = RecordId::new("organisation", "o1").unwrap();
        let name = Value::LanguageText { language: "en".to_owned(), text: "Walkers".to_owned() };
        let fields = Fields::from([("name".to_owned(), vec![name])]);
        let edit = Edit {
            source: "local".to_owned(),
            id: id.clone(),
            record: Some(Record { id: id.clone(), fields }),
            original: None,
            expected: None,
            derivation: None,
        };
        let write = || register.apply(vec![edit.clone()], References::Kept, "test", now);
        let load = || {
            let mut edits = std::iter::once(Ok(edit.clone()));
            register.apply_all(&mut edits, "test", now, &mut |_| {})
        };
        register.keep_free(u64::MAX);
        for refused in [write(), load()] {
            let refused = refused.unwrap_err();
            assert!(
                matches!(refused, ApplyError::Journal(JournalError::LittleRoom { .. })),
                "{refused}"
            );
        }
        assert_eq!(register.get(&id).unwrap(), Found::Nowhere);
        register.keep_free(1);
        assert_eq!(write().unwrap().written, 1);
        register.keep_free(u64::MAX);
        assert!(matches!(register.get(&id).unwrap(), Found::Here(_)));
    }

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
