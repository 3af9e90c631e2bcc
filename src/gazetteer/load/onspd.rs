//! The ONS Postcode Directory: one table of the United Kingdom, live and
//! terminated. Its columns carry the year of the codes, so that they are
//! found by pattern.
//!
//! Source: ONS, “ONSPD user guide”, August 2025.

use std::io::Read;

use jiff::civil::Date;

use super::columns::Columns;
use super::rows::{Fault, Heading, Row, Rows};
use super::units::{Given, Published, accuracy, grid_point, postcode};
use super::{LoadError, Loading};

struct Wanted {
    postcode: usize,
    terminated: usize,
    latitude: usize,
    longitude: usize,
    easting: Option<usize>,
    northing: Option<usize>,
    accuracy: Option<usize>,
    country: usize,
    narrower: Vec<usize>,
}

pub(super) fn read(
    name: &str,
    source: &mut dyn Read,
    loading: &mut Loading<'_>,
) -> Result<Vec<Published>, LoadError> {
    let rows = Rows::new(name, source, Heading::Present)?;
    let columns = Columns::new(name, rows.heading());
    let ward = columns.optional(r"osward|wd\d+cd");
    let council = columns.needed(r"(os)?la(u|d)a?\d*(cd)?", "council")?;
    let health_board = columns.optional(r"oshlthau|hlth(au)?\d*(cd)?");
    let wanted = Wanted {
        postcode: columns.needed("pcds", "postcode")?,
        terminated: columns.needed("doterm", "month of termination")?,
        latitude: columns.needed("lat(itude)?", "latitude")?,
        longitude: columns.needed("long(itude)?", "longitude")?,
        easting: columns.optional("(os)?east1m"),
        northing: columns.optional("(os)?no?rth1m"),
        accuracy: columns.optional("osgrdind|gridind"),
        country: columns.needed(r"ctry\d*(cd)?", "country")?,
        narrower: [ward, Some(council), health_board].into_iter().flatten().collect(),
    };
    rows.read_all(loading, |row| read_row(row, &wanted))
}

fn read_row(row: &Row<'_>, wanted: &Wanted) -> Result<Option<Published>, Fault> {
    let postcode = postcode(row, wanted.postcode)?;
    // 99.999999 stands for “no position”.
    let has_position = row.number(wanted.latitude)?.is_some_and(|latitude| latitude < 90.0);
    let point = match (has_position, wanted.easting, wanted.northing) {
        (true, ..) => row.point(wanted.latitude, wanted.longitude)?,
        (false, Some(easting), Some(northing)) => grid_point(row, easting, northing)?,
        _ => None,
    };
    let Some(point) = point else { return Ok(None) };
    let text = |column: usize| row.text(column).into_owned();
    Ok(Some(Published {
        postcode,
        point,
        precision: accuracy(wanted.accuracy.map(|column| row.text(column)).as_deref()),
        terminated: month(row, wanted.terminated)?,
        given: Given {
            country: text(wanted.country),
            narrower: wanted.narrower.iter().map(|&column| text(column)).collect(),
        },
    }))
}

/// The first day of a month, `yyyymm`.
fn month(row: &Row<'_>, column: usize) -> Result<Option<Date>, Fault> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(None);
    }
    let date = text
        .split_at_checked(4)
        .and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok());
    date.map(Some).ok_or_else(|| row.fault(column, "is not a year and month"))
}
