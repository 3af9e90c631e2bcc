//! Tests of [`polygon`](super).

use super::*;

fn ring(corners: &[(f64, f64)]) -> Vec<Point> {
    corners.iter().map(|&(longitude, latitude)| Point::new(latitude, longitude).unwrap()).collect()
}

#[track_caller]
fn check(corners: &[(f64, f64)], expected: &str) {
    let read = Polygon::new(ring(corners)).map_err(|error| error.to_string());
    assert_eq!(read.err().unwrap_or_default(), expected);
}

#[test]
fn a_polygon_may_be_closed_or_open() {
    check(&[(0.0, 0.0), (2.0, 0.0), (1.0, 2.0)], "");
    check(&[(0.0, 0.0), (2.0, 0.0), (1.0, 2.0), (0.0, 0.0)], "");
}

#[test]
fn refuses_too_few_corners() {
    check(&[], "a polygon needs three different corners or more, and has 0");
    check(
        &[(0.0, 0.0), (1.0, 1.0), (0.0, 0.0)],
        "a polygon needs three different corners or more, and has 2",
    );
}

#[test]
fn refuses_one_that_crosses_itself() {
    check(
        &[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)],
        "the polygon crosses itself: its edges from 0,0 and from 0,2 meet",
    );
    check(
        &[(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (2.0, 2.0)],
        "the polygon crosses itself: its edges from 0,0 and from 0,4 meet",
    );
}

#[test]
fn a_corner_between_two_points_of_one_line_is_no_crossing() {
    check(&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (1.0, 2.0)], "");
}

#[test]
fn a_bay_is_outside() {
    let shape = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)];
    let polygon = Polygon::new(ring(&shape)).unwrap();
    for ((longitude, latitude), expected) in
        [((1.0, 1.0), true), ((2.0, 3.0), false), ((2.0, 0.5), true), ((5.0, 1.0), false)]
    {
        let point = Point::new(latitude, longitude).unwrap();
        assert_eq!(polygon.contains(point), expected, "{point}");
    }
}
