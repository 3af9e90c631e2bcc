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
#[path = "points_tests.rs"]
mod tests;
