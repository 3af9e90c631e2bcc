//! The time of clocks in Scotland.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What a calendar says of its time zone: Greenwich time, and summer time
/// from the last Sunday of March to that of October, both at 01:00 UTC, as it
/// has been since 1996 (Summer Time Order 2002).
pub(super) const LINES: &[&str] = &[
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "TZNAME:BST",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "DTSTART:19810329T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZNAME:GMT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// The same as a rule of POSIX, which needs no time zone files.
const RULE: &str = "GMT0BST,M3.5.0/1,M10.5.0/2";

/// A moment on the clock as a moment in UTC, `20261121T140500Z`.
pub(super) fn in_utc(moment: DateTime) -> Option<String> {
    let zone = TimeZone::posix(RULE).ok()?;
    let utc = moment.to_zoned(zone).ok()?.with_time_zone(TimeZone::UTC);
    Some(utc.strftime("%Y%m%dT%H%M%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn summer_time_is_an_hour_ahead_from_march_to_october() {
        for (month, day, expected) in [
            (3, 28, "20260328T120000Z"),
            (3, 29, "20260329T110000Z"),
            (10, 24, "20261024T110000Z"),
            (10, 25, "20261025T120000Z"),
        ] {
            assert_eq!(in_utc(date(2026, month, day).at(12, 0, 0, 0)).as_deref(), Some(expected));
        }
    }
}
