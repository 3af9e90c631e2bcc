//! Tests of [`postcode`](super).

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str, part: PostcodePart) {
    let postcode: Postcode = text.parse().unwrap();
    assert_eq!((postcode.to_string().as_str(), postcode.part()), (expected, part), "{text:?}");
}

#[test]
fn case_and_spacing_do_not_matter() {
    for text in ["EH6 8RG", "eh68rg", " eH6\u{a0}8rG ", "E H 6 8 R G", "eh6  8rg\t", "EH68 RG"] {
        check(text, "EH6 8RG", PostcodePart::Unit);
    }
}

#[test]
fn every_shape_of_a_unit_is_read() {
    for text in ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "GIR 0AA"] {
        check(text, text, PostcodePart::Unit);
        check(&text.replace(' ', ""), text, PostcodePart::Unit);
    }
}

#[test]
fn sectors_and_districts_are_read() {
    check("eh6", "EH6", PostcodePart::District);
    check("EC1A", "EC1A", PostcodePart::District);
    check("eh6 8", "EH6 8", PostcodePart::Sector);
    check("G128", "G12 8", PostcodePart::Sector);
    check("AB10 1", "AB10 1", PostcodePart::Sector);
    check("GIR 0", "GIR 0", PostcodePart::Sector);
}

#[test]
fn a_gap_tells_a_sector_from_a_district() {
    let readings = |text| {
        let Readings { first, other } = Postcode::readings(text).unwrap();
        (first.to_string(), other.map(|other| other.to_string()))
    };
    assert_eq!(readings("EH11"), ("EH11".to_owned(), Some("EH1 1".to_owned())));
    assert_eq!(readings("EH1 1"), ("EH1 1".to_owned(), Some("EH11".to_owned())));
    assert_eq!(readings("EH11 1"), ("EH11 1".to_owned(), None));
    assert_eq!(readings("EH6 8RG"), ("EH6 8RG".to_owned(), None));
}

#[test]
fn letters_for_digits_are_put_right_by_their_place() {
    for (text, expected) in [
        ("EH6 ORG", "EH6 0RG"),
        ("EHI 1AA", "EH1 1AA"),
        ("EH1O 4AA", "EH10 4AA"),
        ("G1I 5AB", "G11 5AB"),
        ("0X1 2JD", "OX1 2JD"),
        ("S01 1AA", "SO1 1AA"),
        ("P01 3AX", "PO1 3AX"),
        ("GIR OAA", "GIR 0AA"),
    ] {
        check(text, expected, PostcodePart::Unit);
    }
}

#[test]
fn what_is_no_postcode_is_refused() {
    for text in ["EH6 8R", "EH6 8RGG", "EH", "6", "12", "1234567", "Oxo", "Leith", "EH6666"] {
        assert!(matches!(text.parse::<Postcode>(), Err(PostcodeError::Shape(_))), "{text}");
    }
    assert_eq!(" \u{a0} ".parse::<Postcode>(), Err(PostcodeError::Empty));
    assert_eq!("EH6-8RG".parse::<Postcode>(), Err(PostcodeError::Character('-')));
    assert_eq!("Ë1 1AA".parse::<Postcode>(), Err(PostcodeError::Character('Ë')));
}

#[test]
fn the_parts_of_a_unit_are_told() {
    let unit: Postcode = "EH6 8RG".parse().unwrap();
    assert_eq!((unit.area(), unit.outward(), unit.inward()), ("EH", "EH6", "8RG"));
    assert_eq!(unit.sector(), Some("EH6 8".parse().unwrap()));
    assert_eq!(unit.district(), "EH6".parse().unwrap());
    assert_eq!(unit.district().sector(), None);
    assert_eq!(unit.compact(), "EH68RG");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        drop(Postcode::readings(&text));
    }

    #[test]
    fn what_is_near_to_a_postcode_is_read_or_refused(text in "[A-Za-z0-9 \u{a0}]{0,9}") {
        if let Ok(postcode) = text.parse::<Postcode>() {
            let shown = postcode.to_string();
            prop_assert_eq!(shown.parse::<Postcode>(), Ok(postcode));
        }
    }

    #[test]
    fn every_spacing_of_a_unit_reads_the_same(
        outward in "[A-HJ-NP-Z]{1,2}[1-9][0-9]?",
        inward in "[0-9][A-HJ-NP-Z]{2}",
        gap in "[ \u{a0}\t]{0,3}",
    ) {
        let expected = format!("{outward} {inward}");
        let text = format!("{gap}{outward}{gap}{inward}{gap}").to_lowercase();
        prop_assert_eq!(text.parse::<Postcode>().unwrap().to_string(), expected);
    }
}
