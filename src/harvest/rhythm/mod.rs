//! When a source is due again.
//!
//! A [`Rhythm`] is what an operator writes; [`next_due`] makes a moment of it
//! and of what was observed. Whoever calls this stores the moment, so that it
//! outlives a restart; [`at_dispatch`] spreads what fell due meanwhile. The
//! clock is an argument, and chance a seed.

mod calendar;
mod quiet;
mod skips;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use thiserror::Error;

pub use calendar::Calendar;
pub use quiet::{QuietHours, QuietHoursError};
pub use skips::Skips;

/// No source is asked more often.
pub const SHORTEST: Duration = Duration::from_mins(15);

/// No source that is harvested at intervals, however broken, is asked less
/// often.
pub const LONGEST: Duration = Duration::from_hours(7 * 24);

/// How long a server that has no time may ask to be left alone
/// (`Retry-After`): a silly header must not park a source.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// How long what was fetched may claim to be fresh (`Cache-Control`,
/// `Expires`): servers say a year of what changes every day.
const LONGEST_FRESH: Duration = LONGEST;

/// How long a feed itself may ask not to be fetched again (`ttl`,
/// `updatePeriod`, `REFRESH-INTERVAL`): a month.
pub const LONGEST_WISH: Duration = Duration::from_hours(31 * 24);

/// How often a source is harvested of which nobody knows how often it changes.
const UNKNOWN: Duration = Duration::from_hours(24);

/// How many times a source is asked between two changes, on the average.
const TIMES_PER_CHANGE: f64 = 2.0;

/// What is added by chance to a plan at intervals: a tenth, and no more than
/// this.
const LONGEST_JITTER: Duration = Duration::from_mins(10);

/// What is added by chance to a time that an operator chose.
const CALENDAR_JITTER: Duration = Duration::from_mins(1);

/// Over how long everything that fell due in a down-time is spread.
const CATCH_UP: Duration = Duration::from_mins(10);

/// How often a source is harvested.
#[derive(Debug, Clone)]
pub enum Rhythm {
    /// As often as it changes.
    Adaptive,
    /// Only when somebody asks for it.
    Manual,
    /// At an interval.
    Every(Duration),
    /// At times of day.
    Calendar(Box<Calendar>),
}

/// Why a text is no rhythm.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RhythmError {
    /// It is none of the four forms.
    #[error(
        "`{0}` is no rhythm: write `adaptive`, `manual`, a duration such as `PT6H`, or five \
         fields of cron such as `30 2 * * *`"
    )]
    Form(String),
    /// It looks like a duration and is none, or is none of fixed length.
    #[error("`{0}` is no duration of weeks, days, hours and minutes, such as `PT6H` or `P1D`")]
    Duration(String),
    /// A field of cron can't be read.
    #[error("`{text}` is not cron: {what}")]
    Cron {
        /// What was given.
        text: String,
        /// What is wrong with it.
        what: String,
    },
    /// There is no day on which it falls.
    #[error("`{0}` never comes: no day of any year is meant by it")]
    Never(String),
    /// The time zone is not known.
    #[error("`{0}` is no time zone; write one such as `Europe/London`")]
    TimeZone(String),
}

/// What was seen of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Observed {
    /// When the last run began; `None` before the first.
    pub last_run: Option<Timestamp>,
    /// How many times a week a run found something new; `None` when there are
    /// too few runs to tell.
    pub changes_per_week: Option<f64>,
    /// How many runs have failed since the last that did not.
    pub failures: u32,
    /// How long the server asked to be left alone after the last run.
    pub retry_after: Option<Duration>,
    /// How long what was fetched is fresh (`Cache-Control`, `Expires`).
    pub fresh_for: Option<Duration>,
    /// How long the feed asks not to be fetched again (`ttl`).
    pub refresh_after: Option<Duration>,
    /// The hours and days at which the feed asks not to be fetched.
    pub skips: Skips,
}

impl Rhythm {
    /// Reads `adaptive`, `manual`, a duration (ISO 8601) or five fields of
    /// cron, which are times of the day in `time_zone`.
    ///
    /// # Errors
    ///
    /// [`RhythmError`], which says what is wrong and how to write it.
    pub fn parse(text: &str, time_zone: &str) -> Result<Self, RhythmError> {
        let text = text.trim();
        match text.split_whitespace().count() {
            1 if text.eq_ignore_ascii_case("adaptive") => Ok(Self::Adaptive),
            1 if text.eq_ignore_ascii_case("manual") => Ok(Self::Manual),
            1 if text.starts_with(['P', 'p', '-', '+']) => duration(text).map(Self::Every),
            0 | 1 => Err(RhythmError::Form(text.to_owned())),
            _ => {
                let zone = TimeZone::get(time_zone)
                    .map_err(|_| RhythmError::TimeZone(time_zone.to_owned()))?;
                Calendar::parse(text, zone).map(|calendar| Self::Calendar(Box::new(calendar)))
            }
        }
    }
}

/// When the source is due again, never before `now`; `None` when only a
/// person starts it.
///
/// Intervals keep within [`SHORTEST`] and [`LONGEST`], and double with each
/// failure. An adaptive one is no shorter than the feed asks for, up to
/// [`LONGEST_WISH`], or than what was fetched is fresh, up to a week; a source
/// that fails is asked all the same. `Retry-After` is honoured up to a day.
/// Whatever was missed is made up for by one run. `seed` is any number of the
/// source's.
#[must_use]
pub fn next_due(
    rhythm: &Rhythm,
    quiet: Option<&QuietHours>,
    observed: &Observed,
    now: Timestamp,
    seed: u64,
) -> Option<Timestamp> {
    // A clock that went back must not postpone anything.
    let last = observed.last_run.map(|last| last.min(now));
    let (due, jitter) = match (rhythm, last) {
        (Rhythm::Manual, _) => return None,
        // Whatever its time of day: a new source is wanted at once.
        (_, None) => (now, Duration::ZERO),
        (Rhythm::Adaptive, Some(last)) => {
            let (due, jitter) = at_interval(adaptive(observed), observed, last);
            let wished = later(last, wished(observed));
            (due.max(wished), jitter)
        }
        (Rhythm::Every(interval), Some(last)) => at_interval(*interval, observed, last),
        (Rhythm::Calendar(calendar), Some(last)) => {
            let pause = match observed.failures {
                0 => SHORTEST.saturating_sub(CALENDAR_JITTER),
                failures => doubled(SHORTEST, failures),
            };
            let earliest = later(last, pause.max(asked_pause(observed)));
            // One run makes up for all that was missed: what is due is the
            // first time after the last run, be it long ago.
            (calendar.next(earliest), CALENDAR_JITTER)
        }
    };
    let due = later(due.max(now), chance(seed, jitter));
    let is_asked = matches!(rhythm, Rhythm::Adaptive) && observed.failures == 0 && last.is_some();
    let free = if is_asked { observed.skips.end(due) } else { due };
    let due = if free > due { later(free, chance(seed, CALENDAR_JITTER)) } else { due };
    let Some(quiet) = quiet else { return Some(due) };
    let end = quiet.end_after(due)?;
    Some(if end > due { later(end, chance(seed, CALENDAR_JITTER)) } else { due })
}

/// When a source that is due at `due` may start on a server that started at
/// `started`: what fell due in a down-time is spread over ten minutes.
#[must_use]
pub fn at_dispatch(due: Timestamp, started: Timestamp, seed: u64) -> Timestamp {
    if due < started { later(started, chance(seed, CATCH_UP)) } else { due }
}

/// One week by the number of changes.
fn adaptive(observed: &Observed) -> Duration {
    match observed.changes_per_week {
        None => UNKNOWN,
        Some(changes) if changes > 0.0 => {
            let week = LONGEST.as_secs_f64();
            Duration::try_from_secs_f64(week / (changes * TIMES_PER_CHANGE)).unwrap_or(LONGEST)
        }
        Some(_) => LONGEST,
    }
}

/// How long the feed, or what was fetched, asks not to be fetched again.
/// Nothing while it fails: whoever fails for long may have other wishes by now.
fn wished(observed: &Observed) -> Duration {
    if observed.failures > 0 {
        return Duration::ZERO;
    }
    let fresh = observed.fresh_for.unwrap_or_default().min(LONGEST_FRESH);
    fresh.max(observed.refresh_after.unwrap_or_default().min(LONGEST_WISH))
}

fn at_interval(interval: Duration, observed: &Observed, last: Timestamp) -> (Timestamp, Duration) {
    let interval = doubled(interval.clamp(SHORTEST, LONGEST), observed.failures);
    let interval = interval.max(asked_pause(observed));
    (later(last, interval), (interval / 10).min(LONGEST_JITTER))
}

fn asked_pause(observed: &Observed) -> Duration {
    observed.retry_after.unwrap_or_default().min(LONGEST_PAUSE)
}

fn doubled(interval: Duration, times: u32) -> Duration {
    let factor = 1_u32.checked_shl(times).unwrap_or(u32::MAX);
    interval.saturating_mul(factor).min(LONGEST)
}

/// `moment` after a while; the last moment there is when that is too far.
fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// A length from nothing to `longest`, the same for the same seed.
fn chance(seed: u64, longest: Duration) -> Duration {
    // The finishing step of SplitMix64, so that neighbouring seeds differ.
    // Source: G. L. Steele et al., “Fast splittable pseudorandom number
    // generators”, OOPSLA 2014.
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let milliseconds = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(mixed % milliseconds.saturating_add(1))
}

fn duration(text: &str) -> Result<Duration, RhythmError> {
    let error = || RhythmError::Duration(text.to_owned());
    let span: Span = text.parse().map_err(|_| error())?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err(error());
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let time = span.weeks(0).days(0).to_duration(jiff::civil::Date::ZERO).map_err(|_| error())?;
    let all = time.checked_add(SignedDuration::from_hours(days * 24)).ok_or_else(error)?;
    Duration::try_from(all).ok().filter(|all| !all.is_zero()).ok_or_else(error)
}

impl fmt::Display for Rhythm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Adaptive => formatter.write_str("adaptive"),
            Self::Manual => formatter.write_str("manual"),
            Self::Every(interval) => {
                let interval = SignedDuration::try_from(*interval).unwrap_or(SignedDuration::MAX);
                write!(formatter, "{interval}")
            }
            Self::Calendar(calendar) => formatter.write_str(calendar.as_str()),
        }
    }
}
