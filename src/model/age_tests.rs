//! Tests of [`age`](super).

use super::*;

#[track_caller]
fn check(minimum: Option<u8>, maximum: Option<u8>, age: u8, expected: bool) {
    assert_eq!(AgeRange::new(minimum, maximum).unwrap().contains(age), expected);
}

#[test]
fn both_ends_are_included() {
    for (age, expected) in [(4, false), (5, true), (11, true), (12, false)] {
        check(Some(5), Some(11), age, expected);
    }
}

#[test]
fn an_open_end_has_no_bound() {
    check(Some(65), None, 104, true);
    check(None, Some(17), 0, true);
    check(None, None, 40, true);
}

#[test]
fn a_range_encloses_only_what_states_a_bound_where_it_has_one() {
    let range = |minimum, maximum| AgeRange::new(minimum, maximum).unwrap();
    let bounds = range(Some(5), Some(11));
    assert!(bounds.encloses(range(Some(5), Some(11))));
    for outside in [(Some(4), Some(11)), (Some(5), Some(12)), (Some(5), None), (None, None)] {
        assert!(!bounds.encloses(range(outside.0, outside.1)), "{outside:?}");
    }
    assert!(range(Some(60), None).encloses(range(Some(65), None)));
}

#[test]
fn refuses_a_range_that_ends_before_it_starts() {
    let error = AgeRange::new(Some(9), Some(8)).unwrap_err();
    assert_eq!(error.to_string(), "minimum age 9 is above maximum age 8");
}
