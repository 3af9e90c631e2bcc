//! One run of one source, from its settings to its report.
//!
//! [`Harvester::run`] reads top to bottom: begin or take up the run, fetch and
//! stage, judge, write, report. Each step leaves the ledger so that the next
//! can be done by another process.

mod advice;
mod alerts;
mod apart;
mod apply;
mod areas;
mod begin;
mod circle;
mod credentials;
mod curated;
mod end;
mod erase;
mod error;
mod fetching;
mod filter;
mod findings;
mod following;
mod former;
mod gone;
mod guess;
mod identity;
mod items;
mod kept;
mod known;
mod map;
mod modified;
mod own;
mod parts;
mod pieces;
mod place;
mod plan;
mod preview;
mod protect;
mod reading;
mod rekey;
mod replay;
mod rest;
mod restart;
mod retire;
mod robots;
mod schemes;
mod second;
mod series;
mod siblings;
mod since;
mod staging;
#[cfg(test)]
mod tests;
mod undo;
mod vouched;
mod whereabouts;

use std::sync::Arc;

use jiff::Timestamp;

use crate::harvest::fetch::Fetcher;
use crate::harvest::guard::{Reason, Verdict};
use crate::harvest::options::Options;
use crate::harvest::source_rules;
use crate::register::ledger::{Outcome, Phase, Run, RunKind, SecretFrom, SourceState, Trigger};
use crate::register::{ApplyError, Register};

pub use credentials::host as credential_host;
pub use error::HarvestError;
pub use preview::{Difference, What};
pub use robots::kept_robots;

/// Harvests the sources of one register.
#[derive(Debug)]
pub struct Harvester {
    register: Arc<Register>,
    fetcher: Fetcher,
    options: Options,
    /// The time. Only the floor above reads the clock.
    clock: fn() -> Timestamp,
    /// Reads secrets. Only the floor above reads the environment.
    secrets: fn(&SecretFrom) -> Option<String>,
    /// The most bytes of memory that the process had. Only the floor above
    /// asks the system.
    memory: fn() -> Option<u64>,
    /// A name that no other process has, for leases.
    name: String,
}

impl Harvester {
    /// A harvester for `register`; `name` is one that no other process has.
    /// Whoever writes a source into it is held to what can be harvested from
    /// now on.
    #[must_use]
    pub fn new(
        register: Arc<Register>,
        fetcher: Fetcher,
        options: Options,
        clock: fn() -> Timestamp,
        name: String,
    ) -> Self {
        register.keep_to(source_rules(fetcher.clone()));
        fetcher.count_in(register.activity());
        Self { register, fetcher, options, clock, secrets: |_| None, memory: || None, name }
    }

    /// The same, which reads the secrets that sources want by `secrets`.
    #[must_use]
    pub fn with_secrets(mut self, secrets: fn(&SecretFrom) -> Option<String>) -> Self {
        self.secrets = secrets;
        self
    }

    /// The same, whose runs tell the memory that `memory` measures.
    #[must_use]
    pub fn with_memory(mut self, memory: fn() -> Option<u64>) -> Self {
        self.memory = memory;
        self
    }

    /// The register that is harvested into.
    #[must_use]
    pub fn register(&self) -> &Arc<Register> {
        &self.register
    }

    /// What fetches.
    #[must_use]
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// How it works.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Harvests `source` to the end, or to where a person must look, and gives
    /// the run's report. A run that another process left unfinished is taken
    /// up. `watch` is told how far it is, now and then.
    ///
    /// # Errors
    ///
    /// [`HarvestError`] when the source can't be harvested at all, is being
    /// harvested by somebody else, or the register fails; whatever is wrong
    /// with the source itself is told in the run.
    pub async fn run(
        &self,
        source: &str,
        kind: RunKind,
        trigger: Trigger,
        watch: &(dyn Fn(&Run) + Send + Sync),
    ) -> Result<Run, HarvestError> {
        let mut work = begin::begin(self, source, kind, trigger)?;
        let done = self.carry_on(&mut work, watch).await;
        match done {
            Ok(()) => end::end(self, &mut work)?,
            Err(error) => end::fail(self, &mut work, &error)?,
        }
        watch(&work.run);
        Ok(work.run)
    }

    async fn carry_on(
        &self,
        work: &mut begin::Work,
        watch: &(dyn Fn(&Run) + Send + Sync),
    ) -> Result<(), HarvestError> {
        self.register.check_room().map_err(ApplyError::from)?;
        if work.run.phase == Phase::Fetching {
            if work.run.kind == RunKind::Replay {
                replay::read_all(self, work, watch).await?;
            } else {
                fetching::fetch_all(self, work, watch).await?;
                if second::is_needed(self, work) {
                    second::begin(self, work)?;
                    fetching::fetch_all(self, work, watch).await?;
                }
            }
            if let Some(Outcome::Cancelled | Outcome::Failed) = work.run.outcome {
                return Ok(());
            }
            since::ask(self, work).await?;
            series::settle(self, work)?;
            filter::sweep(self, work)?;
            gone::sweep(self, work)?;
            plan::tell_shortfall(self, work)?;
            plan::tell_emptiness(self, work)?;
            let verdict = plan::judge(self, work);
            if let Verdict::Hold(reasons) = &verdict
                && reasons.iter().any(|reason| matches!(reason, Reason::Rekeyed { .. }))
            {
                rekey::propose(self, work)?;
            }
            if work.run.kind == RunKind::Preview {
                return plan::stage_missing(self, work);
            }
            if let Verdict::Hold(reasons) = verdict {
                work.run.held = reasons.iter().map(ToString::to_string).collect();
                work.run.held_for = reasons.iter().filter_map(Reason::told).collect();
                work.run.outcome = Some(Outcome::BlockedByGuard);
                return plan::stage_missing(self, work);
            }
            curated::ask(self, work)?;
            work.run.phase = Phase::Applying;
            work.save(self)?;
        }
        apply::apply(self, work, watch)
    }

    /// Writes what a held run or a preview has staged, exactly that.
    ///
    /// # Errors
    ///
    /// [`HarvestError::NothingHeld`] when the newest run of the source waits
    /// for nobody; otherwise as [`Harvester::run`].
    pub fn approve(&self, source: &str) -> Result<Run, HarvestError> {
        let mut work = begin::take_held(self, source)?;
        curated::ask(self, &work)?;
        work.run.is_approved = true;
        work.run.phase = Phase::Applying;
        work.run.outcome = None;
        // So that it is carried on when the program ends in its midst.
        work.run.ended = None;
        work.save(self)?;
        self.write_approved(work)
    }

    /// Writes what a person has let pass.
    fn write_approved(&self, mut work: begin::Work) -> Result<Run, HarvestError> {
        apply::apply(self, &mut work, &|_| {})?;
        end::end(self, &mut work)?;
        Ok(work.run)
    }

    /// Dismisses the newest run of `source` when that is a preview which waits
    /// for somebody: whoever has the source harvested from now on has seen what
    /// they wanted to see. Gives whether there was one.
    ///
    /// # Errors
    ///
    /// As [`Harvester::dismiss`].
    pub fn end_preview(&self, source: &str) -> Result<bool, HarvestError> {
        let ledger = self.register.ledger();
        let state: Option<SourceState> = ledger.get(source)?;
        let number = state.map_or(0, |state| state.last_run);
        let run: Option<Run> = ledger.get(&Run::key(source, number))?;
        let waits = run.is_some_and(|run| run.kind == RunKind::Preview && run.waits_for_somebody());
        if waits {
            self.dismiss(source)?;
        }
        Ok(waits)
    }

    /// Forgets what a held run or a preview has staged; the last good state
    /// stays.
    ///
    /// # Errors
    ///
    /// As [`Harvester::approve`].
    pub fn dismiss(&self, source: &str) -> Result<Run, HarvestError> {
        let mut work = begin::take_held(self, source)?;
        work.run.outcome = Some(Outcome::Cancelled);
        work.run.reason = Some("what it was held with was dismissed".to_owned());
        end::end(self, &mut work)?;
        Ok(work.run)
    }
}
