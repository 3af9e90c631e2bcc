//! The postcode of a location: whole, and written one way.
//!
//! SHACL can't say that it depends on the country. Whether a postcode was
//! ever given to anybody is the gazetteer's to know.

use super::fault::Pointer;
use super::{Fault, Fields, Value, texts};
use crate::model::{Postcode, PostcodePart};

/// The shape of locations.
pub(super) const SHAPE: &str = "https://w3id.org/kist#LocationShape";

/// The country whose postcodes are known, and which a location is in when it
/// doesn't say.
const COUNTRY: &str = "GB";

/// Writes the postcode in capitals and with its one space; one that can't be
/// read stays as it is, for [`check`].
pub(super) fn normalise(fields: &mut Fields) {
    let Some(Ok(postcode)) = british(fields) else { return };
    fields.insert("postcode".to_owned(), vec![Value::Text(postcode.to_string())]);
}

/// The faults of the postcode of the location at `pointer`.
pub(super) fn check(fields: &Fields, pointer: &Pointer<'_>, faults: &mut Vec<Fault>) {
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
    let text = |key: &str| texts(fields.get(key).map_or(&[], Vec::as_slice)).next();
    let is_here = text("country").is_none_or(|country| country == COUNTRY);
    text("postcode").filter(|_| is_here).map(str::parse)
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
