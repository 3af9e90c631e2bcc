//! Recurrence rules as text, such as `FREQ=WEEKLY;BYDAY=MO`: whether a text is
//! one, and what days, weeks of the month and an interval can say of it.
//!
//! Source: RFC 5545, section 3.3.10; `RSCALE` and `SKIP` are of RFC 7529.

use jiff::civil::{Date, Weekday};
use thiserror::Error;

use super::weekday;

/// How often a rule repeats, and the letter of each in a duration; those that
/// no duration in days, weeks, months or years says have none.
const FREQUENCIES: [(&str, Option<char>); 7] = [
    ("YEARLY", Some('Y')),
    ("MONTHLY", Some('M')),
    ("WEEKLY", Some('W')),
    ("DAILY", Some('D')),
    ("HOURLY", None),
    ("MINUTELY", None),
    ("SECONDLY", None),
];

/// The parts whose values are lists of numbers, and the largest in each.
const NUMBERED: [(&str, i16); 8] = [
    ("BYSECOND", 60),
    ("BYMINUTE", 59),
    ("BYHOUR", 23),
    ("BYMONTHDAY", 31),
    ("BYYEARDAY", 366),
    ("BYWEEKNO", 53),
    ("BYMONTH", 12),
    ("BYSETPOS", 366),
];

/// Why a text is no recurrence rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecurrenceError {
    /// No part says how often.
    #[error("`FREQ` is missing; a rule is such as `FREQ=WEEKLY;BYDAY=MO`")]
    NoFrequency,
    /// A part has no `=`, or a name that is none of a rule's.
    #[error("`{0}` is no part of a rule; a rule is such as `FREQ=WEEKLY;BYDAY=MO`")]
    Part(String),
    /// A part stands there twice.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// What a part says can't be.
    #[error("`{value}` is no value of `{name}`")]
    Value {
        /// The name of the part.
        name: String,
        /// What it says.
        value: String,
    },
}

/// What days, weeks and an interval say of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// `D`, `W`, `M` or `Y`: what the interval is counted in.
    pub unit: char,
    /// Every how many of them; 1 or more.
    pub interval: u16,
    /// The days of the week, Monday first; none when the rule names none.
    pub days: Vec<Weekday>,
    /// Which of each of `days` in the month, -1 for the last; none when it is
    /// each of them.
    pub weeks: Vec<i8>,
    /// The last day.
    pub until: Option<Date>,
}

/// Checks that `rule` is a recurrence rule, in capitals.
///
/// # Errors
///
/// [`RecurrenceError`] for the first part that is wrong.
pub fn check(rule: &str) -> Result<(), RecurrenceError> {
    let mut seen = Vec::new();
    for part in rule.split(';') {
        let (name, value) =
            part.split_once('=').ok_or_else(|| RecurrenceError::Part(part.to_owned()))?;
        if seen.contains(&name) {
            return Err(RecurrenceError::Twice(name.to_owned()));
        }
        seen.push(name);
        let is_fine =
            is_value(name, value).ok_or_else(|| RecurrenceError::Part(part.to_owned()))?;
        if !is_fine {
            let (name, value) = (name.to_owned(), value.to_owned());
            return Err(RecurrenceError::Value { name, value });
        }
    }
    if seen.contains(&"FREQ") { Ok(()) } else { Err(RecurrenceError::NoFrequency) }
}

/// Whether the part `name` can have this value; `None` when there is no such
/// part.
fn is_value(name: &str, value: &str) -> Option<bool> {
    let all = |is_one: &dyn Fn(&str) -> bool| value.split(',').all(is_one);
    if let Some((_, most)) = NUMBERED.iter().find(|(known, _)| *known == name) {
        // A leap month has an `L` behind its number.
        let number = |text: &str| text.strip_suffix('L').unwrap_or(text).parse::<i16>().ok();
        return Some(all(&|text| number(text).is_some_and(|number| number.abs() <= *most)));
    }
    Some(match name {
        "FREQ" => FREQUENCIES.iter().any(|(known, _)| *known == value),
        "INTERVAL" | "COUNT" => value.parse::<u32>().is_ok_and(|number| number > 0),
        "UNTIL" => last_day(value).is_some(),
        "BYDAY" => all(&|text| numbered(text).is_some()),
        "WKST" => weekday::of_code(value).is_some(),
        "RSCALE" => value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
        "SKIP" => ["OMIT", "BACKWARD", "FORWARD"].contains(&value),
        _ => return None,
    })
}

/// What days, weeks and an interval say of `rule`, which is in capitals; `None`
/// when they can't say all of it, or it is no rule.
#[must_use]
pub fn read(rule: &str) -> Option<Recurrence> {
    let mut unit = None;
    let (mut interval, mut until, mut days) = (1, None, Vec::new());
    for part in rule.split(';') {
        match part.split_once('=')? {
            ("FREQ", text) => {
                unit = FREQUENCIES.iter().find(|(known, _)| *known == text).and_then(|it| it.1);
            }
            ("INTERVAL", text) => interval = text.parse().ok().filter(|number| *number > 0)?,
            ("BYDAY", text) => days = text.split(',').map(numbered).collect::<Option<_>>()?,
            ("UNTIL", text) => until = Some(last_day(text)?),
            ("WKST", "MO") => {}
            _ => return None,
        }
    }
    let unit = unit?;
    let (days, weeks) = match unit {
        'Y' if !days.is_empty() => return None,
        'M' => of_month(&days)?,
        _ if days.iter().any(|(number, _)| number.is_some()) => return None,
        _ => (days.into_iter().map(|(_, day)| day).collect(), Vec::new()),
    };
    Some(Recurrence { unit, interval, days: in_order(days), weeks, until })
}

/// The days, and the weeks of the month that all of them have; `None` when
/// they don't have the same.
fn of_month(days: &[(Option<i8>, Weekday)]) -> Option<(Vec<Weekday>, Vec<i8>)> {
    let weeks_of = |wanted: Weekday| {
        let mut weeks = Vec::new();
        for (number, _) in days.iter().filter(|(_, day)| *day == wanted) {
            match number {
                Some(number) => weeks.push(*number),
                None => weeks.extend(1..=5),
            }
        }
        weeks.sort_unstable();
        weeks.dedup();
        weeks
    };
    let Some((_, first)) = days.first() else { return Some((Vec::new(), Vec::new())) };
    let weeks = weeks_of(*first);
    let is_said = weeks.iter().all(|week| matches!(week, -1 | 1..=5))
        && days.iter().all(|(_, day)| weeks_of(*day) == weeks);
    is_said.then(|| (days.iter().map(|(_, day)| *day).collect(), weeks))
}

fn in_order(mut days: Vec<Weekday>) -> Vec<Weekday> {
    days.sort_unstable_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    days
}

/// A day of a rule, such as `WE` or `-1FR`.
fn numbered(text: &str) -> Option<(Option<i8>, Weekday)> {
    let (number, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let is_number = |number: &i8| *number != 0 && number.abs() <= 53;
    let number = match number {
        "" => None,
        number => Some(number.parse().ok().filter(is_number)?),
    };
    Some((number, weekday::of_code(day)?))
}

/// The day of a date such as `20261231`, or of a moment that begins so.
fn last_day(text: &str) -> Option<Date> {
    let (date, time) = text.split_at_checked(8)?;
    let is_time = |time: &str| time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    let time = time.strip_suffix('Z').unwrap_or(time);
    let is_fine = time.is_empty() || time.strip_prefix('T').is_some_and(is_time);
    Date::strptime("%Y%m%d", date).ok().filter(|_| is_fine)
}

#[cfg(test)]
#[path = "recurrence_tests.rs"]
mod tests;
