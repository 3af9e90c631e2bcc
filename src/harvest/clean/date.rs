//! Dates, times of day and days of the week, as people and programs write
//! them.
//!
//! Reading is lenient in form and strict in meaning: what could be two days is
//! read by the order of the language (day before month, but in `en-US`), and
//! what is no day, has no year or lies outside [`YEARS`] is refused. Nothing is
//! filled in.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};
use thiserror::Error;

pub use super::clock::{hours, time};
use super::date_parts::{Parts, calendar, year_of, year_text};
pub use super::weekday::days;

/// Years that are believed: 0001 and 9999 stand for “unknown” and “for ever”
/// in the databases of publishers.
pub const YEARS: RangeInclusive<i16> = 1000..=2200;

/// How long a text is looked at: the longest way to write a moment has some 60
/// characters.
pub(super) const LONGEST: usize = 100;

/// Why a text is no date or time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DateError {
    /// There is nothing but white space.
    #[error("there is no date or time")]
    Empty,
    /// Something in it is no part of a date or time.
    #[error("`{0}` can't be read as a date or time")]
    Unreadable(String),
    /// There is a day and a month, and no year.
    #[error("`{0}` has no year")]
    NoYear(String),
    /// There is no day of the month.
    #[error("`{0}` names no day")]
    NoDay(String),
    /// There is no such day in the calendar, or no such time in a day.
    #[error("`{0}` is no day of the calendar")]
    Impossible(String),
    /// The year is one that stands for something else.
    #[error("the year of `{0}` is not between 1000 and 2200")]
    Year(String),
}

/// Which of the two first numbers of `3/4/2026` is the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The first: 3 April.
    #[default]
    DayFirst,
    /// The second: 4 March.
    MonthFirst,
}

/// A date as it was written: with a time and an offset when it has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The day, as the writer's calendar shows it.
    pub date: Date,
    /// The time of day.
    pub time: Option<Time>,
    /// The difference from UTC.
    pub offset: Option<Offset>,
}

impl Order {
    /// The order of a language, given as a BCP 47 tag.
    #[must_use]
    pub fn of(language: &str) -> Self {
        if language.eq_ignore_ascii_case("en-us") { Self::MonthFirst } else { Self::DayFirst }
    }
}

impl Written {
    /// The moment; in `zone` when it has no offset, and at the start of the
    /// day when it has no time.
    ///
    /// # Errors
    ///
    /// [`DateError::Impossible`] when the moment is out of range.
    pub fn moment(&self, zone: &TimeZone) -> Result<Timestamp, DateError> {
        let local = self.date.to_datetime(self.time.unwrap_or(Time::midnight()));
        let moment = match self.offset {
            Some(offset) => offset.to_timestamp(local),
            None => local.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()),
        };
        moment.map_err(|_| DateError::Impossible(local.to_string()))
    }

    /// The day in `zone`: another than the written one when the offset says
    /// so.
    ///
    /// # Errors
    ///
    /// [`DateError::Impossible`] when the moment is out of range.
    pub fn date_in(&self, zone: &TimeZone) -> Result<Date, DateError> {
        match (self.time, self.offset) {
            (Some(_), Some(_)) => Ok(zone.to_datetime(self.moment(zone)?).date()),
            _ => Ok(self.date),
        }
    }

    /// Whether it has an offset that `zone` doesn't have at that moment. UTC
    /// is no contradiction: it is a way to write any moment.
    #[must_use]
    pub fn contradicts(&self, zone: &TimeZone) -> bool {
        let Some(offset) = self.offset.filter(|offset| *offset != Offset::UTC) else {
            return false;
        };
        self.moment(zone).is_ok_and(|moment| zone.to_offset(moment) != offset)
    }
}

/// Reads a day, day before month; the time that may stand with it is left.
///
/// # Errors
///
/// [`DateError`] when it is not certainly one day.
pub fn date(text: &str) -> Result<Date, DateError> {
    written(text, Order::DayFirst).map(|written| written.date)
}

/// Reads a moment; without an offset it is in `zone`, without a time at the
/// start of the day.
///
/// # Errors
///
/// [`DateError`] when it is not certainly one moment.
pub fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, DateError> {
    written(text, Order::DayFirst)?.moment(zone)
}

/// Reads a year, a month or a day as `2026`, `2026-04` or `2026-04-03`.
///
/// # Errors
///
/// [`DateError`] when it is none of them.
pub fn partial_date(text: &str) -> Result<String, DateError> {
    let parts = Parts::read(text, Order::DayFirst)?;
    match (parts.year, parts.month, parts.day) {
        (Some(year), None, None) if parts.time.is_none() => year_of(year, text).map(year_text),
        (Some(year), Some(month), None) if parts.time.is_none() => {
            let first = calendar(year, month, 1, text)?;
            Ok(first.strftime("%Y-%m").to_string())
        }
        _ => parts.written(text).map(|written| written.date.to_string()),
    }
}

/// Reads a date with all that stands with it.
///
/// # Errors
///
/// [`DateError`] when it is not certainly one day.
pub fn written(text: &str, order: Order) -> Result<Written, DateError> {
    Parts::read(text, order)?.written(text)
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
