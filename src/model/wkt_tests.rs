//! Tests of [`wkt`](super).

use super::*;

#[test]
fn what_is_in_degrees_with_longitude_first_stays_as_it_is() {
    for text in [
        "POINT (-3.19 55.95)",
        "point(-3.19 55.95)",
        "LINESTRING (1 2, 3 4)",
        "POLYGON ((2 1, 3 1, 3 2, 2 1), (2.2 1.1, 2.4 1.1, 2.4 1.2, 2.2 1.1))",
        "MULTIPOINT (1 2, 3 4)",
        "MULTIPOINT ((1 2), (3 4))",
        "MULTIPOLYGON (((2 1, 3 1, 3 2, 2 1)), ((2 1, 3 1, 3 2, 2 1)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))",
    ] {
        assert_eq!(normalise(text).as_deref(), Ok(text));
        for system in [CRS84, ANY_CRS84] {
            let named = format!("<{system}> {text}");
            assert_eq!(normalise(&named).as_deref(), Ok(text));
        }
    }
}

#[test]
fn heights_are_left_out_however_they_are_written() {
    for text in ["POINT Z (1 2 3)", "POINT (1 2 3)", "point(1 2 -3.5)"] {
        assert_eq!(normalise(text).as_deref(), Ok("POINT (1 2)"), "{text}");
    }
    let lines = "LINESTRING Z (1 2 3, 3 4 5)";
    assert_eq!(normalise(lines).as_deref(), Ok("LINESTRING (1 2, 3 4)"));
    assert_eq!(shapes("SRID=4326;POINT(1 2 3)").unwrap().points.len(), 1);
}

#[test]
fn a_publishers_ring_is_closed_and_that_of_a_record_must_be() {
    let open = "POLYGON ((2 1, 3 1, 3 2))";
    let closed = shapes(open).unwrap().polygons;
    assert_eq!(closed, shapes("POLYGON ((2 1, 3 1, 3 2, 2 1))").unwrap().polygons);
    assert_eq!(normalise(open), Err(WktError::Ring));
    assert_eq!(shapes("POLYGON ((2 1, 3 1))"), Err(WktError::Ring));
}

#[test]
fn what_a_geometry_is_made_of_is_given_in_degrees() {
    let point = |latitude, longitude| Point::new(latitude, longitude).unwrap();
    let ring = vec![point(1.0, 2.0), point(1.0, 3.0), point(2.0, 3.0), point(1.0, 2.0)];
    let text = "srid=4326;MULTIPOLYGON (((2 1, 3 1, 3 2, 2 1)), ((2 1, 3 1, 3 2, 2 1), (2 1, 3 1, 3 2, 2 1)))";
    let polygons = vec![vec![ring.clone()], vec![ring.clone(), ring]];
    assert_eq!(shapes(text), Ok(Shapes { polygons, ..Shapes::default() }));
    let text = format!("<{WGS84}> GEOMETRYCOLLECTION (POINT Z (1 2 9), LINESTRING (1 2, 3 4))");
    let lines = vec![vec![point(1.0, 2.0), point(3.0, 4.0)]];
    let points = vec![point(1.0, 2.0)];
    assert_eq!(shapes(&text), Ok(Shapes { lines, points, ..Shapes::default() }));
    assert!(shapes("SRID=27700;POINT (326000 676000)").is_err());
}

#[test]
fn latitude_first_is_turned_round() {
    let text = format!("<{WGS84}> POLYGON((55 -3,56 -3,56 -2,55 -3))");
    let expected = "POLYGON ((-3 55, -3 56, -2 56, -3 55))";
    assert_eq!(normalise(&text).as_deref(), Ok(expected));
    let text = format!("<{WGS84}> MULTIPOINT(55 -3, (56 -3))");
    assert_eq!(normalise(&text).as_deref(), Ok("MULTIPOINT (-3 55, (-3 56))"));
}

#[test]
fn metres_of_the_grid_become_degrees() {
    let text = format!("<{GRID}> POINT(325621 673516)");
    let found = normalise(&text).unwrap().into_owned();
    let numbers = found.strip_prefix("POINT (").and_then(|rest| rest.strip_suffix(')'));
    let (longitude, latitude) = numbers.unwrap().split_once(' ').unwrap();
    let point = Point::new(latitude.parse().unwrap(), longitude.parse().unwrap()).unwrap();
    let away = point.distance(Point::new(55.948_9, -3.192_59).unwrap());
    assert!(away.as_f64() < 5.0, "{found}");
}

#[test]
fn what_is_no_geometry_says_where() {
    for (text, expected) in [
        ("", "at ``, the name of a geometry was expected"),
        ("CIRCLE (1 2)", "at `CIRCLE`, the name of a geometry was expected"),
        ("POLYGON((garbage", "at `garbage`, a number was expected"),
        ("POINT (1 2", "at ``, a comma or a closing parenthesis was expected"),
        ("POINT (1 2) x", "at `x`, the end was expected"),
        ("POINT (1 2 3 4)", "at `4)`, a comma or a closing parenthesis was expected"),
        ("POINT (400 500)", "latitude 500 is not within -90 and 90"),
        ("POINT (NaN 5)", "at `NaN 5)`, a number was expected"),
        ("LINESTRING (1 2)", "at ``, a second position was expected"),
        ("POLYGON ((1 2, 3 4, 5 6))", "a ring of a polygon has four"),
        ("<http://x.example/crs> POINT (1 2)", "the reference system http://x.example/crs"),
        ("<http://www.opengis.net/def/crs/EPSG/0/27700> POINT (-3 55)", "easting -3 is not"),
    ] {
        let error = normalise(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
    let deep = format!("{}POINT (1 2){}", "GEOMETRYCOLLECTION (".repeat(9), ")".repeat(9));
    assert!(normalise(&deep).is_err());
}
