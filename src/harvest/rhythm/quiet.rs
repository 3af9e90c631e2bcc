//! Hours in which a source is left alone.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use thiserror::Error;

/// Hours in which a source is left alone, each day.
#[derive(Debug, Clone, PartialEq)]
pub struct QuietHours {
    from: Time,
    until: Time,
    zone: TimeZone,
}

/// Why a text is no quiet hours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QuietHoursError {
    /// It is not two times of the day.
    #[error("`{0}` is no quiet hours: write two different times such as `22:00-06:00`")]
    Form(String),
    /// The time zone is not known.
    #[error("`{0}` is no time zone; write one such as `Europe/London`")]
    TimeZone(String),
}

impl QuietHours {
    /// Reads `22:00-06:00`, hours of the day in `time_zone`.
    ///
    /// # Errors
    ///
    /// [`QuietHoursError`] when it is not two different times, or the zone is
    /// not known.
    pub fn parse(text: &str, time_zone: &str) -> Result<Self, QuietHoursError> {
        let error = || QuietHoursError::Form(text.to_owned());
        let (from, until) = text.split_once(['-', '–']).ok_or_else(error)?;
        let time = |text: &str| text.trim().parse::<Time>().map_err(|_| error());
        let (from, until) = (time(from)?, time(until)?);
        if from == until {
            return Err(error());
        }
        let zone = TimeZone::get(time_zone)
            .map_err(|_| QuietHoursError::TimeZone(time_zone.to_owned()))?;
        Ok(Self { from, until, zone })
    }

    /// `moment` itself when it is not in quiet hours, or else their end; `None`
    /// at the end of time.
    #[must_use]
    pub fn end_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let civil = self.zone.to_datetime(moment);
        let (date, time) = (civil.date(), civil.time());
        let over_midnight = self.until < self.from;
        let end = match (time >= self.from, time < self.until) {
            (true, true) => date,
            (true, false) if over_midnight => date.tomorrow().ok()?,
            (false, true) if over_midnight => date,
            _ => return Some(moment),
        };
        let end = end.to_datetime(self.until);
        let end = self.zone.to_ambiguous_timestamp(end).later().ok()?;
        Some(end.max(moment))
    }
}
