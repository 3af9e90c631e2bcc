//! Tests of [`spatial`](super).

use super::*;

fn ring(corners: &[(i32, i32)]) -> Ring {
    let degrees = 1_000_000;
    let corner = |&(latitude, longitude): &(i32, i32)| Corner {
        latitude: latitude * degrees,
        longitude: longitude * degrees,
    };
    corners.iter().map(corner).collect()
}

#[test]
fn rings_are_closed_longitude_first_and_turn_as_the_specification_wants() {
    let outer = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
    let hole = ring(&[(4, 4), (4, 6), (6, 6), (6, 4)]);
    let boundary = Boundary::new(vec![vec![outer, hole]]).unwrap();
    assert_eq!(
        geometry(&boundary),
        json!({ "type": "Polygon", "coordinates": [
                [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]],
                [[4.0, 4.0], [4.0, 6.0], [6.0, 6.0], [6.0, 4.0], [4.0, 4.0]],
            ] })
    );
}
