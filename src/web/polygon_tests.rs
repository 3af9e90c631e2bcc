//! Tests of [`polygon`](super).

use super::*;

#[track_caller]
fn check(text: &str, expected: Result<usize, PolygonError>) {
    assert_eq!(read(text).map(|ring| ring.len()), expected);
}

#[test]
fn reads_positions_and_well_known_text_to_the_same_ring() {
    let ring = read("55.9,-3.3;55.9,-3.1;56,-3.2").unwrap();
    assert_eq!(read("POLYGON((-3.3 55.9, -3.1 55.9, -3.2 56, -3.3 55.9))"), Ok(ring));
}

#[test]
fn a_bow_tie_crosses_itself() {
    check("0,0;1,1;0,1;1,0", Err(PolygonError::Crossing(1, 3)));
}

#[test]
fn a_ring_that_touches_itself_or_folds_back_is_refused() {
    check("0,0;0,2;1,1;0,1;1,0", Err(PolygonError::Crossing(1, 3)));
    check("0,0;0,2;0,1", Err(PolygonError::Crossing(1, 2)));
    check("0,0;0,0;1,1", Err(PolygonError::Crossing(1, 2)));
}

#[test]
fn a_side_over_the_180th_meridian_is_refused_and_one_of_half_the_world_is_not() {
    check("55,170;55,-170;60,-170;60,170", Err(PolygonError::Long(170.0, -170.0)));
    check("-90,-180;-90,0;-90,180;90,180;90,0;90,-180", Ok(6));
}

#[test]
fn a_corner_on_a_straight_side_is_allowed() {
    check("0,0;0,1;0,2;2,1", Ok(4));
}

#[test]
fn a_ring_needs_three_corners_of_which_each_is_a_position() {
    check("0,0;1,1", Err(PolygonError::Corners(2)));
    check("0,0;1,1;0,0", Err(PolygonError::Corners(2)));
    check("0,0;91,1;0,1", Err(PointError::Latitude(91.0).into()));
    check("POLYGON((0 91, 1 1, 2 2))", Err(PointError::Latitude(91.0).into()));
    check(&"0,0;".repeat(502), Err(PolygonError::Corners(501)));
    for text in ["", "0,0;;1,1", "POLYGON EMPTY", "POLYGON((0 0,1 1),(2 2))"] {
        check(text, Err(PolygonError::Syntax(text.to_owned())));
    }
}
