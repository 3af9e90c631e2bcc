//! Tests of the dates of recurrence rules; the calendar crate is asked for the
//! right ones.

use jiff::civil::{Date, date};

use super::expand::Window;
use super::*;
use crate::harvest::format::occurrence::{Clock, Offsets};

/// The dates of `rule` from `start` on, in the two years that follow.
fn ours(rule: &str, start: &str) -> Vec<String> {
    let text = format!(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:{start}\nRRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    let calendar = calendars(&text, &mut Vec::new()).pop().unwrap();
    let component = &calendar.components[1];
    let mut zones = Zones::new(Clock::new("UTC", Offsets::Keep));
    let times = event::times(component, &mut zones, "", &mut Vec::new()).unwrap();
    let begin = times.start.written.moment();
    let window = Window { first: begin.date(), last: Date::MAX };
    let found = expand::expand(&times.rule.unwrap(), begin, None, window, &mut 10_000_000);
    found.instances.iter().take(60).map(ToString::to_string).collect()
}

/// The same by the crate.
fn theirs(rule: &str, start: &str) -> Vec<String> {
    let text = format!(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:{start}\nRRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    let calendar = calendars(&text, &mut Vec::new()).pop().unwrap();
    let floating = calcard::common::timezone::Tz::Floating;
    let mut found: Vec<String> = calendar
        .expand_dates(floating, 60)
        .events
        .into_iter()
        .map(|event| event.start.naive_local().to_string().replace(' ', "T"))
        .collect();
    found.sort();
    found
}

#[test]
fn dates_of_rules_are_those_of_the_crate() {
    for rule in [
        "FREQ=DAILY;COUNT=10",
        "FREQ=DAILY;INTERVAL=10;COUNT=5",
        "FREQ=DAILY;BYMONTH=1;COUNT=40",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR;COUNT=20",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=4",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4",
        "FREQ=MONTHLY;BYDAY=1FR;COUNT=10",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU;COUNT=10",
        "FREQ=MONTHLY;BYDAY=-2MO;COUNT=6",
        "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=12",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=12",
        "FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=10",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=6",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13;COUNT=10",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=7",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "FREQ=YEARLY;BYDAY=20MO;COUNT=3",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=11",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
        "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=9",
    ] {
        for start in ["19970902T090000", "20240229T090000", "20261231T090000"] {
            assert_eq!(ours(rule, start), theirs(rule, start), "{rule} from {start}");
        }
    }
}

#[test]
fn rules_of_long_ago_are_not_followed_day_by_day() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:19500101T090000\n\
                RRULE:FREQ=DAILY;BYMONTH=12\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = calendars(text, &mut Vec::new()).pop().unwrap();
    let mut zones = Zones::new(Clock::new("UTC", Offsets::Keep));
    let times = event::times(&calendar.components[1], &mut zones, "", &mut Vec::new()).unwrap();
    let window = Window { first: date(2026, 11, 1), last: date(2027, 12, 31) };
    let mut budget = 1000;
    let begin = times.start.written.moment();
    let found = expand::expand(&times.rule.unwrap(), begin, None, window, &mut budget);
    assert_eq!(found.instances.len(), 62);
    assert!(!found.is_cut && budget > 500, "{budget}");
}
