//! What people have been told of a source.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// That people were told of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Since when what they were told of is so: another alert of the same code
    /// has another.
    pub since: Timestamp,
    /// When they were told.
    pub at: Timestamp,
}

impl Told {
    /// The key of an alert.
    #[must_use]
    pub fn key(source: &str, code: &str) -> String {
        format!("{source}\n{code}")
    }
}

impl Row for Told {
    const TABLE: Table = Table::Told;
}

/// Up to which change the hub of this register was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubMark {
    /// The number of the newest change.
    pub revision: u64,
    /// When it was told.
    pub at: Timestamp,
}

impl Row for HubMark {
    const TABLE: Table = Table::HubMark;
}
