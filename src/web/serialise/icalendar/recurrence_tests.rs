//! Tests of [`recurrence`](super).

use jiff::civil::Weekday;
use jiff::civil::date;
use jiff::civil::time;

use super::*;

const TODAY: Date = date(2026, 11, 21);

fn on(days: &[(Weekday, Option<i8>)]) -> Vec<Day> {
    days.iter().map(|&(weekday, nth)| Day { weekday, nth }).collect()
}

#[track_caller]
fn check(schedule: Schedule, start: &str, rule: Option<&str>) {
    let found = occurrences(&schedule, TODAY).unwrap();
    assert_eq!((found.start.as_str(), found.rule.as_deref()), (start, rule));
}

#[test]
fn every_other_week_counts_from_an_occurrence_in_a_week_that_counts() {
    let schedule = |start: Date| Schedule {
        days: on(&[(Weekday::Monday, None)]),
        repeat: Repeat::Weekly(2),
        start_date: Some(start),
        ..Schedule::default()
    };
    let rule = Some("FREQ=WEEKLY;BYDAY=MO;INTERVAL=2");
    check(schedule(date(2026, 11, 2)), ";VALUE=DATE:20261102", rule);
    check(schedule(date(2026, 11, 5)), ";VALUE=DATE:20261116", rule);
}

#[test]
fn without_a_first_day_it_starts_on_the_next_that_matches() {
    let weekly = |interval: u16| Schedule {
        days: on(&[(Weekday::Wednesday, None), (Weekday::Friday, None)]),
        start_time: Some(time(10, 0, 0, 0)),
        repeat: Repeat::Weekly(interval),
        ..Schedule::default()
    };
    let start = ";TZID=Europe/London:20261125T100000";
    check(weekly(1), start, Some("FREQ=WEEKLY;BYDAY=WE,FR"));
    check(weekly(2), start, Some("FREQ=WEEKLY;BYDAY=WE,FR"));
    assert!(occurrences(&weekly(1), TODAY).unwrap().caution.is_none());
    assert!(occurrences(&weekly(2), TODAY).unwrap().caution.is_some());
}

#[test]
fn the_last_day_is_told_in_utc_when_there_are_hours() {
    let schedule = |start_time: Option<jiff::civil::Time>| Schedule {
        start_time,
        repeat: Repeat::Daily(1),
        start_date: Some(date(2026, 6, 1)),
        end_date: Some(date(2026, 6, 30)),
        ..Schedule::default()
    };
    let hours = schedule(Some(time(9, 0, 0, 0)));
    let start = ";TZID=Europe/London:20260601T090000";
    check(hours, start, Some("FREQ=DAILY;UNTIL=20260630T225959Z"));
    check(schedule(None), ";VALUE=DATE:20260601", Some("FREQ=DAILY;UNTIL=20260630"));
}

#[test]
fn monthly_yearly_and_single_events() {
    let base = |repeat: Repeat| Schedule {
        repeat,
        start_date: Some(date(2026, 8, 21)),
        ..Schedule::default()
    };
    let last_and_third = on(&[(Weekday::Monday, Some(-1)), (Weekday::Friday, None)]);
    let monthly = Schedule { days: last_and_third, ..base(Repeat::Monthly(1)) };
    check(monthly, ";VALUE=DATE:20260821", Some("FREQ=MONTHLY;BYDAY=-1MO,3FR"));
    let rule = Some("FREQ=MONTHLY;BYMONTHDAY=21;INTERVAL=3");
    check(base(Repeat::Monthly(3)), ";VALUE=DATE:20260821", rule);
    let rule = Some("FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=21");
    check(base(Repeat::Yearly(1)), ";VALUE=DATE:20260821", rule);
    check(base(Repeat::Once), ";VALUE=DATE:20260821", None);
}

#[test]
fn hours_past_midnight_end_on_the_day_after() {
    let schedule = Schedule {
        start_time: Some(time(22, 0, 0, 0)),
        end_time: Some(time(2, 0, 0, 0)),
        start_date: Some(date(2026, 11, 20)),
        except_dates: vec![date(2026, 12, 4), date(2026, 11, 27), date(2026, 12, 4)],
        ..Schedule::default()
    };
    let found = occurrences(&schedule, TODAY).unwrap();
    assert_eq!(found.end.as_deref(), Some(";TZID=Europe/London:20261121T020000"));
    let except = ";TZID=Europe/London:20261127T220000,20261204T220000";
    assert_eq!(found.except.as_deref(), Some(except));
}

#[test]
fn what_never_takes_place_is_no_event() {
    let never = Schedule {
        days: on(&[(Weekday::Monday, None)]),
        start_date: Some(date(2026, 11, 3)),
        end_date: Some(date(2026, 11, 8)),
        ..Schedule::default()
    };
    assert_eq!(occurrences(&never, TODAY), None);
    let unknown = Schedule { repeat: Repeat::Yearly(1), ..Schedule::default() };
    assert_eq!(occurrences(&unknown, TODAY), None);
}
