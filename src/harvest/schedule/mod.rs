//! Harvesting by itself: what is due is run, what people ask for is done, and
//! what a crash has left is carried on.
//!
//! [`Schedule::tick`] decides, and [`Schedule::start`] calls it every second.
//! Each piece of work has a thread of its own, so that nobody who is served
//! waits for a harvest; there are never two on one source. How a source is
//! harvested is not known here.

mod discoveries;
mod job;
mod sources;
mod upkeep;

use std::collections::HashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::pipeline::{HarvestError, Harvester};
use crate::background;
use crate::journal::Durability;
use crate::register::ledger::{
    Outcome, Request, RequestKind, Run, RunKind, SourceState, Table, Trigger,
};

use job::{Done, Job};
use sources::Sources;
use upkeep::Upkeep;

/// How often it is looked whether something is due.
const EVERY: Duration = Duration::from_secs(1);

/// How long a source rests that could not even be begun with.
const REST: SignedDuration = SignedDuration::from_mins(1);

/// For how long a run that the program left behind is carried on; an older one
/// is given up.
const RESUMABLE: SignedDuration = SignedDuration::from_hours(24);

/// How many requests are looked at in one turn.
const MOST_REQUESTS: usize = 1_000;

/// Threads for harvesting, which give way to those that answer people.
///
/// # Errors
///
/// [`io::Error`] when the system gives no threads.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .enable_all()
        .thread_name("harvest")
        .on_thread_start(background::enter)
        .build()
}

/// Harvests the sources of a register by themselves.
#[derive(Debug)]
pub struct Schedule {
    harvester: Arc<Harvester>,
    /// When it began: what fell due before is spread.
    started: Timestamp,
    sources: Sources,
    upkeep: Upkeep,
    running: HashMap<String, Job>,
    /// Whether an address is being looked at.
    is_looking: bool,
    work: JoinSet<Done>,
    /// Sources that are left alone until then.
    resting: HashMap<String, Timestamp>,
    stop: CancellationToken,
    has_looked_back: bool,
}

impl Schedule {
    /// A schedule that begins now.
    #[must_use]
    pub fn new(harvester: Arc<Harvester>) -> Self {
        Self {
            started: harvester.now(),
            harvester,
            sources: Sources::default(),
            upkeep: Upkeep::default(),
            running: HashMap::new(),
            is_looking: false,
            work: JoinSet::new(),
            resting: HashMap::new(),
            stop: CancellationToken::new(),
            has_looked_back: false,
        }
    }

    /// Looks every second what is to be done, and does it on the threads of
    /// `runtime`, until `stop` is ready. Runs that are under way then are left
    /// as they are, and carried on by the next start; the task ends when their
    /// threads have.
    pub fn start(
        runtime: &Runtime,
        harvester: Arc<Harvester>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> JoinHandle<()> {
        runtime.spawn(async move {
            let mut schedule = Self::new(harvester);
            let mut every = tokio::time::interval(EVERY);
            every.set_missed_tick_behavior(MissedTickBehavior::Delay);
            tokio::pin!(stop);
            loop {
                tokio::select! {
                    () = &mut stop => break,
                    _ = every.tick() => {}
                }
                // The ledger may be busy for a moment.
                let looked = tokio::task::spawn_blocking(move || {
                    let now = schedule.harvester.now();
                    let turn = catch_unwind(AssertUnwindSafe(|| schedule.tick(now)));
                    match turn {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => tracing::error!(%error, "the schedule failed"),
                        Err(_) => tracing::error!("the schedule failed badly"),
                    }
                    schedule
                });
                match looked.await {
                    Ok(same) => schedule = same,
                    // The runtime ends.
                    Err(_) => return,
                }
            }
            schedule.finish().await;
        })
    }

    /// Does what is to be done at `now`: takes in what has ended, carries on
    /// what a crash has left, takes requests, and begins what is due. What it
    /// begins goes on when this returns.
    ///
    /// # Errors
    ///
    /// [`HarvestError`] when the register fails.
    ///
    /// # Panics
    ///
    /// Outside a runtime of tokio.
    pub fn tick(&mut self, now: Timestamp) -> Result<(), HarvestError> {
        while let Some(ended) = self.work.try_join_next() {
            self.take_in(ended, now);
        }
        self.sources.look(&self.harvester, now)?;
        if !self.has_looked_back {
            self.has_looked_back = true;
            self.carry_on(now)?;
        }
        self.take_requests(now)?;
        self.take_discovery()?;
        if self.harvester.options().enabled {
            self.begin_due(now)?;
            self.keep_up(now)?;
        }
        Ok(())
    }

    /// The sources that are worked on.
    pub fn running(&self) -> impl Iterator<Item = &str> {
        self.running.keys().map(String::as_str)
    }

    /// Waits until all that was begun has ended.
    pub async fn settle(&mut self) {
        while let Some(ended) = self.work.join_next().await {
            let now = self.harvester.now();
            self.take_in(ended, now);
        }
    }

    /// Asks all that runs to leave off where it can be carried on, and waits
    /// for it.
    pub async fn finish(&mut self) {
        self.stop.cancel();
        self.settle().await;
    }

    fn take_in(&mut self, ended: Result<Done, tokio::task::JoinError>, now: Timestamp) {
        // A job catches its panics, so only the end of the runtime is an error.
        let Ok(done) = ended else { return };
        let (source, is_good) = match done {
            Done::Source { source, is_good } => (source, is_good),
            Done::Upkeep => return self.upkeep.has_ended(),
            Done::Discovery => {
                self.is_looking = false;
                return;
            }
        };
        self.running.remove(&source);
        if is_good {
            self.resting.remove(&source);
        } else {
            self.resting.insert(source, now.saturating_add(REST).unwrap_or(now));
        }
    }

    fn has_room(&self) -> bool {
        self.running.len() < self.harvester.options().sources_at_once.max(1)
    }

    fn begin(&mut self, source: &str, job: Job) {
        tracing::debug!(source, ?job, "harvest");
        self.running.insert(source.to_owned(), job);
        let (harvester, source) = (Arc::clone(&self.harvester), source.to_owned());
        let stop = self.stop.clone();
        self.work.spawn_blocking(move || job::work(&harvester, source, job, &stop));
    }

    /// Runs that were under way when the program ended: nobody else can be at
    /// them, since one process at a time has the register.
    fn carry_on(&mut self, now: Timestamp) -> Result<(), HarvestError> {
        let mut states: Vec<(String, SourceState)> = Vec::new();
        let ledger = self.harvester.register().ledger();
        ledger.each::<SourceState>("", |source, state| states.push((source, state)))?;
        for (source, state) in states {
            let run: Option<Run> =
                self.harvester.register().ledger().get(&Run::key(&source, state.last_run))?;
            let Some(run) = run.filter(|run| run.ended.is_none()) else { continue };
            let is_young = now.duration_since(run.started) < RESUMABLE;
            if is_young && self.sources.may_run(&source) {
                self.begin(&source, Job::Run(run.kind, run.trigger));
            } else {
                let reason = "the program ended in its midst, and it was not carried on";
                self.harvester.give_up(&source, Outcome::Crashed, reason)?;
            }
        }
        Ok(())
    }

    /// Does what people have asked for, the oldest first. What is asked of a
    /// source that is worked on waits, unless it is just what is being done.
    fn take_requests(&mut self, now: Timestamp) -> Result<(), HarvestError> {
        let harvester = Arc::clone(&self.harvester);
        let ledger = harvester.register().ledger();
        let mut requests = ledger.rows::<Request>("", "", MOST_REQUESTS)?;
        requests.sort_by_key(|(_, request)| request.at);
        let mut taken = Vec::new();
        for (key, request) in requests {
            let source = &request.source;
            let job = job::of_request(&request);
            if let Some(running) = self.running.get(source) {
                // The run itself hears that it is to stop.
                if job.is_some_and(|job| running.does(job)) {
                    taken.push(Table::Request.forget(&key));
                }
                continue;
            }
            // Hubs and other sources may wait for a person, and not the other way
            // round.
            if request.trigger() != Trigger::Manual {
                let state: Option<SourceState> = ledger.get(source)?;
                if sources::preview_waits(&harvester, source, state.as_ref(), now)? {
                    continue;
                }
            }
            match job {
                Some(job) if self.has_room() => {
                    taken.push(Table::Request.forget(&key));
                    tracing::info!(source, kind = ?request.kind, by = request.by, "asked for");
                    self.begin(source, job);
                }
                Some(_) => {}
                None => {
                    debug_assert_eq!(request.kind, RequestKind::Cancel);
                    taken.push(Table::Request.forget(&key));
                    let reason = format!("{} stopped it", request.by);
                    self.harvester.give_up(source, Outcome::Cancelled, &reason)?;
                }
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        Ok(self.harvester.register().ledger().write(&taken, Durability::Durable)?)
    }

    /// Looks at an address that somebody has asked about, one at a time.
    fn take_discovery(&mut self) -> Result<(), HarvestError> {
        if self.is_looking {
            return Ok(());
        }
        let Some(asked) = discoveries::next(&self.harvester)? else { return Ok(()) };
        self.is_looking = true;
        let (harvester, stop) = (Arc::clone(&self.harvester), self.stop.clone());
        self.work.spawn_blocking(move || {
            discoveries::work(&harvester, asked, &stop);
            Done::Discovery
        });
        Ok(())
    }

    /// Begins what is due, what is due longest first.
    fn begin_due(&mut self, now: Timestamp) -> Result<(), HarvestError> {
        let mut due = self.sources.due(&self.harvester, self.started, now)?;
        due.retain(|(source, _)| {
            let rests = self.resting.get(source).is_some_and(|until| *until > now);
            !rests && !self.running.contains_key(source)
        });
        for (source, job) in due {
            if !self.has_room() {
                break;
            }
            self.begin(&source, job);
        }
        Ok(())
    }
}

impl Schedule {
    /// Begins what is to be done for the register as a whole.
    fn keep_up(&mut self, now: Timestamp) -> Result<(), HarvestError> {
        let Some(task) = self.upkeep.due(&self.harvester, self.started, now)? else {
            return Ok(());
        };
        let (harvester, stop) = (Arc::clone(&self.harvester), self.stop.clone());
        self.work.spawn_blocking(move || {
            upkeep::work(&harvester, task, &stop);
            Done::Upkeep
        });
        Ok(())
    }
}

impl Job {
    /// The harvest of a source that is due.
    fn scheduled() -> Self {
        Self::Run(RunKind::Harvest, Trigger::Schedule)
    }
}
