//! Tests of rhythms: what can be written, and when it falls due.

use proptest::prelude::*;

use super::*;

const LONDON: &str = "Europe/London";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rhythm(text: &str) -> Rhythm {
    Rhythm::parse(text, LONDON).unwrap()
}

fn run_at(last: &str) -> Observed {
    Observed { last_run: Some(at(last)), ..Observed::default() }
}

/// Seconds from the last run to the next, of a run that has just ended.
fn pause(text: &str, observed: Observed) -> i64 {
    let last = at("2026-11-22T00:00:00Z");
    let observed = Observed { last_run: Some(last), ..observed };
    let due = next_due(&rhythm(text), None, &observed, last, 1).unwrap();
    (due - last).get_seconds()
}

/// Checks the pause, save for what is added by chance.
#[track_caller]
fn check_pause(text: &str, observed: Observed, expected: i64) {
    let found = pause(text, observed);
    let jitter = (expected / 10).min(10 * MINUTE);
    assert!((expected..=expected + jitter).contains(&found), "{text}: {found}, not {expected}");
}

#[track_caller]
fn refuse(text: &str, expected: &str) {
    let error = Rhythm::parse(text, LONDON).unwrap_err().to_string();
    assert!(error.contains(expected), "{text}: {error}");
}

#[test]
fn the_four_forms_are_read() {
    assert!(matches!(rhythm(" Adaptive "), Rhythm::Adaptive));
    assert!(matches!(rhythm("manual"), Rhythm::Manual));
    for (text, seconds) in
        [("PT6H", 6 * HOUR), ("P1D", DAY), ("P1W", 7 * DAY), ("P1DT30M", DAY + 30 * MINUTE)]
    {
        let Rhythm::Every(interval) = rhythm(text) else { panic!("{text}") };
        assert_eq!(interval.as_secs(), u64::try_from(seconds).unwrap(), "{text}");
    }
    for text in ["30 2 * * *", "*/20 8-18 * * MON-FRI", "0 6 1,15 * *", "0 0 29 2 *", "5 4 L * *"] {
        assert!(matches!(rhythm(text), Rhythm::Calendar(_)), "{text}");
    }
}

#[test]
fn what_is_no_rhythm_is_refused_with_what_to_write() {
    refuse("", "write `adaptive`");
    refuse("often", "write `adaptive`");
    refuse("@daily", "write `adaptive`");
    refuse("P1M", "no duration of weeks");
    refuse("PT0S", "no duration of weeks");
    refuse("-PT6H", "no duration of weeks");
    refuse("PT", "no duration of weeks");
    refuse("P99999999999999999999D", "no duration of weeks");
    refuse("2 30 * *", "4 fields instead of five");
    refuse("0 30 2 * * *", "6 fields instead of five");
    refuse("61 2 * * *", "is not cron");
    refuse("x y * * *", "is not cron");
    refuse("0 0 30 2 *", "never comes");
    let error = Rhythm::parse("30 2 * * *", "Europe/Leith").unwrap_err();
    assert_eq!(error, RhythmError::TimeZone("Europe/Leith".to_owned()));
}

#[test]
fn a_new_source_is_due_at_once_and_a_manual_one_never() {
    let now = at("2026-11-22T12:00:00Z");
    for text in ["adaptive", "PT6H", "30 2 * * *"] {
        assert_eq!(
            next_due(&rhythm(text), None, &Observed::default(), now, 1),
            Some(now),
            "{text}"
        );
    }
    assert_eq!(next_due(&rhythm("manual"), None, &run_at("2020-01-01T00:00:00Z"), now, 1), None);
}

#[test]
fn intervals_keep_within_a_quarter_of_an_hour_and_a_week() {
    check_pause("PT6H", Observed::default(), 6 * HOUR);
    check_pause("PT1M", Observed::default(), 15 * MINUTE);
    check_pause("P30D", Observed::default(), 7 * DAY);
    for (changes, expected) in
        [(0.0, 7 * DAY), (0.1, 7 * DAY), (7.0, 12 * HOUR), (1e9, 15 * MINUTE)]
    {
        let observed = Observed { changes_per_week: Some(changes), ..Observed::default() };
        check_pause("adaptive", observed, expected);
    }
    for changes in [f64::NAN, f64::NEG_INFINITY, -1.0, f64::MIN_POSITIVE] {
        let observed = Observed { changes_per_week: Some(changes), ..Observed::default() };
        check_pause("adaptive", observed, 7 * DAY);
    }
    check_pause("adaptive", Observed::default(), DAY);
}

#[test]
fn headers_raise_the_interval_but_never_park_a_source() {
    let often = Observed { changes_per_week: Some(1e9), ..Observed::default() };
    let hours = |hours| Some(Duration::from_hours(hours));
    check_pause("adaptive", Observed { fresh_for: hours(3), ..often }, 3 * HOUR);
    check_pause("adaptive", Observed { refresh_after: hours(5), ..often }, 5 * HOUR);
    check_pause("adaptive", Observed { fresh_for: hours(9999), ..often }, 7 * DAY);
    check_pause("adaptive", Observed { fresh_for: Some(Duration::MAX), ..often }, 7 * DAY);
    check_pause("PT1H", Observed { retry_after: hours(4), ..often }, 4 * HOUR);
    check_pause("PT1H", Observed { retry_after: hours(9999), ..often }, DAY);
    check_pause("PT6H", Observed { retry_after: hours(1), ..often }, 6 * HOUR);
}

#[test]
fn f7_a_feed_that_asks_for_a_week_or_a_month_gets_it_unless_it_fails() {
    let often = Observed { changes_per_week: Some(1e9), ..Observed::default() };
    let wish =
        |days: u64| Observed { refresh_after: Some(Duration::from_hours(24 * days)), ..often };
    check_pause("adaptive", wish(7), 7 * DAY);
    check_pause("adaptive", wish(30), 30 * DAY);
    check_pause("adaptive", wish(365), 31 * DAY);
    // The operator knows better.
    check_pause("PT6H", wish(30), 6 * HOUR);
    let failing = Observed { failures: 1, ..wish(30) };
    check_pause("adaptive", failing, 30 * MINUTE);
}

#[test]
fn f7_hours_and_days_that_a_feed_skips_are_left_out() {
    let observed = |skips| Observed { skips, ..run_at("2026-11-22T12:00:00Z") };
    let now = at("2026-11-22T12:01:00Z");
    // A day later is a Monday at noon.
    let due = |skips| next_due(&rhythm("adaptive"), None, &observed(skips), now, 1).unwrap();
    let tuesday = at("2026-11-24T00:00:00Z");
    let expected = due(Skips::new(&[], &[1]));
    assert!((tuesday..tuesday + Span::new().minutes(2)).contains(&expected), "{expected}");
    let evening = at("2026-11-23T15:00:00Z");
    let expected = due(Skips::new(&[12, 13, 14], &[]));
    assert!((evening..evening + Span::new().minutes(2)).contains(&expected), "{expected}");
}

#[test]
fn d4_a_source_that_fails_for_a_month_is_still_tried_weekly() {
    for (failures, expected) in [(1, 2 * HOUR), (2, 4 * HOUR), (7, 128 * HOUR), (8, 7 * DAY)] {
        check_pause("PT1H", Observed { failures, ..Observed::default() }, expected);
    }
    for failures in [31, 32, 64, u32::MAX] {
        let observed = Observed { failures, ..Observed::default() };
        check_pause("PT1H", observed, 7 * DAY);
        check_pause("adaptive", observed, 7 * DAY);
        assert!(pause("30 2 * * *", observed) <= 8 * DAY + MINUTE);
    }
}

#[test]
fn d5_three_days_of_down_time_cost_one_run_and_all_are_spread() {
    let started = at("2026-11-22T12:00:00Z");
    for text in ["PT1H", "0 * * * *", "adaptive"] {
        let observed = run_at("2026-11-19T12:00:00Z");
        let due = next_due(&rhythm(text), None, &observed, started, 3).unwrap();
        assert!(due >= started && due <= started + Span::new().minutes(10), "{text}: {due}");
    }
    let due = at("2026-11-20T00:00:00Z");
    let starts: Vec<i64> =
        (0..500).map(|seed| (at_dispatch(due, started, seed) - started).get_seconds()).collect();
    assert!(starts.iter().all(|start| (0..=600).contains(start)));
    for tenth in 0..10 {
        let share = starts.iter().filter(|start| **start / 60 == tenth).count();
        assert!((20..=80).contains(&share), "minute {tenth} has {share} of 500");
    }
    let later = at("2026-11-22T13:00:00Z");
    assert_eq!(at_dispatch(later, started, 1), later);
}

/// All times of a rhythm from one moment to another, each planned from the one
/// before it.
fn times(text: &str, zone: &str, from: &str, to: &str) -> Vec<Timestamp> {
    let Rhythm::Calendar(calendar) = Rhythm::parse(text, zone).unwrap() else { panic!("{text}") };
    let second = SignedDuration::from_secs(1);
    let first = calendar.next(at(from));
    std::iter::successors(Some(first), |last| Some(calendar.next(*last + second)))
        .take_while(|time| *time < at(to))
        .collect()
}

#[test]
fn d6_a_daily_job_comes_once_on_each_day_of_the_year() {
    // Europe/London leaves out 01:00 to 02:00; Europe/Berlin 02:00 to 03:00;
    // America/Santiago and Africa/Cairo the hour from midnight.
    for zone in [LONDON, "Europe/Berlin", "America/Santiago", "Africa/Cairo", "UTC"] {
        for text in ["30 2 * * *", "30 1 * * *", "0 0 * * *", "59 23 * * *"] {
            let times = times(text, zone, "2026-01-01T12:00:00Z", "2027-01-01T12:00:00Z");
            assert_eq!(times.len(), 365, "{text} in {zone}");
            let zone = TimeZone::get(zone).unwrap();
            let mut days: Vec<_> =
                times.iter().map(|time| zone.to_datetime(*time).date()).collect();
            days.dedup();
            assert_eq!(days.len(), 365, "{text} in {zone:?}");
        }
    }
}

#[test]
fn d6_half_past_two_in_london_is_half_past_two_all_year() {
    let zone = TimeZone::get(LONDON).unwrap();
    for time in times("30 2 * * *", LONDON, "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z") {
        assert_eq!(zone.to_datetime(time).time(), jiff::civil::time(2, 30, 0, 0), "{time}");
    }
}

#[test]
fn times_of_the_day_are_found_as_by_looking_at_every_minute() {
    for text in ["*/20 8-18 * * MON-FRI", "7 3 1,15 * *", "0 0 * * 0", "0 12 17 * 5", "1 1 L * *"] {
        let found = times(text, LONDON, "2026-03-12T00:00:00Z", "2026-04-05T00:00:00Z");
        let Rhythm::Calendar(calendar) = rhythm(text) else { panic!("{text}") };
        let zone = TimeZone::get(LONDON).unwrap();
        let mut expected = Vec::new();
        let mut moment = at("2026-03-12T00:00:00Z");
        while moment < at("2026-04-05T00:00:00Z") {
            let civil = zone.to_datetime(moment);
            let pattern = &calendar_cron(&calendar).pattern;
            let (hour, minute) = (civil.hour().unsigned_abs(), civil.minute().unsigned_abs());
            if pattern.hour_match(hour.into()).unwrap()
                && pattern.minute_match(minute.into()).unwrap()
                && calendar.is_meant(civil.date())
            {
                expected.push(moment);
            }
            moment += SignedDuration::from_mins(1);
        }
        assert!(!found.is_empty(), "{text}");
        assert_eq!(found, expected, "{text}");
    }
}

fn calendar_cron(calendar: &Calendar) -> croner::Cron {
    calendar.as_str().parse().unwrap()
}

#[test]
fn a_job_of_every_minute_comes_no_more_than_four_times_an_hour() {
    let found = pause("* * * * *", Observed::default());
    assert!((14 * MINUTE..=16 * MINUTE).contains(&found), "{found}");
    let found = pause("*/15 * * * *", Observed::default());
    assert!((15 * MINUTE..=16 * MINUTE).contains(&found), "{found}");
}

#[test]
fn quiet_hours_are_kept() {
    let quiet = QuietHours::parse("22:00-06:00", LONDON).unwrap();
    for (now, expected) in [
        ("2026-11-22T21:59:00Z", "2026-11-22T21:59:00Z"),
        ("2026-11-22T22:00:00Z", "2026-11-23T06:00:00Z"),
        ("2026-11-23T03:00:00Z", "2026-11-23T06:00:00Z"),
        ("2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z"),
        ("2026-07-01T20:59:00Z", "2026-07-01T20:59:00Z"),
        ("2026-07-01T21:00:00Z", "2026-07-02T05:00:00Z"),
    ] {
        assert_eq!(quiet.end_after(at(now)), Some(at(expected)), "{now}");
        let due = next_due(&rhythm("adaptive"), Some(&quiet), &Observed::default(), at(now), 5);
        let late = (due.unwrap() - at(expected)).get_seconds();
        assert!((0..=60).contains(&late), "{now}: {due:?}");
    }
    let noon = QuietHours::parse("09:00-17:00", LONDON).unwrap();
    let end = at("2026-11-22T17:00:00Z");
    assert_eq!(noon.end_after(at("2026-11-22T09:00:00Z")), Some(end));
    assert_eq!(noon.end_after(at("2026-11-22T18:00:00Z")), Some(at("2026-11-22T18:00:00Z")));
}

#[test]
fn what_is_no_quiet_hours_is_refused() {
    for text in ["", "22:00", "22:00-22:00", "25:00-06:00", "late-early"] {
        let error = QuietHours::parse(text, LONDON).unwrap_err();
        assert_eq!(error, QuietHoursError::Form(text.to_owned()));
    }
    assert!(QuietHours::parse("22:00-06:00", "Leith").is_err());
}

#[test]
fn a_clock_that_goes_back_postpones_nothing() {
    let now = at("2026-11-22T12:00:00Z");
    let due = next_due(&rhythm("PT1H"), None, &run_at("2036-01-01T00:00:00Z"), now, 1).unwrap();
    assert!(due <= now + Span::new().hours(2), "{due}");
}

fn any_observed() -> impl Strategy<Value = Observed> {
    let length = || proptest::option::of(any::<Duration>());
    let last = proptest::option::of(-1_000_000_000_i64..4_000_000_000);
    (last, any::<Option<f64>>(), any::<u32>(), length(), length(), length()).prop_map(
        |(last, changes_per_week, failures, retry_after, fresh_for, refresh_after)| Observed {
            last_run: last.map(|second| Timestamp::from_second(second).unwrap()),
            changes_per_week,
            failures,
            retry_after,
            fresh_for,
            refresh_after: refresh_after.map(|it| it.min(LONGEST)),
            skips: Skips::default(),
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_observed_the_next_run_is_within_eight_days(
        observed in any_observed(),
        now in 0_i64..4_000_000_000,
        seed in any::<u64>(),
        text in prop_oneof![Just("adaptive"), Just("PT1S"), Just("P52W"), Just("* * * * *"), Just("30 2 * * *")],
    ) {
        let now = Timestamp::from_second(now).unwrap();
        let due = next_due(&rhythm(text), None, &observed, now, seed).unwrap();
        prop_assert!(due >= now);
        prop_assert!((due - now).get_seconds() <= 8 * DAY + 2 * HOUR, "{}", due);
        if let Some(last) = observed.last_run {
            let pause = (due - last.min(now)).get_seconds();
            prop_assert!(pause >= 14 * MINUTE, "{}", pause);
        }
    }

    #[test]
    fn any_text_is_a_rhythm_or_refused(text in "\\PC{0,40}", cron in "[-0-9*,/LW#? ]{0,30}") {
        let _ = Rhythm::parse(&text, LONDON);
        if let Ok(rhythm) = Rhythm::parse(&cron, LONDON) {
            let now = at("2026-11-22T12:00:00Z");
            prop_assert!(next_due(&rhythm, None, &run_at("2026-11-21T12:00:00Z"), now, 1).is_some());
        }
    }
}
