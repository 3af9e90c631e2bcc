//! What people ask to have looked for at an address, and what was found there.
//! Whoever serves the API writes it; whoever harvests looks, and answers.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// An address at which somebody wants to know what can be harvested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The address: of a home page, a feed or a file.
    pub url: String,
    /// When it was asked.
    pub at: Timestamp,
    /// Who asked.
    pub by: String,
    /// What came of it; `None` as long as nobody has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<DiscoveryResult>,
}

/// What was found at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoveryResult {
    /// When.
    pub ended: Timestamp,
    /// Why nothing could be looked at, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What can be harvested, the likeliest first.
    pub found: Vec<Discovered>,
    /// How many more candidates there were, which nobody has looked at.
    pub passed_over: u64,
}

/// Something that can be harvested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovered {
    /// Where it is.
    pub url: String,
    /// The name of its format.
    pub format: String,
    /// What to call it.
    pub label: String,
    /// How it was found, in some words.
    pub how: String,
    /// Records in its first document.
    pub records: u64,
    /// Documents that it leads to.
    pub documents: u64,
    /// How many records it says that there are.
    pub announced: Option<u64>,
    /// Address of the licence that it names.
    pub licence: Option<String>,
}

/// For how long what was found is told: a site may be another one then.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(24);

impl Discovery {
    /// What the keys of those begin with at which nobody has looked yet.
    pub const WAITING: &'static str = "waiting\n";
    /// What the keys of those begin with of which something was found, or
    /// nothing.
    pub const DONE: &'static str = "done\n";

    /// The name of the question what is at `url`: the same for the same
    /// address, so that asking twice is asking once.
    #[must_use]
    pub fn id(url: &str) -> String {
        let hash = blake3::hash(url.as_bytes()).to_hex();
        hash[..32].to_owned()
    }

    /// Its key: the waiting ones are apart from those that are done.
    #[must_use]
    pub fn key(&self) -> String {
        let stage = if self.result.is_some() { Self::DONE } else { Self::WAITING };
        format!("{stage}{}", Self::id(&self.url))
    }

    /// Whether what was found is too old to be told.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.result.as_ref().is_some_and(|result| now.duration_since(result.ended) > TOLD_FOR)
    }
}

impl Row for Discovery {
    const TABLE: Table = Table::Discovery;
}
