//! Notes in SQLite, beside the journal and in its transactions.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::sqlite::SqliteJournal;
use super::{Durability, JournalError, Note, Notes};

/// Keeps or forgets `notes` within a transaction.
pub(super) fn write(transaction: &Connection, notes: &[Note]) -> Result<(), JournalError> {
    for note in notes {
        match &note.value {
            Some(value) => transaction
                .prepare_cached(
                    "INSERT INTO note (place, key, value) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET value = excluded.value",
                )?
                .execute(params![note.table, note.key, value])?,
            None => transaction
                .prepare_cached("DELETE FROM note WHERE place = ?1 AND key = ?2")?
                .execute(params![note.table, note.key])?,
        };
    }
    Ok(())
}

/// The end of the range of keys that begin with `prefix`: no text sorts after
/// it that does.
fn end(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

impl Notes for SqliteJournal {
    fn put_notes(&self, notes: &[Note], durability: Durability) -> Result<(), JournalError> {
        let mut writer = self.writer();
        // The log is synced by the next durable commit, which brings all
        // before it to the disk.
        if durability == Durability::Relaxed {
            writer.pragma_update(None, "synchronous", "NORMAL")?;
        }
        let written = (|| {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            write(&transaction, notes)?;
            transaction.commit()?;
            Ok(())
        })();
        if durability == Durability::Relaxed {
            writer.pragma_update(None, "synchronous", "FULL")?;
        }
        written
    }

    fn note(&self, table: &str, key: &str) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self
            .reader()
            .prepare_cached("SELECT value FROM note WHERE place = ?1 AND key = ?2")?
            .query_row(params![table, key], |row| row.get(0))
            .optional()?)
    }

    fn notes(
        &self,
        table: &str,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, JournalError> {
        let reader = self.reader();
        // One bound below: of two, all keys from the first on are looked at.
        let (below, from) = if after < prefix { (">=", prefix) } else { (">", after) };
        let mut statement = reader.prepare_cached(&format!(
            "SELECT key, value FROM note
             WHERE place = ?1 AND key {below} ?2 AND key < ?3 ORDER BY key LIMIT ?4",
        ))?;
        let rows = statement.query_map(params![table, from, end(prefix), limit], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn count_notes(&self, table: &str, prefix: &str) -> Result<u64, JournalError> {
        Ok(self
            .reader()
            .prepare_cached(
                "SELECT count(*) FROM note WHERE place = ?1 AND key >= ?2 AND key < ?3",
            )?
            .query_row(params![table, prefix, end(prefix)], |row| row.get(0))?)
    }

    fn forget_notes(&self, table: &str, prefix: &str) -> Result<usize, JournalError> {
        Ok(self
            .writer()
            .prepare_cached("DELETE FROM note WHERE place = ?1 AND key >= ?2 AND key < ?3")?
            .execute(params![table, prefix, end(prefix)])?)
    }
}
