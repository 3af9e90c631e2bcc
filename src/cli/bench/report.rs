//! What was measured, line by line.

use std::io;
use std::time::Duration;

use serde_json::json;

use super::super::output::line;
use super::measure::Samples;

/// How figures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A table for people.
    Table,
    /// A JSON object on each line.
    Json,
}

/// Writes figures to standard output as they come.
pub(super) struct Report {
    form: Form,
    part: &'static str,
}

impl Report {
    pub(super) fn new(form: Form) -> Self {
        Self { form, part: "" }
    }

    /// Begins a part with figures of one sort.
    ///
    /// # Errors
    ///
    /// When nobody takes the output.
    pub(super) fn part(&mut self, part: &'static str) -> io::Result<()> {
        self.part = part;
        if self.form == Form::Table { line(format_args!("\n{part}")) } else { Ok(()) }
    }

    /// One figure.
    ///
    /// # Errors
    ///
    /// When nobody takes the output.
    pub(super) fn figure(&self, what: &str, value: f64, unit: &str) -> io::Result<()> {
        match self.form {
            Form::Table => line(format_args!("  {what:<44} {:>12} {unit}", rounded(value))),
            Form::Json => {
                line(json!({"part": self.part, "what": what, "value": value, "unit": unit}))
            }
        }
    }

    /// A figure that not every system gives.
    ///
    /// # Errors
    ///
    /// When nobody takes the output.
    pub(super) fn figure_if(&self, what: &str, value: Option<f64>, unit: &str) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.figure(what, value, unit))
    }

    /// Half of the samples, and all but one in a hundred of them.
    ///
    /// # Errors
    ///
    /// When nobody takes the output.
    pub(super) fn latency(&self, what: &str, samples: &Samples) -> io::Result<()> {
        let (half, most) = (micros(samples.percentile(50)), micros(samples.percentile(99)));
        match self.form {
            Form::Table => line(format_args!(
                "  {what:<44} {:>12} µs  p99 {:>10} µs",
                rounded(half),
                rounded(most)
            )),
            Form::Json => line(json!({
                "part": self.part, "what": what, "value": half, "p99": most, "unit": "µs"
            })),
        }
    }
}

/// Microseconds.
pub(super) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// Three digits that count, for people.
fn rounded(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
