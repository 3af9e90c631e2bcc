//! The timetables of a summary: `schema:Schedule` as JSON.
//!
//! An interval in weeks is counted as everywhere in the register, by
//! [`Schedule`]. A recurrence rule as published says no more than the rest of
//! its record, where a `repeatFrequency` stands beside it; without one it can't
//! be told in these words.

use jiff::civil::Date;
use jiff::civil::Time;

use super::words;
use crate::model::Day;
use crate::model::Repeat;
use crate::model::Schedule;
use crate::model::weekday;
use crate::record::JsonView;
use crate::record::ObjectView;

/// How many weeks of the month are read: more than there are.
const MOST_WEEKS: usize = 6;

/// When something takes place, as a rule and in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Timetable {
    /// The rule; `None` when it can't be told from what is published.
    pub(super) schedule: Option<Schedule>,
    /// What is to be known besides.
    note: Option<String>,
}

impl Timetable {
    /// Reads one entry of `schedule`.
    pub(super) fn read(object: &ObjectView<'_>, note: Option<String>) -> Self {
        Self { schedule: schedule(object), note }
    }

    /// The timetable in words, as of `today`; `None` when nothing is known.
    pub(super) fn in_words(&self, today: Date) -> Option<String> {
        let times = self.schedule.as_ref().map(|schedule| words::schedule(schedule, today));
        match (times, &self.note) {
            (Some(times), Some(note)) => Some(format!("{times} ({note})")),
            (times, note) => times.or_else(|| note.clone()),
        }
    }
}

fn schedule(object: &ObjectView<'_>) -> Option<Schedule> {
    let text = |name: &str| object.get(name).and_then(JsonView::as_str);
    let list = |name: &str| object.get(name).and_then(JsonView::as_array).into_iter().flatten();
    let date = |name: &str| text(name).and_then(|text| text.parse::<Date>().ok());
    let mut read = Schedule {
        start_time: text("startTime").and_then(time),
        end_time: text("endTime").and_then(time),
        start_date: date("startDate"),
        end_date: date("endDate"),
        except_dates: list("exceptDate").filter_map(|value| value.as_str()?.parse().ok()).collect(),
        ..Schedule::default()
    };
    let mut weeks: Vec<Option<i8>> = list("byMonthWeek")
        .filter_map(|week| i8::try_from(week.as_i64()?).ok())
        .filter(|week| (-1..=5).contains(week) && *week != 0)
        .take(MOST_WEEKS)
        .map(Some)
        .collect();
    let monthly = !weeks.is_empty();
    if !monthly {
        weeks.push(None);
    }
    for weekday in list("byDay").filter_map(|day| weekday::of_code(day.as_str()?)) {
        for &nth in &weeks {
            let day = Day { weekday, nth };
            if !read.days.contains(&day) {
                read.days.push(day);
            }
        }
    }
    match (text("repeatFrequency"), text("rrule")) {
        (Some(frequency), _) => read.repeat = repeat(frequency)?,
        (None, Some(_)) => return None,
        (None, None) if monthly => read.repeat = Repeat::Monthly(1),
        (None, None) if read.days.is_empty() && read.start_date.is_some() => {
            read.repeat = Repeat::Once;
        }
        (None, None) => {}
    }
    let says_when = !read.days.is_empty()
        || read.start_date.is_some()
        || read.start_time.is_some()
        || matches!(read.repeat, Repeat::Daily(_));
    says_when.then_some(read)
}

/// Reads a duration such as `P2W` as an interval.
fn repeat(frequency: &str) -> Option<Repeat> {
    let frequency = frequency.strip_prefix('P')?;
    let unit = frequency.chars().next_back()?;
    let interval = frequency.strip_suffix(unit)?.parse::<u16>().ok()?.max(1);
    match unit {
        'D' => Some(Repeat::Daily(interval)),
        'W' => Some(Repeat::Weekly(interval)),
        'M' => Some(Repeat::Monthly(interval)),
        'Y' => Some(Repeat::Yearly(interval)),
        _ => None,
    }
}

/// Reads a time of the day; the end of the day, 24:00, is midnight.
fn time(text: &str) -> Option<Time> {
    if text.starts_with("24:00") {
        return Some(Time::midnight());
    }
    text.parse().ok()
}

#[cfg(test)]
#[path = "timetable_tests.rs"]
mod tests;
