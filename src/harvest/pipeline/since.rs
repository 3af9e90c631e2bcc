//! Sources of Open Referral that tell what has changed since a moment: a run
//! asks for that alone, and every so often for the whole list, which tells what
//! is gone (contract F24, B6, B7).
//!
//! Many servers know nothing of `modified_after` and give everything, so that
//! it is believed only where the question what will have changed in a far
//! future is answered with nothing.

use jiff::{SignedDuration, Timestamp};
use url::Url;

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

const PARAMETER: &str = "modified_after";

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
    let Some(format) = format.filter(|format| format.name == "open-referral") else {
        return Ok(());
    };
    if work.run.kind != RunKind::Harvest || work.run.broken > 0 {
        return Ok(());
    }
    let next = work.run.started - OVERLAP;
    let next = services(&work.settings.url, &next.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    if work.run.since_cursor {
        work.run.cursor_after = next.map(Into::into);
        return Ok(());
    }
    // Whoever did not know it is not asked each time.
    let may_know = work.run.cursor_before.is_some() || is_old(work, work.run.started);
    let is_worth_it = may_know && work.run.counts.requests >= FEWEST_REQUESTS;
    work.run.cursor_after = match next.filter(|_| is_worth_it) {
        Some(next) if knows(harvester, work, format).await? => Some(next.into()),
        _ => None,
    };
    if work.run.cursor_after.is_none() {
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
    let Some(url) = services(&work.settings.url, FAR_FUTURE) else { return Ok(false) };
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

/// The first page of the services that have changed after `moment`, of the API
/// with its root or its services at `source`.
fn services(source: &Url, moment: &str) -> Option<Url> {
    let mut url = source.clone();
    url.set_fragment(None);
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty()).map(str::to_owned);
    if last.as_deref() != Some("services") {
        url.path_segments_mut().ok()?.pop_if_empty().push("services");
        url.set_query(None);
    }
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !matches!(name.as_ref(), "page" | PARAMETER))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut pairs = url.query_pairs_mut();
    pairs.clear().extend_pairs(&kept).append_pair(PARAMETER, moment).append_pair("page", "1");
    if !kept.iter().any(|(name, _)| matches!(name.as_str(), "per_page" | "perPage")) {
        pairs.append_pair("per_page", "50");
    }
    drop(pairs);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_asked_of_the_services_however_the_source_is_named() {
        let check = |source: &str, expected: &str| {
            let url = services(&Url::parse(source).unwrap(), "2026-11-22T12:00:00Z").unwrap();
            let expected = format!("https://api.example/{expected}");
            assert_eq!(url.as_str().replace("%3A", ":"), expected);
        };
        let asked = "modified_after=2026-11-22T12:00:00Z&page=1&per_page=50";
        check("https://api.example/oruk/", &format!("oruk/services?{asked}"));
        check("https://api.example", &format!("services?{asked}"));
        check("https://api.example/services?page=3", &format!("services?{asked}"));
        check(
            "https://api.example/services?taxonomy_id=t&per_page=9",
            "services?taxonomy_id=t&per_page=9&modified_after=2026-11-22T12:00:00Z&page=1",
        );
    }
}
