//! What becomes of an address by what was seen of it: its state, and when it
//! is asked again. Pure: the same link, sight and time give the same.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Options;
use super::check::{Look, Seen};
use crate::register::ledger::{Failures, Link, LinkChange, LinkState, Moved};

/// The code of a page that seems to be an excuse.
pub(super) const EXCUSE: &str = "soft-404";

/// On how many days, over how long, an address must fail to be dead (contract
/// F70).
const DEAD_DAYS: u32 = 3;
/// See [`DEAD_DAYS`].
const DEAD_OVER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The same where each failure was certain: they count double.
const CERTAIN_DAYS: u32 = 2;
/// See [`CERTAIN_DAYS`].
const CERTAIN_OVER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// After how many days a failing address is asked again, by the number of days
/// on which it failed: so its third failure comes soon, and there is one two
/// weeks after the first.
const FAILING_DAYS: &[u32] = &[1, 2, 4, 7];

/// States that are remembered of a link.
const HISTORY: usize = 20;

/// The link after it was seen so.
#[must_use]
pub fn judge(link: Link, seen: Seen, now: Timestamp, options: &Options) -> Link {
    let mut next = link.clone();
    if let Seen::NotAsked { wait } = seen {
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(1));
        // Never before the host said.
        let wait = wait.max(SignedDuration::from_mins(1)).mul_f64(1.2);
        next.due = later(now, wait, &link.url);
        return next;
    }
    next.checked = Some(now);
    (next.code, next.reason) = (None, None);
    next.state = match seen {
        Seen::There { moved, look } => there(&mut next, &link, moved, look, now),
        Seen::Missing { code, reason } => {
            (next.code, next.reason) = (Some(code), Some(reason));
            failed(&mut next.failures, 0, now);
            missing(&next, now)
        }
        Seen::Gone { code, reason } => {
            (next.code, next.reason) = (Some(code), Some(reason));
            failed(&mut next.failures, 1, now);
            missing(&next, now)
        }
        // Nothing is known then: what spoke for its death stays.
        Seen::Blocked { code, reason } => {
            (next.code, next.reason) = (Some(code), Some(reason));
            LinkState::Blocked
        }
        Seen::Doubtful { code, reason } => {
            (next.code, next.reason) = (Some(code), Some(reason));
            next.failures = Failures::default();
            LinkState::Suspect
        }
        Seen::NotAsked { .. } => link.state,
    };
    if next.state != link.state {
        next.since = now;
        next.history.push(LinkChange { at: now, state: next.state, code: next.code.clone() });
        let beyond = next.history.len().saturating_sub(HISTORY);
        next.history.drain(..beyond);
    }
    next.due = later(now, days(interval(&next, options)), &next.url);
    next
}

fn there(
    next: &mut Link,
    before: &Link,
    moved: Option<String>,
    look: Look,
    now: Timestamp,
) -> LinkState {
    next.failures = Failures::default();
    if look != Look::None {
        next.looked = Some(now);
    }
    let excuse = match look {
        Look::Excuse(reason) => Some(reason),
        // What was not looked at is as it was.
        Look::None if before.code.as_deref() == Some(EXCUSE) => before.reason.clone(),
        Look::None | Look::Good => None,
    };
    if let Some(reason) = excuse {
        (next.code, next.reason) = (Some(EXCUSE.to_owned()), Some(reason));
        next.moved = None;
        return LinkState::Suspect;
    }
    next.moved = moved.map(|to| match &before.moved {
        Some(moved) if moved.to == to => {
            Moved { to, runs: moved.runs.saturating_add(1), since: moved.since }
        }
        _ => Moved { to, runs: 1, since: now },
    });
    if next.moved.is_some() { LinkState::Redirected } else { LinkState::Alive }
}

fn missing(link: &Link, now: Timestamp) -> LinkState {
    let Failures { days, certain, first, .. } = &link.failures;
    let over = first.map_or(SignedDuration::ZERO, |first| now.duration_since(first));
    let is_long = *days >= DEAD_DAYS && over >= DEAD_OVER;
    let is_certain = *certain >= CERTAIN_DAYS && certain == days && over >= CERTAIN_OVER;
    // What was dead stays so until it answers.
    if is_long || is_certain || link.state == LinkState::Dead {
        LinkState::Dead
    } else {
        LinkState::Suspect
    }
}

/// Counts a failure; those of one day count once.
fn failed(failures: &mut Failures, certain: u32, now: Timestamp) {
    if failures.last.map(day) != Some(day(now)) {
        failures.days = failures.days.saturating_add(1);
        failures.certain = failures.certain.saturating_add(certain);
    }
    failures.first = failures.first.or(Some(now));
    failures.last = Some(now);
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// After how many days the link is asked again.
fn interval(link: &Link, options: &Options) -> u32 {
    match link.state {
        LinkState::Dead => options.dead_days,
        LinkState::Suspect if link.failures.days > 0 => {
            let place = (link.failures.days as usize - 1).min(FAILING_DAYS.len() - 1);
            FAILING_DAYS[place]
        }
        _ => options.alive_days,
    }
}

fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days.max(1)))
}

/// The time after `wait`, up to a tenth of that earlier or later, as chance
/// has it for this address: so what was asked together is not for ever.
fn later(now: Timestamp, wait: SignedDuration, url: &str) -> Timestamp {
    let hash = blake3::hash(format!("{url} {}", now.as_second()).as_bytes());
    let chance = f64::from(hash.as_bytes()[0]) / 255.0 - 0.5;
    let wait = wait.mul_f64(1.0 + chance / 5.0);
    now.saturating_add(wait).unwrap_or(now)
}
