//! Requests of people to have something erased (contract F72): it is
//! withdrawn, and not taken again.

use jiff::Timestamp;
use thiserror::Error;

use super::ledger::{Finding, Item, ItemState, LedgerError, Page, Row as _, Suppressed, Table};
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
        let own = Item::own_key(self.kind, self.key);
        (format!("{}\n{own}", self.source), Suppressed::key(self.source, &own))
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
        // What was found wrong with it has pieces of it.
        ledger.each::<Finding>(&format!("{}\n", item.source), |key, finding| {
            if finding.key.as_deref() == Some(item.key) {
                notes.push(Table::Finding.forget(&key));
            }
        })?;
        let known: Option<Item> = ledger.get(&full)?;
        let published = known.filter(Item::is_published);
        let was_published = published.is_some();
        if let Some(known) = published {
            let edit = Edit::withdrawal(item.source, known.id.clone());
            notes.push(Item { state: ItemState::Withdrawn { at: now }, ..known }.put(&*full));
            let actor = format!("erasure by {by}");
            self.apply_noted(&[edit], &notes, References::Kept, &actor, now)?;
        } else {
            ledger.write(&notes, Durability::Durable)?;
        }
        // Also of what waits for an editor, or could not be taken.
        let prefix = format!("{}\n", item.source);
        ledger.forget_all(Table::Raw, &prefix)?;
        ledger.forget_all(Table::Page, &prefix)?;
        let former = Page::former_key(item.source, "");
        ledger.forget_all(Table::Raw, &former)?;
        ledger.forget_all(Table::Page, &former)?;
        Ok(was_published)
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
