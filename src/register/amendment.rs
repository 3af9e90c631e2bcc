//! What the register itself has to say for a record to be shown as an editor
//! wants it.

use std::sync::PoisonError;

use super::{Edit, LOCAL_SOURCE, ReadError, Register, Version, merged};
use crate::record::{Record, amend};

impl Register {
    /// The edit after which `wanted` is shown where `shown` is now: only the
    /// properties that are different, and marks for those that other sources
    /// state and that go. It is refused when the record has changed meanwhile.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn amendment(&self, shown: &Version, wanted: &Record) -> Result<Edit, ReadError> {
        let id = &shown.merged.record.id;
        let (own, others): (Vec<_>, Vec<_>) = self
            .journal
            .current(id)?
            .into_iter()
            .partition(|version| version.source == LOCAL_SOURCE);
        let own = own.first().map(|version| super::stored::read(&self.schema, version));
        let own = own.transpose()?.flatten();
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let others = merged::of_versions(&self.schema, &lookup, id, &others)?;
        let others = others.as_ref().map(|others| &others.record);
        Ok(Edit {
            source: LOCAL_SOURCE.to_owned(),
            id: id.clone(),
            record: amend(&self.schema, own.as_ref(), others, &shown.merged.record, wanted),
            original: None,
            expected: Some(shown.revision),
            derivation: None,
        })
    }
}
