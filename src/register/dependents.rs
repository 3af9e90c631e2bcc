//! Bringing a few versions into the index, with the records that show what
//! they are called: of a category some hundred thousand may.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use jiff::Timestamp;

use super::lookup::{Lookup, Names};
use super::summary::Context;
use super::views::FOUND_AT_ONCE;
use super::{Duplicates, Facet, Filter, Page, Query, Register, Start, ViewError, merged, stored};
use crate::index;
use crate::journal::Version;
use crate::model::Revision;
use crate::record::{RecordId, label};

/// How many records that show a name are asked for at once.
const PAGE: usize = 8_000;

impl Register {
    /// Brings `versions`, which end with the revision `last`, into the index,
    /// and before them, in steps, the records that show what they are called.
    /// Should that break off, these are found again by the names that the
    /// index doesn't show yet.
    pub(super) fn show_few_in_index(
        &self,
        versions: &[Version],
        last: Revision,
        now: Timestamp,
    ) -> Result<(), ViewError> {
        let own: BTreeSet<RecordId> = versions.iter().map(|version| version.id.clone()).collect();
        let mut all = own.clone();
        for (facet, value) in self.learn_some(versions)? {
            self.add_dependents(facet, &value, &mut all)?;
        }
        self.add_dependents_of_names(versions, &mut all)?;
        let (own, others): (Vec<RecordId>, Vec<RecordId>) =
            all.iter().cloned().partition(|id| own.contains(id));
        let gazetteer = self.gazetteer();
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let context = self.context(&lookup, &gazetteer);
        let mut names = Names::new(&self.schema, &lookup, self.journal.as_ref());
        for others in others.chunks(FOUND_AT_ONCE) {
            let changes = self.index_changes(&context, &mut names, others, &mut all, now)?;
            self.index.apply_part(&changes)?;
        }
        let changes = self.index_changes(&context, &mut names, &own, &mut all, now)?;
        Ok(self.index.apply(&changes, last)?)
    }

    /// How the index becomes different where `ids` are shown as they are now,
    /// and whatever stands for one of them, or is stood for by it, but for what
    /// is in `all`, to which it is added.
    fn index_changes(
        &self,
        context: &Context<'_>,
        names: &mut Names<'_>,
        ids: &[RecordId],
        all: &mut BTreeSet<RecordId>,
        now: Timestamp,
    ) -> Result<Vec<index::Change>, ViewError> {
        let mut changes = Vec::with_capacity(ids.len());
        let mut change = |id: &RecordId, current: &[Version]| {
            let entry = self.entry(context, names, id, current, now)?;
            changes.push(match entry {
                Some(entry) => index::Change::Put(Box::new(entry)),
                None => index::Change::Remove(id.to_string()),
            });
            Ok::<(), ViewError>(())
        };
        for id in ids {
            let current = self.journal.current(id)?;
            change(id, &current)?;
            for other in self.cluster_of(id, &current)?.into_iter().flat_map(|it| it.others) {
                if all.insert(other.clone()) {
                    change(&other, &self.journal.current(&other)?)?;
                }
            }
        }
        Ok(changes)
    }

    /// Takes in changed categories and sources, and gives the values of facets
    /// whose records show something else from now on.
    fn learn_some(&self, versions: &[Version]) -> Result<Vec<(Facet, String)>, ViewError> {
        let mut changed = Vec::new();
        for version in versions {
            let facets: &[Facet] = match version.id.kind() {
                "source" => &[Facet::Source],
                "category" => &[
                    Facet::Topic,
                    Facet::AssetType,
                    Facet::ResourceType,
                    Facet::Audience,
                    Facet::Accessibility,
                    Facet::Sector,
                    Facet::PartnershipForm,
                    Facet::PartnershipStage,
                    Facet::Parent,
                ],
                _ => continue,
            };
            let current = self.journal.current(&version.id)?;
            let mut lookup = self.lookup.write().unwrap_or_else(PoisonError::into_inner);
            let said = merged::of_versions(&self.schema, &lookup, &version.id, &current)?;
            let is_new = lookup.learn(&version.id, said.as_ref().map(|merged| &merged.record));
            drop(lookup);
            if is_new || self.says_otherwise(version)? {
                changed.extend(facets.iter().map(|facet| (*facet, version.id.id().to_owned())));
            }
        }
        Ok(changed)
    }

    /// Whether a version says of a category or source what lists show, and what
    /// its source did not say before. When the register is opened all of them
    /// are known at once, and the index on the disk may be of an earlier
    /// revision, whose entries show what was known then.
    fn says_otherwise(&self, version: &Version) -> Result<bool, ViewError> {
        let before = self.journal.before(&version.id, &version.source, version.revision)?;
        let before = before.map(|step| stored::read(&self.schema, &step)).transpose()?.flatten();
        let now = stored::read(&self.schema, version)?;
        let mut known = Lookup::default();
        known.learn(&version.id, before.as_ref());
        Ok(known.learn(&version.id, now.as_ref()))
    }

    /// Adds the records that show the name of an organisation, when the name
    /// is new.
    fn add_dependents_of_names(
        &self,
        versions: &[Version],
        ids: &mut BTreeSet<RecordId>,
    ) -> Result<(), ViewError> {
        for version in versions.iter().filter(|version| version.id.kind() == "organisation") {
            let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
            let current = self.journal.current(&version.id)?;
            let said = merged::of_versions(&self.schema, &lookup, &version.id, &current)?;
            let name = said.map(|merged| label(&merged.record, "en").to_owned());
            let shown = self.index.get(&version.id.to_string()).and_then(|summary| {
                let summary: serde_json::Value = serde_json::from_slice(&summary).ok()?;
                let name = &summary["name"];
                name.as_str().or_else(|| name["en"].as_str()).map(str::to_owned)
            });
            if name != shown {
                self.add_dependents(Facet::Organisation, version.id.id(), ids)?;
            }
        }
        Ok(())
    }

    fn add_dependents(
        &self,
        facet: Facet,
        value: &str,
        ids: &mut BTreeSet<RecordId>,
    ) -> Result<(), ViewError> {
        let mut start = Start::Offset(0);
        loop {
            let query = Query {
                duplicates: Duplicates::Shown,
                filters: vec![Filter { facet, any_of: vec![value.to_owned()] }],
                page: Page { limit: PAGE, start },
                ..Query::default()
            };
            let found = self.index.search(&query)?;
            ids.extend(found.hits.iter().filter_map(|hit| hit.key().parse().ok()));
            match found.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(()),
            }
        }
    }
}

#[cfg(test)]
#[path = "dependents_tests.rs"]
mod tests;
