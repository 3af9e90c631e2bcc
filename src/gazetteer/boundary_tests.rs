//! Tests of [`boundary`](super).

use proptest::prelude::*;

use super::*;

fn corner(latitude: i32, longitude: i32) -> Corner {
    Corner { latitude: latitude * 1_000_000, longitude: longitude * 1_000_000 }
}

/// A square of ten degrees with a square hole of two in its middle.
fn square_with_a_hole() -> Boundary {
    let outer = vec![corner(0, 0), corner(0, 10), corner(10, 10), corner(10, 0)];
    let hole = vec![corner(4, 4), corner(6, 4), corner(6, 6), corner(4, 6)];
    Boundary::new(vec![vec![outer, hole]]).unwrap()
}

#[track_caller]
fn check(latitude: f64, longitude: f64, expected: bool) {
    let point = Point::new(latitude, longitude).unwrap();
    assert_eq!(square_with_a_hole().contains(point), expected, "{point}");
}

#[test]
fn a_hole_is_outside() {
    check(1.0, 1.0, true);
    check(5.0, 5.0, false);
    check(-1.0, 5.0, false);
    check(5.0, 11.0, false);
}

#[test]
fn well_known_text_has_longitude_first_and_closed_rings() {
    let triangle = Boundary::new(vec![vec![vec![corner(1, 2), corner(1, 3), corner(2, 3)]]]);
    assert_eq!(triangle.unwrap().to_wkt(), "POLYGON ((2 1, 3 1, 3 2, 2 1))");
}

#[test]
fn the_centroid_of_a_square_is_its_middle() {
    let middle = square_with_a_hole().centroid();
    assert!((middle.latitude() - 5.0).abs() < 1e-9, "{middle}");
    assert!((middle.longitude() - 5.0).abs() < 1e-9, "{middle}");
}

#[test]
fn a_known_polyline_is_read() {
    let line = Boundary::decode(5, "_p~iF~ps|U_ulLnnqC_mqNvxq`@").unwrap();
    let corners = &line.polygons()[0][0];
    assert_eq!(corners[1], Corner { latitude: 40_700_000, longitude: -120_950_000 });
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(
        corners in prop::collection::vec((-90_000_000..90_000_000, -180_000_000..180_000_000), 3..40)
    ) {
        let ring = corners.into_iter().map(|(latitude, longitude)| Corner { latitude, longitude });
        let boundary = Boundary::new(vec![vec![ring.collect()]]).unwrap();
        prop_assert_eq!(Boundary::decode(6, &boundary.encode()), Some(boundary));
    }

    #[test]
    fn damaged_text_never_panics(text in "[ -~]{0,60}", decimals in 0_u32..12) {
        drop(Boundary::decode(decimals, &text));
    }
}
