//! The names of a table's columns.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::limits::MOST_COLUMNS;
use super::{Row, derived};
use crate::harvest::extraction::Problem;
use crate::harvest::mapping::Mapping;

/// Where each column stands, by its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// As they are shown; a name that comes again has its number: `Phone (2)`.
    pub(super) names: Vec<String>,
    by_name: HashMap<String, usize>,
    by_plain_name: HashMap<String, usize>,
    /// What each gives besides itself.
    pub(super) sources: Vec<Option<derived::Source>>,
}

impl Columns {
    /// Columns without names, called `1`, `2` …
    pub(super) fn numbered() -> Self {
        let by_name = (0..MOST_COLUMNS).map(|at| ((at + 1).to_string(), at)).collect();
        Self { by_name, ..Self::default() }
    }

    /// Columns with the names in `cells`; one without a name has its number.
    pub(super) fn named(cells: &[String]) -> Self {
        let mut columns = Self::default();
        // Tables of spreadsheets often end in columns without anything.
        let last = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1);
        for (at, cell) in cells.iter().take(last).enumerate() {
            let name = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            let name = if name.is_empty() { (at + 1).to_string() } else { name };
            let mut unique = name.clone();
            let mut number = 1;
            while columns.by_name.contains_key(&unique) {
                number += 1;
                unique = format!("{name} ({number})");
            }
            columns.by_plain_name.entry(plain(&unique)).or_insert(at);
            columns.by_name.insert(unique.clone(), at);
            columns.sources.push(derived::source(&name));
            columns.names.push(unique);
        }
        columns
    }

    /// How many there are; 0 when they have no names.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Where the column of this name stands; capitals, spaces and accents don't
    /// matter when no name is just the same.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        self.by_name.get(name).or_else(|| self.by_plain_name.get(&plain(name))).copied()
    }

    /// The text of `row` in a column; `None` when there is nothing.
    pub(super) fn cell<'a>(&self, row: &'a Row, column: &str) -> Option<&'a str> {
        let cell = row.cells.get(self.position(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// The problem with a mapping that names columns as its key which are not
    /// there: without it no row can be known again.
    pub(super) fn missing(&self, mapping: &Mapping) -> Option<Problem> {
        let is_there = |name: &&String| self.position(name).is_some() || derived::is_derived(name);
        let missing: Vec<&str> =
            mapping.key.iter().filter(|name| !is_there(name)).map(String::as_str).collect();
        if missing.is_empty() {
            return None;
        }
        let what = format!(
            "there is no column `{}`; the columns are {}",
            missing.join("`, `"),
            self.names.iter().take(50).cloned().collect::<Vec<_>>().join(", ")
        );
        Some(
            Problem::broken("columns-changed", format!("row {}", mapping.header_row), what)
                .advice("Give the column its name again, or correct the mapping of the source."),
        )
    }
}

/// A name in lower case, without accents and all but letters and digits.
pub(super) fn plain(name: &str) -> String {
    let letters = name.nfd().filter(|character| !is_combining_mark(*character)).take(100);
    letters.filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
