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
mod tests {
    use super::*;

    fn location(postcode: &str, country: Option<&str>) -> Fields {
        let text = |text: &str| vec![Value::Text(text.to_owned())];
        let mut fields = Fields::from([("postcode".to_owned(), text(postcode))]);
        fields.extend(country.map(|country| ("country".to_owned(), text(country))));
        fields
    }

    #[test]
    fn a_position_is_whole_and_the_right_way_round() {
        for (latitude, longitude, country, expected) in [
            (Some(55.97), Some(-3.17), None, None),
            (None, None, None, None),
            (Some(55.97), None, None, Some("/latitude: latitude has no longitude")),
            (None, Some(-3.17), None, Some("/longitude: longitude has no latitude")),
            (Some(0.0), Some(0.0), Some("SC"), Some("/latitude: latitude 0 and longitude 0")),
            (Some(-3.17), Some(55.97), None, Some("/latitude: latitude -3.17 and longitude 55.97")),
            (Some(-3.17), Some(55.97), Some("GB"), Some("/latitude: latitude -3.17 and")),
            // Off the Seychelles.
            (Some(-4.6), Some(55.4), Some("SC"), None),
            (Some(48.85), Some(2.35), None, None),
        ] {
            let mut fields = Fields::new();
            let mut set = |key: &str, value: Option<Value>| {
                fields.extend(value.map(|value| (key.to_owned(), vec![value])));
            };
            set("latitude", latitude.map(Value::Double));
            set("longitude", longitude.map(Value::Double));
            set("country", country.map(|text: &str| Value::Text(text.to_owned())));
            let mut faults = Vec::new();
            check(&fields, &Pointer::Root, &mut faults);
            let said = faults.first().map(ToString::to_string);
            match (said, expected) {
                (Some(said), Some(expected)) => assert!(said.starts_with(expected), "{said}"),
                (said, expected) => assert_eq!(said.as_deref(), expected),
            }
        }
    }

    #[test]
    fn a_postcode_is_whole_and_written_one_way() {
        for (given, country, expected) in [
            ("EH6 8RG", None, Some("EH6 8RG")),
            (" eh68rg", Some("GB"), Some("EH6 8RG")),
            ("EH6  8RG", None, Some("EH6 8RG")),
            ("G2 4AA", None, Some("G2 4AA")),
            ("EH6", None, None),
            ("EH6 8", None, None),
            ("Leith", None, None),
            ("EH6 8R", None, None),
            ("D02 X285", None, None),
            ("D02 X285", Some("IE"), Some("D02 X285")),
            ("75008", Some("FR"), Some("75008")),
        ] {
            let mut fields = location(given, country);
            normalise(&mut fields);
            let mut faults = Vec::new();
            let list = Pointer::Key(&Pointer::Root, "locations");
            check(&fields, &Pointer::Position(&list, 0), &mut faults);
            assert_eq!(faults.is_empty(), expected.is_some(), "{given}: {faults:?}");
            match expected {
                Some(expected) => assert_eq!(fields, location(expected, country), "{given}"),
                None => assert_eq!(faults[0].pointer, "/locations/0/postcode"),
            }
        }
        let mut faults = Vec::new();
        check(&Fields::new(), &Pointer::Root, &mut faults);
        assert_eq!(faults, []);
    }
}
