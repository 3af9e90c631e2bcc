//! Items that somebody asked to have erased: they are not taken again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// That an item of a source is not to be taken. Its key is kept as a hash
/// only, since it may be about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// Since when.
    pub since: Timestamp,
    /// Who decided it.
    pub by: String,
    /// Why: a reference to the request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Suppressed {
    /// The key of an item, from its key in the ledger without the source.
    #[must_use]
    pub fn key(source: &str, item: &str) -> String {
        format!("{source}\n{}", Self::hash(item))
    }

    /// The part of the key that stands for the item.
    #[must_use]
    pub fn hash(item: &str) -> String {
        blake3::hash(item.as_bytes()).to_hex().to_string()
    }
}

impl Row for Suppressed {
    const TABLE: Table = Table::Suppressed;
}
