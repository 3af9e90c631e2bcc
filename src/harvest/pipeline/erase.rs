//! Requests of people to have something erased (contract F72): it is
//! withdrawn, and not taken again.

use super::{HarvestError, Harvester};
use crate::register::ItemOf;

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
        Ok(self.register.erase(ItemOf { source, kind, key }, by, reason, self.now())?)
    }

    /// Takes back an [erasure](Self::erase), so that the next run takes the
    /// record again. Gives whether there was one.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`].
    pub fn permit(&self, source: &str, kind: &str, key: &str) -> Result<bool, HarvestError> {
        Ok(self.register.permit(ItemOf { source, kind, key })?)
    }
}
