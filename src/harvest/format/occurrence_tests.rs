//! Tests of [`occurrence`](super).

use super::*;

fn london() -> Clock {
    Clock::new("Europe/London", Offsets::Keep)
}

#[track_caller]
fn check(start: &str, end: Option<&str>, expected: Json, codes: &[&str]) {
    let mut problems = Vec::new();
    let start = read(start, &london(), "", &mut problems).unwrap();
    let end = end.and_then(|end| read(end, &london(), "", &mut problems));
    let node = once(start, end, "", &mut problems);
    assert_eq!(Json::Object(node), expected);
    let said: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(said, codes);
}

#[test]
fn one_evening_has_a_day_and_hours() {
    check(
        "2026-07-01T19:00:00+01:00",
        Some("2026-07-01T20:30:00Z"),
        json!({"startDate": "2026-07-01", "startTime": "19:00", "endTime": "21:30"}),
        &[],
    );
}

#[test]
fn a_night_keeps_its_first_day() {
    check(
        "2026-12-31T21:00:00Z",
        Some("2027-01-01T01:00:00Z"),
        json!({"startDate": "2026-12-31", "startTime": "21:00", "endTime": "01:00"}),
        &[],
    );
}

#[test]
fn days_with_growing_hours_are_daily_hours_and_others_a_note() {
    check(
        "2026-06-06T10:00:00+01:00",
        Some("2026-06-07T16:00:00+01:00"),
        json!({"startDate": "2026-06-06", "startTime": "10:00",
                   "endDate": "2026-06-07", "endTime": "16:00"}),
        &[],
    );
    check(
        "2026-06-05T18:00:00+01:00",
        Some("2026-06-07T16:00:00+01:00"),
        json!({"startDate": "2026-06-05", "endDate": "2026-06-07",
                   "note": {"en": "from 18:00 on 2026-06-05 to 16:00 on 2026-06-07"}}),
        &[],
    );
}

#[test]
fn whole_days_stay_days() {
    check("2026-06-05", None, json!({"startDate": "2026-06-05"}), &[]);
    let days = json!({"startDate": "2026-06-05", "endDate": "2026-06-06"});
    check("2026-06-05", Some("2026-06-06"), days, &[]);
}

#[test]
fn an_end_before_the_start_is_an_error_and_left_out() {
    check(
        "2026-06-05T18:00:00+01:00",
        Some("2026-06-05T17:00:00+01:00"),
        json!({"startDate": "2026-06-05", "startTime": "18:00"}),
        &["end-before-start"],
    );
}

#[test]
fn a_fixed_offset_that_contradicts_the_zone_is_a_warning() {
    check(
        "2026-07-01T19:00:00+02:00",
        None,
        json!({"startDate": "2026-07-01", "startTime": "18:00"}),
        &["offset-contradicts-zone"],
    );
    check(
        "2026-07-01T19:00:00+00:00",
        None,
        json!({"startDate": "2026-07-01", "startTime": "20:00"}),
        &["offset-contradicts-zone"],
    );
    for fine in ["2026-07-01T18:00:00Z", "2026-12-01T18:00:00+00:00", "2026-07-01T19:00"] {
        let mut problems = Vec::new();
        assert!(read(fine, &london(), "", &mut problems).is_some());
        assert!(problems.is_empty(), "{fine}");
    }
}

#[test]
fn e1_the_source_decides_whether_an_offset_that_its_zone_has_not_is_believed() {
    let hour = |text: &str, offsets: Offsets| {
        let mut problems = Vec::new();
        let clock = Clock::new("Europe/London", offsets);
        let read = read(text, &clock, "", &mut problems).unwrap();
        (read.time.unwrap().hour(), problems.len())
    };
    for (text, kept, local, warnings) in [
        ("2026-07-01T19:00:00+02:00", 18, 19, 1),
        ("2026-07-01T19:00:00+00:00", 20, 19, 1),
        // In winter it is right, and UTC is a way to write any moment.
        ("2026-12-01T19:00:00+00:00", 19, 19, 0),
        ("2026-07-01T18:00:00Z", 19, 19, 0),
    ] {
        assert_eq!(hour(text, Offsets::Keep), (kept, warnings), "{text}");
        assert_eq!(hour(text, Offsets::Local), (local, warnings), "{text}");
    }
}

#[test]
fn years_that_nobody_means_are_errors() {
    for text in ["0001-01-01T00:00:00Z", "9999-12-31", "soon", ""] {
        let mut problems = Vec::new();
        assert_eq!(read(text, &london(), "line 1", &mut problems), None, "{text}");
        assert_eq!(problems[0].code, "bad-date");
    }
}
