//! Addresses at which people want to know what can be harvested: one is looked
//! at at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::harvest::fetch::redact;
use crate::harvest::pipeline::{HarvestError, Harvester};
use crate::harvest::settings::address;
use crate::harvest::survey::{Found, Survey, Surveyor};
use crate::journal::Durability;
use crate::register::ledger::{Discovery, DiscoveryResult, Row as _, Table};

/// How many that wait are looked at for the oldest.
const MOST_WAITING: usize = 100;

/// The one that waits longest; `None` when nobody has asked.
pub(super) fn next(harvester: &Harvester) -> Result<Option<Discovery>, HarvestError> {
    let ledger = harvester.register().ledger();
    let waiting = ledger.rows::<Discovery>(Discovery::WAITING, "", MOST_WAITING)?;
    Ok(waiting.into_iter().map(|(_, asked)| asked).min_by_key(|asked| asked.at))
}

/// Looks at what `asked` is about, and keeps what was found; whatever happens,
/// this returns. What is broken off by `stop` goes on waiting.
pub(super) fn work(harvester: &Harvester, asked: Discovery, stop: &CancellationToken) {
    let done = catch_unwind(AssertUnwindSafe(|| one(harvester, &asked, stop)));
    let result = match done {
        Ok(Some(result)) => result,
        Ok(None) => return,
        Err(_) => ended(harvester, Err("the program failed at it".to_owned())),
    };
    if let Err(error) = keep(harvester, asked, result) {
        tracing::error!(%error, "what was found at an address can't be kept");
    }
}

fn one(
    harvester: &Harvester,
    asked: &Discovery,
    stop: &CancellationToken,
) -> Option<DiscoveryResult> {
    let url = match address(&asked.url) {
        Ok(url) => url,
        Err(error) => return Some(ended(harvester, Err(error.to_string()))),
    };
    let now = harvester.now();
    let surveyor = Surveyor { fetcher: harvester.fetcher(), now, secrets: &[] };
    let survey = Handle::current().block_on(async {
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            survey = surveyor.look(&url, None) => Some(survey),
        }
    })?;
    if let Err(error) = harvester.keep_robots(now) {
        tracing::warn!(%error, "what hosts say to robots can't be kept");
    }
    Some(ended(harvester, survey.map_err(|error| error.to_string())))
}

fn ended(harvester: &Harvester, survey: Result<Survey, String>) -> DiscoveryResult {
    let (survey, reason) = match survey {
        Ok(survey) => (survey, None),
        Err(reason) => (Survey::default(), Some(redact::text(&reason))),
    };
    DiscoveryResult {
        ended: harvester.now(),
        reason,
        found: survey.found.iter().map(Found::told).collect(),
        passed_over: survey.passed_over as u64,
    }
}

/// Keeps the answer, and forgets those that are too old.
fn keep(
    harvester: &Harvester,
    asked: Discovery,
    result: DiscoveryResult,
) -> Result<(), HarvestError> {
    let (ledger, now) = (harvester.register().ledger(), harvester.now());
    tracing::info!(url = %redact::text(&asked.url), found = result.found.len(), by = asked.by, "looked at");
    let mut notes = Vec::new();
    ledger.each::<Discovery>(Discovery::DONE, |key, old| {
        notes.extend(old.is_over(now).then(|| Table::Discovery.forget(&key)));
    })?;
    notes.push(Table::Discovery.forget(&asked.key()));
    let answered = Discovery { result: Some(result), ..asked };
    notes.push(answered.put(answered.key()));
    Ok(ledger.write(&notes, Durability::Durable)?)
}
