//! The rows of an Excel workbook, cell by cell.

use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use super::Row;
use super::limits::{Amount, LONGEST_ROW, Limited, MOST_COLUMNS, MOST_ROWS};
use crate::harvest::extraction::Problem;

pub(super) fn rows(
    bytes: &[u8],
    sheet: Option<&str>,
    problems: &mut Limited,
    each: &mut dyn FnMut(Row, &mut Limited) -> ControlFlow<()>,
) {
    let mut workbook = match Xlsx::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(error) => {
            problems.push(Problem::broken("bad-workbook", "", error.to_string()));
            return;
        }
    };
    let Some(name) = chosen(&workbook, sheet) else {
        let names = workbook.sheet_names().into_iter().take(50).collect::<Vec<_>>().join(", ");
        let what = match sheet {
            Some(sheet) => format!("there is no sheet `{sheet}`; the sheets are {names}"),
            None => "the workbook has no sheet".to_owned(),
        };
        problems.push(Problem::broken("no-sheet", "", what));
        return;
    };
    let mut cells = match workbook.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        Err(error) => {
            problems.push(Problem::broken("bad-workbook", name, error.to_string()));
            return;
        }
    };
    let mut amount = Amount::default();
    let mut row = Row::default();
    let mut bytes_of_row = 0;
    loop {
        let cell = match cells.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(error) => {
                let _ = given(&mut row, &mut amount, problems, each);
                problems.push(Problem::broken("bad-workbook", row.at, error.to_string()));
                return;
            }
        };
        let (at, column) = cell.get_position();
        let number = usize::try_from(at).unwrap_or(usize::MAX).saturating_add(1);
        if number != row.number {
            if number < row.number || number > MOST_ROWS * 6 {
                let what = format!("row {number} stands behind row {}", row.number);
                problems.push(Problem::broken("bad-workbook", row.at, what));
                return;
            }
            if given(&mut row, &mut amount, problems, each).is_break() {
                return;
            }
            row = Row { number, at: format!("row {number}"), cells: Vec::new() };
            bytes_of_row = 0;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            if !matches!(cell.get_value(), DataRef::Empty) {
                let what = format!("cells beyond column {MOST_COLUMNS} were not read");
                problems.push(Problem::warning("too-many-columns", row.at.as_str(), what));
            }
            continue;
        }
        let text = text_of(cell.get_value(), &row.at, problems);
        bytes_of_row += text.len();
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if bytes_of_row <= LONGEST_ROW {
            row.cells[column] = text;
        }
    }
    let _ = given(&mut row, &mut amount, problems, each);
}

/// Gives a row that has anything in it.
fn given(
    row: &mut Row,
    amount: &mut Amount,
    problems: &mut Limited,
    each: &mut dyn FnMut(Row, &mut Limited) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if row.number == 0 || row.is_empty() {
        return ControlFlow::Continue(());
    }
    if let Some(problem) = amount.add(&mut row.cells, &row.at) {
        problems.push(problem);
        return ControlFlow::Break(());
    }
    let cells = std::mem::take(&mut row.cells);
    each(Row { number: row.number, at: row.at.clone(), cells }, problems)
}

/// The sheet that is asked for, or the first that people see.
fn chosen(workbook: &Xlsx<Cursor<&[u8]>>, sheet: Option<&str>) -> Option<String> {
    let sheets = workbook.sheets_metadata();
    let of_cells = |typ| matches!(typ, SheetType::WorkSheet);
    let found = match sheet {
        Some(name) => sheets.iter().find(|sheet| sheet.name == name),
        None => sheets
            .iter()
            .find(|s| of_cells(s.typ) && s.visible == SheetVisible::Visible)
            .or_else(|| sheets.iter().find(|sheet| of_cells(sheet.typ))),
    };
    found.map(|sheet| sheet.name.clone())
}

fn text_of(value: &DataRef<'_>, at: &str, problems: &mut Limited) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) => text_of_moment(*moment),
        DataRef::DurationIso(text) => super::open_document::clock_of(text).unwrap_or_default(),
        DataRef::Error(error) => {
            let what = format!("a formula gives the error {error}");
            problems.push(Problem::warning("formula-error", at, what));
            String::new()
        }
        DataRef::Empty => String::new(),
    }
}

/// A day as `2026-04-03`, a time of day as `19:30`, or both.
fn text_of_moment(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let number = moment.as_f64();
    if (0.0..1.0).contains(&number) {
        format!("{hour:02}:{minute:02}")
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}
