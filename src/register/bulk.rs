//! Any number of edits as one change, in bounded memory.

use std::sync::PoisonError;

use jiff::Timestamp;

use super::{Applied, ApplyError, Edit, Progress, Register};
use crate::journal::JournalError;
use crate::record::Record;

/// How many edits are taken between two reports of progress.
const STEP: u64 = 1_000;

impl Register {
    /// Writes `edits`, all or none, as [`Register::apply`] does, but one after
    /// the other, so that they need not all be in memory. References to
    /// records that are not there are kept as links, and parts of records of
    /// which nobody says the whole are kept until somebody does.
    ///
    /// The first load of a register makes the views in bulk when the journal
    /// has everything: some ten times as fast as edit by edit.
    ///
    /// # Errors
    ///
    /// [`ApplyError::Invalid`] for the first record that breaks its shape,
    /// [`ApplyError::Changed`] when an expectation fails, or the first error
    /// that `edits` gives; nothing is written then.
    pub fn apply_all(
        &self,
        edits: &mut dyn Iterator<Item = Result<Edit, ApplyError>>,
        actor: &str,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied, ApplyError> {
        self.check_room()?;
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let revision = self.journal.newest()?;
        let show = |source| ApplyError::View { revision, source };
        // From here on what is not in the index is not in the journal.
        self.catch_up(now, progress).map_err(show)?;
        let mut refused = None;
        let mut taken = 0;
        let mut changes = edits.filter_map(|edit| {
            taken += 1;
            if taken % STEP == 0 {
                progress(Progress::Journal(taken));
            }
            match edit.and_then(|edit| self.change_of(edit)) {
                Ok(change) => change.map(Ok),
                Err(error) => {
                    refused = Some(error);
                    Some(Err(JournalError::Abandoned))
                }
            }
        });
        let appended = if self.directory.is_some() {
            self.journal.append(&mut changes, &[], now, actor)
        } else {
            // A journal in memory can't be read while it is written.
            let changes: Vec<_> = changes.collect();
            self.journal.append(&mut changes.into_iter(), &[], now, actor)
        };
        let appended = match (refused, appended) {
            (Some(error), _) => return Err(error),
            (None, appended) => appended?,
        };
        let Some((first, revision)) = appended else {
            return Ok(Applied { revision, written: 0 });
        };
        let show = |source| ApplyError::View { revision, source };
        self.catch_up(now, progress).map_err(show)?;
        let written = usize::try_from(revision.0 - first.0 + 1).unwrap_or(usize::MAX);
        Ok(Applied { revision, written })
    }

    fn change_of(&self, edit: Edit) -> Result<Option<crate::journal::Change>, ApplyError> {
        self.check(&edit)?;
        // A part may be there of what is not shown.
        let may_be_there = self.index.get(&edit.id.to_string()).is_some()
            || edit.record.as_ref().is_some_and(Record::is_part);
        let current = if may_be_there { self.journal.current(&edit.id)? } else { Vec::new() };
        self.change(&edit, &current)
    }
}

#[cfg(test)]
#[path = "bulk_tests.rs"]
mod tests;
