//! Tests of [`recurrence`](super).

use jiff::civil::date;

use super::*;

#[test]
fn what_is_no_rule_says_why() {
    for (rule, expected) in [
        ("FREQ=WEEKLY", None),
        ("FREQ=DAILY;COUNT=3;INTERVAL=2;WKST=SU", None),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=-1;UNTIL=20261231T235959Z", None),
        ("RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=5L;SKIP=FORWARD", None),
        ("", Some("`` is no part of a rule")),
        ("BYDAY=MO", Some("`FREQ` is missing")),
        ("FREQ=BOGUS", Some("`BOGUS` is no value of `FREQ`")),
        ("FREQ=WEEKLY;X", Some("`X` is no part")),
        ("FREQ=WEEKLY;EVERY=2", Some("`EVERY=2` is no part")),
        ("FREQ=WEEKLY;FREQ=DAILY", Some("`FREQ` is there twice")),
        ("FREQ=WEEKLY;INTERVAL=0", Some("`0` is no value of `INTERVAL`")),
        ("FREQ=WEEKLY;BYDAY=MO,é", Some("`MO,é` is no value of `BYDAY`")),
        ("FREQ=MONTHLY;BYDAY=0MO", Some("`0MO` is no value")),
        ("FREQ=WEEKLY;UNTIL=20261301", Some("`20261301` is no value of `UNTIL`")),
        ("FREQ=WEEKLY;UNTIL=2026é", Some("`2026é` is no value of `UNTIL`")),
        ("FREQ=DAILY;BYHOUR=24", Some("`24` is no value of `BYHOUR`")),
        ("\r\nATTACH:evil", Some("`\r\nATTACH:evil` is no part")),
    ] {
        let said = check(rule).err().map(|error| error.to_string());
        match (said, expected) {
            (Some(said), Some(expected)) => assert!(said.starts_with(expected), "{said}"),
            (said, expected) => assert_eq!(said.as_deref(), expected, "{rule}"),
        }
    }
}

#[test]
fn days_weeks_and_an_interval_say_what_they_can() {
    use Weekday::{Friday, Monday};
    let said = |unit, interval, days: &[Weekday], weeks: &[i8]| {
        let (days, weeks) = (days.to_vec(), weeks.to_vec());
        Some(Recurrence { unit, interval, days, weeks, until: None })
    };
    for (rule, expected) in [
        ("FREQ=WEEKLY;BYDAY=FR,MO,FR", said('W', 1, &[Monday, Friday], &[])),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=MO", said('W', 2, &[], &[])),
        ("FREQ=DAILY", said('D', 1, &[], &[])),
        ("FREQ=MONTHLY", said('M', 1, &[], &[])),
        ("FREQ=MONTHLY;BYDAY=-1MO,1MO", said('M', 1, &[Monday], &[-1, 1])),
        ("FREQ=MONTHLY;BYDAY=1MO,1FR", said('M', 1, &[Monday, Friday], &[1])),
        ("FREQ=MONTHLY;BYDAY=MO", said('M', 1, &[Monday], &[1, 2, 3, 4, 5])),
        ("FREQ=YEARLY;INTERVAL=4", said('Y', 4, &[], &[])),
        ("FREQ=MONTHLY;BYDAY=1MO,2FR", None),
        ("FREQ=MONTHLY;BYDAY=-2MO", None),
        ("FREQ=WEEKLY;BYDAY=1MO", None),
        ("FREQ=YEARLY;BYDAY=MO", None),
        ("FREQ=WEEKLY;COUNT=3", None),
        ("FREQ=WEEKLY;WKST=SU", None),
        ("FREQ=HOURLY", None),
        ("BYDAY=MO", None),
        ("", None),
    ] {
        assert_eq!(read(rule), expected, "{rule}");
    }
    for until in ["20261231", "20261231T100000", "20261231T100000Z"] {
        let read = read(&format!("FREQ=DAILY;UNTIL={until}")).unwrap();
        assert_eq!(read.until, Some(date(2026, 12, 31)));
    }
}
