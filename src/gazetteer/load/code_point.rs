//! Code-Point Open: CSV without a heading, a file for each postcode area.
//!
//! Columns: postcode, positional quality (10 best, 90 none), easting,
//! northing, country, NHS region, NHS health authority, county, district,
//! ward. Source: Ordnance Survey, “Code-Point Open technical specification”.

use std::io::Read;

use super::rows::{Fault, Heading, Row, Rows};
use super::units::{Given, Published, grid_point, postcode};
use super::{LoadError, Loading};
use crate::model::Metres;

pub(super) fn read(
    name: &str,
    source: &mut dyn Read,
    loading: &mut Loading<'_>,
) -> Result<Vec<Published>, LoadError> {
    Rows::new(name, source, Heading::Absent)?.read_all(loading, read_row)
}

fn read_row(row: &Row<'_>) -> Result<Option<Published>, Fault> {
    let precision = match row.number(1)? {
        Some(10.0) => 100.0,
        Some(quality) if quality < 60.0 => 250.0,
        Some(quality) if quality < 90.0 => 2_000.0,
        _ => return Ok(None),
    };
    let Some(point) = grid_point(row, 2, 3)? else { return Ok(None) };
    Ok(Some(Published {
        postcode: postcode(row, 0)?,
        point,
        precision: Metres::new(precision).expect("the precision is positive"),
        terminated: None,
        given: Given {
            country: row.text(4).into_owned(),
            narrower: [9, 8, 6].map(|column| row.text(column).into_owned()).to_vec(),
        },
    }))
}
