//! A list as comma-separated values (RFC 4180): UTF-8, CRLF, a header line.
//!
//! The columns are the same for all kinds and only ever grow at the end. Those
//! from `venue` on are for programs: with them our own import reads the table
//! back unchanged (see [`crate::record::table`]). Text which a spreadsheet
//! would run as a formula gets an apostrophe in front, which the import takes
//! off again. Numbers are ours and stay as they are.

use csv::Terminator;
use csv::WriterBuilder;

use super::List;
use super::entry::Entry;
use super::entry::entry;
use super::entry::joined;
use super::entry::names;
use super::summary::Summary;
use crate::model::Point;
use crate::record::formula::guard;
use crate::record::{ObjectView, table};

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
    "attribution",
    "venue",
    "street_address",
    "region",
    "position_from",
    "country",
    "asset_type_id",
    "resource_type_id",
    "provider_id",
    "topic_ids",
    "audience_ids",
    "area_ids",
    table::MORE,
];

const COUNT: usize = 46;

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
    for item in &list.items {
        let Some(summary) = Summary::read(item.summary, list.language) else { continue };
        let Some(entry) = entry(list, item, &summary) else { continue };
        let details = item.details.and_then(ObjectView::read).unwrap_or_default();
        let exact = table::split(summary.as_object(), &details);
        let cells = row(entry, &exact).map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => guard(text),
            Cell::Number(digits) => digits,
        });
        writer.write_record(cells).expect(written);
    }
    writer.into_inner().expect(written)
}

/// The cells of a result, in the order of [`COLUMNS`].
fn row(entry: Entry, exact: &table::Row) -> [Cell; COUNT] {
    let licence = joined(entry.licence_words().iter());
    let of_table = |column: &str| text(exact.cell(column).map(str::to_owned));
    let more = (!exact.more.is_empty())
        .then(|| serde_json::to_string(&exact.more).expect("JSON can be written as JSON"));
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
        text(licence),
        text(entry.attribution),
        of_table("venue"),
        of_table("street_address"),
        of_table("region"),
        text(entry.position_from),
        of_table("country"),
        of_table("asset_type_id"),
        of_table("resource_type_id"),
        of_table("provider_id"),
        of_table("topic_ids"),
        of_table("audience_ids"),
        of_table("area_ids"),
        text(more),
    ]
}

fn text(text: Option<String>) -> Cell {
    text.map_or(Cell::Empty, Cell::Text)
}
