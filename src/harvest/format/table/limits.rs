//! How large a table may be, and problems that don't grow with it.

use std::collections::BTreeMap;

use crate::harvest::extraction::{Problem, Severity};

/// Rows of a table; Scotland has some 200,000 of nothing that people visit.
pub(super) const MOST_ROWS: usize = 200_000;

/// Columns of a table, by contract.
pub(super) const MOST_COLUMNS: usize = 1_000;

/// Bytes of a cell: the longest text of a record has a fifth of it.
pub(super) const LONGEST_CELL: usize = 100_000;

/// Bytes of all cells of a row: a text that is said once in a workbook can
/// stand in all of them.
pub(super) const LONGEST_ROW: usize = 1 << 20;

/// Bytes of all cells of a table, for the same reason: 200,000 rows of 300.
pub(super) const LONGEST_TABLE: usize = 64 << 20;

/// Problems of one name that are kept; all are counted.
const MOST_ALIKE: usize = 1_000;

/// Problems, a thousand of a name at the most.
#[derive(Debug, Default)]
pub(super) struct Limited {
    kept: Vec<Problem>,
    counts: BTreeMap<String, usize>,
}

impl Limited {
    pub(super) fn push(&mut self, problem: Problem) {
        let count = self.counts.entry(problem.code.clone()).or_default();
        *count += 1;
        if *count <= MOST_ALIKE {
            self.kept.push(problem);
        }
    }

    pub(super) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// Whether the document itself can't be read.
    pub(super) fn are_broken(&self) -> bool {
        self.kept.iter().any(|problem| problem.severity == Severity::Broken)
    }

    /// The problems, with the count of those that were not kept.
    pub(super) fn done(mut self) -> Vec<Problem> {
        for (code, count) in self.counts {
            if count > MOST_ALIKE {
                let what = format!("{} more of `{code}` are not listed", count - MOST_ALIKE);
                self.kept.push(Problem::warning("more-problems", "", what));
            }
        }
        self.kept
    }
}

/// What was read of a table so far.
#[derive(Debug, Default)]
pub(super) struct Amount {
    rows: usize,
    bytes: usize,
}

impl Amount {
    /// Counts a row; the problem that ends the reading when it is one too many.
    pub(super) fn add(&mut self, cells: &mut Vec<String>, at: &str) -> Option<Problem> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            let what = format!("there are more than {MOST_ROWS} rows; the rest was not read");
            return Some(Problem::broken("too-many-rows", at, what));
        }
        cells.truncate(MOST_COLUMNS);
        let mut row = 0;
        for cell in cells.iter_mut() {
            let most = LONGEST_CELL.min(LONGEST_ROW - row);
            if cell.len() > most {
                let mut end = most;
                while !cell.is_char_boundary(end) {
                    end -= 1;
                }
                cell.truncate(end);
            }
            row += cell.len();
        }
        self.bytes += row;
        if self.bytes > LONGEST_TABLE {
            let what =
                format!("there is more text than {LONGEST_TABLE} bytes; the rest was not read");
            return Some(Problem::broken("too-much-text", at, what));
        }
        None
    }
}
