//! How one source is asked otherwise than others are: how fast, and how much
//! of it at the most.

use std::time::Duration;

use jiff::{SignedDuration, Span};
use thiserror::Error;
use url::Url;

use crate::harvest::fetch::Pace;
use crate::harvest::options::Options;
use crate::record::{Record, Value, texts};

/// The longest pause between two requests: with a longer one no run comes to
/// its end.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Requests of one source that are under way at once, at the most.
const MOST_AT_ONCE: u32 = 10;

/// Why a text is no pace.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no pace: write the time between two requests, from `PT0S` to `PT1H`, such as `PT2S`"
)]
pub struct PaceError(String);

/// How fast a source is asked, as far as its record says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Politeness {
    /// From the start of one request to the start of the next.
    pub pause: Option<Duration>,
    /// Requests under way at once.
    pub at_once: Option<u32>,
}

/// How much of a source is fetched in one run, as far as its record says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caps {
    /// Documents.
    pub documents: Option<u64>,
    /// Bytes, decompressed.
    pub bytes: Option<u64>,
    /// Seconds.
    pub seconds: Option<u64>,
}

impl Politeness {
    /// Reads the record of a source.
    ///
    /// # Errors
    ///
    /// [`PaceError`] when its pace is no duration, or longer than an hour.
    pub fn read(record: &Record) -> Result<Self, PaceError> {
        let pause = texts(record.values("pace")).next().map(pause).transpose()?;
        let at_once =
            number(record, "requestsAtOnce").and_then(|number| u32::try_from(number).ok());
        Ok(Self { pause, at_once: at_once.map(|number| number.clamp(1, MOST_AT_ONCE)) })
    }

    /// How fast `url` is asked for a source at `home`, when others are asked at
    /// `usual`; `None` when it is asked like them. On other hosts than its own
    /// nothing was agreed, so there it may be slower and never faster.
    #[must_use]
    pub fn pace(&self, url: &Url, home: &Url, usual: Pace) -> Option<Pace> {
        if *self == Self::default() {
            return None;
        }
        let pace = Pace {
            in_flight: self.at_once.unwrap_or(usual.in_flight),
            delay: self.pause.unwrap_or(usual.delay),
        };
        let is_home = url.host_str() == home.host_str();
        Some(if is_home { pace } else { pace.slower(usual) })
    }
}

impl Caps {
    /// Reads the record of a source.
    #[must_use]
    pub fn read(record: &Record) -> Self {
        Self {
            documents: number(record, "maxDocuments"),
            bytes: number(record, "maxBytes"),
            seconds: number(record, "maxSeconds"),
        }
    }

    /// Documents, bytes and seconds of a run, where `options` hold for sources
    /// that say nothing.
    #[must_use]
    pub fn or(&self, options: &Options) -> (u64, u64, u64) {
        (
            self.documents.unwrap_or(options.max_documents),
            self.bytes.unwrap_or(options.max_bytes),
            self.seconds.unwrap_or(options.max_seconds),
        )
    }
}

fn pause(text: &str) -> Result<Duration, PaceError> {
    let error = || PaceError(text.to_owned());
    let span: Span = text.parse().map_err(|_| error())?;
    let pause = SignedDuration::try_from(span).map_err(|_| error())?;
    let pause = Duration::try_from(pause).map_err(|_| error())?;
    if pause > LONGEST_PAUSE { Err(error()) } else { Ok(pause) }
}

fn number(record: &Record, key: &str) -> Option<u64> {
    let number = record.values(key).first().and_then(Value::as_integer)?;
    u64::try_from(number).ok().filter(|number| *number > 0)
}

#[cfg(test)]
#[path = "politeness_tests.rs"]
mod tests;
