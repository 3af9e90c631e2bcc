//! What is done for the register as a whole, now and then: duplicates are
//! looked for, links are checked, subscriptions to hubs are kept up.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::harvest::alerts::{self, AlertError};
use crate::harvest::links::{self, LinksError};
use crate::harvest::pipeline::{HarvestError, Harvester};
use crate::harvest::websub::{self, Maintained, WebSubError};
use crate::model::Revision;

/// How long after its start a server begins with duplicates and links: there
/// is enough to do then.
const FIRST: SignedDuration = SignedDuration::from_mins(10);

/// How often duplicates are looked for, when something has changed: every
/// record is read for it.
const DUPLICATES: SignedDuration = SignedDuration::from_hours(1);

/// How often it is looked whether hubs are to be asked.
const HUBS: SignedDuration = SignedDuration::from_mins(5);

/// How often links that are due are checked.
const LINKS: SignedDuration = SignedDuration::from_mins(5);

/// How often people are told what needs attention.
const ALERTS: SignedDuration = SignedDuration::from_mins(5);

/// How soon after another change the own hub is told again, and after how long
/// when it did not take it.
const TELL_HUB: SignedDuration = SignedDuration::from_secs(15);
const TELL_HUB_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// How many links are checked in one turn.
const LINKS_IN_TURN: usize = 5_000;

/// What is done for the register as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// The same thing in several sources is looked for.
    Duplicates,
    /// Links are checked.
    Links,
    /// Subscriptions to hubs are begun, renewed and ended.
    Hubs,
    /// Our own hub is told that something has changed.
    Publish,
    /// People are told what needs attention.
    Alerts,
}

/// What was done, and when.
#[derive(Debug, Default)]
pub(super) struct Upkeep {
    is_running: bool,
    /// The revision of the register at which duplicates were looked for.
    duplicates: Option<(Revision, Timestamp)>,
    links: Option<Timestamp>,
    hubs: Option<Timestamp>,
    /// The revision of which our own hub was told, or could not be.
    published: Option<(Revision, Timestamp)>,
    alerts: Option<Timestamp>,
}

impl Upkeep {
    /// What is to be done now; it counts as begun.
    pub(super) fn due(
        &mut self,
        harvester: &Harvester,
        started: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Task>, HarvestError> {
        if self.is_running {
            return Ok(None);
        }
        let revision = harvester.register().newest()?;
        let is_over = |at: Timestamp, pause| now.duration_since(at).abs() >= pause;
        let is_later = now.duration_since(started) >= FIRST;
        let changed = |(seen, at)| seen != revision && is_over(at, DUPLICATES);
        let is_news = |(seen, at): (Revision, Timestamp)| {
            is_over(at, if seen == revision { TELL_HUB_AGAIN } else { TELL_HUB })
        };
        let task = if self.hubs.is_none_or(|at| is_over(at, HUBS)) {
            self.hubs = Some(now);
            Task::Hubs
        } else if harvester.options().websub.own_hub.is_some() && self.published.is_none_or(is_news)
        {
            self.published = Some((revision, now));
            Task::Publish
        } else if !harvester.options().alerts.command.is_empty()
            && self.alerts.is_none_or(|at| is_over(at, ALERTS))
        {
            self.alerts = Some(now);
            Task::Alerts
        } else if is_later && self.duplicates.is_none_or(changed) {
            self.duplicates = Some((revision, now));
            Task::Duplicates
        } else if is_later
            && harvester.options().links.enabled
            && self.links.is_none_or(|at| is_over(at, LINKS))
        {
            self.links = Some(now);
            Task::Links
        } else {
            return Ok(None);
        };
        self.is_running = true;
        Ok(Some(task))
    }

    pub(super) fn has_ended(&mut self) {
        self.is_running = false;
    }
}

/// Does `task`; whatever happens, this returns.
pub(super) fn work(harvester: &Harvester, task: Task, stop: &CancellationToken) {
    let done = catch_unwind(AssertUnwindSafe(|| match task {
        Task::Duplicates => duplicates(harvester).map_err(|error| error.to_string()),
        Task::Links => links(harvester, stop).map_err(|error| error.to_string()),
        Task::Hubs => hubs(harvester, stop).map_err(|error| error.to_string()),
        Task::Publish => publish(harvester, stop).map_err(|error| error.to_string()),
        Task::Alerts => alerts(harvester, stop).map_err(|error| error.to_string()),
    }));
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(?task, error, "the upkeep failed"),
        Err(_) => tracing::error!(?task, "the upkeep failed badly"),
    }
}

fn duplicates(harvester: &Harvester) -> Result<(), HarvestError> {
    let found = harvester.find_duplicates()?;
    tracing::info!(?found, "looked for duplicates");
    Ok(())
}

fn links(harvester: &Harvester, stop: &CancellationToken) -> Result<(), LinksError> {
    let since = harvester.now();
    links::collect_all(harvester.register(), since)?;
    let checked = Handle::current().block_on(async {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(None),
            checked = links::check_due(harvester, LINKS_IN_TURN, &|_| {}) => checked.map(Some),
        }
    })?;
    if let Some(checked) = checked.filter(|checked| checked.asked > 0) {
        tracing::info!(?checked, "checked links");
    }
    if let Err(error) = harvester.keep_robots(since) {
        tracing::warn!(%error, "what hosts say to robots can't be kept");
    }
    links::apply_decisions(harvester.register(), harvester.now())?;
    Ok(())
}

fn hubs(harvester: &Harvester, stop: &CancellationToken) -> Result<(), WebSubError> {
    let maintained = Handle::current().block_on(async {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(None),
            maintained = websub::maintain(harvester) => maintained.map(Some),
        }
    })?;
    if let Some(maintained) = maintained.filter(|it| *it != Maintained::default()) {
        tracing::info!(?maintained, "subscriptions to hubs");
    }
    Ok(())
}

fn publish(harvester: &Harvester, stop: &CancellationToken) -> Result<(), WebSubError> {
    Handle::current().block_on(async {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(()),
            told = websub::publish(harvester) => told.map(|_| ()),
        }
    })
}

fn alerts(harvester: &Harvester, stop: &CancellationToken) -> Result<(), AlertError> {
    let told = Handle::current().block_on(async {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(0),
            told = alerts::tell(harvester) => told,
        }
    })?;
    if told > 0 {
        tracing::info!(told, "people were told what needs attention");
    }
    Ok(())
}
