//! Ends without a harvest: runs that are given up, and sources that are
//! retired.

use jiff::SignedDuration;

use super::{HarvestError, Harvester};
use crate::harvest::rhythm::{self, Observed};
use crate::journal::Durability;
use crate::register::ledger::{Item, ItemState, Outcome, Phase, Row as _, Run, SourceState, Table};
use crate::register::{Edit, References};

/// How many records are withdrawn in one transaction.
const BATCH: usize = 1_000;

/// How long a source rests whose run was given up, when its settings tell no
/// rhythm.
const REST: SignedDuration = SignedDuration::from_hours(1);

impl Harvester {
    /// Ends the newest run of `source`, which nobody carries on, as `outcome`.
    /// What it had read is forgotten, and read again by the next one; what it
    /// had written stays. Gives the run; `None` when none was left unfinished.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`].
    pub fn give_up(
        &self,
        source: &str,
        outcome: Outcome,
        reason: &str,
    ) -> Result<Option<Run>, HarvestError> {
        let ledger = self.register.ledger();
        let mut state: SourceState = ledger.get(source)?.unwrap_or_default();
        let run: Option<Run> = ledger.get(&Run::key(source, state.last_run))?;
        let Some(mut run) = run.filter(|run| run.ended.is_none()) else { return Ok(None) };
        let now = self.now();
        run.ended = Some(now);
        run.phase = Phase::Done;
        run.outcome = Some(outcome);
        self.register.activity().ended(outcome);
        run.reason = Some(reason.to_owned());
        state.lease = None;
        if outcome != Outcome::Cancelled {
            state.failures += 1;
        }
        let observed = Observed {
            last_run: Some(run.started),
            failures: state.failures,
            ..Observed::default()
        };
        state.next_due = match super::begin::settings(self, source) {
            Ok(settings) => {
                let seed = super::end::seed(source);
                rhythm::next_due(&settings.rhythm, settings.quiet.as_ref(), &observed, now, seed)
            }
            Err(_) => now.checked_add(REST).ok(),
        };
        let prefix = format!("{source}\n");
        super::former::restore(self, &run)?;
        let notes = [run.put(Run::key(source, run.number)), state.put(source)];
        ledger.write(&notes, Durability::Durable)?;
        ledger.forget_all(Table::Queue, &prefix)?;
        ledger.forget_all(Table::Staged, &prefix)?;
        Ok(Some(run))
    }

    /// Withdraws everything that came from `source`, and gives the number of
    /// records; for sources that are retired and say so.
    ///
    /// # Errors
    ///
    /// [`HarvestError::Ledger`] and [`HarvestError::Apply`]. What was withdrawn
    /// until then stays so.
    pub fn withdraw_all(&self, source: &str) -> Result<u64, HarvestError> {
        let ledger = self.register.ledger();
        let prefix = format!("{source}\n");
        let now = self.now();
        let mut published: Vec<(String, Item)> = Vec::new();
        ledger.each::<Item>(&prefix, |key, item| {
            if item.is_published() {
                published.push((key, item));
            }
        })?;
        let mut withdrawn = 0;
        for batch in published.chunks(BATCH) {
            let edits = batch.iter().map(|(_, item)| Edit::withdrawal(source, item.id.clone()));
            let notes: Vec<_> = batch
                .iter()
                .map(|(key, item)| {
                    Item { state: ItemState::Withdrawn { at: now }, ..item.clone() }.put(&**key)
                })
                .collect();
            let by = format!("retirement of {source}");
            self.register.apply_noted(
                &edits.collect::<Vec<_>>(),
                &notes,
                References::Kept,
                &by,
                now,
            )?;
            withdrawn += batch.len() as u64;
        }
        for table in [Table::Page, Table::Staged, Table::Queue] {
            ledger.forget_all(table, &prefix)?;
        }
        let mut state: SourceState = ledger.get(source)?.unwrap_or_default();
        state.live = 0;
        state.next_due = None;
        ledger.write(&[state.put(source)], Durability::Durable)?;
        Ok(withdrawn)
    }
}
