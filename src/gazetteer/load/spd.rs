//! The Scottish Postcode Directory of National Records of Scotland, live and
//! terminated; the one file that names integration authorities.
//!
//! A postcode that lies on both sides of a boundary is split: its rows carry
//! a letter behind it, of which `A` is the larger part and the one that is
//! taken. Source: NRS, “Scottish Postcode Directory user guide”, 2026/2.

use std::io::Read;

use jiff::civil::Date;

use super::columns::Columns;
use super::rows::{Fault, Heading, Row, Rows};
use super::units::{Given, Published, accuracy, grid_point};
use super::{LoadError, Loading};
use crate::gazetteer::SCOTLAND;
use crate::model::{Postcode, PostcodePart};

struct Wanted {
    postcode: usize,
    terminated: usize,
    latitude: Option<usize>,
    longitude: Option<usize>,
    easting: usize,
    northing: usize,
    accuracy: Option<usize>,
    narrower: Vec<usize>,
}

pub(super) fn read(
    name: &str,
    source: &mut dyn Read,
    loading: &mut Loading<'_>,
) -> Result<Vec<Published>, LoadError> {
    let rows = Rows::new(name, source, Heading::Present)?;
    let columns = Columns::new(name, rows.heading());
    let narrower = [
        columns.optional(r"ElectoralWard\d*Code"),
        Some(columns.needed(r"CouncilArea\d*Code", "council")?),
        columns.optional(r"IntegrationAuthority\d*Code"),
        columns.optional(r"HealthBoardArea\d*Code"),
    ];
    let wanted = Wanted {
        postcode: columns.needed("Postcode", "postcode")?,
        terminated: columns.needed("DateOfDeletion", "date of deletion")?,
        latitude: columns.optional("Latitude"),
        longitude: columns.optional("Longitude"),
        easting: columns.needed("GridReferenceEasting", "easting")?,
        northing: columns.needed("GridReferenceNorthing", "northing")?,
        accuracy: columns.optional("GridLinkPositionalAccuracy"),
        narrower: narrower.into_iter().flatten().collect(),
    };
    rows.read_all(loading, |row| read_row(row, &wanted))
}

fn read_row(row: &Row<'_>, wanted: &Wanted) -> Result<Option<Published>, Fault> {
    let Some(postcode) = unsplit(row, wanted.postcode)? else { return Ok(None) };
    let published = match (wanted.latitude, wanted.longitude) {
        (Some(latitude), Some(longitude)) => row.point(latitude, longitude)?,
        _ => None,
    };
    let point = match published {
        Some(point) => Some(point),
        None => grid_point(row, wanted.easting, wanted.northing)?,
    };
    let Some(point) = point else { return Ok(None) };
    Ok(Some(Published {
        postcode,
        point,
        precision: accuracy(wanted.accuracy.map(|column| row.text(column)).as_deref()),
        terminated: day(row, wanted.terminated)?,
        given: Given {
            country: SCOTLAND.to_owned(),
            narrower: wanted.narrower.iter().map(|&at| row.text(at).into_owned()).collect(),
        },
    }))
}

/// The postcode, of a split one for its part `A`; `None` for other parts.
fn unsplit(row: &Row<'_>, column: usize) -> Result<Option<Postcode>, Fault> {
    let text = row.text(column);
    let unit = |text: &str| {
        let postcode: Postcode = text.parse().ok()?;
        (postcode.part() == PostcodePart::Unit).then_some(postcode)
    };
    if let Some(whole) = unit(&text) {
        return Ok(Some(whole));
    }
    let part = text.chars().last().filter(char::is_ascii_alphabetic);
    let shorter = part.and_then(|part| unit(&text[..text.len() - part.len_utf8()]));
    match (shorter, part) {
        (Some(postcode), Some('A' | 'a')) => Ok(Some(postcode)),
        (Some(_), _) => Ok(None),
        (None, _) => Err(row.fault(column, "is not a postcode")),
    }
}

/// A day, `d/m/yyyy` with or without a time.
fn day(row: &Row<'_>, column: usize) -> Result<Option<Date>, Fault> {
    let text = row.text(column);
    let Some(date) = text.split_whitespace().next() else { return Ok(None) };
    let mut parts = date.split('/');
    let mut read = || {
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let date = read();
    date.map(Some).ok_or_else(|| row.fault(column, "is not a date such as 31/1/2016"))
}
