//! The newest run of a source is undone: each record says again what it said
//! before.

use std::ops::RangeInclusive;

use super::{HarvestError, Harvester};
use crate::harvest::settings::Harvesting;
use crate::harvest::sources;
use crate::journal::{Durability, Note};
use crate::record::{RecordId, to_json};
use crate::register::ledger::{
    Item, ItemState, Page, Phase, Row as _, Run, SourceState, StagedRecord, Table, UNDONE,
};
use crate::register::{Edit, References, Step};

/// How many records are written back in one transaction.
const BATCH: usize = 500;

/// How far back the version before is looked for: other sources may have
/// spoken of the record meanwhile.
const STEPS: usize = 200;

impl Harvester {
    /// Undoes the newest run of `source` that wrote something, and gives the
    /// number of records that were put back. The source is paused, or else its
    /// next run would bring back what was undone.
    ///
    /// # Errors
    ///
    /// [`HarvestError::NothingToUndo`] when the newest run wrote nothing, was
    /// undone already, or took over new keys; [`HarvestError::Unknown`] when the source is not
    /// known; otherwise when the register fails. What was put back until then
    /// stays so, and undoing again goes on.
    pub fn undo(&self, source: &str) -> Result<u64, HarvestError> {
        let settings = super::begin::settings(self, source)?;
        let ledger = self.register.ledger();
        let mut state: SourceState = ledger.get(source)?.unwrap_or_default();
        let nothing = || HarvestError::NothingToUndo(source.to_owned());
        let mut run = self.newest_written(source, &state)?.ok_or_else(nothing)?;
        let prefix = format!("{source}\n");
        let mut touched: Vec<(String, Item)> = Vec::new();
        // One that was stopped while it was written is undone with those that
        // have written its rest.
        let first = run.rest_of.unwrap_or(run.number);
        let begun: Run = ledger.get(&Run::key(source, first))?.unwrap_or_else(|| run.clone());
        let whole = first..=run.number;
        ledger.each::<Item>(&prefix, |key, item| {
            if whole.contains(&item.run) {
                touched.push((key, item));
            }
        })?;
        if touched.is_empty() {
            return Err(nothing());
        }
        let now = self.now();
        if settings.harvesting == Harvesting::Active {
            sources::set_harvesting(&self.register, source, Harvesting::Paused, "undo", now)?;
        }
        let mut put_back = 0;
        for batch in touched.chunks(BATCH) {
            let (mut edits, mut notes) = (Vec::new(), Vec::new());
            for (key, item) in batch {
                let before = self.before(&begun, &whole, &item.id)?;
                notes.push(self.note_of(key, item, before.as_ref()));
                edits.push(edit(source, &item.id, before));
                put_back += 1;
            }
            let by = format!("undoing a harvest of {source}");
            self.register.apply_noted(&edits, &notes, References::Kept, &by, now)?;
        }
        // What documents said before is no longer what is registered.
        let mut pages = Vec::new();
        ledger.each::<Page>(&prefix, |key, page| {
            let run = page.run;
            pages.push(page.unread(run).put(key));
        })?;
        ledger.write(&pages, Durability::Relaxed)?;
        ledger.forget_all(Table::Queue, &prefix)?;
        ledger.forget_all(Table::Staged, &prefix)?;
        run.rest = None;
        run.reason = Some(UNDONE.to_owned());
        state.cursor.clone_from(&begun.cursor_before);
        state.cursors.clear();
        ledger.forget_all(Table::SessionOf, &prefix)?;
        if ledger.forget_all(Table::Series, &prefix)? > 0 {
            // What is known of sessions belongs to the records as they were.
            state.cursor = None;
        }
        state.live = self.live(source)?;
        // The listing of the run that was undone is no measure.
        state.complete_count = None;
        state.alerts.clear();
        let mut notes = vec![run.put(Run::key(source, run.number)), state.put(source)];
        for number in first..run.number {
            let part: Option<Run> = ledger.get(&Run::key(source, number))?;
            let undone = part.map(|part| Run { rest: None, reason: run.reason.clone(), ..part });
            notes.extend(undone.map(|part| part.put(Run::key(source, number))));
        }
        ledger.write(&notes, Durability::Durable)?;
        Ok(put_back)
    }

    /// The newest run that wrote something; previews and runs that found
    /// nothing new don't count.
    fn newest_written(
        &self,
        source: &str,
        state: &SourceState,
    ) -> Result<Option<Run>, HarvestError> {
        for number in (1..=state.last_run).rev() {
            let run: Option<Run> = self.register.ledger().get(&Run::key(source, number))?;
            let Some(run) = run else { return Ok(None) };
            // The runs before new keys were taken over know the items by others.
            let is_barred = run.phase != Phase::Done || run.rekeys.are_taken;
            if run.ended.is_none() || is_barred {
                return Ok(None);
            }
            if run.has_written() {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    /// What the source said of the record before the `run`, which is the `whole`
    /// of these numbers; `None` when it had never spoken of it.
    fn before(
        &self,
        run: &Run,
        whole: &RangeInclusive<u64>,
        id: &RecordId,
    ) -> Result<Option<Step>, HarvestError> {
        let steps = self.register.history(id, STEPS)?;
        let names: Vec<String> =
            whole.clone().map(|number| Run::record(&run.source, number)).collect();
        let is_of_run = |step: &Step| match &step.derivation {
            Some(derivation) => names.contains(&derivation.run),
            // What a listing no longer has is withdrawn without an origin.
            None => step.record.is_none() && step.at >= run.started,
        };
        let mut own = steps.into_iter().filter(|step| step.source == run.source);
        Ok(own.find(|step| !is_of_run(step)))
    }

    fn note_of(&self, key: &str, item: &Item, before: Option<&Step>) -> Note {
        // As if it had never been seen, so that it is new the next time.
        let Some(before) = before else { return Table::Item.forget(key) };
        let (hash, state) = match &before.record {
            None => (item.hash.clone(), ItemState::Withdrawn { at: before.at }),
            Some(record) => {
                let json = to_json(self.register.schema(), self.register.base(), record);
                let terms = before.derivation.as_ref().and_then(|it| it.terms.as_ref());
                (StagedRecord::new(&json).hash_on(terms), ItemState::Live)
            }
        };
        Item { hash, state, modified: None, run: 0, ..item.clone() }.put(key)
    }

    /// How many records of the source are published.
    pub(super) fn live(&self, source: &str) -> Result<u64, HarvestError> {
        let mut live = 0;
        self.register.ledger().each::<Item>(&format!("{source}\n"), |_, item| {
            live += u64::from(item.is_published());
        })?;
        Ok(live)
    }
}

fn edit(source: &str, id: &RecordId, before: Option<Step>) -> Edit {
    Edit {
        source: source.to_owned(),
        id: id.clone(),
        derivation: before.as_ref().and_then(|step| step.derivation.clone()),
        record: before.and_then(|step| step.record),
        original: None,
        expected: None,
    }
}
