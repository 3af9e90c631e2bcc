//! Feeds of changes that have forgotten the place from which we go on
//! (contract B5): they are read from their beginning, once a week at most.

use jiff::{SignedDuration, Timestamp};

use super::begin::Work;
use crate::harvest::extraction::Problem;
use crate::harvest::fetch::FetchError;
use crate::register::ledger::Queued;

/// After how long a feed may be begun anew once more.
const AGAIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The beginning of a feed whose place, `queued`, it knows no more, and what
/// to say of it; `None` when something else is wrong, or the feed was begun
/// anew not long ago.
pub(super) fn restart(
    work: &mut Work,
    queued: &Queued,
    error: &FetchError,
    now: Timestamp,
) -> Option<(Queued, Problem)> {
    let beginning = queued.feed.clone().unwrap_or_else(|| work.settings.url.to_string());
    let begins = queued.role == "start" || (queued.role == "part" && queued.feed.is_some());
    let is_cursor = begins && queued.url != beginning;
    let is_unknown = matches!(error.status(), Some(400 | 404 | 410));
    let may = work.state.restarted.is_none_or(|last| {
        let since = now.duration_since(last);
        // A clock that went back is no reason to wait for ever.
        since.is_negative() || since >= AGAIN
    });
    if !is_cursor || !is_unknown || !may {
        return None;
    }
    work.state.restarted = Some(now);
    let what =
        format!("the feed knows its place {} no more, and is read anew: {error}", queued.url);
    let first = Queued { url: beginning, ..queued.clone() };
    Some((first, Problem::warning("feed-restarted", "", what)))
}

/// The beginning of a feed of changes that credits those whose items it lists
/// otherwise than when they were taken, and what to say of it: its items say
/// it, and don't change with it. `None` when nothing is different.
pub(super) fn read_anew(
    work: &mut Work,
    queued: &Queued,
    credits: Option<&String>,
) -> Option<(Queued, Problem)> {
    if queued.role != "start" {
        return None;
    }
    work.credits = credits.cloned();
    let beginning = work.settings.url.to_string();
    let is_as_before = credits.is_none() || work.state.credits.as_ref() == credits;
    if is_as_before || queued.url == beginning {
        return None;
    }
    // Its end comes once more.
    work.addresses.remove(&queued.url);
    work.run.since_cursor = false;
    let what = "sources are credited otherwise than before: everything is listed anew";
    let first = Queued { url: beginning, ..queued.clone() };
    Some((first, Problem::warning("credits-changed", "", what)))
}
