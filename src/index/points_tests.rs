//! Tests of [`points`](super).

use proptest::prelude::*;

use super::*;
use crate::index::tree::squared_chord;
use crate::model::Metres;
use crate::model::Point;

fn anywhere() -> impl Strategy<Value = Point> {
    // Whole degrees make equal places and equal distances likely.
    prop_oneof![
        (-90_i32..=90, -180_i32..=180).prop_map(|(a, o)| (f64::from(a), f64::from(o))),
        (55.0..58.0, -5.0..-2.0),
        (89.9..=90.0, -180.0..=180.0),
    ]
    .prop_map(|(latitude, longitude)| Point::new(latitude, longitude).unwrap())
}

proptest! {
    #[test]
    fn rows_and_tree_agree_with_a_scan_of_all_points(
        points in prop::collection::vec((anywhere(), any::<bool>()), 0..400),
        settled in 0..400_usize,
        centre in anywhere(),
        kilometres in prop_oneof![0.0..50.0, 0.0..25_000.0],
    ) {
        let units: Vec<Unit> =
            points.iter().map(|(point, _)| point.to_unit_vector()).collect();
        let mut all = Points::default();
        for (at, (slot, &unit)) in (0..).zip(&units).enumerate() {
            if at == settled {
                all.rows = Rows::new(std::mem::take(&mut all.latest).iter().collect());
            }
            all.insert(unit, slot);
        }
        let mut expected = Vec::new();
        let centre = centre.to_unit_vector();
        for (slot, (&unit, (_, removed))) in (0..).zip(units.iter().zip(&points)) {
            if *removed {
                all.remove(unit, slot);
            } else {
                expected.push((squared_chord(unit, centre).to_bits(), slot));
            }
        }
        expected.sort_unstable();
        prop_assert_eq!(all.len(), expected.len());
        for wanted in [1, 7, expected.len()] {
            let mut nearest: Vec<(u64, u32)> = Vec::new();
            all.nearest(centre, |slot, squared| {
                nearest.push((squared.to_bits(), slot));
                nearest.sort_unstable();
                nearest.truncate(wanted);
                let last = nearest.last().filter(|_| nearest.len() == wanted);
                last.map_or(f64::INFINITY, |(bits, _)| f64::from_bits(*bits))
            });
            prop_assert_eq!(&nearest[..], &expected[..wanted.min(expected.len())]);
        }
        let limit = Metres::new(kilometres * 1000.0).unwrap().to_squared_chord();
        let mut within = Vec::new();
        all.within(centre, limit, |slot| within.push(slot));
        within.sort_unstable();
        expected.retain(|(bits, _)| f64::from_bits(*bits) <= limit);
        let mut expected: Vec<u32> = expected.into_iter().map(|(_, slot)| slot).collect();
        expected.sort_unstable();
        prop_assert_eq!(within, expected);
    }
}
