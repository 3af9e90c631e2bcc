//! CSV and its relatives: which characters separate and quote, and the rows.

use std::ops::ControlFlow;

use super::Row;
use super::limits::{Amount, Limited};
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::Problem;

const DECLARED: &[&str] = &[
    "text/csv",
    "application/csv",
    "text/x-csv",
    "text/comma-separated-values",
    "text/tab-separated-values",
    "application/x-csv",
];

/// Media types that servers give to files that they don't know.
const UNKNOWING: &[&str] = &["text/plain", "application/octet-stream", "application/vnd.ms-excel"];

/// Characters that separate cells, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// How many rows are looked at to tell which of them it is.
const LOOKED_AT: usize = 30;

/// Line breaks within one cell from which on a quotation mark was probably
/// never closed.
const BROKEN_LINES: usize = 1_000;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) separator: u8,
    pub(super) quote: u8,
}

pub(super) fn recognises(document: &Document) -> u8 {
    if !is_text(document.head()) {
        return 0;
    }
    if document.is_declared(DECLARED) {
        return 90;
    }
    let path = document.url.path().to_ascii_lowercase();
    let is_named = [".csv", ".tsv", ".tab"].iter().any(|ending| path.ends_with(ending));
    let is_unknown = document.media_type.is_none() || document.is_declared(UNKNOWING);
    match (is_unknown, is_named) {
        (true, true) => 80,
        (true, false) => {
            let text = String::from_utf8_lossy(document.head());
            let lines: Vec<&str> = text.lines().take(3).collect();
            let is_table = lines.len() > 1
                && SEPARATORS.iter().any(|separator| {
                    let count = |line: &str| line.bytes().filter(|b| b == separator).count();
                    count(lines[0]) >= 2 && count(lines[0]) == count(lines[1])
                });
            if is_table { 25 } else { 0 }
        }
        (false, true) => 20,
        (false, false) => 0,
    }
}

/// Whether it can be a table at all: no markup, JSON, calendar or archive.
fn is_text(head: &[u8]) -> bool {
    let is_other = [b"<".as_slice(), b"{", b"[", b"BEGIN:", b"PK", b"%PDF", &[0xD0, 0xCF, 0x11]]
        .iter()
        .any(|start| head.starts_with(start));
    !is_other && !head.is_empty()
}

pub(super) fn rows(
    document: &Document,
    problems: &mut Limited,
    each: &mut dyn FnMut(Row, &mut Limited) -> ControlFlow<()>,
) {
    if !is_text(document.head()) {
        let what = "it is no table of text: markup, another format or nothing";
        problems.push(
            Problem::broken("unexpected-type", "", what)
                .advice("Check the address: it may answer with a page to log in."),
        );
        return;
    }
    let decoded = encoding::decode(document);
    let (text, told) = said_separator(&decoded.text);
    let dialect = sniffed(text, told);
    if decoded.encoding != "UTF-8" || dialect.separator != b',' || dialect.quote != b'"' {
        let what = format!(
            "read as {} with {} between cells and {} around them",
            decoded.encoding,
            name_of(dialect.separator),
            name_of(dialect.quote)
        );
        problems.push(Problem::warning("table-dialect", "", what));
    }
    problems.extend(decoded.warnings);
    let skipped = usize::from(text.len() < decoded.text.len());
    let mut amount = Amount::default();
    let mut record = csv::StringRecord::new();
    let mut reader = reader(text.as_bytes(), dialect);
    let mut number = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => {
                problems.push(Problem::error("bad-row", "", error.to_string()));
                continue;
            }
        }
        number += 1;
        let line = line_of(text, record.position()).saturating_add(skipped);
        let at = if line == number {
            format!("row {number}")
        } else {
            format!("row {number}, line {line}")
        };
        if let Some(cell) = record.iter().find(|cell| cell.lines().nth(BROKEN_LINES).is_some()) {
            let what = format!("a cell has {} lines", cell.lines().count());
            problems
                .push(Problem::broken("open-quotation", at, what).advice(
                    "A quotation mark is not closed: put two of them within quoted texts.",
                ));
            return;
        }
        let mut cells = record.iter().map(ToOwned::to_owned).collect();
        if let Some(problem) = amount.add(&mut cells, &at) {
            problems.push(problem);
            return;
        }
        if each(Row { number, at, cells }, problems).is_break() {
            return;
        }
    }
}

/// The line on which a row begins; the empty ones before it count.
fn line_of(text: &str, position: Option<&csv::Position>) -> usize {
    let Some(position) = position else { return 0 };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let empty = empty.filter(|byte| **byte == b'\n').count();
    usize::try_from(position.line()).unwrap_or(usize::MAX).saturating_add(empty)
}

pub(super) fn reader<R: std::io::Read>(text: R, dialect: Dialect) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.separator)
        .quote(dialect.quote)
        .from_reader(text)
}

/// The rest behind a first line `sep=;`, by which Excel says its separator. A
/// piece of a large table says there as well what stands around cells.
pub(super) fn said_separator(text: &str) -> (&str, Option<Said>) {
    let first = text.lines().next().unwrap_or_default();
    let rest = || text.split_once('\n').map_or("", |(_, rest)| rest);
    let said = first.strip_prefix("sep=").map(str::as_bytes);
    if let Some(&[separator, quote @ (b'"' | b'\'')]) = said {
        return (rest(), Some(Said { separator, quote: Some(quote) }));
    }
    match first.trim_matches(['"', '\r']).strip_prefix("sep=").map(str::as_bytes) {
        Some(&[separator]) => (rest(), Some(Said { separator, quote: None })),
        _ => (text, None),
    }
}

/// What a table says of its dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    separator: u8,
    quote: Option<u8>,
}

/// The dialect in which the first rows have most cells, and all as many.
pub(super) fn sniffed(text: &str, told: Option<Said>) -> Dialect {
    let quote = told.and_then(|told| told.quote).unwrap_or_else(|| quote_of(text));
    if let Some(Said { separator, .. }) = told {
        return Dialect { separator, quote };
    }
    let score = |separator: u8| -> usize {
        let mut record = csv::StringRecord::new();
        let mut reader = reader(text.as_bytes(), Dialect { separator, quote });
        let mut widths = Vec::new();
        while widths.len() < LOOKED_AT && matches!(reader.read_record(&mut record), Ok(true)) {
            widths.push(record.len());
        }
        widths.sort_unstable();
        // The usual width, and how many rows have it; one column is no table.
        let Some(&usual) = widths.get(widths.len() / 2).filter(|usual| **usual > 1) else {
            return 0;
        };
        let alike = widths.iter().filter(|width| **width == usual).count();
        alike * 1_000 / widths.len() * usual.min(100)
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| score(*separator));
    Dialect { separator: best.filter(|b| score(*b) > 0).unwrap_or(b','), quote }
}

/// Apostrophes quote when cells begin and end with them and no quotation mark
/// is there.
fn quote_of(text: &str) -> u8 {
    let head: String = text.chars().take(10_000).collect();
    let is_single = !head.contains('"')
        && [",'", ";'", "\t'", "|'"].iter().any(|start| {
            let end: String = start.chars().rev().collect();
            head.matches(start).count() >= 3 && head.matches(end.as_str()).count() >= 3
        });
    if is_single { b'\'' } else { b'"' }
}

fn name_of(character: u8) -> &'static str {
    match character {
        b',' => "commas",
        b'\t' => "tabs",
        b';' => "semicolons",
        b'|' => "vertical bars",
        b'\'' => "apostrophes",
        b'"' => "quotation marks",
        _ => "other characters",
    }
}
