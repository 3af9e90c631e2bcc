//! One piece of work on one source, on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::harvest::pipeline::{HarvestError, Harvester};
use crate::register::ledger::{Outcome, Request, RequestKind, RunKind, Trigger};

/// What is done with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// It is harvested, looked at or read once more.
    Run(RunKind, Trigger),
    /// What it is held with is written.
    Approve,
    /// What it is held with is written, and known items keep their records
    /// under their new keys.
    Rekey,
    /// What it is held with is forgotten.
    Dismiss,
    /// Its newest run is undone.
    Undo,
    /// What came from it is withdrawn, since it is retired.
    Withdraw,
}

/// A piece of work that has ended.
#[derive(Debug)]
pub(super) enum Done {
    /// Of one source.
    Source {
        /// Its identifier.
        source: String,
        /// Whether it may be worked on again at once.
        is_good: bool,
    },
    /// For the register as a whole.
    Upkeep,
    /// An address that somebody has asked about.
    Discovery,
}

impl Job {
    /// Whether whoever asks for `other` gets it by this one, which is under
    /// way.
    pub(super) fn does(self, other: Self) -> bool {
        match (self, other) {
            // What a hub tells of may be newer than what was fetched.
            (Self::Run(..), Self::Run(_, Trigger::Hub)) => false,
            (Self::Run(kind, _), Self::Run(asked, _)) => kind == asked,
            _ => self == other,
        }
    }
}

/// What a request asks for; `None` when it is to stop something.
pub(super) fn of_request(request: &Request) -> Option<Job> {
    let run = |kind| Some(Job::Run(kind, request.trigger()));
    match request.kind {
        RequestKind::Run => run(RunKind::Harvest),
        RequestKind::Preview => run(RunKind::Preview),
        RequestKind::Replay => run(RunKind::Replay),
        RequestKind::Approve => Some(Job::Approve),
        RequestKind::Rekey => Some(Job::Rekey),
        RequestKind::Dismiss => Some(Job::Dismiss),
        RequestKind::Undo => Some(Job::Undo),
        RequestKind::Cancel => None,
    }
}

/// Does `job`; whatever happens, this returns.
pub(super) fn work(
    harvester: &Harvester,
    source: String,
    job: Job,
    stop: &CancellationToken,
) -> Done {
    let done = catch_unwind(AssertUnwindSafe(|| one(harvester, &source, job, stop)));
    let is_good = match done {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(source, %error, "a source can't be harvested");
            false
        }
        Err(_) => {
            tracing::error!(source, ?job, "the harvest of a source failed badly");
            let given_up = catch_unwind(AssertUnwindSafe(|| {
                harvester.give_up(&source, Outcome::Crashed, "the program failed at it")
            }));
            if let Ok(Err(error)) = given_up {
                tracing::error!(source, %error, "the run can't be ended");
            }
            false
        }
    };
    Done::Source { source, is_good }
}

fn one(
    harvester: &Harvester,
    source: &str,
    job: Job,
    stop: &CancellationToken,
) -> Result<(), HarvestError> {
    match job {
        Job::Run(kind, trigger) => {
            let since = harvester.now();
            let run = Handle::current().block_on(async {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => Ok(None),
                    run = harvester.run(source, kind, trigger, &|_| {}) => run.map(Some),
                }
            });
            harvester.keep_robots(since)?;
            if let Some(run) = run? {
                let outcome = run.outcome.map_or("running", Outcome::name);
                let number = run.number;
                tracing::info!(source, number, outcome, "harvested");
            }
        }
        Job::Approve => drop(harvester.approve(source)?),
        Job::Rekey => drop(harvester.rekey(source)?),
        Job::Dismiss => drop(harvester.dismiss(source)?),
        Job::Undo => {
            let count = harvester.undo(source)?;
            tracing::info!(source, count, "the newest run is undone");
        }
        Job::Withdraw => {
            let count = harvester.withdraw_all(source)?;
            tracing::info!(source, count, "the records of a retired source are withdrawn");
        }
    }
    Ok(())
}
