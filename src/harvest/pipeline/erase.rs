//! Requests of people to have something erased (contract F72): it is
//! withdrawn, and not taken again.

use super::{HarvestError, Harvester};
use crate::journal::Durability;
use crate::register::ledger::{Item, ItemState, Row as _, Suppressed, Table};
use crate::register::{Edit, References};

impl Harvester {
    /// Withdraws what `source` says under `key` of a record of this `kind`,
    /// and takes it no more, whatever the source lists. Gives whether it was
    /// published. The documents that are kept of the source are forgotten,
    /// since it stands in them; the history of the register is not touched.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Unknown`] when there is no such source; otherwise when
    /// the register fails.
    pub fn erase(
        &self,
        source: &str,
        kind: &str,
        key: &str,
        by: &str,
        reason: &str,
    ) -> Result<bool, HarvestError> {
        super::begin::settings(self, source)?;
        let (ledger, now) = (self.register.ledger(), self.now());
        let full = Item::key(source, kind, key);
        let own = &full[source.len() + 1..];
        let suppressed = Suppressed { since: now, by: by.to_owned(), reason: reason.to_owned() };
        let mut notes =
            vec![suppressed.put(Suppressed::key(source, own)), Table::Staged.forget(&full)];
        let known: Option<Item> = ledger.get(&full)?;
        let published = known.filter(Item::is_published);
        let Some(item) = published else {
            ledger.write(&notes, Durability::Durable)?;
            return Ok(false);
        };
        let edit = Edit::withdrawal(source, item.id.clone());
        notes.push(Item { state: ItemState::Withdrawn { at: now }, ..item }.put(&*full));
        let actor = format!("erasure by {by}");
        self.register.apply_noted(&[edit], &notes, References::Kept, &actor, now)?;
        let prefix = format!("{source}\n");
        ledger.forget_all(Table::Raw, &prefix)?;
        ledger.forget_all(Table::Page, &prefix)?;
        Ok(true)
    }

    /// Takes back an [erasure](Self::erase), so that the next run takes the
    /// record again. Gives whether there was one.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`].
    pub fn permit(&self, source: &str, kind: &str, key: &str) -> Result<bool, HarvestError> {
        let ledger = self.register.ledger();
        let full = Item::key(source, kind, key);
        let key = Suppressed::key(source, &full[source.len() + 1..]);
        let was_there = ledger.get::<Suppressed>(&key)?.is_some();
        let prefix = format!("{source}\n");
        ledger.write(&[Table::Suppressed.forget(&key)], Durability::Durable)?;
        // Documents that have not changed are read once more.
        ledger.forget_all(Table::Page, &prefix)?;
        Ok(was_there)
    }
}
