//! A list as comma-separated values (RFC 4180): UTF-8, CRLF, a header line.
//!
//! The columns are the same for all kinds and only ever grow at the end.
//! Text which a spreadsheet would run as a formula gets an apostrophe in
//! front (OWASP, “CSV Injection”); [`unguard`] takes it off again, so that
//! what was exported can be imported. Numbers are ours and stay as they are.

use csv::Terminator;
use csv::WriterBuilder;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::entry::joined;
use super::entry::names;
use crate::model::Point;

/// The header: the columns in their order.
pub const COLUMNS: [&str; COUNT] = [
    "id",
    "type",
    "name",
    "summary",
    "asset_type",
    "resource_type",
    "status",
    "provider",
    "topics",
    "audience",
    "area_served",
    "address",
    "locality",
    "postcode",
    "latitude",
    "longitude",
    "distance_metres",
    "match",
    "online",
    "access_mode",
    "schedule",
    "cost",
    "telephone",
    "email",
    "url",
    "languages",
    "published",
    "last_reviewed",
    "valid_until",
    "code",
    "page",
    "report",
    "licence",
];

const COUNT: usize = 33;

/// What stands in a cell.
enum Cell {
    Empty,
    /// Words from outside.
    Text(String),
    /// Digits that we wrote; `-3.17` is a number and no formula.
    Number(String),
}

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let written = "memory takes any bytes, and every row has the same columns";
    writer.write_record(COLUMNS).expect(written);
    for entry in entries(list) {
        let cells = row(entry, list.licence).map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => guard(text),
            Cell::Number(digits) => digits,
        });
        writer.write_record(cells).expect(written);
    }
    writer.into_inner().expect(written)
}

/// The cells of a result, in the order of [`COLUMNS`].
fn row(entry: Entry, licence: Option<&str>) -> [Cell; COUNT] {
    let degrees = |of: fn(Point) -> f64| {
        entry.points.first().map_or(Cell::Empty, |point| Cell::Number(of(*point).to_string()))
    };
    [
        text(Some(entry.id)),
        text(Some(entry.kind)),
        text(Some(entry.name)),
        text(entry.summary),
        text(entry.asset_type),
        text(entry.resource_type),
        text(entry.status),
        text(entry.provider),
        text(joined(names(&entry.topics))),
        text(joined(names(&entry.audience))),
        text(joined(names(&entry.areas))),
        text(entry.address),
        text(entry.locality),
        text(entry.postcode),
        degrees(Point::latitude),
        degrees(Point::longitude),
        entry.distance.map_or(Cell::Empty, Cell::Number),
        text(entry.reason),
        text(entry.online.map(|online| online.to_string())),
        text(entry.access_mode),
        text(entry.schedule),
        text(entry.cost),
        text(entry.telephone),
        text(entry.email),
        text(entry.url),
        text(joined(entry.languages.iter())),
        text(entry.published),
        text(entry.last_reviewed),
        text(entry.valid_until),
        text(entry.code),
        text(Some(entry.page)),
        text(entry.report),
        text(licence.map(str::to_owned)),
    ]
}

fn text(text: Option<String>) -> Cell {
    text.map_or(Cell::Empty, Cell::Text)
}

/// Puts an apostrophe in front of what a spreadsheet would run, and of what
/// would otherwise look as if that had been done.
pub(in crate::web) fn guard(text: String) -> String {
    if looks_like_formula(&text) { format!("'{text}") } else { text }
}

/// Takes off the apostrophe that [`write()`](super::write()) put in front of the
/// text of a cell.
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if looks_like_formula(text) => text,
        _ => cell,
    }
}

/// Whether the first character, apostrophes apart, is one that begins a
/// formula, or that spreadsheets skip before one.
fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_run_gets_an_apostrophe_and_loses_it_again() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+44 131 496 0000", "'+44 131 496 0000"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guard(text.to_owned()), cell);
            assert_eq!(unguard(cell), text);
        }
    }

    proptest! {
        #[test]
        fn no_cell_runs_and_every_cell_can_be_read_back(text in "['=+@\t\r\na-]{0,4}\\PC{0,6}") {
            let cell = guard(text.clone());
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            prop_assert_eq!(unguard(&cell), text);
        }
    }
}
