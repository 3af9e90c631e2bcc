//! How the sources of a record are credited, and under which licences they give
//! what they say.

use std::sync::{Arc, PoisonError};

use super::Register;
use crate::index::Facet;
use crate::record::{Record, Value, text_in_language, texts};

/// What a source says of its own use: by whom it is, and on which terms.
#[derive(Debug, Clone)]
pub struct Credit {
    source: String,
    name: Vec<Value>,
    attribution: Vec<Value>,
    licence: Option<String>,
    url: Option<String>,
}

impl Credit {
    /// What the record of a source says of it.
    pub(super) fn of(source: &Record) -> Self {
        let text = |key: &str| texts(source.values(key)).next().map(str::to_owned);
        Self {
            source: source.id.id().to_owned(),
            name: source.values("name").to_vec(),
            attribution: source.values("attribution").to_vec(),
            licence: text("licence"),
            url: text("url"),
        }
    }

    /// The identifier of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it is called, with the language of that (BCP 47) in front: in
    /// `language`, or else in English, or else in any; `None` without a name.
    #[must_use]
    pub fn name(&self, language: &str) -> Option<(&str, &str)> {
        text_in_language(&self.name, language)
    }

    /// The words in which it wants to be credited, likewise; `None` when it
    /// asks for none.
    #[must_use]
    pub fn attribution(&self, language: &str) -> Option<(&str, &str)> {
        text_in_language(&self.attribution, language)
    }

    /// How to credit it: in its own words, or else by its name, or else by its
    /// identifier.
    #[must_use]
    pub fn words(&self, language: &str) -> &str {
        let said = self.attribution(language).or_else(|| self.name(language));
        said.map_or(&self.source, |(_, words)| words)
    }

    /// The address of its licence; `None` when it states none.
    #[must_use]
    pub fn licence(&self) -> Option<&str> {
        self.licence.as_deref()
    }

    /// Where it is on the web; `None` when that is not known.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

impl Register {
    /// How each source of the record `key` is credited, by their identifiers.
    /// What is written here, and sources of which nothing is known, ask for
    /// nothing, so that the answer is empty when there is nothing else.
    #[must_use]
    pub fn credits(&self, key: &str) -> Vec<Arc<Credit>> {
        let mut credits = self.credits_of(&self.index.values(key, Facet::Source));
        credits.sort_unstable_by(|one, other| one.source.cmp(&other.source));
        credits
    }

    /// How each of `sources`, by their identifiers, is credited; those of which
    /// nothing is known are left out.
    #[must_use]
    pub fn credits_of<S: AsRef<str>>(&self, sources: &[S]) -> Vec<Arc<Credit>> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        sources.iter().filter_map(|source| lookup.credit(source.as_ref()).cloned()).collect()
    }
}
