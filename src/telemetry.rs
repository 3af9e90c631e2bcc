//! The log: where the events of the program go, and in what form.
//!
//! Each event is one line on standard error. Whatever stands in it, a peer
//! can't begin a line of its own nor move the cursor of a terminal. What is
//! personal is not logged in the first place.

use std::io;
use std::io::Write;
use std::panic;

use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Settings of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The form of a line. Default `human`.
    pub format: LogFormat,
    /// What is logged: a level, or directives such as `info,kist::web=debug`.
    /// Default `info,tantivy=error`.
    pub filter: String,
}

impl Default for Options {
    fn default() -> Self {
        // The library of the index warns of segments that are gone, which is
        // what making it again is about.
        Self { format: LogFormat::Human, filter: "info,tantivy=error".to_owned() }
    }
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Time, level, message, fields.
    Human,
    /// One JSON object.
    Json,
}

/// Why the log can't begin.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TelemetryError {
    /// The filter can't be read.
    #[error("`{0}` is not a filter such as `info` or `info,kist::web=debug`")]
    Filter(String),
    /// There is a log already.
    #[error("the log has begun already")]
    Begun,
}

/// Begins the log of the whole process, on standard error; a panic goes there
/// too.
///
/// # Errors
///
/// [`TelemetryError`] when the filter can't be read, or a log has begun.
pub fn begin(options: &Options) -> Result<(), TelemetryError> {
    let begun = |_| TelemetryError::Begun;
    match options.format {
        LogFormat::Human => human(options, io::stderr)?.try_init().map_err(begun)?,
        LogFormat::Json => json(options, io::stderr)?.try_init().map_err(begun)?,
    }
    // A panic is an event like others, on one line.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "panic");
    }));
    Ok(())
}

/// Whether the log could begin.
///
/// # Errors
///
/// [`TelemetryError::Filter`] when the filter can't be read.
pub fn check(options: &Options) -> Result<(), TelemetryError> {
    filter(options).map(drop)
}

fn human<W>(options: &Options, writer: W) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    Ok(tracing_subscriber::fmt()
        .with_env_filter(filter(options)?)
        .with_ansi(false)
        .with_target(false)
        .with_writer(OneLine(writer))
        // Nobody reads the log any more: to say so there would be a panic.
        .log_internal_errors(false)
        .finish())
}

fn json<W>(options: &Options, writer: W) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    Ok(tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter(options)?)
        .with_writer(OneLine(writer))
        // Nobody reads the log any more: to say so there would be a panic.
        .log_internal_errors(false)
        .finish())
}

fn filter(options: &Options) -> Result<EnvFilter, TelemetryError> {
    let unreadable = |_| TelemetryError::Filter(options.filter.clone());
    EnvFilter::builder().parse(&options.filter).map_err(unreadable)
}

/// Makes writers which keep each event on one line.
struct OneLine<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for OneLine<W> {
    type Writer = OneLineWriter<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLineWriter(self.0.make_writer())
    }
}

/// Escapes the control characters of an event, which comes in one write, but
/// for the end of its line.
struct OneLineWriter<W>(W);

impl<W: Write> Write for OneLineWriter<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        // At once: between two writes another thread could write its line.
        let mut line = escape(line);
        line.push_str(end);
        self.0.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes each control character as JSON does, which people can read too.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for character in line.chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            let [.., high, low] = u32::from(character).to_be_bytes();
            escaped.extend(["\\u", &hexadecimal(high), &hexadecimal(low)]);
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn hexadecimal(byte: u8) -> String {
    format!("{byte:02x}")
}

#[cfg(test)]
#[path = "telemetry_tests.rs"]
pub(crate) mod tests;
