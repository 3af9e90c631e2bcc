//! Days and times of a calendar.

use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarDuration, ICalendarEntry};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use super::zone::Zones;
use crate::harvest::clean::date::YEARS;
use crate::harvest::extraction::Problem;
use crate::harvest::format::occurrence::{self, Civil, Clock, Offsets};

/// A day, or a time in some zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    /// As it is written.
    pub(super) written: Civil,
    /// The zone that it is written in; `None` for a whole day and for a
    /// floating time, which is the same on every clock.
    pub(super) zone: Option<TimeZone>,
}

impl Moment {
    /// What a clock of the source shows then.
    pub(super) fn local(&self, source: &TimeZone) -> Civil {
        match (&self.zone, self.written.time) {
            (Some(zone), Some(_)) => {
                moved(self.written.moment(), zone, source).map_or(self.written, Civil::from)
            }
            _ => self.written,
        }
    }

    /// Whether its zone has another time than the source, then or half a year
    /// later.
    pub(super) fn is_elsewhere(&self, source: &TimeZone) -> bool {
        let (Some(zone), Some(_)) = (&self.zone, self.written.time) else { return false };
        let now = self.written.moment();
        let later = now.checked_add(Span::new().months(6)).unwrap_or(now);
        [now, later].into_iter().any(|moment| moved(moment, zone, source) != Some(moment))
    }
}

/// What a clock in `to` shows when one in `from` shows `moment`.
pub(super) fn moved(moment: DateTime, from: &TimeZone, to: &TimeZone) -> Option<DateTime> {
    let instant: Timestamp = from.to_timestamp(moment).ok()?;
    Some(to.to_datetime(instant))
}

/// Reads a value of `entry`, with the zone that stands with it.
pub(super) fn read(
    entry: &ICalendarEntry,
    value: &PartialDateTime,
    zones: &mut Zones,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<Moment> {
    let Some(written) = civil(value) else {
        let what = format!("`{}` is no date that can be meant", words(value));
        problems.push(Problem::error("bad-date", at, what));
        return None;
    };
    if written.time.is_none() {
        return Some(Moment { written, zone: None });
    }
    if let Some(offset) = offset(value) {
        let zone = if offset == Offset::UTC { TimeZone::UTC } else { TimeZone::fixed(offset) };
        return Some(Moment { written, zone: Some(zone) });
    }
    let Some(name) = entry.tz_id() else { return Some(Moment { written, zone: None }) };
    let Some(zone) = zones.named(name) else {
        let known = zones.source.iana_name().unwrap_or("the source's zone");
        let what = format!("the time zone `{name}` is not known; {known} is taken");
        problems.push(
            Problem::warning("unknown-zone", at, what).advice("Use a name such as Europe/London."),
        );
        return Some(Moment { written, zone: None });
    };
    if !is_wrongly_fixed(&zone, written, zones) {
        return Some(Moment { written, zone: Some(zone) });
    }
    let clock = Clock { zone: zones.source.clone(), offsets: zones.offsets };
    problems.push(occurrence::contradiction(&format!("the time of the zone `{name}`"), &clock, at));
    Some(Moment { written, zone: (zones.offsets == Offsets::Keep).then_some(zone) })
}

/// Whether it is a zone without summer time, whose offset the source doesn't
/// have then: mostly a mistake of the publisher's software.
fn is_wrongly_fixed(zone: &TimeZone, written: Civil, zones: &Zones) -> bool {
    let is_fixed = zone.to_fixed_offset().is_ok()
        || zone
            .iana_name()
            .is_some_and(|name| name.starts_with("Etc/") || name == "GMT" || name == "UTC");
    is_fixed && moved(written.moment(), zone, &zones.source) != Some(written.moment())
}

fn offset(value: &PartialDateTime) -> Option<Offset> {
    let minutes = i32::from(value.tz_hour?) * 60 + i32::from(value.tz_minute.unwrap_or(0));
    Offset::from_seconds(minutes * if value.tz_minus { -60 } else { 60 }).ok()
}

/// The day and time, without a zone; `None` when there is no such day, or
/// nobody can mean its year.
pub(super) fn civil(value: &PartialDateTime) -> Option<Civil> {
    let small = |number: Option<u8>| number.and_then(|number| i8::try_from(number).ok());
    let year = i16::try_from(value.year?).ok().filter(|year| YEARS.contains(year))?;
    let date = Date::new(year, small(value.month)?, small(value.day)?).ok()?;
    let Some(hour) = value.hour else { return Some(Civil { date, time: None }) };
    let hour = i8::try_from(hour).ok()?;
    let (minute, second) = (small(value.minute).unwrap_or(0), small(value.second).unwrap_or(0));
    // A leap second is the second before it.
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    Some(Civil { date, time: Some(time) })
}

/// The end after `duration`; a whole day ends on its last day.
pub(super) fn after(start: Civil, duration: &ICalendarDuration) -> Option<Civil> {
    let days = i64::from(duration.weeks).checked_mul(7)?.checked_add(i64::from(duration.days))?;
    if duration.neg {
        return None;
    }
    let span = Span::new()
        .try_days(days)
        .and_then(|span| span.try_hours(i64::from(duration.hours)))
        .and_then(|span| span.try_minutes(i64::from(duration.minutes)))
        .and_then(|span| span.try_seconds(i64::from(duration.seconds)))
        .ok()?;
    let end = start.moment().checked_add(span).ok()?;
    match start.time {
        Some(_) => Some(Civil::from(end)),
        None => Some(last_day(start.date, end.date())),
    }
}

/// The last day of whole days that end before `end`.
pub(super) fn last_day(start: Date, end: Date) -> Civil {
    let before = end.yesterday().unwrap_or(end);
    // Many calendars end a day on the day itself.
    Civil { date: if end == start { start } else { before }, time: None }
}

fn words(value: &PartialDateTime) -> String {
    let number = |number: Option<u8>| number.map_or_else(|| "?".to_owned(), |n| format!("{n:02}"));
    let year = value.year.map_or_else(|| "?".to_owned(), |year| format!("{year:04}"));
    let date = format!("{year}-{}-{}", number(value.month), number(value.day));
    match value.hour {
        Some(hour) => format!("{date} {hour:02}:{}", number(value.minute)),
        None => date,
    }
}
