//! Filters of areas and topics that came later than the records.

use super::begin::Work;
use super::items::withdrawal;
use super::map;
use super::{HarvestError, Harvester};
use crate::journal::Durability;
use crate::register::ledger::{Item, Row as _};

/// How many items are staged in one transaction.
const BATCH: usize = 1_000;

/// Stages the withdrawal of records that no longer pass the filters of the
/// source, also of those that the run has not seen or that have not changed;
/// when the filters are as before, there are none.
pub(super) fn sweep(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let filters = work.settings.filters();
    let has_any = !work.settings.only_areas.is_empty() || !work.settings.only_topics.is_empty();
    if !has_any || work.state.filters.as_ref() == Some(&filters) {
        return Ok(());
    }
    let register = &harvester.register;
    let gazetteer = register.gazetteer();
    let now = harvester.now();
    let published: Vec<(String, Item)> = work
        .known
        .iter()
        .filter(|(key, item)| item.is_published() && !work.staged.contains_key(*key))
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect();
    for batch in published.chunks(BATCH) {
        let mut notes = Vec::new();
        for (key, item) in batch {
            let said = register.by_source(&item.id)?;
            let said = said.into_iter().find(|(speaker, _)| *speaker == work.run.source);
            let Some((_, record)) = said else { continue };
            if !map::is_outside(&work.settings, &gazetteer, &record) {
                continue;
            }
            let staged = withdrawal(item, work.settings.url.as_str(), now);
            notes.push(staged.put(format!("{}\n{key}", work.run.source)));
            work.staged.insert(key.clone(), String::new());
        }
        register.ledger().write(&notes, Durability::Relaxed)?;
    }
    Ok(())
}
