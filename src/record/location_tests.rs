//! Tests of [`location`](super).

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
