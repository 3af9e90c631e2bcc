//! Hours and days at which a feed asks not to be fetched.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Hours and days (GMT) at which a feed asks not to be fetched: `skipHours` and
/// `skipDays` of RSS. By default none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skips {
    /// A bit for each hour, the lowest for midnight.
    hours: u32,
    /// A bit for each day, the lowest for Monday.
    days: u8,
}

impl Skips {
    /// These hours, from 0 to 24, and these days, from 1 for Monday to 7.
    /// Midnight may be 24; other numbers count for nothing.
    #[must_use]
    pub fn new(hours: &[u8], days: &[u8]) -> Self {
        let hours = hours.iter().filter(|hour| **hour <= 24);
        let days = days.iter().filter(|day| (1..=7).contains(*day));
        Self {
            hours: hours.fold(0, |all, hour| all | 1 << (hour % 24)),
            days: days.fold(0, |all, day| all | 1 << (day - 1)),
        }
    }

    /// `moment` itself when it is not skipped, or else the next whole hour that
    /// is not; `moment` too when all are, which can't be meant.
    #[must_use]
    pub fn end(self, moment: Timestamp) -> Timestamp {
        self.next(moment).unwrap_or(moment)
    }

    fn next(self, moment: Timestamp) -> Option<Timestamp> {
        let civil = TimeZone::UTC.to_datetime(moment);
        if self.allows(civil) {
            return Some(moment);
        }
        let whole_hour = civil.date().at(civil.hour(), 0, 0, 0);
        let ahead = (1..=7 * 24_i64).map(|hours| whole_hour.checked_add(hours.hours()));
        let free = ahead.filter_map(Result::ok).find(|moment| self.allows(*moment))?;
        TimeZone::UTC.to_timestamp(free).ok()
    }

    fn allows(self, moment: DateTime) -> bool {
        let day = match moment.weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        let is_hour = self.hours & (1 << moment.hour().unsigned_abs()) != 0;
        !is_hour && self.days & (1 << day) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hours: &[u8], days: &[u8], moment: &str, expected: &str) {
        let end = Skips::new(hours, days).end(moment.parse().unwrap());
        assert_eq!(end, expected.parse().unwrap(), "{hours:?} {days:?} {moment}");
    }

    #[test]
    fn a_moment_that_is_skipped_becomes_the_next_hour_that_is_not() {
        // A Monday.
        const NOW: &str = "2026-11-23T10:20:00Z";
        check(&[], &[], NOW, NOW);
        check(&[9, 11], &[2], NOW, NOW);
        check(&[10], &[], NOW, "2026-11-23T11:00:00Z");
        check(&[10, 11, 12], &[], NOW, "2026-11-23T13:00:00Z");
        check(&[24, 1], &[1], NOW, "2026-11-24T02:00:00Z");
        check(&[], &[1, 2], NOW, "2026-11-25T00:00:00Z");
        // All of them can't be meant, nor is there such an hour.
        check(&(0..24).collect::<Vec<_>>(), &[], NOW, NOW);
        check(&[], &[1, 2, 3, 4, 5, 6, 7], NOW, NOW);
        check(&[99], &[0, 9], NOW, NOW);
    }
}
