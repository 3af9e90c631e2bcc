//! When something regularly takes place.
//!
//! The fields are those of `schema:Schedule`, which are those of RFC 5545:
//! days of the week, a start and an end time, how often it repeats, from when
//! until when, and the dates left out. All are civil: dates and times as a
//! clock on the wall in the place shows them. No time zone is known here, and
//! parsing of `RRULE` text is left to whoever reads it.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, Unit};
use serde::{Deserialize, Serialize};

/// A regular time: which days, between which hours, how often.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Days of the week. None: the day of `start_date` counts, or every day
    /// when there is no start date either.
    pub days: Vec<Day>,
    /// When it opens. None: from the start of the day.
    pub start_time: Option<Time>,
    /// When it closes; at or before `start_time` means on the day after.
    /// None: at the end of the day.
    pub end_time: Option<Time>,
    /// How often it repeats.
    pub repeat: Repeat,
    /// The first day. Intervals are counted from here.
    pub start_date: Option<Date>,
    /// The last day, included.
    pub end_date: Option<Date>,
    /// Days on which it does not take place.
    pub except_dates: Vec<Date>,
}

/// A day of the week and, in a monthly schedule, which one of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day of the week.
    #[serde(with = "weekday")]
    pub weekday: Weekday,
    /// Which of the month: 1 the first, -1 the last; `None` each of them, or
    /// in a monthly schedule with a start date the same one as that date's.
    pub nth: Option<i8>,
}

/// How often a schedule repeats. The number is an interval: 1 each, 2 every
/// other; 0 is read as 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repeat {
    /// Once: on each day from the start date to the end date, or on the start
    /// date alone when there is no end date.
    Once,
    /// Every so many days.
    Daily(u16),
    /// Every so many weeks, weeks starting on Monday.
    Weekly(u16),
    /// Every so many months.
    Monthly(u16),
    /// Every so many years, on the date of the start.
    Yearly(u16),
}

/// A moment to ask about: a full date and time, or a time of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// A date and a time: intervals, first and last day and exceptions count.
    At(DateTime),
    /// A time of the week, on any date: only days and hours count.
    Weekly(#[serde(with = "weekday")] Weekday, Time),
}

impl Default for Repeat {
    /// Every week.
    fn default() -> Self {
        Self::Weekly(1)
    }
}

impl Repeat {
    /// Every how many days, weeks, months or years; 1 for once.
    #[must_use]
    pub const fn interval(self) -> u16 {
        match self {
            Self::Once => 1,
            Self::Daily(interval)
            | Self::Weekly(interval)
            | Self::Monthly(interval)
            | Self::Yearly(interval) => interval,
        }
    }
}

impl Schedule {
    /// Whether it is open at `moment`: from the start time on, and before the
    /// end time. Hours that cross midnight belong to the day they start on.
    #[must_use]
    pub fn is_open(&self, moment: Moment) -> bool {
        let (time, today, yesterday) = match moment {
            Moment::At(moment) => {
                let date = moment.date();
                let yesterday = date.yesterday().is_ok_and(|date| self.takes_place(date));
                (moment.time(), self.takes_place(date), yesterday)
            }
            Moment::Weekly(weekday, time) => {
                (time, self.has_weekday(weekday), self.has_weekday(weekday.previous()))
            }
        };
        let start = self.start_time.unwrap_or(Time::midnight());
        match self.end_time {
            Some(end) if end <= start => (today && time >= start) || (yesterday && time < end),
            Some(end) => today && time >= start && time < end,
            None => today && time >= start,
        }
    }

    /// Whether it takes place (starts) on `date`.
    ///
    /// An interval above one without a start date can't be counted, and is
    /// taken as one.
    #[must_use]
    pub fn takes_place(&self, date: Date) -> bool {
        if self.start_date.is_some_and(|start| date < start)
            || self.end_date.is_some_and(|end| date > end)
            || self.except_dates.contains(&date)
        {
            return false;
        }
        match self.repeat {
            Repeat::Once => self.end_date.is_some() || self.start_date == Some(date),
            Repeat::Daily(interval) => {
                self.has_any_day(date) && self.is_due(interval, |start| days(start, date))
            }
            Repeat::Weekly(interval) => {
                self.has_weekday(date.weekday())
                    && self.is_due(interval, |start| days(monday(start), monday(date)) / 7)
            }
            Repeat::Monthly(interval) => {
                self.is_day_of_month(date) && self.is_due(interval, |start| months(start, date))
            }
            Repeat::Yearly(interval) => {
                self.start_date
                    .is_none_or(|start| (start.month(), start.day()) == (date.month(), date.day()))
                    && self.is_due(interval, |start| i64::from(date.year() - start.year()))
            }
        }
    }

    /// Whether it takes place on this day of the week, in some week at least.
    #[must_use]
    pub fn is_on(&self, weekday: Weekday) -> bool {
        self.has_weekday(weekday)
    }

    fn is_due(&self, interval: u16, since: impl FnOnce(Date) -> i64) -> bool {
        self.start_date.is_none_or(|start| since(start) % i64::from(interval.max(1)) == 0)
    }

    fn has_any_day(&self, date: Date) -> bool {
        self.days.is_empty() || self.days.iter().any(|day| day.weekday == date.weekday())
    }

    fn has_weekday(&self, weekday: Weekday) -> bool {
        if !self.days.is_empty() {
            return self.days.iter().any(|day| day.weekday == weekday);
        }
        match (self.repeat, self.start_date) {
            (Repeat::Weekly(_), Some(start)) => start.weekday() == weekday,
            (Repeat::Once, Some(start)) if self.end_date.is_none() => start.weekday() == weekday,
            _ => true,
        }
    }

    fn is_day_of_month(&self, date: Date) -> bool {
        if self.days.is_empty() {
            return self.start_date.is_none_or(|start| start.day() == date.day());
        }
        self.days.iter().any(|day| {
            let nth = day.nth.or_else(|| self.start_date.map(week_of_month));
            day.weekday == date.weekday()
                && match nth {
                    None | Some(0) => true,
                    Some(nth) if nth > 0 => week_of_month(date) == nth,
                    Some(nth) => week_from_end(date) == -nth,
                }
        })
    }
}

/// 1 for the first to the seventh of a month, and so on up to 5.
fn week_of_month(date: Date) -> i8 {
    (date.day() - 1) / 7 + 1
}

/// 1 for the last seven days of a month, and so on.
fn week_from_end(date: Date) -> i8 {
    (date.days_in_month() - date.day()) / 7 + 1
}

fn monday(date: Date) -> Date {
    let since = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(Span::new().days(since)).unwrap_or(date)
}

fn days(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}

fn months(from: Date, to: Date) -> i64 {
    i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month())
}

/// Weekdays as numbers, Monday 1 to Sunday 7 (ISO 8601).
mod weekday {
    use jiff::civil::Weekday;
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(
        weekday: &Weekday,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i8(weekday.to_monday_one_offset())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Weekday, D::Error> {
        let number = i8::deserialize(deserializer)?;
        Weekday::from_monday_one_offset(number)
            .map_err(|_| de::Error::custom(format_args!("{number} is no day of the week")))
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
