//! What a harvested version was made from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::TermsOfUse;

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
    /// What holds instead for this one, where it says so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsOfUse>,
}

impl Derivation {
    /// The licences under which it is given; none when none is stated.
    #[must_use]
    pub fn licences(&self) -> Vec<&str> {
        match self.terms.as_ref().and_then(|terms| terms.licences.as_ref()) {
            Some(own) => own.iter().map(String::as_str).collect(),
            None => self.licence.as_deref().into_iter().collect(),
        }
    }

    /// How it is to be credited; `None` when nobody has said.
    #[must_use]
    pub fn credited(&self) -> Option<&str> {
        let own = self.terms.as_ref().and_then(|terms| terms.attribution.as_deref());
        own.or(self.attribution.as_deref())
    }
}
