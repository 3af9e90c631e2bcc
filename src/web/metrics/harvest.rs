//! The harvest, as its ledger knows it: sources, their last runs, what waits
//! for an editor, links that don't work. The series grow with the number of
//! sources.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::register::HostClass;
use crate::register::STATUS_CLASSES;
use crate::register::ledger::LedgerError;
use crate::register::ledger::LinkInState;
use crate::register::ledger::LinkState;
use crate::register::ledger::Outcome;
use crate::register::ledger::Request;
use crate::register::ledger::Review;
use crate::register::ledger::ReviewKind;
use crate::register::ledger::Run;
use crate::register::ledger::SourceState;
use crate::web::measure::Text;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// How a source is, of all that may be said of it the most urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// It is being harvested.
    Running,
    /// A run waits for somebody to look at it.
    Held,
    /// The last harvest failed.
    Failing,
    /// The last harvest went well.
    Fine,
    /// It was never harvested.
    New,
}

impl Standing {
    const ALL: [Self; 5] = [Self::Running, Self::Held, Self::Failing, Self::Fine, Self::New];

    const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Held => "held",
            Self::Failing => "failing",
            Self::Fine => "fine",
            Self::New => "new",
        }
    }
}

/// A source with its newest run.
struct Harvested {
    source: String,
    state: SourceState,
    newest: Option<Run>,
}

pub(super) fn measure(state: &AppState, text: &mut Text) -> Result<()> {
    let sources = sources(state)?;
    outcomes(&sources, text);
    standings(state, &sources, text);
    waiting(state, text)?;
    activity(state, text)?;
    Ok(())
}

fn sources(state: &AppState) -> Result<Vec<Harvested>, LedgerError> {
    let ledger = state.register.ledger();
    let mut known: Vec<(String, SourceState)> = Vec::new();
    ledger.each("", |source, state| known.push((source, state)))?;
    // The ledger remembers sources that have been withdrawn.
    known.retain(|(source, _)| !state.register.credits_of(&[source]).is_empty());
    let newest = |source: &str, number| ledger.get::<Run>(&Run::key(source, number));
    known
        .into_iter()
        .map(|(source, state)| {
            let newest = newest(&source, state.last_run)?;
            Ok(Harvested { source, state, newest })
        })
        .collect()
}

fn outcomes(sources: &[Harvested], text: &mut Text) {
    let help = "1 for how the newest run of a source ended.";
    let mut family = text.gauge("kist_harvest_last_outcome", help);
    for Harvested { source, newest, .. } in sources {
        if let Some(outcome) = newest.as_ref().and_then(|run| run.outcome) {
            family.sample(&[("source", source), ("outcome", outcome.name())], 1);
        }
    }
    let help = "When a source was last harvested without failure, since 1970.";
    let mut family = text.gauge("kist_harvest_last_success_timestamp_seconds", help);
    for Harvested { source, state, .. } in sources {
        if let Some(at) = state.last_success {
            family.sample(&[("source", source)], at.as_second());
        }
    }
    let help = "Failed harvests of a source in a row.";
    let mut family = text.gauge("kist_harvest_failures_in_a_row", help);
    for Harvested { source, state, .. } in sources {
        family.sample(&[("source", source)], state.failures);
    }
    let help = "Items of a source that are published.";
    let mut family = text.gauge("kist_harvest_items", help);
    for Harvested { source, state, .. } in sources {
        family.sample(&[("source", source)], state.live);
    }
}

fn standings(state: &AppState, sources: &[Harvested], text: &mut Text) {
    let now = state.now();
    let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
    for Harvested { newest, .. } in sources {
        let standing = match newest {
            Some(run) if run.is_running(now) => Standing::Running,
            Some(run) if run.waits_for_somebody() => Standing::Held,
            Some(run) if matches!(run.outcome, Some(Outcome::Failed | Outcome::Crashed)) => {
                Standing::Failing
            }
            Some(_) => Standing::Fine,
            None => Standing::New,
        };
        *counts.entry(standing).or_default() += 1;
    }
    let mut family = text.gauge("kist_harvest_sources", "Sources, by how they are.");
    for standing in Standing::ALL {
        let count = counts.get(&standing).copied().unwrap_or_default();
        family.sample(&[("state", standing.name())], count);
    }
}

/// What is counted since the program began.
fn activity(state: &AppState, text: &mut Text) -> Result<(), LedgerError> {
    let activity = state.register.activity();
    let help = "Runs that have ended, by how; those that the guard held are blocked-by-guard.";
    let mut runs = text.counter("kist_harvest_runs_total", help);
    for outcome in Outcome::ALL {
        runs.sample(&[("outcome", outcome.name())], activity.runs(outcome));
    }
    let help = "Requests to publishers, by the class of the host and of the answer's status.";
    let mut requests = text.counter("kist_harvest_requests_total", help);
    for host in HostClass::ALL {
        for (status, count) in STATUS_CLASSES.into_iter().zip(activity.requests(host)) {
            requests.sample(&[("host", host.name()), ("status", status)], count);
        }
    }
    let (wire, decoded) = activity.bytes();
    let help = "Bytes of answers, as they came on the wire and as they were without compression.";
    let mut bytes = text.counter("kist_harvest_bytes_total", help);
    for (kind, count) in [("wire", wire), ("decoded", decoded)] {
        bytes.sample(&[("as", kind)], count);
    }
    let now = state.now();
    let mut oldest = None;
    state.register.ledger().each::<Request>("", |_, request| {
        oldest = Some(oldest.map_or(request.at, |at: Timestamp| at.min(request.at)));
    })?;
    let asked = oldest.map_or(0, |at| (now.as_second() - at.as_second()).max(0));
    let help = "How long what has waited longest waits to be begun.";
    let mut ages = text.gauge("kist_harvest_queue_age_seconds", help);
    for (queue, age) in [("due", activity.queue_age(now)), ("asked", asked)] {
        ages.sample(&[("queue", queue)], age);
    }
    let help = "When that active source was last harvested without failure for which it is \
                longest ago, since 1970.";
    let mut oldest = text.gauge("kist_harvest_oldest_success_timestamp_seconds", help);
    if let Some(at) = activity.oldest_success() {
        oldest.sample(&[], at);
    }
    Ok(())
}

fn waiting(state: &AppState, text: &mut Text) -> Result<(), LedgerError> {
    let ledger = state.register.ledger();
    let help = "Requests that the harvester has not yet taken.";
    text.gauge("kist_harvest_requests_waiting", help).sample(&[], ledger.count::<Request>("")?);
    let mut reviews = text.gauge("kist_reviews_waiting", "Questions that wait for an editor.");
    for kind in ReviewKind::ALL {
        let count = ledger.count::<Review>(&Review::key(kind, ""))?;
        reviews.sample(&[("kind", kind.name())], count);
    }
    let help = "Links of records that may not work, by how they are.";
    let mut links = text.gauge("kist_links_in_trouble", help);
    // Those that work are many, and would be counted one by one.
    for link in [LinkState::Dead, LinkState::Suspect, LinkState::Blocked] {
        let count = ledger.count::<LinkInState>(&LinkInState::key(link, ""))?;
        links.sample(&[("state", link.name())], count);
    }
    Ok(())
}
