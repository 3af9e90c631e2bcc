//! Tables of text with tabs between the columns: the form in which the
//! gazetteer's own data is shipped and stored. No quoting, no escapes.

use std::str::FromStr;

use thiserror::Error;

use crate::model::Point;

/// A table and its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    name: &'a str,
    text: &'a str,
    /// Lines before the first row.
    heading_lines: usize,
}

/// A row of a [`Table`].
#[derive(Debug)]
pub(super) struct Row<'a> {
    table: &'a str,
    line: usize,
    columns: Vec<&'a str>,
}

/// A value of a table that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{table}, line {line}, column {column}: `{value}` {what}")]
pub struct TableError {
    table: String,
    line: usize,
    column: usize,
    value: String,
    what: &'static str,
}

impl<'a> Table<'a> {
    /// A table whose first line names its columns.
    pub(super) const fn with_heading(name: &'a str, text: &'a str) -> Self {
        Self { name, text, heading_lines: 1 }
    }

    /// A table that begins with its first row.
    pub(super) const fn without_heading(name: &'a str, text: &'a str) -> Self {
        Self { name, text, heading_lines: 0 }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'a>> {
        let table = self.name;
        self.text.lines().enumerate().skip(self.heading_lines).map(move |(index, line)| Row {
            table,
            line: index + 1,
            columns: line.split('\t').collect(),
        })
    }
}

impl<'a> Row<'a> {
    pub(super) fn text(&self, column: usize) -> Result<&'a str, TableError> {
        self.columns.get(column).copied().ok_or_else(|| self.error(column, "is missing"))
    }

    /// The values of a column that holds several, with `|` between.
    pub(super) fn list(&self, column: usize) -> Result<impl Iterator<Item = &'a str>, TableError> {
        Ok(self.text(column)?.split('|').filter(|value| !value.is_empty()))
    }

    pub(super) fn number<N: FromStr>(&self, column: usize) -> Result<N, TableError> {
        self.text(column)?.parse().map_err(|_| self.error(column, "is not a number"))
    }

    /// The point whose latitude is in `column` and whose longitude is next.
    pub(super) fn point(&self, column: usize) -> Result<Point, TableError> {
        Point::new(self.number(column)?, self.number(column + 1)?)
            .map_err(|_| self.error(column, "is not a latitude with its longitude"))
    }

    pub(super) fn error(&self, column: usize, what: &'static str) -> TableError {
        TableError {
            table: self.table.to_owned(),
            line: self.line,
            column: column + 1,
            value: self.columns.get(column).map_or_else(String::new, |value| (*value).to_owned()),
            what,
        }
    }
}
