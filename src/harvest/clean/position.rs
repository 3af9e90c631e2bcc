//! Positions that can't be right: 0/0, latitude and longitude swapped, outside
//! the region. Whether a position fits a postcode is checked where postcodes
//! are known.

use crate::model::{BoundingBox, Point};

use super::{Cleaned, Note};

/// How near to 0/0 a position is none, in degrees: the nearest land is farther.
const NULL_ISLAND: f64 = 0.01;

/// South, west, north and east of the United Kingdom, with its coastal waters.
const UNITED_KINGDOM: [f64; 4] = [49.7, -8.8, 61.0, 2.1];

/// The box around the United Kingdom.
///
/// # Panics
///
/// Never: the numbers are constant, and a test makes the box.
#[must_use]
pub fn united_kingdom() -> BoundingBox {
    let [south, west, north, east] = UNITED_KINGDOM;
    let corner = |latitude, longitude| Point::new(latitude, longitude).expect("a test makes it");
    BoundingBox::new(corner(south, west), corner(north, east)).expect("a test makes it")
}

/// The position, with latitude and longitude put right when they are certainly
/// swapped: as they are they lie outside `region`, and the other way round
/// inside. What lies outside both ways stays, with a note.
///
/// # Errors
///
/// [`Note`] when it is no position: 0/0, or off the globe.
pub fn position(
    latitude: f64,
    longitude: f64,
    region: BoundingBox,
) -> Result<Cleaned<Point>, Note> {
    if latitude.abs() < NULL_ISLAND && longitude.abs() < NULL_ISLAND {
        let what = format!("the position {latitude}, {longitude} stands for “unknown”");
        return Err(Note { code: "null-position", what });
    }
    let point = Point::new(latitude, longitude);
    if let Ok(point) = point
        && region.contains(point)
    {
        return Ok(Cleaned::plain(point));
    }
    if let Ok(swapped) = Point::new(longitude, latitude)
        && region.contains(swapped)
    {
        let what = format!("latitude {latitude} and longitude {longitude} were swapped");
        return Ok(Cleaned::noted(swapped, "position-swapped", what));
    }
    let Ok(point) = point else {
        let what = format!("{latitude}, {longitude} is no latitude and longitude in degrees");
        return Err(Note { code: "bad-position", what });
    };
    let mirrored = Point::new(latitude, -longitude).is_ok_and(|mirrored| region.contains(mirrored));
    let hint = if mirrored { "; the minus of the longitude may be missing" } else { "" };
    let what = format!("the position {latitude}, {longitude} lies outside the region{hint}");
    Ok(Cleaned::noted(point, "position-outside", what))
}
