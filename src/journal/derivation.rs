//! What a harvested version was made from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a version was harvested from, as its provenance tells it for ever,
/// even when the source's settings change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Derivation {
    /// Identifier of the record of the run.
    pub run: String,
    /// The address that it was read from.
    pub url: String,
    /// When it was retrieved.
    pub retrieved_at: Timestamp,
    /// What read it: the name of the format and the program's version.
    pub extractor: String,
    /// When the source says that it last changed it, to the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// Address of the licence under which the source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// How the source wants to be credited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}
