//! The report of a harvest for its publisher, who has no token: its address
//! has a key that only the register can make.

use super::Register;
use crate::journal::JournalError;

impl Register {
    /// The address of the report of the run with this number of `source`;
    /// whoever has it may read the report.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the secret of signatures can't be read, or the
    /// first one kept.
    pub fn report_address(&self, source: &str, run: u64) -> Result<String, JournalError> {
        let key = self.signature(&signed_text(source, run))?;
        Ok(format!("{}/reports/harvest/{source}/{run}?key={key}", self.base().as_str()))
    }

    /// Whether `key` opens the report of the run with this number of `source`.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the secret of signatures can't be read.
    pub fn opens_report(&self, source: &str, run: u64, key: &str) -> Result<bool, JournalError> {
        self.is_signed(&signed_text(source, run), key)
    }
}

/// What the key of a report is the signature of.
fn signed_text(source: &str, run: u64) -> String {
    format!("harvest report\n{source}\n{run}")
}
