//! Private tables of whoever keeps state beside the records: small values by
//! table and key. They are not versioned, not public, and not in the views.

use super::JournalError;

/// A value to keep, or a key to forget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Name of the table, such as `harvest.item`.
    pub table: &'static str,
    /// Key within the table; tables are walked in the order of its bytes.
    pub key: String,
    /// The value; `None` forgets the key.
    pub value: Option<Vec<u8>>,
}

/// What happens to notes when the power fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// They are on the disk when the call returns.
    Durable,
    /// The last of them may be lost with the power, never with the process,
    /// and never in part; they cost no wait for the disk.
    Relaxed,
}

/// Where notes are kept.
pub trait Notes {
    /// Keeps or forgets `notes`, all or none.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be written.
    fn put_notes(&self, notes: &[Note], durability: Durability) -> Result<(), JournalError>;

    /// The value of a key.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn note(&self, table: &str, key: &str) -> Result<Option<Vec<u8>>, JournalError>;

    /// Keys that begin with `prefix` and come after `after`, with their
    /// values, in order, `limit` at most.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn notes(
        &self,
        table: &str,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, JournalError>;

    /// How many keys begin with `prefix`; their values are not read.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn count_notes(&self, table: &str, prefix: &str) -> Result<u64, JournalError>;

    /// Forgets all keys that begin with `prefix`, and gives their number.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be written.
    fn forget_notes(&self, table: &str, prefix: &str) -> Result<usize, JournalError>;
}
