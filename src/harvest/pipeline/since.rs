//! Sources that tell what has changed since a moment, as those of Open Referral
//! may: a run asks for that alone, and every so often for the whole list, which
//! tells what is gone (contract F24, B6, B7).
//!
//! Many servers know nothing of `modified_after` and give everything, so that
//! it is believed only where the question what will have changed in a far
//! future is answered with nothing.

use jiff::{SignedDuration, Timestamp};

use super::begin::Work;
use super::{HarvestError, Harvester, credentials};
use crate::harvest::fetch::{Outcome as Got, Request, RobotsPolicy};
use crate::harvest::format::{self, Format, Listing, Reading};
use crate::register::ledger::RunKind;

/// After how long everything is listed once more.
const WHOLE_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How far a run looks back before the one before it began: clocks differ, and
/// a list may be older than what it was made from.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// A listing of fewer requests is not worth a question.
const FEWEST_REQUESTS: u64 = 4;

/// A moment after which nothing has changed.
const FAR_FUTURE: &str = "2999-01-01T00:00:00Z";

/// Where the run begins when it need not list everything: where the run before
/// has ended.
pub(super) fn cursor(work: &Work, listing: Option<Listing>, now: Timestamp) -> Option<String> {
    let state = &work.state;
    let is_old = is_old(work, now);
    let goes_on = match listing {
        // Without its word on what it has deleted only the whole list tells.
        Some(Listing::Changes) => state.tells_deletions != Some(false) || !is_old,
        Some(Listing::Complete) => {
            let is_read_so = state.listed_by.as_deref() == Some(work.reading.as_str());
            work.run.kind == RunKind::Harvest && !is_old && is_read_so
        }
        Some(Listing::Window) | None => false,
    };
    state.cursor.clone().filter(|_| goes_on)
}

/// Whether it is long since everything was listed.
fn is_old(work: &Work, now: Timestamp) -> bool {
    work.state.last_complete.is_none_or(|at| now.duration_since(at) >= WHOLE_AFTER)
}

/// Works out where the next run goes on, once this one has listed everything
/// that it was asked for.
pub(super) async fn ask(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let format = work.state.format.as_deref().and_then(format::named);
    // What the server has changed it dates by its own clock.
    let begun = work.server_date.map_or(work.run.started, |date| date.min(work.run.started));
    let since = begun.saturating_sub(OVERLAP).unwrap_or(begun);
    let since = since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let next = |format: &Format| format::changed_after(format.name, &work.settings.url, &since);
    let Some((format, next)) = format.and_then(|format| Some((format, next(format)?))) else {
        return Ok(());
    };
    if work.run.kind != RunKind::Harvest || work.run.broken > 0 {
        return Ok(());
    }
    if work.run.since_cursor {
        work.run.cursor_after = Some(next.into());
        return Ok(());
    }
    // Whoever did not know it is not asked each time.
    let may_know = work.run.cursor_before.is_some() || is_old(work, work.run.started);
    let is_worth_it = may_know && work.run.counts.requests >= FEWEST_REQUESTS;
    if is_worth_it && knows(harvester, work, format).await? {
        work.run.cursor_after = Some(next.into());
    } else {
        work.run.cursor_after = None;
        work.state.cursor = None;
    }
    Ok(())
}

/// Whether the server answers with nothing what will have changed in a far
/// future.
async fn knows(
    harvester: &Harvester,
    work: &mut Work,
    format: &'static Format,
) -> Result<bool, HarvestError> {
    let asked = format::changed_after(format.name, &work.settings.url, FAR_FUTURE);
    let Some(url) = asked else { return Ok(false) };
    let mut request = Request::new(url).accept(format.accept);
    if let Some(reason) = &work.settings.robots_override {
        request.robots = RobotsPolicy::Overridden(reason.clone());
    }
    let (headers, _) = credentials::read(harvester, &work.run.source)?;
    headers.add(&mut request);
    work.run.counts.requests += 1;
    let Got::Fetched(fetched) = harvester.fetcher.get(&request, harvester.now()).await else {
        return Ok(false);
    };
    let read = (format.extract)(&fetched.document, &Reading::plain(harvester.now()));
    Ok(read.drafts.is_empty() && read.problems.is_empty() && read.announced == Some(0))
}
