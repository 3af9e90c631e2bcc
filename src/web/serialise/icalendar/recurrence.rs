//! From a timetable to a first occurrence and a recurrence rule (RFC 5545,
//! 3.3.10), which takes place on the same days as the timetable does.
//!
//! A rule counts from its first occurrence, so that must be one on which the
//! timetable takes place; weeks start on Monday in both. Without a first day
//! the first occurrence is sought from today on.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::Date;

use super::zone;
use crate::model::Day;
use crate::model::Repeat;
use crate::model::Schedule;
use crate::model::weekday::code;

/// How far the first occurrence is sought, in days: beyond a leap year.
const HORIZON: usize = 9 * 366;

/// When an event takes place, as parameters and values of properties.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Occurrences {
    /// `;TZID=Europe/London:20190328T140500` or `;VALUE=DATE:20190328`.
    pub(super) start: String,
    /// The same for the end of the first occurrence, if known.
    pub(super) end: Option<String>,
    /// `None` for what takes place once.
    pub(super) rule: Option<String>,
    /// The days left out, with a comma between.
    pub(super) except: Option<String>,
    /// What has to be known about the rule.
    pub(super) caution: Option<&'static str>,
}

/// When a timetable takes place; `None` when that can't be told, or when it
/// is over before it begins.
pub(super) fn occurrences(schedule: &Schedule, today: Date) -> Option<Occurrences> {
    let left_out: BTreeSet<Date> = schedule.except_dates.iter().copied().collect();
    let without_exceptions = Schedule { except_dates: Vec::new(), ..schedule.clone() };
    let first = schedule
        .start_date
        .unwrap_or(today)
        .series(Span::new().days(1))
        .take(HORIZON)
        .take_while(|date| schedule.end_date.is_none_or(|end| *date <= end))
        .find(|date| without_exceptions.takes_place(*date) && !left_out.contains(date))?;
    let except: Vec<String> = left_out
        .into_iter()
        .filter(|date| *date > first && schedule.end_date.is_none_or(|end| *date <= end))
        .map(|date| moment(schedule, date))
        .collect();
    let repeats = match schedule.repeat {
        Repeat::Once => schedule.end_date.is_some_and(|end| end > first),
        _ => true,
    };
    let counted = schedule.start_date.is_some() || schedule.repeat.interval() < 2;
    Some(Occurrences {
        start: format!("{}:{}", parameter(schedule), moment(schedule, first)),
        end: end(schedule, first),
        rule: if repeats { Some(rule(schedule)?) } else { None },
        except: (repeats && !except.is_empty())
            .then(|| format!("{}:{}", parameter(schedule), except.join(","))),
        caution: (!counted).then_some(
            "It does not take place every time, and which times is not known: ask before you go.",
        ),
    })
}

/// Whether a day or a time of the day is meant, as a parameter.
fn parameter(schedule: &Schedule) -> &'static str {
    if has_hours(schedule) { ";TZID=Europe/London" } else { ";VALUE=DATE" }
}

const fn has_hours(schedule: &Schedule) -> bool {
    schedule.start_time.is_some() || schedule.end_time.is_some()
}

/// The start of the occurrence on `date`.
fn moment(schedule: &Schedule, date: Date) -> String {
    if has_hours(schedule) {
        let time = schedule.start_time.unwrap_or_default();
        date.to_datetime(time).strftime("%Y%m%dT%H%M%S").to_string()
    } else {
        date.strftime("%Y%m%d").to_string()
    }
}

/// The end of the occurrence on `date`: on the day after when it is not later
/// than the start. A day without hours needs none.
fn end(schedule: &Schedule, date: Date) -> Option<String> {
    let end = schedule.end_time?;
    let day =
        if end <= schedule.start_time.unwrap_or_default() { date.tomorrow().ok()? } else { date };
    let moment = day.to_datetime(end).strftime("%Y%m%dT%H%M%S");
    Some(format!("{}:{moment}", parameter(schedule)))
}

fn rule(schedule: &Schedule) -> Option<String> {
    let days = &schedule.days;
    let plain: Vec<Day> = days.iter().map(|day| Day { nth: None, ..*day }).collect();
    let pattern = match (schedule.repeat, schedule.start_date) {
        (Repeat::Daily(_), _) => format!("FREQ=DAILY{}", by_day(&plain)),
        (Repeat::Weekly(_), _) if !days.is_empty() => format!("FREQ=WEEKLY{}", by_day(&plain)),
        (Repeat::Weekly(_), Some(start)) => format!("FREQ=WEEKLY;BYDAY={}", code(start.weekday())),
        (Repeat::Once, _) | (Repeat::Weekly(_), None) => "FREQ=DAILY".to_owned(),
        (Repeat::Monthly(_), start) if !days.is_empty() => {
            let days: Vec<Day> = days.iter().map(|day| numbered(*day, start)).collect();
            format!("FREQ=MONTHLY{}", by_day(&days))
        }
        (Repeat::Monthly(_), Some(start)) => format!("FREQ=MONTHLY;BYMONTHDAY={}", start.day()),
        (Repeat::Yearly(_), Some(start)) => {
            format!("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}", start.month(), start.day())
        }
        (Repeat::Monthly(_) | Repeat::Yearly(_), None) => return None,
    };
    let interval = match schedule.repeat.interval() {
        counted if counted > 1 && schedule.start_date.is_some() => format!(";INTERVAL={counted}"),
        _ => String::new(),
    };
    let until = match schedule.end_date {
        Some(end) if has_hours(schedule) => {
            format!(";UNTIL={}", zone::in_utc(end.at(23, 59, 59, 0))?)
        }
        Some(end) => format!(";UNTIL={}", moment(schedule, end)),
        None => String::new(),
    };
    Some(pattern + &interval + &until)
}

/// A day of a monthly timetable without a number has that of the first day.
fn numbered(day: Day, start: Option<Date>) -> Day {
    let nth = day.nth.or_else(|| start.map(|start| (start.day() - 1) / 7 + 1));
    Day { nth: nth.filter(|nth| *nth != 0), ..day }
}

/// `;BYDAY=MO,-1WE`; nothing without days. Only a monthly rule has numbers.
fn by_day(days: &[Day]) -> String {
    let code = |day: &Day| match day.nth {
        Some(nth) => format!("{nth}{}", code(day.weekday)),
        None => code(day.weekday).to_owned(),
    };
    let days: Vec<String> = days.iter().map(code).collect();
    if days.is_empty() { String::new() } else { format!(";BYDAY={}", days.join(",")) }
}

#[cfg(test)]
#[path = "recurrence_tests.rs"]
mod tests;
