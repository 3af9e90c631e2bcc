//! Tests of [`when`](super).

use jiff::civil::date;
use serde_json::json;

use super::*;

#[track_caller]
fn check(schedule: Json, language: Language, expected: Option<&str>) {
    let object = schedule.as_object().unwrap();
    let words = in_words(object, date(2026, 11, 21), Messages::of(language));
    let html = words.map(|words| words.to_string());
    assert_eq!(html.as_deref(), expected);
}

#[test]
fn times_read_as_people_say_them() {
    for (schedule, expected) in [
        (
            json!({"byDay": ["WE"], "startTime": "11:30:00", "endTime": "12:00:00",
                "repeatFrequency": "P2W", "startDate": "2020-02-26"}),
            "Wednesday, every other week, 11:30 to 12:00",
        ),
        (
            json!({"byDay": ["TU", "MO", "WE"], "startTime": "09:00:00"}),
            "Monday to Wednesday, from 09:00",
        ),
        (
            json!({"byDay": ["MO", "TH"], "byMonthWeek": [1, -1]}),
            "First and last Monday and Thursday of the month",
        ),
        (
            json!({"startDate": "2026-12-01", "startTime": "19:00:00"}),
            "From 19:00, 1 December 2026",
        ),
        (
            json!({"byDay": ["SA"], "startDate": "2027-01-09", "endDate": "2027-02-27",
                "exceptDate": ["2027-01-16", "2020-01-01"]}),
            "Saturday, from 9 January 2027, until 27 February 2027, not on 16 January 2027",
        ),
    ] {
        check(schedule, Language::English, Some(expected));
    }
    check(json!({"byDay": ["MO", "TU"]}), Language::Gaelic, Some("Diluain agus Dimàirt"));
    let daily =
        json!({"byDay": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "repeatFrequency": "P1D"});
    check(daily, Language::English, Some("Every day"));
    check(json!({}), Language::English, None);
    check(json!({"byDay": "MO", "startTime": 3}), Language::English, None);
}

#[test]
fn what_nobody_has_translated_is_marked_as_english_and_nothing_else_is() {
    let weekly = json!({"byDay": ["TU"], "startTime": "09:10:00", "endTime": "09:30:00",
            "repeatFrequency": "P2W", "endDate": "2027-02-27"});
    for (schedule, gaelic, scots) in [
        (
            weekly,
            "Dimàirt, gach dàrna seachdain, 09:10 gu 09:30, gu 27mh dhen Ghearran 2027",
            "Tysday, ilka ither week, 09:10 tae 09:30, till 27 February 2027",
        ),
        (
            json!({"byDay": ["TU"], "repeatFrequency": "P3W", "startTime": "09:10"}),
            "Dimàirt, <span lang=\"en\">every 3 weeks, </span>bho 09:10",
            "Tysday, ilka 3 weeks, frae 09:10",
        ),
        (
            json!({"byDay": ["MO", "TH"], "byMonthWeek": [1, -1], "startTime": "09:10"}),
            "<span lang=\"en\">First and last Monday and Thursday of the month, </span>bho 09:10",
            "First an last Monanday an Fuirsday o the month, frae 09:10",
        ),
        (
            json!({"startDate": "2026-12-01", "exceptDate": ["2026-12-25"], "note": "Bring <tea>"}),
            "1mh dhen Dùbhlachd 2026, ach chan ann air 25mh dhen Dùbhlachd 2026, \
                 <span lang=\"en\">Bring &lt;tea&gt;</span>",
            "1 December 2026, no on 25 December 2026, <span lang=\"en\">Bring &lt;tea&gt;</span>",
        ),
    ] {
        check(schedule.clone(), Language::Gaelic, Some(gaelic));
        check(schedule, Language::Scots, Some(scots));
    }
}
