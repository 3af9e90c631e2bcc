//! Tests of [`areas`](super).

use super::*;

#[track_caller]
fn check(label: &str, code: Option<&str>, expected: &[&str]) {
    let gazetteer = Gazetteer::embedded();
    let (label, code) = (label.to_owned(), code.map(str::to_owned));
    let term = Term { field: FIELD.to_owned(), scheme: None, code, label };
    let found = codes_of(&gazetteer, &term).unwrap_or_default();
    assert_eq!(found, expected, "{term:?}");
}

#[test]
fn one_text_may_name_several_areas() {
    check("Fife, Dundee City and Angus", None, &["S12000047", "S12000042", "S12000041"]);
    check("Perth and Kinross; Fife", None, &["S12000048", "S12000047"]);
    check("Argyll and Bute/Highland", None, &["S12000035", "S12000017"]);
    check("Fife & Narnia", None, &[]);
    check("and", None, &[]);
}

#[test]
fn the_code_goes_before_the_name() {
    check("North", Some("https://statistics.example/id/S12000047"), &["S12000047"]);
    check("Fife", Some("fif"), &["S12000047"]);
}

#[test]
fn a_town_or_postcode_is_a_place_and_what_may_be_several_is_none() {
    let gazetteer = Gazetteer::embedded();
    for text in ["Portree", "EH6", "EH6 8RG", "Leith, Edinburgh"] {
        assert_eq!(is_place(&gazetteer, text), Ok(()), "{text}");
    }
    for text in ["Newtown", "Narnia", "55.9,-3.1"] {
        assert!(is_place(&gazetteer, text).is_err(), "{text}");
    }
    let offered = is_place(&gazetteer, "Aberdeen C").unwrap_err();
    assert_eq!(offered.first().map(String::as_str), Some("S12000033"), "{offered:?}");
}
