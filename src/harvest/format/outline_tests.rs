//! Tests of [`outline`](super).

use serde_json::json;

use super::*;

#[track_caller]
fn check(geometry: Json, expected: Option<(f64, f64)>) {
    let found = of_geometry(&geometry).map(|middle| {
        let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
        (round(middle.point.latitude()), round(middle.point.longitude()))
    });
    assert_eq!(found, expected, "{geometry}");
}

#[test]
fn an_outline_has_a_middle() {
    let square = json!([[-3.2, 55.9], [-3.1, 55.9], [-3.1, 56.0], [-3.2, 56.0], [-3.2, 55.9]]);
    check(json!({ "type": "Polygon", "coordinates": [square] }), Some((55.95, -3.15)));
    check(json!({ "type": "MultiPolygon", "coordinates": [[square]] }), Some((55.95, -3.15)));
    let middle = of_geometry(&json!({ "type": "Polygon", "coordinates": [square] })).unwrap();
    assert!((12_000.0..14_000.0).contains(&middle.across), "{middle:?}");
}

#[test]
fn the_middle_of_a_crescent_lies_on_it() {
    let u = json!([
        [0.0, 50.0],
        [0.3, 50.0],
        [0.3, 50.3],
        [0.2, 50.3],
        [0.2, 50.1],
        [0.1, 50.1],
        [0.1, 50.3],
        [0.0, 50.3],
        [0.0, 50.0]
    ]);
    let middle = of_geometry(&json!({ "type": "Polygon", "coordinates": [u] })).unwrap();
    let (latitude, longitude) = (middle.point.latitude(), middle.point.longitude());
    assert!((latitude - 50.1).abs() < 1e-6, "{middle:?}");
    assert!((0.1..=0.2).contains(&longitude), "{middle:?}");
}

#[test]
fn a_line_has_its_half_and_points_the_one_in_their_midst() {
    let line = json!([[-3.0, 56.0], [-3.0, 56.1], [-3.0, 56.2]]);
    check(json!({ "type": "LineString", "coordinates": line }), Some((56.1, -3.0)));
    let short = json!([[-4.0, 56.0], [-4.0, 56.01]]);
    check(json!({ "type": "MultiLineString", "coordinates": [short, line] }), Some((56.1, -3.0)));
    let points = json!([[-3.0, 56.0], [-3.1, 56.0], [-3.5, 56.0]]);
    check(json!({ "type": "MultiPoint", "coordinates": points }), Some((56.0, -3.1)));
    let all = json!([{ "type": "Point", "coordinates": [1.0, 51.0] }, { "type": "LineString", "coordinates": line }]);
    check(json!({ "type": "GeometryCollection", "geometries": all }), Some((56.1, -3.0)));
}

#[test]
fn what_is_no_shape_on_earth_has_no_middle() {
    for geometry in [
        json!(null),
        json!({ "type": "Polygon" }),
        json!({ "type": "Polygon", "coordinates": [] }),
        json!({ "type": "Polygon", "coordinates": [[["a", "b"]]] }),
        json!({ "type": "LineString", "coordinates": [[-3.0, 156.0], [-3.0, 56.0]] }),
        json!({ "type": "LineString", "coordinates": [] }),
        json!({ "type": "Sphere", "coordinates": [] }),
    ] {
        check(geometry, None);
    }
    let mut deep = json!({ "type": "Point", "coordinates": [-3.0, 56.0] });
    for _ in 0..10 {
        deep = json!({ "type": "GeometryCollection", "geometries": [deep] });
    }
    check(deep, None);
}
