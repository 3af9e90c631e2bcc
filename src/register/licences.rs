//! Under which licences the sources of a record give it.

use std::sync::PoisonError;

use super::Register;
use crate::index::Facet;

impl Register {
    /// The licences of the sources of the record `key`, each once and in order:
    /// `None` is a source that states none. What is written here, and by
    /// sources of which nothing is known, has none of its own, so that the
    /// answer is empty when there is nothing else.
    #[must_use]
    pub fn licences(&self, key: &str) -> Vec<Option<String>> {
        let sources = self.index.values(key, Facet::Source);
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let mut licences: Vec<Option<String>> =
            sources.iter().filter_map(|source| lookup.licence(source).cloned()).collect();
        licences.sort_unstable();
        licences.dedup();
        licences
    }
}
