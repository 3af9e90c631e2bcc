use jiff::civil::date as day;
use proptest::prelude::*;

use super::*;

fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

#[track_caller]
fn check(text: &str, expected: Result<&str, DateError>) {
    let read = date(text).map(|date| date.to_string());
    assert_eq!(read, expected.map(ToOwned::to_owned), "{text:?}");
}

#[track_caller]
fn check_moment(text: &str, expected: &str) {
    let read = moment(text, &london()).map(|moment| moment.to_string());
    assert_eq!(read.as_deref(), Ok(expected), "{text:?}");
}

#[test]
fn every_common_way_to_write_a_day_is_read() {
    for text in [
        "2026-04-03",
        "20260403",
        "2026-04-03T19:30:00Z",
        "2026-04-03 19:30",
        "2026/04/03",
        "2026-4-3",
        "3/4/2026",
        "03/04/2026",
        "03/04/26",
        "3.4.2026",
        "3-4-2026",
        "03-Apr-26",
        "3 April 2026",
        "3rd April 2026",
        "3rd of April, 2026",
        "Friday 3 April 2026",
        "Fri 3rd Apr 26",
        "Friday, 3 April 2026 at 7.30pm",
        "April 3, 2026",
        "Apr. 3rd 2026",
        "Fri, 03 Apr 2026 19:30:00 +0100",
        "Fri Apr 03 2026 19:30:00 GMT+0100 (British Summer Time)",
        "Dihaoine 3 Giblean 2026",
        " 3 April 2026 ",
    ] {
        check(text, Ok("2026-04-03"));
    }
    check("1st Jan 26", Ok("2026-01-01"));
    check("1 Jan 1985", Ok("1985-01-01"));
}

#[test]
fn the_day_stands_before_the_month_save_in_american_english() {
    assert_eq!(written("3/4/2026", Order::of("en")).unwrap().date, day(2026, 4, 3));
    assert_eq!(written("3/4/2026", Order::of("en-US")).unwrap().date, day(2026, 3, 4));
}

#[test]
fn moments_are_read_with_their_offset_or_in_the_zone() {
    check_moment("2026-04-03T19:30:00Z", "2026-04-03T19:30:00Z");
    check_moment("2026-04-03T19:30:00.123+01:00", "2026-04-03T18:30:00Z");
    check_moment("2026-04-03T19:30+01:00[Europe/London]", "2026-04-03T18:30:00Z");
    check_moment("2026-04-03T19:30:00", "2026-04-03T18:30:00Z");
    check_moment("20260403T193000Z", "2026-04-03T19:30:00Z");
    check_moment("2026-01-03", "2026-01-03T00:00:00Z");
    check_moment("2026-04-03", "2026-04-02T23:00:00Z");
    check_moment("Fri, 03 Apr 2026 19:30:00 +0100 (BST)", "2026-04-03T18:30:00Z");
    check_moment("Fri, 3 Apr 2026 19:30 GMT", "2026-04-03T19:30:00Z");
    check_moment("Friday 03-Apr-26 19:30:00 BST", "2026-04-03T18:30:00Z");
    check_moment("Fri Apr  3 19:30:00 2026", "2026-04-03T18:30:00Z");
    check_moment("3 April 2026, 7.30 p.m.", "2026-04-03T18:30:00Z");
    check_moment("3 April 2026 noon", "2026-04-03T11:00:00Z");
    check_moment("12 noon on 3/4/2026", "2026-04-03T11:00:00Z");
}

#[test]
fn a_day_without_a_year_or_a_month_without_a_day_is_not_filled_in() {
    check("3 April", Err(DateError::NoYear("3 April".to_owned())));
    check("April 2026", Err(DateError::NoDay("April 2026".to_owned())));
    check("2026", Err(DateError::NoDay("2026".to_owned())));
    check("Friday", Err(DateError::Unreadable("Friday".to_owned())));
    check(" ", Err(DateError::Empty));
}

#[test]
fn years_that_mean_unknown_or_for_ever_are_refused() {
    for text in ["0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "31/12/9999"] {
        check(text, Err(DateError::Year(text.to_owned())));
    }
}

#[test]
fn days_that_are_not_in_the_calendar_are_refused() {
    for text in ["2026-02-30", "31/4/2026", "29 Feb 2026", "12/25/2026", "2026-13-01", "0/4/2026"] {
        check(text, Err(DateError::Impossible(text.to_owned())));
    }
    check("29 Feb 2028", Ok("2028-02-29"));
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "tbc",
        "Every Monday",
        "3 April 2026 to 5 April 2026",
        "2026-04-03/2026-04-05",
        "3/4/2026 5",
        "45383",
        "12345678901",
        "next week",
        "1/2/3/4",
        "Mayhem 3 2026",
    ] {
        assert!(date(text).is_err(), "{text} gave {:?}", date(text));
    }
}

#[test]
fn partial_dates_keep_what_there_is() {
    for (text, expected) in [
        ("2026", "2026"),
        ("2026-04", "2026-04"),
        ("April 2026", "2026-04"),
        ("04/2026", "2026-04"),
        ("3 April 2026", "2026-04-03"),
        ("2026-04-03T10:00:00Z", "2026-04-03"),
    ] {
        assert_eq!(partial_date(text).as_deref(), Ok(expected), "{text}");
    }
    assert!(partial_date("9999").is_err());
    assert!(partial_date("April").is_err());
}

#[test]
fn an_offset_that_london_does_not_have_then_contradicts_it() {
    let contradicts = |text| written(text, Order::DayFirst).unwrap().contradicts(&london());
    assert!(contradicts("2026-01-03T19:30:00+01:00"));
    assert!(!contradicts("2026-07-03T19:30:00+01:00"));
    assert!(!contradicts("2026-07-03T19:30:00Z"));
    assert!(!contradicts("2026-07-03T19:30:00"));
}

#[test]
fn the_day_of_a_moment_is_that_of_the_zone() {
    let late = written("2026-07-03T23:30:00Z", Order::DayFirst).unwrap();
    assert_eq!(late.date_in(&london()), Ok(day(2026, 7, 4)));
}

#[test]
fn every_common_way_to_write_a_time_is_read() {
    for (text, expected) in [
        ("19:30", "19:30"),
        ("9:30", "09:30"),
        ("09:20:00", "09:20"),
        ("19.30", "19:30"),
        ("7.30pm", "19:30"),
        ("7:30 PM", "19:30"),
        ("7.30 p.m.", "19:30"),
        ("7pm", "19:00"),
        ("7 am", "07:00"),
        ("12am", "00:00"),
        ("12.15am", "00:15"),
        ("12pm", "12:00"),
        ("13:30pm", "13:30"),
        ("noon", "12:00"),
        ("12 noon", "12:00"),
        ("Midday", "12:00"),
        ("midnight", "00:00"),
        ("24:00", "00:00"),
        ("19h30", "19:30"),
        ("1930hrs", "19:30"),
        ("730pm", "19:30"),
    ] {
        let read = time(text).map(|time| time.strftime("%H:%M").to_string());
        assert_eq!(read.as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_number_alone_is_no_time() {
    for text in ["7", "1930", "25:00", "12:60", "13am", "0pm", "", "late", "7:3", "७:३०"] {
        assert!(time(text).is_err(), "{text} gave {:?}", time(text));
    }
}

#[test]
fn hours_are_read_with_one_half_of_the_day_for_both() {
    let read = |text: &str| {
        hours(text).map(|(start, end)| {
            let shown = |time: Time| time.strftime("%H:%M").to_string();
            (shown(start), end.map(shown).unwrap_or_default())
        })
    };
    for (text, start, end) in [
        ("7.30pm - 9pm", "19:30", "21:00"),
        ("7-9pm", "19:00", "21:00"),
        ("10-1pm", "10:00", "13:00"),
        ("10.30 – 12 noon", "10:30", "12:00"),
        ("10:00 to 12:00", "10:00", "12:00"),
        ("from 9am until 5pm", "09:00", "17:00"),
        ("9.30 a.m. - 5.00 p.m.", "09:30", "17:00"),
        ("11pm-1am", "23:00", "01:00"),
        ("10am", "10:00", ""),
    ] {
        assert_eq!(read(text), Ok((start.to_owned(), end.to_owned())), "{text}");
    }
    assert!(hours("9-5").is_err());
    assert!(hours("closed").is_err());
}

#[test]
fn days_of_the_week_are_read_in_lists_and_ranges() {
    for (text, expected) in [
        ("Monday", "MO"),
        ("Mondays", "MO"),
        ("mon-fri", "MO TU WE TH FR"),
        ("Monday to Friday", "MO TU WE TH FR"),
        ("Fri – Mon", "MO FR SA SU"),
        ("Tues, Thurs & Sat.", "TU TH SA"),
        ("Every Tuesday and Wednesday", "TU WE"),
        ("Weekdays", "MO TU WE TH FR"),
        ("daily", "MO TU WE TH FR SA SU"),
        ("Every day", "MO TU WE TH FR SA SU"),
        ("Mo,We", "MO WE"),
        ("https://schema.org/Monday", "MO"),
        ("Diluain agus Dihaoine", "MO FR"),
    ] {
        assert_eq!(days(text).map(|days| days.join(" ")).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn days_that_say_more_than_days_are_refused() {
    for text in ["First Monday of the month", "every other Tuesday", "", "Mon to", "m", "closed"] {
        assert_eq!(days(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_readers_panic(text in any::<String>()) {
        let _ = (date(&text), time(&text), hours(&text), days(&text), partial_date(&text));
    }

    #[test]
    fn no_text_of_the_characters_of_dates_makes_them_panic(
        text in "[0-9a-zA-Zé+:./,()\\[\\] −–-]{0,40}"
    ) {
        let _ = (date(&text), time(&text), hours(&text), days(&text), partial_date(&text));
        let _ = moment(&text, &london());
    }
}
