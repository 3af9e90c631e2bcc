//! What the operator and the contact of a source are to be told (contract
//! F11): it is kept with the state of the source until it is over.

use jiff::{SignedDuration, Timestamp};

use super::begin::Work;
use super::{Harvester, end, plan};
use crate::harvest::format::MORE_PAGES;
use crate::register::ledger::Outcome;

/// By how much the part of items that can't be taken must grow, and how many
/// they must be.
const JUMP: f64 = 0.1;
const JUMP_FROM: u64 = 5;

/// Days of a month, for "no change for so many months".
const MONTH: i64 = 30;

/// Raises what a harvest gives reason for, and takes back what is over.
pub(super) fn after(harvester: &Harvester, work: &mut Work, outcome: Outcome, now: Timestamp) {
    let is_good = outcome.is_good();
    let options = &harvester.options;
    let why = work.run.held.first().or(work.run.reason.as_ref()).cloned().unwrap_or_default();
    let ended = format!("run {} ended as {}: {why}", work.run.number, outcome.name());
    let is_held = outcome == Outcome::BlockedByGuard;
    let is_failing = !is_held && work.state.failures >= options.alert_after_failures;
    if is_good || is_held || outcome == Outcome::Cancelled {
        work.state.set_alert("held-for-review", is_held.then(|| ended.clone()), now);
    }
    if end::has_gone_well(&work.run, outcome) || is_failing {
        work.state.set_alert("failing", is_failing.then_some(ended), now);
    }
    let is_incomplete = work.run.codes.contains_key(MORE_PAGES);
    if is_incomplete || is_good {
        let what = "its listing has more pages, and how to come to them is not known";
        work.state.set_alert("incomplete", is_incomplete.then(|| what.to_owned()), now);
    }
    let is_empty = work.run.codes.contains_key(plan::LISTS_NOTHING);
    if is_empty || work.run.counts.seen > 0 {
        let what = "it lists nothing any more; its records stay";
        work.state.set_alert(plan::LISTS_NOTHING, is_empty.then(|| what.to_owned()), now);
    }
    if is_good {
        let known = work.state.licence.as_deref();
        if known.is_some_and(|known| work.settings.licence.as_deref() == Some(known)) {
            work.state.set_alert("licence-changed", None, now);
        }
        invalid(work, now);
        unchanged(work, options.alert_after_months, now);
    }
}

/// Tells that a publisher names another licence than before, until the source
/// has that licence.
pub(super) fn licence(work: &mut Work, before: &str, named: &str, now: Timestamp) {
    let what = format!("the publisher names the licence {named} now, and before {before}");
    work.state.set_alert("licence-changed", Some(what), now);
}

/// Tells that a source has moved for good, as long as it has.
pub(super) fn moved(work: &mut Work, to: Option<&str>, now: Timestamp) {
    let what = to.map(|to| format!("it has moved to {to}; a review asks whether to follow"));
    work.state.set_alert("host-moved", what, now);
}

/// More items than before can't be taken.
fn invalid(work: &mut Work, now: Timestamp) {
    let counts = work.run.counts;
    if counts.seen == 0 || counts.not_modified > 0 {
        // What has not changed was not read again.
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a part to some digits is enough")]
    let part = counts.invalid as f64 / counts.seen as f64;
    let before = work.state.invalid_part.replace(part);
    let has_jumped =
        counts.invalid >= JUMP_FROM && before.is_some_and(|before| part > before + JUMP);
    if has_jumped {
        let what = format!("{} of {} records could not be taken", counts.invalid, counts.seen);
        work.state.set_alert("invalid-jump", Some(what), now);
    } else if counts.invalid == 0 || before.is_some_and(|before| part < before) {
        work.state.set_alert("invalid-jump", None, now);
    }
}

/// Nothing has changed for so long that it may not be looked after.
fn unchanged(work: &mut Work, months: u32, now: Timestamp) {
    let limit = SignedDuration::from_hours(24 * MONTH * i64::from(months));
    let since = work.state.last_change.filter(|_| months > 0 && end::changes(&work.run) == 0);
    let since = since.filter(|since| now.duration_since(*since) > limit);
    let what = since.map(|since| {
        let day = since.strftime("%-d %B %Y");
        format!("nothing has changed since {day}; is it still looked after?")
    });
    work.state.set_alert("unchanged-for-long", what, now);
}
