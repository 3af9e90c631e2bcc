//! Links that do not work, as records and searches show them.
//!
//! The checks of links are in the ledger and never make a revision. What of it
//! searches filter by is told to the index beside its entries: of few records,
//! those that point to something that failed.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Citation, Cited, LedgerError, Link, LinkInState, LinkState};
use super::{LinkTrouble, Register};
use crate::record::RecordId;

impl LinkState {
    /// How bad it is for a record to point to an address that is so.
    const fn trouble(self) -> Option<LinkTrouble> {
        match self {
            Self::Suspect => Some(LinkTrouble::Failing),
            Self::Dead => Some(LinkTrouble::Broken),
            Self::Unknown | Self::Alive | Self::Redirected | Self::Blocked => None,
        }
    }
}

impl Register {
    /// The links of `id` that did not work when they were last checked, in the
    /// order of their addresses. Costs nothing for a record that has none.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the ledger can't be read.
    pub fn failing_links(&self, id: &RecordId) -> Result<Vec<Link>, LedgerError> {
        if self.index().link_trouble(&id.to_string()).is_none() {
            return Ok(Vec::new());
        }
        let mut links = self.links_of(id)?;
        links.retain(|link| link.state.trouble().is_some());
        Ok(links)
    }

    fn links_of(&self, id: &RecordId) -> Result<Vec<Link>, LedgerError> {
        let ledger = self.ledger();
        let cited: Cited = ledger.get(&id.to_string())?.unwrap_or_default();
        let mut links = Vec::with_capacity(cited.urls.len());
        for url in &cited.urls {
            links.extend(ledger.get::<Link>(&Link::key(url))?);
        }
        Ok(links)
    }

    /// Tells searches how the links of `records` are now. Whoever changes the
    /// state of a link, or which records point to it, calls this afterwards.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the ledger can't be read.
    pub fn note_links(&self, records: &BTreeSet<RecordId>) -> Result<(), LedgerError> {
        let mut notes = Vec::with_capacity(records.len());
        for id in records {
            let links = self.links_of(id)?;
            let trouble = links.iter().filter_map(|link| link.state.trouble()).max();
            notes.push((id.to_string(), trouble));
        }
        self.index().note_links(&notes);
        Ok(())
    }

    /// The records that point to any of `links`, by their keys.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the ledger can't be read.
    pub fn records_of_links<'a>(
        &self,
        links: impl IntoIterator<Item = &'a str>,
    ) -> Result<BTreeSet<RecordId>, LedgerError> {
        let mut records = BTreeSet::new();
        for link in links {
            self.ledger().each::<Citation>(&format!("{link}\n"), |key, _| {
                records.extend(Citation::record(&key));
            })?;
        }
        Ok(records)
    }

    /// Tells searches of all records with links that do not work, after the
    /// index was opened or made again.
    pub(super) fn note_all_links(&self) -> Result<(), LedgerError> {
        let mut troubles: BTreeMap<RecordId, LinkTrouble> = BTreeMap::new();
        for state in [LinkState::Suspect, LinkState::Dead] {
            let Some(trouble) = state.trouble() else { continue };
            let prefix = LinkInState::key(state, "");
            let mut links = Vec::new();
            self.ledger().each::<LinkInState>(&prefix, |key, _| {
                links.push(key[prefix.len()..].to_owned());
            })?;
            for id in self.records_of_links(links.iter().map(String::as_str))? {
                let known = troubles.entry(id).or_insert(trouble);
                *known = trouble.max(*known);
            }
        }
        let notes: Vec<_> =
            troubles.into_iter().map(|(id, trouble)| (id.to_string(), Some(trouble))).collect();
        self.index().note_links(&notes);
        Ok(())
    }
}
