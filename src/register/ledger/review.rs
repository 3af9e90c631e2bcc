//! What waits for an editor, and what editors decided for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Row, Table};

/// Something that an editor should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// What sort of thing.
    pub kind: ReviewKind,
    /// What is asked, as a sentence.
    pub question: String,
    /// What it is about, for programs.
    pub about: serde_json::Value,
    /// Why it is asked: features and weights of a match, and the like.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub why: serde_json::Value,
    /// When it was first asked.
    pub since: Timestamp,
}

/// What sort of thing waits for an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewKind {
    /// Whether two records are of the same thing.
    Match,
    /// Which category, or which area served, a publisher's term is.
    Term,
    /// A source changed a value that was corrected here.
    Curated,
    /// A source has moved.
    Moved,
    /// An address that records point to is elsewhere for good.
    Link,
    /// Where the fields of a source stand was guessed.
    Mapping,
    /// A publisher names another licence.
    Licence,
}

impl ReviewKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Match,
        Self::Term,
        Self::Curated,
        Self::Moved,
        Self::Link,
        Self::Mapping,
        Self::Licence,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Term => "term",
            Self::Curated => "curated",
            Self::Moved => "moved",
            Self::Link => "link",
            Self::Mapping => "mapping",
            Self::Licence => "licence",
        }
    }
}

impl Review {
    /// The key of what is asked.
    #[must_use]
    pub fn key(kind: ReviewKind, about: &str) -> String {
        format!("{}\n{about}", kind.name())
    }
}

impl Row for Review {
    const TABLE: Table = Table::Review;
}

/// What an editor decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided: `same`, `different`, an identifier of a category or
    /// place, `ignore`.
    pub answer: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What it was decided on; when that changes it is asked again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fingerprint: String,
}

impl Row for Decision {
    const TABLE: Table = Table::Decision;
}
