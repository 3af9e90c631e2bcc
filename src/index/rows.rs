//! A tree of points that lies in rows: made at once, quick to go through.
//!
//! Halved at the middle point along the longest side until few are left; nodes
//! and points lie in the order of a walk, so that all points under a node are
//! one piece of memory. A box that is within the circle gives its slots
//! without a look at the points. Nothing can be added; what is removed leaves
//! a gap. Measures and equality are those of [`tree`](super::tree).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::tree::{Unit, bounds, squared_chord, to_box};

/// The most points that are not halved any more.
const LEAF: usize = 16;

/// Stands for the slot of a point that was removed.
const GONE: u32 = u32::MAX;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Rows {
    nodes: Vec<Node>,
    units: Vec<Unit>,
    slots: Vec<u32>,
    gone: usize,
}

#[derive(Debug)]
struct Node {
    low: Unit,
    high: Unit,
    from: u32,
    to: u32,
    /// The second child; the first is the next node. Zero in a leaf.
    second: u32,
}

impl Rows {
    /// The rows of `points`.
    pub(super) fn new(mut points: Vec<(Unit, u32)>) -> Self {
        let mut rows = Self::default();
        if !points.is_empty() {
            rows.add(&mut points);
        }
        rows
    }

    /// Number of points.
    pub(super) const fn len(&self) -> usize {
        self.slots.len() - self.gone
    }

    /// Bytes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.units.capacity() * size_of::<Unit>()
            + self.slots.capacity() * size_of::<u32>()
    }

    /// All points.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Unit, u32)> + use<'_> {
        let all = self.units.iter().copied().zip(self.slots.iter().copied());
        all.filter(|&(_, slot)| slot != GONE)
    }

    /// Removes one point of `slot` at this position, if it is here.
    pub(super) fn remove(&mut self, at: Unit, slot: u32) {
        let sought = at.map(f64::to_bits);
        let mut stack = vec![0_u32];
        while let Some(number) = stack.pop() {
            let Some(node) = self.nodes.get(number as usize) else { return };
            if to_box(&node.low, &node.high, at) > 0.0 {
                continue;
            }
            if node.second > 0 {
                stack.extend([node.second, number + 1]);
                continue;
            }
            for place in node.from as usize..node.to as usize {
                if self.slots[place] == slot && self.units[place].map(f64::to_bits) == sought {
                    self.slots[place] = GONE;
                    self.gone += 1;
                    return;
                }
            }
        }
    }

    /// As [`Tree::within`](super::tree::Tree::within).
    pub(super) fn within(&self, centre: Unit, limit: f64, mut found: impl FnMut(u32)) {
        let mut stack = Vec::with_capacity(64);
        stack.push(0_u32);
        while let Some(number) = stack.pop() {
            let Some(node) = self.nodes.get(number as usize) else { return };
            if to_box(&node.low, &node.high, centre) > limit {
                continue;
            }
            let places = node.from as usize..node.to as usize;
            let slots = &self.slots[places.clone()];
            if node.furthest(centre) <= limit {
                slots.iter().copied().filter(|&slot| slot != GONE).for_each(&mut found);
            } else if node.second > 0 {
                stack.extend([node.second, number + 1]);
            } else {
                for (&slot, &unit) in slots.iter().zip(&self.units[places]) {
                    if slot != GONE && squared_chord(unit, centre) <= limit {
                        found(slot);
                    }
                }
            }
        }
    }

    /// As [`Tree::nearest`](super::tree::Tree::nearest), from `wanted` on.
    pub(super) fn nearest(
        &self,
        centre: Unit,
        mut wanted: f64,
        mut found: impl FnMut(u32, f64) -> f64,
    ) {
        let mut queue = BinaryHeap::with_capacity(64);
        queue.push(Reverse((0, 0_u32)));
        while let Some(Reverse((bits, mut number))) = queue.pop() {
            if f64::from_bits(bits) > wanted {
                return;
            }
            // Down along the nearer children; the others wait.
            while let Some(node) = self.nodes.get(number as usize) {
                if node.second == 0 {
                    for place in node.from as usize..node.to as usize {
                        let squared = squared_chord(self.units[place], centre);
                        if squared <= wanted && self.slots[place] != GONE {
                            wanted = found(self.slots[place], squared);
                        }
                    }
                    break;
                }
                let children = [number + 1, node.second];
                let away = children.map(|child| {
                    let node = &self.nodes[child as usize];
                    to_box(&node.low, &node.high, centre)
                });
                let first = usize::from(away[1] < away[0]);
                let other = 1 - first;
                if away[other] <= wanted {
                    queue.push(Reverse((away[other].to_bits(), children[other])));
                }
                if away[first] > wanted {
                    break;
                }
                number = children[first];
            }
        }
    }

    fn add(&mut self, points: &mut [(Unit, u32)]) {
        let number = self.nodes.len();
        let (low, high) = bounds(points.iter().map(|(unit, _)| unit));
        let from = place(self.slots.len());
        self.nodes.push(Node { low, high, from, to: 0, second: 0 });
        if points.len() <= LEAF {
            self.units.extend(points.iter().map(|(unit, _)| unit));
            self.slots.extend(points.iter().map(|(_, slot)| slot));
        } else {
            let axis = (0..3)
                .max_by(|&a, &b| (high[a] - low[a]).total_cmp(&(high[b] - low[b])))
                .unwrap_or(0);
            let middle = points.len() / 2;
            points
                .select_nth_unstable_by(middle, |one, other| one.0[axis].total_cmp(&other.0[axis]));
            let (below, above) = points.split_at_mut(middle);
            self.add(below);
            self.nodes[number].second = place(self.nodes.len());
            self.add(above);
        }
        self.nodes[number].to = place(self.slots.len());
    }
}

impl Node {
    /// The square of the straight line from `centre` to the furthest corner;
    /// rounded as that to a point is, so that no point is further.
    fn furthest(&self, centre: Unit) -> f64 {
        let away = |axis: usize| {
            let (low, high) = (self.low[axis] - centre[axis], self.high[axis] - centre[axis]);
            low.abs().max(high.abs())
        };
        let [x, y, z] = [away(0), away(1), away(2)];
        x * x + y * y + z * z
    }
}

fn place(number: usize) -> u32 {
    u32::try_from(number).expect("memory ends before 2³² points")
}
