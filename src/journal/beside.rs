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
#[path = "beside_tests.rs"]
mod tests;
