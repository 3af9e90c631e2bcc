//! One time that something takes place, as a node of the record's `schedule`.
//!
//! Formats that give a beginning and an end (feeds, iCalendar, RPDE) make
//! their schedules here, so that the same times give the same node and the
//! same complaints. All is civil time in the source's zone.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value as Json, json};

use crate::harvest::clean::date::{self, Order, Written};
use crate::harvest::extraction::Problem;

/// What holds of a time that is written with an offset which its zone doesn't
/// have then (contract E1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Offsets {
    /// The moment.
    #[default]
    Keep,
    /// The hour as it is written: the publisher's software adds offsets that
    /// nobody means.
    Local,
}

/// The zone of a source, and how far the offsets of its times are believed.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    pub(super) zone: TimeZone,
    pub(super) offsets: Offsets,
}

impl Clock {
    /// The clock of a zone by its IANA name; UTC when there is none so called.
    pub(super) fn new(zone: &str, offsets: Offsets) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), offsets }
    }
}

/// A day, with a time of the day when one is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Civil {
    pub(super) date: Date,
    pub(super) time: Option<Time>,
}

impl Civil {
    /// The day and time that a clock in `zone` shows at what was written.
    pub(super) fn of(written: &Written, zone: &TimeZone) -> Option<Self> {
        if written.time.is_none() || written.offset.is_none() {
            return Some(Self { date: written.date, time: written.time });
        }
        Some(Self::from(zone.to_datetime(written.moment(zone).ok()?)))
    }

    /// The date and time; the start of the day without a time.
    pub(super) fn moment(self) -> DateTime {
        self.date.to_datetime(self.time.unwrap_or(Time::midnight()))
    }
}

impl From<DateTime> for Civil {
    fn from(moment: DateTime) -> Self {
        Self { date: moment.date(), time: Some(moment.time()) }
    }
}

/// Reads `text` as a day or moment by `clock`, and says what is wrong with it.
pub(super) fn read(
    text: &str,
    clock: &Clock,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<Civil> {
    match date::written(text, Order::DayFirst) {
        Ok(written) => {
            if !contradicts(text, &written, &clock.zone) {
                return Civil::of(&written, &clock.zone);
            }
            problems.push(contradiction(&format!("the offset of `{text}`"), clock, at));
            match clock.offsets {
                Offsets::Keep => Civil::of(&written, &clock.zone),
                Offsets::Local => Some(Civil { date: written.date, time: written.time }),
            }
        }
        Err(error) => {
            let problem = Problem::error("bad-date", at, error.to_string());
            problems.push(problem.advice("Write dates as 2026-11-22T19:30:00Z."));
            None
        }
    }
}

/// Whether an offset was written which the zone does not have then. A zero
/// that is written out (`+00:00`) counts, unlike `Z` and `GMT`: it is how
/// systems without a zone write local time.
fn contradicts(text: &str, written: &Written, zone: &TimeZone) -> bool {
    let is_zero = text.ends_with("+00:00") || text.ends_with("+0000");
    let is_summer =
        || written.moment(zone).is_ok_and(|moment| zone.to_offset(moment) != Offset::UTC);
    written.contradicts(zone) || (is_zero && is_summer())
}

/// That `what`, an offset or a fixed zone, is not what the zone of the source
/// has then, and what was made of it.
pub(super) fn contradiction(what: &str, clock: &Clock, at: &str) -> Problem {
    let name = clock.zone.iana_name().unwrap_or("the source's zone");
    let taken = match clock.offsets {
        Offsets::Keep => "the moment was believed",
        Offsets::Local => "the hour was taken as it is written",
    };
    let what = format!("{what} is not that of {name} on that day; {taken}");
    Problem::warning("offset-contradicts-zone", at, what)
        .advice("Check whether the time is meant as local time.")
}

/// A node of `schedule` for what takes place once, from `start` to `end`; an
/// `end` without a time is the last day. An `end` before `start` is left out
/// with a problem.
pub(super) fn once(
    start: Civil,
    end: Option<Civil>,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Map<String, Json> {
    let mut node = Map::new();
    node.insert("startDate".to_owned(), json!(start.date.to_string()));
    if let Some(time) = start.time {
        node.insert("startTime".to_owned(), clock(time));
    }
    let Some(end) = end else { return node };
    let is_before = match (start.time, end.time) {
        (Some(_), Some(_)) => end.moment() < start.moment(),
        _ => end.date < start.date,
    };
    if is_before {
        let what = format!("it ends ({}) before it starts ({})", words(end), words(start));
        problems
            .push(Problem::error("end-before-start", at, what).advice("Put right when it ends."));
        return node;
    }
    let (Some(begins), Some(finishes)) = (start.time, end.time) else {
        if end.date != start.date {
            node.insert("endDate".to_owned(), json!(end.date.to_string()));
        }
        return node;
    };
    // Within a day, and past midnight, hours say it all.
    if is_one_night(start.moment(), end.moment()) {
        if begins != finishes || end.date != start.date {
            node.insert("endTime".to_owned(), clock(finishes));
        }
        return node;
    }
    node.insert("endDate".to_owned(), json!(end.date.to_string()));
    if finishes > begins {
        node.insert("endTime".to_owned(), clock(finishes));
    } else {
        // Hours of each day they can't be: the times hold for the first and
        // the last day only.
        node.remove("startTime");
        let said = format!("from {} to {}", words(start), words(end));
        node.insert("note".to_owned(), json!({"en": said}));
    }
    node
}

fn is_one_night(start: DateTime, end: DateTime) -> bool {
    let tomorrow = start.date().tomorrow().map(|date| date.to_datetime(start.time()));
    tomorrow.is_ok_and(|tomorrow| end <= tomorrow)
}

/// A time as `HH:MM`.
pub(super) fn clock(time: Time) -> Json {
    json!(time.strftime("%H:%M").to_string())
}

fn words(moment: Civil) -> String {
    match moment.time {
        Some(time) => format!("{} on {}", time.strftime("%H:%M"), moment.date),
        None => moment.date.to_string(),
    }
}

#[cfg(test)]
#[path = "occurrence_tests.rs"]
mod tests;
