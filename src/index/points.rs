//! All points: most of them in rows, the latest in a tree.
//!
//! Changes go to the tree. When it has become large beside the rows, all
//! points go into new rows, which takes a third of a second for a million.

use super::rows::Rows;
use super::tree::{Tree, Unit};

/// The tree may have so many points, or a part of those of the rows.
const FEW: usize = 4_096;
const PART: usize = 4;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Points {
    rows: Rows,
    latest: Tree,
}

impl Points {
    /// Number of points.
    pub(super) const fn len(&self) -> usize {
        self.rows.len() + self.latest.len()
    }

    /// Bytes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.rows.bytes() + self.latest.bytes()
    }

    /// Adds a point of `slot`.
    pub(super) fn insert(&mut self, at: Unit, slot: u32) {
        self.latest.insert(at, slot);
    }

    /// Removes one point of `slot` that was added with the same position.
    pub(super) fn remove(&mut self, at: Unit, slot: u32) {
        if !self.latest.remove(at, slot) {
            self.rows.remove(at, slot);
        }
    }

    /// Puts all points into rows, when the tree has become large.
    pub(super) fn settle(&mut self) {
        if self.latest.len() > FEW.max(self.rows.len() / PART) {
            let latest = std::mem::take(&mut self.latest);
            let all = self.rows.iter().chain(latest.iter()).collect();
            self.rows = Rows::new(all);
        }
    }

    /// Calls `found` with the slot of each point whose squared chord from
    /// `centre` is at most `limit`, in no order.
    pub(super) fn within(&self, centre: Unit, limit: f64, mut found: impl FnMut(u32)) {
        self.latest.within(centre, limit, &mut found);
        self.rows.within(centre, limit, found);
    }

    /// Calls `found` with slot and squared chord of points, those of the nearest
    /// boxes first, until it says that nothing as far as the next box is
    /// wanted: it gives the largest squared chord that is.
    pub(super) fn nearest(&self, centre: Unit, mut found: impl FnMut(u32, f64) -> f64) {
        let mut wanted = f64::INFINITY;
        self.latest.nearest(centre, |slot, squared| {
            wanted = found(slot, squared);
            wanted
        });
        self.rows.nearest(centre, wanted, found);
    }
}

#[cfg(test)]
mod tests {
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
}
