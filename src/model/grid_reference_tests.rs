//! Tests of [`grid_reference`](super).

use super::*;

/// Checks against a published position, to within 5 m.
#[track_caller]
fn check(easting: f64, northing: f64, latitude: f64, longitude: f64) {
    let found = GridReference::new(easting, northing).unwrap().to_point().unwrap();
    let away = found.distance(Point::new(latitude, longitude).unwrap());
    assert!(away.as_f64() < 5.0, "{found} is {away} away");
}

#[test]
fn postcodes_of_the_corners_of_scotland_are_where_they_are_published() {
    check(325_621.0, 673_516.0, 55.948_9, -3.192_59);
    check(142_442.0, 932_834.0, 58.208_78, -6.386_33);
    check(447_759.0, 1_141_280.0, 60.153_22, -1.141_6);
}

#[test]
fn what_is_off_the_grid_is_refused() {
    assert_eq!(GridReference::new(-1.0, 5.0), Err(GridReferenceError::Easting(-1.0)));
    assert_eq!(GridReference::new(1.0, 2e6), Err(GridReferenceError::Northing(2e6)));
    assert!(GridReference::new(f64::NAN, 0.0).is_err());
}
