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
mod tests {
    use jiff::civil::Weekday;
    use jiff::civil::date;
    use jiff::civil::time;
    use serde_json::Value;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(json: Value, expected: Option<Schedule>) {
        assert_eq!(schedule(JsonView::from(&json).as_object().unwrap()), expected);
    }

    fn days(weekday: Weekday, weeks: &[Option<i8>]) -> Vec<Day> {
        weeks.iter().map(|&nth| Day { weekday, nth }).collect()
    }

    #[test]
    fn fields_say_days_hours_interval_and_bounds() {
        let expected = Schedule {
            days: days(Weekday::Thursday, &[None]),
            start_time: Some(time(14, 5, 0, 0)),
            end_time: Some(time(0, 0, 0, 0)),
            repeat: Repeat::Weekly(2),
            start_date: Some(date(2019, 3, 28)),
            end_date: Some(date(2027, 1, 1)),
            except_dates: vec![date(2026, 12, 24)],
        };
        let json = json!({"byDay": ["TH"], "startTime": "14:05:00", "endTime": "24:00:00",
            "repeatFrequency": "P2W", "rrule": "FREQ=DAILY;COUNT=2", "startDate": "2019-03-28",
            "endDate": "2027-01-01", "exceptDate": ["2026-12-24", "2026-02-30"]});
        check(json, Some(expected));
    }

    #[test]
    fn weeks_of_the_month_make_it_monthly() {
        let monthly = |weeks: &[Option<i8>]| Schedule {
            days: days(Weekday::Wednesday, weeks),
            repeat: Repeat::Monthly(1),
            ..Schedule::default()
        };
        let expected = monthly(&[Some(1), Some(-1)]);
        check(json!({"byDay": ["WE"], "byMonthWeek": [1, -1, 0, 9]}), Some(expected));
    }

    #[test]
    fn a_date_without_repetition_is_a_single_event() {
        let start_date = Some(date(2026, 12, 1));
        let expected = Schedule { start_date, repeat: Repeat::Once, ..Schedule::default() };
        check(json!({"startDate": "2026-12-01"}), Some(expected));
    }

    #[test]
    fn what_says_nothing_or_too_much_is_no_schedule() {
        for json in [
            json!({}),
            json!({"byDay": "MO", "startTime": "noon"}),
            json!({"byDay": ["MO"], "repeatFrequency": "P99999W"}),
            json!({"byDay": ["MO"], "repeatFrequency": "Pé"}),
            json!({"byDay": ["MO"], "rrule": "FREQ=WEEKLY;COUNT=3"}),
            json!({"startDate": "2026-01-05", "rrule": "FREQ=WEEKLY;COUNT=3"}),
        ] {
            check(json, None);
        }
    }
}
