//! A journal that another process may have open: tokens and copies.
//!
//! The lock of the data directory is for those who write records, since the
//! views have to follow in the same order. Neither a token nor a copy changes a
//! view, and SQLite's write-ahead log lets several processes share a database.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::sqlite::{FILE, known_format};
use super::{JournalError, StoredToken, TokenStore, sqlite_tokens};
use crate::model::Revision;

/// How long it waits for another writer, such as a load.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pages that are copied between two words on how far it has come.
const STEP: i32 = 4096;
/// The tables whose rows are counted.
const TABLES: [&str; 5] = ["version", "head", "slug", "token", "note"];

/// The journal of a data directory, beside whoever has it.
#[derive(Debug)]
pub struct Beside {
    connection: Connection,
}

/// What a copy of a journal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The newest revision in it.
    pub revision: Revision,
    /// What it takes, in bytes.
    pub bytes: u64,
}

impl Beside {
    /// Opens the journal of `directory`, which must be there.
    ///
    /// # Errors
    ///
    /// [`JournalError::NewerFormat`] or [`JournalError::Damaged`];
    /// [`JournalError::Database`] when there is none, or it can't be opened.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(directory.join(FILE), flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        known_format(&connection)?;
        Ok(Self { connection })
    }

    /// Copies the journal, as it is now, into the new file `target`, and
    /// checks the copy: it is whole, and has as many rows. It is on the disk
    /// when this returns. Whoever writes meanwhile does not wait.
    /// `progress` is told pages that are copied, and how many there are.
    ///
    /// # Errors
    ///
    /// [`JournalError::Full`], [`JournalError::Damaged`] when the copy is not
    /// whole, or [`JournalError::Database`]; a part of the file may be left.
    pub fn copy(
        &self,
        target: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Copied, JournalError> {
        // All is read of one moment, however long it takes.
        let moment = self.connection.unchecked_transaction()?;
        let expected = rows(&moment)?;
        let mut copy = Connection::open(target)?;
        {
            let backup = Backup::new(&moment, &mut copy)?;
            loop {
                let step = backup.step(STEP)?;
                let done = backup.progress();
                let number = |pages: i32| u64::try_from(pages).unwrap_or_default();
                progress(number(done.pagecount - done.remaining), number(done.pagecount));
                match step {
                    StepResult::Done => break,
                    StepResult::More => {}
                    _ => return Err(JournalError::Busy),
                }
            }
        }
        // A file by itself, without a log beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        let verdict: String = copy.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
        if verdict != "ok" {
            return Err(JournalError::Damaged(verdict));
        }
        if rows(&copy)? != expected {
            return Err(JournalError::Damaged("the copy lacks rows".to_owned()));
        }
        let revision: Option<u64> =
            copy.query_row("SELECT max(revision) FROM version", [], |row| row.get(0))?;
        copy.close().map_err(|(_, error)| error)?;
        let file = |error: std::io::Error| JournalError::Database(error.to_string());
        let copied = fs::File::open(target).map_err(file)?;
        copied.sync_all().map_err(file)?;
        let bytes = copied.metadata().map_err(file)?.len();
        Ok(Copied { revision: Revision(revision.unwrap_or(0)), bytes })
    }
}

/// How many rows each table has.
fn rows(connection: &Connection) -> Result<[u64; TABLES.len()], JournalError> {
    let mut counts = [0; TABLES.len()];
    for (count, table) in counts.iter_mut().zip(TABLES) {
        *count =
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    }
    Ok(counts)
}

impl TokenStore for Beside {
    fn add_token(&self, token: &StoredToken) -> Result<(), JournalError> {
        sqlite_tokens::add(&self.connection, token)
    }

    fn token(&self, id: &str) -> Result<Option<StoredToken>, JournalError> {
        sqlite_tokens::find(&self.connection, id)
    }

    fn tokens(&self) -> Result<Vec<StoredToken>, JournalError> {
        sqlite_tokens::all(&self.connection)
    }

    fn revoke_token(&self, id: &str) -> Result<bool, JournalError> {
        sqlite_tokens::revoke(&self.connection, id)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tempfile::tempdir;

    use super::*;
    use crate::journal::{Durability, Journal, Note, Notes, Scope, SqliteJournal};

    fn token(id: &str) -> StoredToken {
        StoredToken {
            id: id.to_owned(),
            hash: [7; 32],
            label: "a purpose".to_owned(),
            scope: Scope::Write,
            created: Timestamp::UNIX_EPOCH,
            expires: None,
            revoked: false,
        }
    }

    fn note(key: &str, value: Vec<u8>) -> Note {
        Note { table: "place", key: key.to_owned(), value: Some(value) }
    }

    #[test]
    fn tokens_of_one_process_are_known_to_the_other_at_once() {
        let directory = tempdir().unwrap();
        let journal = SqliteJournal::open(directory.path()).unwrap();
        let beside = Beside::open(directory.path()).unwrap();
        beside.add_token(&token("a")).unwrap();
        assert_eq!(journal.token("a").unwrap(), Some(token("a")));
        journal.add_token(&token("b")).unwrap();
        assert_eq!(beside.tokens().unwrap().len(), 2);
        assert!(beside.revoke_token("a").unwrap());
        assert!(journal.token("a").unwrap().unwrap().revoked);
        assert!(!beside.revoke_token("c").unwrap());
    }

    /// What reads first and writes then would fail for ever when another
    /// connection writes between.
    #[test]
    fn a_change_under_way_is_not_hindered_by_a_token() {
        let directory = tempdir().unwrap();
        let journal = SqliteJournal::open(directory.path()).unwrap();
        let note = note("key", b"value".to_vec());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let beside = Beside::open(directory.path()).unwrap();
                for number in 0..40 {
                    beside.add_token(&token(&number.to_string())).unwrap();
                }
            });
            for _ in 0..40 {
                let written = journal.append(
                    &mut std::iter::empty(),
                    std::slice::from_ref(&note),
                    Timestamp::UNIX_EPOCH,
                    "test",
                );
                written.unwrap();
            }
        });
        assert_eq!(journal.tokens().unwrap().len(), 40);
    }

    #[test]
    fn a_copy_is_of_one_moment_and_a_database_by_itself() {
        let directory = tempdir().unwrap();
        let journal = SqliteJournal::open(directory.path()).unwrap();
        journal.add_token(&token("a")).unwrap();
        let value = vec![1; 40_000];
        let notes: Vec<Note> = (0..600).map(|key| note(&key.to_string(), value.clone())).collect();
        journal.put_notes(&notes, Durability::Durable).unwrap();
        let beside = Beside::open(directory.path()).unwrap();
        let target = directory.path().join("copy.sqlite");
        let mut told = Vec::new();
        let copied = beside.copy(&target, &mut |done, of| {
            told.push((done, of));
            journal.add_token(&token(&format!("late {}", told.len()))).unwrap();
        });
        assert_eq!(copied.unwrap().revision, Revision(0));
        assert!(told.len() > 1, "{told:?}");
        assert!(told.iter().is_sorted() && told.last().is_some_and(|(done, of)| done == of));
        assert!(!directory.path().join("copy.sqlite-wal").exists());
        let copy = Connection::open(&target).unwrap();
        assert_eq!(sqlite_tokens::all(&copy).unwrap(), [token("a")]);
        assert_eq!(journal.tokens().unwrap().len(), 1 + told.len());
    }

    #[test]
    fn there_must_be_a_journal() {
        let directory = tempdir().unwrap();
        assert!(Beside::open(directory.path()).is_err());
        assert!(!directory.path().join(FILE).exists());
    }
}
