//! The names of a table's columns.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::limits::MOST_COLUMNS;
use super::{Row, derived};
use crate::harvest::extraction::{Problem, Severity};
use crate::harvest::mapped;
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

    /// The problems with columns that a mapping names and that are not there:
    /// without those of its key no row can be known again.
    pub(super) fn vanished(&self, mapping: &Mapping) -> Vec<Problem> {
        let at = format!("row {}", mapping.header_row);
        let is_missing = |name: &&String| !self.gives(name);
        let missing: Vec<&str> =
            mapping.key.iter().filter(is_missing).map(String::as_str).collect();
        if missing.is_empty() {
            return mapped::vanished(mapping, (&at, Severity::Error), &|name| self.gives(name));
        }
        let what = format!(
            "there is no column `{}`; the columns are {}",
            missing.join("`, `"),
            self.names.iter().take(50).cloned().collect::<Vec<_>>().join(", ")
        );
        vec![
            Problem::broken("columns-changed", at, what)
                .advice("Give the column its name again, or correct the mapping of the source."),
        ]
    }

    /// Whether there is a column of this name, or one that it is worked out
    /// from.
    fn gives(&self, name: &str) -> bool {
        let has = |wanted: derived::Source| self.sources.contains(&Some(wanted));
        match derived::origin(name) {
            _ if self.position(name).is_some() => true,
            Some(origin) => self.position(origin).is_some(),
            None if derived::is_derived(name) => {
                has(derived::Source::Easting) && has(derived::Source::Northing)
            }
            None => false,
        }
    }
}

/// A name in lower case, without accents and all but letters and digits.
pub(super) fn plain(name: &str) -> String {
    let letters = name.nfd().filter(|character| !is_combining_mark(*character)).take(100);
    letters.filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
