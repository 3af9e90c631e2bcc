//! The harvester's private state: sources, items, runs and what waits for an
//! editor. It stands in the journal's private tables, out of reach of SPARQL,
//! and changes in the same transactions as the records.

mod credential;
mod discovery;
mod item;
mod link;
mod page;
mod request;
mod review;
mod run;
mod series;
mod source;
mod subscription;
mod suppressed;
mod table;
#[cfg(test)]
mod tests;
mod told;

pub use credential::{Credential, SecretFrom};
pub use discovery::{Discovered, Discovery, DiscoveryResult};
pub use item::{Item, ItemState, Missing, Rekey, Staged, StagedRecord};
pub use link::{
    Citation, Cited, CitedAt, Failures, Link, LinkChange, LinkDue, LinkHost, LinkInState, LinkMark,
    LinkState,
};
pub use page::{Guessed, Page, Queued};
pub use request::{Request, RequestKind};
pub use review::{Decision, Review, ReviewKind};
pub use run::{
    Counts, Cursor, Finding, HeldFor, KnownFinding, Modified, Outcome, Passes, Phase, Rekeys, Run,
    RunKind, Trigger, UNDONE,
};
pub use series::{Series, Session, SessionOf};
pub use source::{Alert, Lease, Moved, SourceState};
pub use subscription::{Pending, Subscription, SubscriptionState};
pub use suppressed::Suppressed;
pub use table::{LedgerError, Row, Table};
pub use told::{HubMark, Told};

use super::Register;
use crate::journal::{Durability, Note, Notes};

/// The harvester's tables.
#[derive(Clone, Copy)]
pub struct Ledger<'a> {
    notes: &'a dyn Notes,
}

impl Register {
    /// The harvester's private state.
    #[must_use]
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger { notes: self.notes() }
    }
}

impl Ledger<'_> {
    /// The row of a key.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when it can't be read.
    pub fn get<T: Row>(&self, key: &str) -> Result<Option<T>, LedgerError> {
        let Some(value) = self.notes.note(T::TABLE.name(), key)? else { return Ok(None) };
        table::read(T::TABLE, key, &value).map(Some)
    }

    /// The rows whose keys begin with `prefix` and come after `after`, in the
    /// order of their keys, `limit` at most.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when they can't be read.
    pub fn rows<T: Row>(
        &self,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, T)>, LedgerError> {
        let found = self.notes.notes(T::TABLE.name(), prefix, after, limit)?;
        found
            .into_iter()
            .map(|(key, value)| Ok((table::read(T::TABLE, &key, &value)?, key)))
            .map(|row: Result<(T, String), LedgerError>| row.map(|(row, key)| (key, row)))
            .collect()
    }

    /// Calls `with` for each row whose key begins with `prefix`, in order.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when they can't be read.
    pub fn each<T: Row>(
        &self,
        prefix: &str,
        mut with: impl FnMut(String, T),
    ) -> Result<(), LedgerError> {
        const STEP: usize = 2_000;
        let mut after = String::new();
        loop {
            let rows = self.rows::<T>(prefix, &after, STEP)?;
            let is_last = rows.len() < STEP;
            if let Some((key, _)) = rows.last() {
                after.clone_from(key);
            }
            for (key, row) in rows {
                with(key, row);
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// How many rows have keys that begin with `prefix`.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when they can't be counted.
    pub fn count<T: Row>(&self, prefix: &str) -> Result<u64, LedgerError> {
        Ok(self.notes.count_notes(T::TABLE.name(), prefix)?)
    }

    /// Keeps and forgets rows, all or none; see [`Table::put`] and
    /// [`Table::forget`].
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when they can't be written.
    pub fn write(&self, notes: &[Note], durability: Durability) -> Result<(), LedgerError> {
        Ok(self.notes.put_notes(notes, durability)?)
    }

    /// Forgets all rows whose keys begin with `prefix`.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when they can't be written.
    pub fn forget_all(&self, table: Table, prefix: &str) -> Result<usize, LedgerError> {
        Ok(self.notes.forget_notes(table.name(), prefix)?)
    }
}

impl std::fmt::Debug for Ledger<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Ledger").finish_non_exhaustive()
    }
}
