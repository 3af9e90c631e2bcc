//! Tables: CSV, TSV, and the workbooks of Excel and `LibreOffice`.
//!
//! A saved mapping says what the columns are; a table that a register like this
//! one has exported says it by itself; else it is guessed from their names and
//! values, and a warning asks to confirm it. Rows come one
//! after the other and become drafts at once, so that a table is never in
//! memory as a whole. Nothing here knows what a field means: that is for
//! [`mapped`](crate::harvest::mapped).

mod columns;
mod delimited;
mod derived;
mod guess;
mod limits;
mod open_document;
mod own;
mod package;
mod pieces;
mod roles;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Problem, Severity};
use crate::harvest::mapped;
use crate::harvest::mapping::Mapping;

use columns::Columns;
use limits::Limited;

pub use guess::guess;
pub(super) use pieces::pieces;

pub(super) const CSV: Format = Format {
    name: "csv",
    label: "CSV or TSV",
    specification: "https://www.rfc-editor.org/rfc/rfc4180",
    accept: "text/csv, text/tab-separated-values;q=0.9, text/plain;q=0.5",
    listing: Listing::Complete,
    recognises: delimited::recognises,
    extract,
};

pub(super) const XLSX: Format = Format {
    name: "xlsx",
    label: "Excel workbook",
    specification: "https://ecma-international.org/publications-and-standards/standards/ecma-376/",
    accept: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    listing: Listing::Complete,
    recognises: package::recognises_xlsx,
    extract,
};

pub(super) const ODS: Format = Format {
    name: "ods",
    label: "OpenDocument spreadsheet",
    specification: "https://docs.oasis-open.org/office/OpenDocument/v1.3/",
    accept: "application/vnd.oasis.opendocument.spreadsheet",
    listing: Listing::Complete,
    recognises: package::recognises_ods,
    extract,
};

/// One row of a table, with its place in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    /// Counted from 1, as a spreadsheet shows it.
    number: usize,
    /// What people look for it by: `row 7`.
    at: String,
    /// The texts of the cells.
    cells: Vec<String>,
}

impl Row {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Gives the rows of a document one after the other, and stops when `each`
/// says so. What is wrong with the document goes to `problems`.
fn each_row(
    document: &Document,
    sheet: Option<&str>,
    problems: &mut Limited,
    each: &mut dyn FnMut(Row, &mut Limited) -> ControlFlow<()>,
) {
    let head = document.head();
    if head.starts_with(b"PK") {
        let is_ods = package::recognises_ods(document) > 0;
        let rows = if is_ods { open_document::rows } else { sheet::rows };
        match package::checked(&document.bytes) {
            Ok(()) => rows(&document.bytes, sheet, problems, each),
            Err(problem) => problems.push(*problem),
        }
    } else if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        problems.push(
            Problem::broken("old-workbook", "", "workbooks of Excel before 2007 are not read")
                .advice("Save it as .xlsx, .ods or .csv."),
        );
    } else {
        delimited::rows(document, problems, each);
    }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    if reading.mapping.is_none()
        && let Some(extraction) = own::extract(document)
    {
        return extraction;
    }
    let mut problems = Limited::default();
    let guessed = if reading.mapping.is_none() { guess(document) } else { None };
    let mapping = if let Some(mapping) = reading.mapping {
        let wrong = mapped::check(mapping);
        if !wrong.is_empty() {
            return Extraction { problems: wrong, ..Extraction::default() };
        }
        mapping
    } else if let Some(mapping) = &guessed {
        problems.push(unconfirmed(mapping));
        mapping
    } else {
        // What is wrong with the document itself says more.
        each_row(document, None, &mut problems, &mut |_, _| ControlFlow::Break(()));
        if !problems.are_broken() {
            problems.push(
                Problem::broken("no-mapping", "", "it can't be told what the columns are")
                    .advice("Name the columns in a first row, or save a mapping."),
            );
        }
        return Extraction { problems: problems.done(), ..Extraction::default() };
    };
    let mut extraction = Extraction::default();
    let mut columns = (mapping.header_row == 0).then(Columns::numbered);
    each_row(document, mapping.sheet.as_deref(), &mut problems, &mut |row, problems| {
        if row.number < mapping.header_row {
            return ControlFlow::Continue(());
        }
        let Some(columns) = &columns else {
            let named = Columns::named(&row.cells);
            let wrong = if row.number == mapping.header_row {
                named.vanished(mapping)
            } else {
                let what = format!("there is nothing in row {}", mapping.header_row);
                let advice = "Put the names of the columns there, or correct the mapping.";
                vec![Problem::broken("no-header", row.at.as_str(), what).advice(advice)]
            };
            columns = Some(named);
            let is_over = wrong.iter().any(|problem| problem.severity == Severity::Broken);
            problems.extend(wrong);
            return if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        };
        if !row.is_empty() {
            draft_of(&row, columns, mapping, &mut extraction, problems);
        }
        ControlFlow::Continue(())
    });
    extraction.problems = problems.done();
    extraction.guessed = guessed;
    extraction
}

/// The cells of these rows of a table, one after the other with a bar between
/// them; none when `document` is no table.
#[must_use]
pub fn texts_of(
    document: &Document,
    sheet: Option<&str>,
    wanted: &BTreeSet<usize>,
) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    let last = wanted.last().copied().unwrap_or_default();
    each_row(document, sheet, &mut Limited::default(), &mut |row, _| {
        if row.number > last {
            return ControlFlow::Break(());
        }
        if wanted.contains(&row.number) {
            found.insert(row.number, row.cells.join(" | "));
        }
        ControlFlow::Continue(())
    });
    found
}

fn draft_of(
    row: &Row,
    columns: &Columns,
    mapping: &Mapping,
    extraction: &mut Extraction,
    problems: &mut Limited,
) {
    let count = columns.count();
    if count > 0 && row.cells.iter().skip(count).any(|cell| !cell.trim().is_empty()) {
        let what = format!("{} cells in a table of {count} columns", row.cells.len());
        problems.push(
            Problem::warning("row-too-long", row.at.as_str(), what)
                .advice("Put texts with the separator in them in quotation marks."),
        );
    }
    let derived = derived::of(row, columns, problems);
    let get = |column: &str| -> Vec<String> {
        match derived.get(column) {
            Some(text) => vec![text.clone()],
            None => columns.cell(row, column).map(ToOwned::to_owned).into_iter().collect(),
        }
    };
    let (draft, found) = mapped::build(mapping, &get, &row.at);
    extraction.drafts.extend(draft);
    problems.extend(found);
}

fn unconfirmed(mapping: &Mapping) -> Problem {
    let fields: Vec<String> = mapping
        .fields
        .iter()
        .filter(|(_, rule)| !rule.from.is_empty())
        .map(|(field, rule)| format!("{field} from {}", rule.from.join(" + ")))
        .collect();
    let what = format!(
        "the columns were guessed: key from {}; {}",
        mapping.key.join(" + "),
        fields.join("; ")
    );
    Problem::warning("mapping-guessed", "", what)
        .advice("Look at the guess, correct it and save it as the mapping of the source.")
}
