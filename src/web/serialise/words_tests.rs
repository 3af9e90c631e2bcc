//! Tests of [`words`](super).

use jiff::civil::date;
use jiff::civil::time;
use serde_json::json;

use super::*;

#[test]
fn schedules_read_as_people_say_them() {
    let today = date(2026, 11, 21);
    let on = |days: &[(Weekday, Option<i8>)]| -> Vec<Day> {
        days.iter().map(|&(weekday, nth)| Day { weekday, nth }).collect()
    };
    let (monday, tuesday, wednesday) = (Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday);
    let week = on(&[(monday, None), (tuesday, None), (wednesday, None)]);
    let base = Schedule::default;
    let hours = |start: i8, end: i8| Schedule {
        start_time: Some(time(start, 0, 0, 0)),
        end_time: Some(time(end, 30, 0, 0)),
        ..base()
    };
    for (read, expected) in [
        (base(), "Every day"),
        (Schedule { days: week, ..hours(9, 17) }, "Monday to Wednesday, 09:00 to 17:30"),
        (
            Schedule {
                days: on(&[(wednesday, None), (monday, None)]),
                repeat: Repeat::Weekly(2),
                start_date: Some(date(2019, 3, 28)),
                except_dates: vec![date(2026, 12, 23), date(2020, 1, 1)],
                ..base()
            },
            "Monday and Wednesday, every other week, from 28 March 2019, not on 23 December 2026",
        ),
        (
            Schedule {
                days: on(&[(monday, Some(1)), (tuesday, Some(-1))]),
                repeat: Repeat::Monthly(1),
                end_date: Some(date(2027, 1, 31)),
                ..base()
            },
            "First Monday and last Tuesday of the month, until 31 January 2027",
        ),
        (
            Schedule { repeat: Repeat::Once, start_date: Some(date(2026, 12, 1)), ..hours(19, 21) },
            "1 December 2026, 19:00 to 21:30",
        ),
        (
            Schedule { repeat: Repeat::Yearly(2), start_date: Some(date(2026, 1, 25)), ..base() },
            "Yearly on 25 January, every other year, from 25 January 2026",
        ),
    ] {
        assert_eq!(schedule(&read, today), expected);
    }
}

#[test]
fn costs_read_as_people_say_them() {
    for (json, expected) in [
        (json!({"free": true}), Some("free")),
        (json!({"amount": "3.5", "currency": "GBP"}), Some("£3.50")),
        (json!({"amount": "12", "currency": "EUR", "note": "a term"}), Some("12 EUR (a term)")),
        (json!({"free": false, "note": "donation"}), Some("donation")),
        (json!({"free": false}), None),
    ] {
        let json = JsonView::from(&json);
        let object = json.as_object().unwrap();
        let text = |name: &str| object.get(name).and_then(JsonView::as_str).map(str::to_owned);
        assert_eq!(cost(object, text("amount"), text("note")).as_deref(), expected);
    }
}
