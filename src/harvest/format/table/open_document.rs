//! The rows of an `OpenDocument` spreadsheet.
//!
//! Cells and rows that repeat are counted and not unfolded: a file of a few
//! hundred bytes can say that it has a thousand million cells.

use std::ops::ControlFlow;

use super::limits::{Amount, LONGEST_ROW, Limited, MOST_COLUMNS};
use super::{Row, package};
use crate::harvest::extraction::Problem;
use crate::harvest::xml::{Event, Reader, Tag, XmlError};

const TABLE: &str = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
const OFFICE: &str = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
const TEXT: &str = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";

pub(super) fn rows(
    bytes: &[u8],
    sheet: Option<&str>,
    problems: &mut Limited,
    each: &mut dyn FnMut(Row, &mut Limited) -> ControlFlow<()>,
) {
    let Some(content) = package::content(bytes, "content.xml") else {
        problems.push(Problem::broken("bad-workbook", "", "there is no content.xml in UTF-8"));
        return;
    };
    match read(&content, sheet, problems, each) {
        Ok(true) => {}
        Ok(false) => {
            let what = match sheet {
                Some(sheet) => format!("there is no sheet `{sheet}`"),
                None => "the workbook has no sheet".to_owned(),
            };
            problems.push(Problem::broken("no-sheet", "", what));
        }
        Err(error) => problems.push(Problem::broken("bad-workbook", "", error.to_string())),
    }
}

/// Whether the sheet was found.
fn read(
    content: &str,
    sheet: Option<&str>,
    problems: &mut Limited,
    each: &mut dyn FnMut(Row, &mut Limited) -> ControlFlow<()>,
) -> Result<bool, XmlError> {
    let mut reader = Reader::new(content);
    let mut amount = Amount::default();
    let mut number = 0_usize;
    let mut is_in_sheet = false;
    // Elements between the sheet and the reader, such as groups of rows.
    let mut depth = 0_usize;
    while let Some(event) = reader.next()? {
        match event {
            Event::Open(tag) if tag.is(TABLE, "table") && !is_in_sheet => {
                let name = tag.attribute_of(TABLE, "name");
                is_in_sheet = sheet.is_none_or(|sheet| name == Some(sheet));
                if !is_in_sheet {
                    reader.skip()?;
                }
            }
            Event::Open(tag) if is_in_sheet && tag.is(TABLE, "table-row") => {
                let cells = cells(&mut reader)?;
                let mut row = Row { number: number + 1, at: format!("row {}", number + 1), cells };
                number = number.saturating_add(repeated(&tag, "number-rows-repeated"));
                if row.is_empty() {
                    continue;
                }
                if let Some(problem) = amount.add(&mut row.cells, &row.at) {
                    problems.push(problem);
                    return Ok(true);
                }
                if each(row, problems).is_break() {
                    return Ok(true);
                }
            }
            Event::Open(_) if is_in_sheet => depth += 1,
            Event::Close if is_in_sheet => {
                if depth == 0 {
                    return Ok(true);
                }
                depth -= 1;
            }
            Event::Open(_) | Event::Close | Event::Text(_) => {}
        }
    }
    Ok(is_in_sheet)
}

/// The texts of a row's cells, up to its end.
fn cells(reader: &mut Reader<'_>) -> Result<Vec<String>, XmlError> {
    let mut cells: Vec<String> = Vec::new();
    let mut empty = 0_usize;
    let mut bytes = 0_usize;
    while let Some(event) = reader.next()? {
        let tag = match event {
            Event::Open(tag) => tag,
            Event::Close => break,
            Event::Text(_) => continue,
        };
        let text = text(reader, &tag)?;
        let count = repeated(&tag, "number-columns-repeated");
        if text.is_empty() {
            empty = empty.saturating_add(count);
            continue;
        }
        let start = cells.len().saturating_add(empty);
        empty = 0;
        if start >= MOST_COLUMNS {
            continue;
        }
        cells.resize(start, String::new());
        for _ in 0..count.min(MOST_COLUMNS - start) {
            bytes += text.len();
            if bytes > LONGEST_ROW {
                break;
            }
            cells.push(text.clone());
        }
    }
    Ok(cells)
}

fn repeated(tag: &Tag, name: &str) -> usize {
    tag.attribute_of(TABLE, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

/// The text of a cell: the value that it holds, or else what it shows.
fn text(reader: &mut Reader<'_>, tag: &Tag) -> Result<String, XmlError> {
    let mut shown = String::new();
    let mut depth = 0_usize;
    while let Some(event) = reader.next()? {
        match event {
            // Remarks and drawings are no part of the value.
            Event::Open(tag) if tag.is(OFFICE, "annotation") || tag.name == "frame" => {
                reader.skip()?;
            }
            Event::Open(tag) => {
                depth += 1;
                if tag.is(TEXT, "p") && !shown.is_empty() {
                    shown.push('\n');
                } else if tag.namespace == TEXT
                    && matches!(tag.name.as_str(), "s" | "tab" | "line-break")
                {
                    shown.push(' ');
                }
            }
            Event::Text(text) if depth > 0 => {
                if shown.len() < LONGEST_ROW {
                    shown.push_str(&text);
                }
            }
            Event::Text(_) => {}
            Event::Close if depth == 0 => break,
            Event::Close => depth -= 1,
        }
    }
    let value = |name: &str| tag.attribute_of(OFFICE, name);
    Ok(match value("value-type") {
        Some("float" | "percentage" | "currency") => {
            value("value").map_or(shown, ToOwned::to_owned)
        }
        Some("date") => value("date-value")
            .map_or(shown, |date| date.strip_suffix("T00:00:00").unwrap_or(date).to_owned()),
        Some("time") => value("time-value").and_then(clock_of).unwrap_or(shown),
        Some("boolean") => value("boolean-value").map_or(shown, ToOwned::to_owned),
        _ => shown,
    })
}

/// The time of day of a duration since midnight: `PT19H30M00S` is `19:30`.
pub(super) fn clock_of(duration: &str) -> Option<String> {
    let rest = duration.strip_prefix("PT")?;
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then(|| format!("{hours:02}:{minutes:02}"))
}
