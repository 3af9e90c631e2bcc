//! Tests of [`numbering`](super).

use super::*;

#[test]
fn the_curve_goes_from_each_square_to_one_beside_it() {
    let side = 32_u32;
    let cells = (0..side).flat_map(|x| (0..side).map(move |y| (x, y)));
    let mut cells: Vec<(u64, u32, u32)> =
        cells.map(|(x, y)| (along_the_curve(x << 27, y << 27), x, y)).collect();
    cells.sort_unstable();
    for pair in cells.windows(2) {
        let [(_, x, y), (_, next_x, next_y)] = [pair[0], pair[1]];
        assert_eq!(x.abs_diff(next_x) + y.abs_diff(next_y), 1, "{pair:?}");
    }
}

#[test]
fn every_corner_of_the_earth_has_a_place() {
    let corners = [(-90.0, -180.0), (-90.0, 180.0), (90.0, -180.0), (90.0, 180.0), (0.0, 0.0)];
    let places =
        corners.map(|(latitude, longitude)| place(Point::new(latitude, longitude).unwrap()));
    assert!(places.iter().all(|&place| place != NOWHERE), "{places:?}");
}

#[test]
fn each_number_has_a_slot_of_its_own_and_gives_it_back() {
    let numbering = Numbering::along(&[30, NOWHERE, 10, 20, 10, NOWHERE]);
    let slots: Vec<u32> = (0..8).map(|number| numbering.slot(number)).collect();
    assert_eq!(slots, [3, 4, 0, 2, 1, 5, 6, 7]);
    assert!((0..8).all(|number| numbering.number(numbering.slot(number)) == number));
    assert_eq!((numbering.end(2), numbering.end(9)), (6, 9));
}
