//! Tests of [`place`](super).

use super::*;

#[track_caller]
fn check(text: &str, expected: Result<(f64, f64), PointError>) {
    let read = text.parse::<Point>().map(|point| (point.latitude, point.longitude));
    assert_eq!(read, expected);
}

#[test]
fn reads_latitude_first() {
    check("57.15, -2.09", Ok((57.15, -2.09)));
}

#[test]
fn rejects_latitude_beyond_the_pole() {
    check("91,0", Err(PointError::Latitude(91.0)));
}

#[test]
fn rejects_what_is_not_two_numbers() {
    for text in ["", "57.15", "north,west", "1,2,3"] {
        check(text, Err(PointError::Syntax(text.to_owned())));
    }
}

#[test]
fn rejects_a_position_that_is_not_a_number() {
    assert!(matches!("NaN,0".parse::<Point>(), Err(PointError::Latitude(_))));
    assert!(matches!("0,inf".parse::<Point>(), Err(PointError::Longitude(_))));
}

#[test]
fn the_known_distance_between_two_glasgow_postcodes_is_found() {
    let (near, far) = ("55.86529182,-4.2684418", "55.86104946,-4.24736892");
    let distance = near.parse::<Point>().unwrap().distance(far.parse().unwrap());
    assert!((distance.as_f64() - 1_397.0).abs() < 6.0, "{distance:?}");
}

#[test]
fn reads_distances_in_the_units_that_people_use() {
    for (text, metres) in
        [("2km", 2_000.0), ("500 m", 500.0), ("1mi", 1_609.344), ("800", 800.0), ("1e3", 1e3)]
    {
        assert_eq!(text.parse::<Metres>(), Ok(Metres(metres)), "{text}");
    }
}

#[test]
fn refuses_a_negative_distance_and_an_unknown_unit() {
    assert_eq!("-1km".parse::<Metres>(), Err(MetresError::Range(-1_000.0)));
    assert_eq!("2 ells".parse::<Metres>(), Err(MetresError::Syntax("2 ells".to_owned())));
}

#[test]
fn a_box_over_the_antimeridian_holds_both_its_sides() {
    let fiji: BoundingBox = "177,-20,-178,-15".parse().unwrap();
    assert!(fiji.contains(Point::new(-17.0, 179.0).unwrap()));
    assert!(fiji.contains(Point::new(-17.0, -179.0).unwrap()));
    assert!(!fiji.contains(Point::new(-17.0, 0.0).unwrap()));
}

#[test]
fn a_chord_and_its_arc_are_each_others_inverse() {
    for metres in [0.0, 1.0, 2_000.0, 500_000.0] {
        let there = Metres(metres).to_squared_chord();
        assert!((Metres::from_squared_chord(there).as_f64() - metres).abs() < 1e-3);
    }
}
