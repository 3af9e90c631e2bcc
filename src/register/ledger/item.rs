//! Items: what a source has, by its own keys.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::{RawValue, to_raw_value};

use super::{Row, Table};
use crate::journal::Note;
use crate::model::TermsOfUse;
use crate::record::RecordId;

/// Characters of a key that are kept; longer ones are shortened to a hash of
/// theirs, so that no publisher fills the ledger.
const LONGEST_KEY: usize = 500;

/// What is known of one item of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The record that it is.
    pub id: RecordId,
    /// Hash of the record that was made of it; empty when none was yet. Of one
    /// that is withdrawn, that of its last one.
    pub hash: String,
    /// When the source last changed it, to the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// The number of the run that last wrote it.
    pub run: u64,
    /// Whether it is published.
    pub state: ItemState,
    /// Kind and key that it had when its record was made, when its publisher
    /// has given it another key since and an editor has said so: the record
    /// stays the one of that key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formerly: Option<String>,
}

/// Whether an item is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum ItemState {
    /// The source has it.
    Live,
    /// The source no longer lists it; it is still published.
    Missing {
        /// When it was first missing.
        since: Timestamp,
        /// In how many whole runs in a row it was missing.
        runs: u32,
    },
    /// It is withdrawn.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// It was never good enough to be published.
    Rejected,
}

impl Item {
    /// The key of an item; the prefix of all of a source's with an empty kind
    /// and key.
    #[must_use]
    pub fn key(source: &str, kind: &str, key: &str) -> String {
        format!("{source}\n{}", Self::own_key(kind, key))
    }

    /// What stands after the source in the key of an item.
    #[must_use]
    pub fn own_key(kind: &str, key: &str) -> String {
        if key.len() > LONGEST_KEY {
            return format!("{kind}\n{}", blake3::hash(key.as_bytes()).to_hex());
        }
        format!("{kind}\n{key}")
    }

    /// What the table of what is missing learns when an item of `source` comes
    /// to be as this from what it was `before`.
    #[must_use]
    pub fn absence(&self, source: &str, before: Option<&Self>) -> Option<Note> {
        let key = Missing::key(source, &self.id);
        let was_missing =
            before.is_some_and(|item| matches!(item.state, ItemState::Missing { .. }));
        match self.state {
            ItemState::Missing { since, .. } => Some(Missing { since }.put(key)),
            _ => was_missing.then(|| Table::Missing.forget(&key)),
        }
    }

    /// Whether its record is published.
    #[must_use]
    pub fn is_published(&self) -> bool {
        matches!(self.state, ItemState::Live | ItemState::Missing { .. })
    }

    /// Whether its record is withdrawn, and was published before.
    #[must_use]
    pub fn was_published(&self) -> bool {
        matches!(self.state, ItemState::Withdrawn { .. }) && !self.hash.is_empty()
    }
}

impl Row for Item {
    const TABLE: Table = Table::Item;
}

/// That a source no longer lists a record which is still published, found by
/// the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Since when.
    pub since: Timestamp,
}

impl Missing {
    /// The key of a record that is missing at a source.
    #[must_use]
    pub fn key(source: &str, id: &RecordId) -> String {
        format!("{source}\n{id}")
    }
}

impl Row for Missing {
    const TABLE: Table = Table::Missing;
}

/// A staged record, as the text of its JSON: many who look at what is staged
/// want to know only that there is one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StagedRecord(Box<RawValue>);

impl StagedRecord {
    /// Keeps `json`.
    ///
    /// # Panics
    ///
    /// Never: JSON is written into memory.
    #[must_use]
    pub fn new(json: &Json) -> Self {
        Self(to_raw_value(json).expect("JSON is written into memory"))
    }

    /// The text of the JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// What tells it from others: a hash of its text, as hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        blake3::hash(self.as_str().as_bytes()).to_hex().to_string()
    }

    /// The same for a record that is given on `terms` of its own.
    ///
    /// # Panics
    ///
    /// Never: JSON is written into memory.
    #[must_use]
    pub fn hash_on(&self, terms: Option<&TermsOfUse>) -> String {
        let Some(terms) = terms else { return self.hash() };
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.as_str().as_bytes());
        hasher.update(&serde_json::to_vec(terms).expect("texts are JSON"));
        hasher.finalize().to_hex().to_string()
    }

    /// The JSON; null where it is nested too deeply to be read.
    #[must_use]
    pub fn json(&self) -> Json {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }
}

impl PartialEq for StagedRecord {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

/// What a run will do to an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Staged {
    /// The record that it is.
    pub id: RecordId,
    /// The record; `None` withdraws it.
    pub record: Option<StagedRecord>,
    /// Hash of the record.
    pub hash: String,
    /// When the source last changed it, to the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The address that it was read from.
    pub url: String,
    /// When that was retrieved.
    pub retrieved_at: Timestamp,
    /// Name of the format that it was read as.
    pub format: String,
    /// Hash of the record that it replaces; `None` when none is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The terms of its use, where they are not those of its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_terms: Option<TermsOfUse>,
    /// The listing no longer has it, and a person is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_absent: bool,
    /// The known item that it seems to be, under another key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rekey: Option<Rekey>,
}

/// That a new item seems to be a known one whose publisher has given it
/// another key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rekey {
    /// Kind and key of the known item.
    pub from: String,
    /// Its record.
    pub id: RecordId,
    /// How likely it is, from 0 to 1.
    pub likelihood: f64,
    /// Whether it is taken over when a person agrees: it is likely, and no
    /// other item comes near.
    pub is_sure: bool,
}

impl Row for Staged {
    const TABLE: Table = Table::Staged;
}
