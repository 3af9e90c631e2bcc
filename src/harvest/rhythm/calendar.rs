//! Times of the day by cron, in a time zone.

use croner::Weekday;
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::RhythmError;

/// Days that are looked at for the next time: 29 February can be eight years
/// off, round 2100.
const SEARCHED_DAYS: usize = 366 * 9;

/// Times of the day, in a time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    cron: croner::Cron,
    text: String,
    /// The times of the day as hour and minute, in order.
    times: Vec<(i8, i8)>,
    zone: TimeZone,
}

impl Calendar {
    /// Reads five fields: minute, hour, day of the month, month, day of the
    /// week.
    ///
    /// # Errors
    ///
    /// [`RhythmError::Cron`] when a field can't be read, and
    /// [`RhythmError::Never`] when no day is meant, such as 30 February.
    pub fn parse(text: &str, zone: TimeZone) -> Result<Self, RhythmError> {
        let error = |what: String| RhythmError::Cron { text: text.to_owned(), what };
        let fields = text.split_whitespace().count();
        if fields != 5 {
            return Err(error(format!(
                "it has {fields} fields instead of five: minute, hour, day of the month, month, \
                 day of the week"
            )));
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed);
        let cron = parser.build().parse(text).map_err(|cause| error(cause.to_string()))?;
        let hours = (0..24).filter(|hour| cron.pattern.hour_match(*hour).unwrap_or(false));
        let minutes: Vec<u32> =
            (0..60).filter(|minute| cron.pattern.minute_match(*minute).unwrap_or(false)).collect();
        let times = hours.flat_map(|hour| minutes.iter().map(move |minute| (hour, *minute)));
        let times = times.filter_map(|(hour, minute)| {
            Some((i8::try_from(hour).ok()?, i8::try_from(minute).ok()?))
        });
        let times: Vec<_> = times.collect();
        let calendar = Self { cron, text: text.to_owned(), times, zone };
        // Every day that is ever meant is met in the eight years from here.
        let comes = calendar.days_from(Date::constant(2096, 2, 29)).next().is_some();
        let comes = comes && !calendar.times.is_empty();
        if comes { Ok(calendar) } else { Err(RhythmError::Never(text.to_owned())) }
    }

    /// The fields, as they were written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first time at `earliest` or after it.
    ///
    /// A time that the clocks leave out comes as much later as they are put
    /// on; one that they show twice comes the first time only. So a daily job
    /// runs once on every day of the year.
    #[must_use]
    pub fn next(&self, earliest: Timestamp) -> Timestamp {
        let today = self.zone.to_datetime(earliest).date();
        // A time that is left out at midnight belongs to the day before.
        let from = today.yesterday().unwrap_or(today);
        self.days_from(from)
            .find_map(|date| self.times_on(date).filter(|time| *time >= earliest).min())
            .unwrap_or(Timestamp::MAX)
    }

    fn times_on(&self, date: Date) -> impl Iterator<Item = Timestamp> {
        self.times.iter().filter_map(move |(hour, minute)| {
            let civil = date.at(*hour, *minute, 0, 0);
            // RFC 5545's rule, which is jiff's “compatible”.
            self.zone.to_ambiguous_timestamp(civil).compatible().ok()
        })
    }

    /// The days that are meant, from a day on.
    fn days_from(&self, first: Date) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(first), |date| date.tomorrow().ok())
            .take(SEARCHED_DAYS)
            .filter(|date| self.is_meant(*date))
    }

    pub(super) fn is_meant(&self, date: Date) -> bool {
        let pattern = &self.cron.pattern;
        let (year, month) = (i32::from(date.year()), u32::from(date.month().unsigned_abs()));
        let day = u32::from(date.day().unsigned_abs());
        pattern.month_match(month).unwrap_or(false)
            && pattern.day_match(year, month, day, weekday(date)).unwrap_or(false)
    }
}

fn weekday(date: Date) -> Weekday {
    match date.weekday() {
        jiff::civil::Weekday::Sunday => Weekday::Sunday,
        jiff::civil::Weekday::Monday => Weekday::Monday,
        jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
        jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
        jiff::civil::Weekday::Thursday => Weekday::Thursday,
        jiff::civil::Weekday::Friday => Weekday::Friday,
        jiff::civil::Weekday::Saturday => Weekday::Saturday,
    }
}
