//! Tests of [`schedule`](super).

use jiff::civil::{date, time};

use super::*;

fn every(weekday: Weekday) -> Vec<Day> {
    vec![Day { weekday, nth: None }]
}

fn hours(start: i8, end: i8) -> Schedule {
    Schedule {
        start_time: Some(time(start, 0, 0, 0)),
        end_time: Some(time(end, 0, 0, 0)),
        ..Schedule::default()
    }
}

#[track_caller]
fn check(schedule: &Schedule, moment: DateTime, expected: bool) {
    assert_eq!(schedule.is_open(Moment::At(moment)), expected, "{moment}");
}

#[test]
fn a_weekly_schedule_is_open_on_its_day_between_its_hours() {
    let schedule = Schedule { days: every(Weekday::Tuesday), ..hours(10, 12) };
    for (day, hour, expected) in
        [(24, 9, false), (24, 10, true), (24, 11, true), (24, 12, false), (25, 11, false)]
    {
        check(&schedule, date(2026, 11, day).at(hour, 0, 0, 0), expected);
    }
}

#[test]
fn hours_that_cross_midnight_belong_to_the_day_they_start_on() {
    let schedule = Schedule { days: every(Weekday::Friday), ..hours(22, 2) };
    check(&schedule, date(2026, 11, 20).at(23, 0, 0, 0), true);
    check(&schedule, date(2026, 11, 21).at(1, 0, 0, 0), true);
    check(&schedule, date(2026, 11, 21).at(23, 0, 0, 0), false);
    check(&schedule, date(2026, 11, 20).at(1, 0, 0, 0), false);
    assert!(schedule.is_open(Moment::Weekly(Weekday::Saturday, time(1, 0, 0, 0))));
}

#[test]
fn every_other_week_is_counted_from_the_first_day() {
    let schedule = Schedule {
        days: every(Weekday::Monday),
        repeat: Repeat::Weekly(2),
        start_date: Some(date(2026, 11, 5)),
        ..Schedule::default()
    };
    for (day, expected) in [(2, false), (9, false), (16, true), (23, false), (30, true)] {
        assert_eq!(schedule.takes_place(date(2026, 11, day)), expected, "{day}");
    }
}

#[test]
fn monthly_schedules_know_the_first_and_the_last_of_a_weekday() {
    let on = |nth| Schedule {
        days: vec![Day { weekday: Weekday::Wednesday, nth: Some(nth) }],
        repeat: Repeat::Monthly(1),
        ..Schedule::default()
    };
    for (nth, day) in [(1, 4), (2, 11), (-1, 25)] {
        let taken: Vec<i8> =
            (1..=30).filter(|&day| on(nth).takes_place(date(2026, 11, day))).collect();
        assert_eq!(taken, [day], "{nth}");
    }
}

#[test]
fn a_monthly_schedule_without_days_keeps_the_day_of_its_start() {
    let schedule = Schedule {
        repeat: Repeat::Monthly(3),
        start_date: Some(date(2026, 8, 21)),
        ..Schedule::default()
    };
    assert!(schedule.takes_place(date(2026, 11, 21)));
    assert!(!schedule.takes_place(date(2026, 10, 21)));
    assert!(!schedule.takes_place(date(2026, 11, 22)));
}

#[test]
fn first_day_last_day_and_exceptions_count_only_with_a_date() {
    let schedule = Schedule {
        days: every(Weekday::Saturday),
        start_date: Some(date(2026, 11, 7)),
        end_date: Some(date(2026, 11, 28)),
        except_dates: vec![date(2026, 11, 14)],
        ..hours(9, 17)
    };
    for (day, expected) in [(7, true), (14, false), (21, true), (28, true)] {
        check(&schedule, date(2026, 11, day).at(9, 30, 0, 0), expected);
    }
    check(&schedule, date(2026, 12, 5).at(9, 30, 0, 0), false);
    assert!(schedule.is_open(Moment::Weekly(Weekday::Saturday, time(9, 30, 0, 0))));
    assert!(!schedule.is_open(Moment::Weekly(Weekday::Sunday, time(9, 30, 0, 0))));
}

#[test]
fn an_event_takes_place_once() {
    let schedule =
        Schedule { repeat: Repeat::Once, start_date: Some(date(2026, 12, 1)), ..hours(19, 21) };
    check(&schedule, date(2026, 12, 1).at(20, 0, 0, 0), true);
    check(&schedule, date(2026, 12, 8).at(20, 0, 0, 0), false);
}

#[test]
fn a_schedule_survives_postcard() {
    let schedule = Schedule {
        days: vec![Day { weekday: Weekday::Sunday, nth: Some(-1) }],
        repeat: Repeat::Monthly(1),
        start_date: Some(date(2026, 1, 4)),
        ..hours(9, 10)
    };
    let bytes = postcard::to_stdvec(&schedule).unwrap();
    assert_eq!(postcard::from_bytes::<Schedule>(&bytes).unwrap(), schedule);
}
