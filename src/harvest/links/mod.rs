//! Whether the addresses that records point to still lead somewhere.
//!
//! Each address is known once, however many records point to it. What records
//! point to is collected from what changed ([`collect`]); what is due is asked
//! ([`check_due`]), one host beside the other and each host one address after
//! the other; what an answer means for the address is decided in one place
//! ([`judge`]). Nothing is deleted or changed here: what is dead is told, and
//! what has moved for good is offered to an editor. No archive is asked.

mod address;
mod check;
mod collect;
mod due;
mod judge;
mod offer;
mod options;
mod outage;
mod page;
#[cfg(test)]
mod tests;
mod verdict;

use thiserror::Error;

use crate::journal::JournalError;
use crate::register::ledger::LedgerError;
use crate::register::{ApplyError, ReadError};

pub use address::{Target, normalise, targets};
pub use check::Seen;
pub use collect::{Collected, collect, collect_all};
pub use due::{Checked, check_due};
pub use judge::judge;
pub use offer::{Accepted, apply_decisions};
pub use options::Options;

/// Why links can't be collected or checked; what is wrong with a link is told
/// of the link.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LinksError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The register can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The register refused a change.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// A part of the work came to a sudden end.
    #[error("the check of links broke off: {0}")]
    Broken(String),
}

impl From<JournalError> for LinksError {
    fn from(error: JournalError) -> Self {
        Self::Ledger(error.into())
    }
}
