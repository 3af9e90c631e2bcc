//! Tests of [`timetable`](super).

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
