//! Documents: what came from an address the last time, and what is still to
//! be fetched.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// What is known of a document of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The run that last saw it.
    pub run: u64,
    /// What its server tells changes by, as the fetcher keeps it.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub validators: serde_json::Value,
    /// Hash of its bytes; empty when it was read by a program that kept none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// Hash of what it lists: the same for pages that differ in nothing else.
    pub hash: String,
    /// Hash of all that its reading depends on besides the content.
    pub reading: String,
    /// When it was last read.
    pub read_at: Timestamp,
    /// The ledger keys, without the source, of the items in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// How many rows of it can't be told from others, having no key.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unnamed: u64,
    /// How many rows of it have a key that stood in it already.
    #[serde(default, skip_serializing_if = "is_none")]
    pub repeats: u64,
    /// Those of its items which the publisher says are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<String>,
    /// What it led to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow: Vec<Queued>,
    /// Terms of the publisher in it that are none of our categories by
    /// themselves, and what editors had decided of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<String, Option<String>>,
    /// How many items the source says that there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<u64>,
    /// Where the next run goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
    /// The licence that another document named for it when it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The next page by the `Link` header of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Whether it was read to its end.
    #[serde(default)]
    pub is_whole: bool,
    /// Which pass of the run saw it last: 0 is the first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pass: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_zero(pass: &u8) -> bool {
    *pass == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_none(rows: &u64) -> bool {
    *rows == 0
}

impl Page {
    /// The key of a document.
    #[must_use]
    pub fn key(source: &str, url: &str) -> String {
        format!("{source}\n{url}")
    }

    /// The key of what was known of a document before the run that has read it
    /// anew, as long as that is not written; with an empty `url`, what all of
    /// the source begin with.
    #[must_use]
    pub fn former_key(source: &str, url: &str) -> String {
        // No identifier of a source has this character.
        format!("{source}\u{1f}former\n{url}")
    }

    /// The same of a document that must come whole the next time, last seen by
    /// `run`.
    #[must_use]
    pub fn unread(self, run: u64) -> Self {
        Self { run, is_whole: false, validators: serde_json::Value::Null, ..self }
    }
}

impl Row for Page {
    const TABLE: Table = Table::Page;
}

/// By what a document was read whose columns or keys nobody has mapped; the
/// key is that of its [`Page`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guessed {
    /// The mapping.
    pub mapping: serde_json::Value,
}

impl Row for Guessed {
    const TABLE: Table = Table::Guess;
}

/// A document that a run has still to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// Its address.
    pub url: String,
    /// How it belongs: `start`, `next`, `part` or `detail`.
    pub role: String,
    /// Whether it is a next page of which its publisher doesn't say that it is
    /// there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_guess: bool,
    /// The key of the record that it is the whole of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Name of its format, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The address at which the feed of changes begins that it belongs to, when
    /// the source has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<String>,
    /// The licence that the document which leads to it names for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// How many documents lead to it, pages of the same listing not counted.
    #[serde(default)]
    pub depth: u8,
}

impl Queued {
    /// The key of a place in the queue; earlier numbers come first.
    #[must_use]
    pub fn key(source: &str, number: u64) -> String {
        format!("{source}\n{number:012}")
    }
}

impl Row for Queued {
    const TABLE: Table = Table::Queue;
}
