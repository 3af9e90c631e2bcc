//! Requests of people to have something erased (contract F72): it is
//! withdrawn, and not taken again.

use jiff::Timestamp;
use thiserror::Error;

use super::ledger::{Item, ItemState, LedgerError, Page, Row as _, Suppressed, Table};
use super::{ApplyError, Edit, References, Register};
use crate::journal::Durability;

/// An item of a source, as its publisher calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemOf<'a> {
    /// Identifier of the source.
    pub source: &'a str,
    /// The kind of record.
    pub kind: &'a str,
    /// The publisher's own key.
    pub key: &'a str,
}

/// Why nothing was erased.
#[derive(Debug, Error)]
pub enum EraseError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The register refused or failed.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl ItemOf<'_> {
    /// The key of the item in the ledger, and of its being suppressed.
    fn keys(self) -> (String, String) {
        let full = Item::key(self.source, self.kind, self.key);
        let suppressed = Suppressed::key(self.source, &full[self.source.len() + 1..]);
        (full, suppressed)
    }
}

impl Register {
    /// Withdraws what the source says of `item`, and has it taken no more,
    /// whatever the source lists. Gives whether it was published. The documents
    /// that are kept of the source are forgotten, since it stands in them; the
    /// history of the register is not touched.
    ///
    /// # Errors
    ///
    /// [`EraseError`] when the register fails.
    pub fn erase(
        &self,
        item: ItemOf<'_>,
        by: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, EraseError> {
        let ledger = self.ledger();
        let (full, key) = item.keys();
        let suppressed = Suppressed { since: now, by: by.to_owned(), reason: reason.to_owned() };
        let mut notes = vec![suppressed.put(key), Table::Staged.forget(&full)];
        let known: Option<Item> = ledger.get(&full)?;
        let Some(known) = known.filter(Item::is_published) else {
            ledger.write(&notes, Durability::Durable)?;
            return Ok(false);
        };
        let edit = Edit {
            source: item.source.to_owned(),
            id: known.id.clone(),
            record: None,
            original: None,
            expected: None,
            derivation: None,
        };
        notes.push(Item { state: ItemState::Withdrawn { at: now }, ..known }.put(&*full));
        let actor = format!("erasure by {by}");
        self.apply_noted(&[edit], &notes, References::Kept, &actor, now)?;
        let prefix = format!("{}\n", item.source);
        ledger.forget_all(Table::Raw, &prefix)?;
        ledger.forget_all(Table::Page, &prefix)?;
        let former = Page::former_key(item.source, "");
        ledger.forget_all(Table::Raw, &former)?;
        ledger.forget_all(Table::Page, &former)?;
        Ok(true)
    }

    /// Takes back an [erasure](Self::erase), so that the next run takes the
    /// item again. Gives whether there was one.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    pub fn permit(&self, item: ItemOf<'_>) -> Result<bool, LedgerError> {
        let ledger = self.ledger();
        let (_, key) = item.keys();
        if ledger.get::<Suppressed>(&key)?.is_none() {
            return Ok(false);
        }
        ledger.write(&[Table::Suppressed.forget(&key)], Durability::Durable)?;
        // Documents that have not changed are read once more.
        ledger.forget_all(Table::Page, &format!("{}\n", item.source))?;
        Ok(true)
    }
}
