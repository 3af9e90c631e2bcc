//! Rows of a comma-separated table, with faults that name their place.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};

use super::{LoadError, Loading};
use crate::model::Point;

/// Rows after which progress is told.
const STEP: u64 = 4096;

/// A row; its cells are trimmed text.
pub(super) struct Row<'a> {
    record: &'a ByteRecord,
    line: u64,
}

/// A cell that can't be read.
#[derive(Debug)]
pub(super) struct Fault {
    line: u64,
    column: usize,
    what: String,
}

/// Whether the first row names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// It does.
    Present,
    /// It is the first row of values.
    Absent,
}

impl Row<'_> {
    pub(super) fn text(&self, column: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.record.get(column).unwrap_or_default().trim_ascii())
    }

    /// The number in a cell; `None` when the cell is empty.
    pub(super) fn number(&self, column: usize) -> Result<Option<f64>, Fault> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| self.fault(column, "is not a number"))
    }

    /// The point of a latitude and a longitude; `None` when a cell is empty.
    pub(super) fn point(&self, latitude: usize, longitude: usize) -> Result<Option<Point>, Fault> {
        match (self.number(latitude)?, self.number(longitude)?) {
            // Where publishers don't know it, some write this.
            (Some(0.0), Some(0.0)) => Ok(None),
            (Some(north), Some(east)) => Point::new(north, east)
                .map(Some)
                .map_err(|error| self.fault(latitude, &format!("is no latitude here: {error}"))),
            _ => Ok(None),
        }
    }

    pub(super) fn fault(&self, column: usize, what: &str) -> Fault {
        let value: String = self.text(column).chars().take(40).collect();
        Fault { line: self.line, column, what: format!("`{value}` {what}") }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: {}", self.line, self.column + 1, self.what)
    }
}

/// A table that is being read.
pub(super) struct Rows<'a> {
    reader: Reader<&'a mut dyn Read>,
    name: String,
    heading: Vec<String>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        name: &str,
        source: &'a mut dyn Read,
        heading: Heading,
    ) -> Result<Self, LoadError> {
        let has_headers = heading == Heading::Present;
        let mut reader = ReaderBuilder::new().has_headers(has_headers).from_reader(source);
        let heading = match heading {
            Heading::Absent => Vec::new(),
            Heading::Present => {
                let record = reader.byte_headers().map_err(|error| broken(name, &error))?;
                let text = |cell: &[u8]| String::from_utf8_lossy(cell.trim_ascii()).into_owned();
                record.iter().map(text).collect()
            }
        };
        Ok(Self { reader, name: name.to_owned(), heading })
    }

    pub(super) fn heading(&self) -> &[String] {
        &self.heading
    }

    /// Reads every row: `read` gives a value, or nothing for a row that is
    /// not wanted. A faulty row is counted and passed over.
    pub(super) fn read_all<T>(
        mut self,
        loading: &mut Loading<'_>,
        mut read: impl FnMut(&Row<'_>) -> Result<Option<T>, Fault>,
    ) -> Result<Vec<T>, LoadError> {
        let mut values = Vec::new();
        let mut record = ByteRecord::new();
        let (mut told_bytes, mut untold) = (0, 0);
        while self
            .reader
            .read_byte_record(&mut record)
            .map_err(|error| broken(&self.name, &error))?
        {
            let line = record.position().map_or(0, csv::Position::line);
            match read(&Row { record: &record, line }) {
                Ok(Some(value)) => {
                    values.push(value);
                    loading.report.taken += 1;
                }
                Ok(None) => loading.report.left_out += 1,
                Err(fault) => loading.skip(format!("{}, {fault}", self.name)),
            }
            untold += 1;
            if untold == STEP {
                let bytes = self.reader.position().byte();
                loading.advance(bytes - told_bytes, untold);
                (told_bytes, untold) = (bytes, 0);
            }
        }
        loading.advance(self.reader.position().byte() - told_bytes, untold);
        Ok(values)
    }
}

fn broken(name: &str, error: &csv::Error) -> LoadError {
    let line = error.position().map_or(1, csv::Position::line);
    let (column, what) = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => (
            (*len).min(*expected_len) + 1,
            format!(
                "the row has {len} columns where {expected_len} are expected; the file may be cut off"
            ),
        ),
        _ => (1, error.to_string()),
    };
    LoadError::Broken { file: name.to_owned(), line, column, what }
}
