//! The text format of Prometheus, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::Display;
use std::fmt::Write;

/// Measures as text, family by family. A family is written once.
#[derive(Debug, Default)]
pub struct Text(String);

/// The samples of a family.
pub struct Samples<'a> {
    text: &'a mut Text,
    name: &'static str,
}

impl Text {
    /// A number that only grows, as long as the program runs.
    pub fn counter(&mut self, name: &'static str, help: &str) -> Samples<'_> {
        self.family(name, "counter", help)
    }

    /// A number that goes up and down.
    pub fn gauge(&mut self, name: &'static str, help: &str) -> Samples<'_> {
        self.family(name, "gauge", help)
    }

    /// Numbers in buckets; see [`Times`](super::Times).
    pub fn histogram(&mut self, name: &'static str, help: &str) -> Samples<'_> {
        self.family(name, "histogram", help)
    }

    fn family(&mut self, name: &'static str, kind: &str, help: &str) -> Samples<'_> {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
        Samples { text: self, name }
    }

    fn line(&mut self, line: impl Display) {
        writeln!(self.0, "{line}").expect("memory takes any text");
    }

    /// The whole text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Samples<'_> {
    /// A sample with its labels.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) -> &mut Self {
        self.part("", labels, value)
    }

    /// A sample of a part of the family, such as `_count`.
    pub(super) fn part(
        &mut self,
        part: &str,
        labels: &[(&str, &str)],
        value: impl Display,
    ) -> &mut Self {
        let name = self.name;
        let labels: Vec<String> =
            labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text))).collect();
        let labels =
            if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        self.text.line(format_args!("{name}{part}{labels} {value}"));
        self
    }
}

/// The value of a label between its quotes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
