//! The postcode of a location: whole, and written one way; and its position:
//! whole, and not one that only stands for a position.
//!
//! SHACL can't say that they depend on the country and on each other. Whether
//! a postcode was ever given to anybody is the gazetteer's to know.

use std::ops::RangeInclusive;

use super::fault::Pointer;
use super::{Fault, Fields, Value, texts};
use crate::model::{Postcode, PostcodePart};

/// The shape of locations.
pub(super) const SHAPE: &str = "https://w3id.org/kist#LocationShape";

/// The country whose postcodes are known, and which a location is in when it
/// doesn't say.
const COUNTRY: &str = "GB";

/// Between which degrees the United Kingdom lies, with its coastal waters.
const LATITUDES: RangeInclusive<f64> = 49.7..=61.0;
/// See [`LATITUDES`].
const LONGITUDES: RangeInclusive<f64> = -8.8..=2.1;

/// Writes the postcode in capitals and with its one space; one that can't be
/// read stays as it is, for [`check`].
pub(super) fn normalise(fields: &mut Fields) {
    let Some(Ok(postcode)) = british(fields) else { return };
    fields.insert("postcode".to_owned(), vec![Value::Text(postcode.to_string())]);
}

/// The faults of the location at `pointer` that its shape can't tell.
pub(super) fn check(fields: &Fields, pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
    check_postcode(fields, pointer, faults);
    check_position(fields, pointer, faults);
}

/// A position has both numbers, is not 0/0, and is not swapped: outside the
/// country as it is, and inside the other way round.
fn check_position(fields: &Fields, pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
    let number = |key: &str| fields.get(key)?.first()?.as_double();
    let (key, detail) = match (number("latitude"), number("longitude")) {
        (None, None) => return,
        (Some(_), None) => ("latitude", "latitude has no longitude beside it".to_owned()),
        (None, Some(_)) => ("longitude", "longitude has no latitude beside it".to_owned()),
        (Some(0.0), Some(0.0)) => {
            ("latitude", "latitude 0 and longitude 0 are no position; leave them out".to_owned())
        }
        (Some(latitude), Some(longitude)) => {
            let is_inside = LATITUDES.contains(&latitude) && LONGITUDES.contains(&longitude);
            let is_swapped = LATITUDES.contains(&longitude) && LONGITUDES.contains(&latitude);
            if is_inside || !is_swapped || !is_here(fields) {
                return;
            }
            let detail = format!(
                "latitude {latitude} and longitude {longitude} are swapped; of another country \
                 than {COUNTRY} say the country"
            );
            ("latitude", detail)
        }
    };
    faults.push(Fault::new(&Pointer::Key(pointer, key), detail));
}

fn check_postcode(fields: &Fields, pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
    let detail = match british(fields) {
        None => return,
        Some(Ok(postcode)) if postcode.part() == PostcodePart::Unit => return,
        Some(Ok(part)) => format!(
            "`{part}` is a part of a postcode; give a whole one such as `EH6 8RG`, or leave it out"
        ),
        Some(Err(error)) => format!("{error}; of another country than {COUNTRY} say the country"),
    };
    faults.push(Fault::new(&Pointer::Key(pointer, "postcode"), detail));
}

/// The postcode, when there is one and it is of the United Kingdom.
fn british(fields: &Fields) -> Option<Result<Postcode, crate::model::PostcodeError>> {
    text(fields, "postcode").filter(|_| is_here(fields)).map(str::parse)
}

/// Whether the location is in the United Kingdom, or doesn't say.
fn is_here(fields: &Fields) -> bool {
    text(fields, "country").is_none_or(|country| country == COUNTRY)
}

fn text<'a>(fields: &'a Fields, key: &str) -> Option<&'a str> {
    texts(fields.get(key).map_or(&[], Vec::as_slice)).next()
}

#[cfg(test)]
#[path = "location_tests.rs"]
mod tests;
