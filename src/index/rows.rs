//! A tree of points that lies in rows: made at once, quick to go through.
//!
//! Halved at the middle point along the longest side until few are left, all
//! parts as often; points lie in the order of a walk, so that all points under
//! a node are one piece of memory. Nodes are numbered from the root, 1: the
//! children of `n` are `2n` and `2n + 1`, and lie in one line of the
//! processor's memory, so that a step down is one wait. A box that is within
//! the circle gives its slots without a look at the points. Nothing can be
//! added; what is removed leaves a gap. Measures and equality are those of
//! [`tree`](super::tree).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::tree::{Unit, bounds, squared_chord, to_box};

/// The most points that are not halved any more.
const LEAF: usize = 16;

/// Stands for the slot of a point that was removed.
const GONE: u32 = u32::MAX;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// At `n` the children of node `n`, and at 0 the root as the second.
    nodes: Vec<Pair>,
    units: Vec<Unit>,
    slots: Vec<u32>,
    gone: usize,
}

/// Two nodes in one line of memory.
#[derive(Debug, Default, Clone, Copy)]
#[repr(align(64))]
struct Pair([Node; 2]);

/// The box around the points from `from` on, before `to`; in half the bytes
/// and rounded outwards, so that no point is nearer or further than its box.
#[derive(Debug, Default, Clone, Copy)]
struct Node {
    low: [f32; 3],
    high: [f32; 3],
    from: u32,
    to: u32,
}

impl Rows {
    /// The rows of `points`.
    pub(super) fn new(mut points: Vec<(Unit, u32)>) -> Self {
        let mut rows = Self::default();
        if !points.is_empty() {
            let mut leaves = 1;
            while points.len().div_ceil(leaves) > LEAF {
                leaves *= 2;
            }
            rows.nodes.resize(leaves, Pair::default());
            rows.units.reserve_exact(points.len());
            rows.slots.reserve_exact(points.len());
            rows.add(1, &mut points);
        }
        rows
    }

    /// Number of points.
    pub(super) const fn len(&self) -> usize {
        self.slots.len() - self.gone
    }

    /// Bytes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Pair>()
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
        let mut stack: Vec<usize> = self.root().into_iter().collect();
        while let Some(number) = stack.pop() {
            let node = self.node(number);
            if node.squared_chord(at) > 0.0 {
                continue;
            }
            if self.is_halved(number) {
                stack.extend([2 * number + 1, 2 * number]);
                continue;
            }
            for place in node.places() {
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
        stack.extend(self.root());
        while let Some(number) = stack.pop() {
            let node = self.node(number);
            if node.squared_chord(centre) > limit {
                continue;
            }
            let slots = &self.slots[node.places()];
            if node.furthest(centre) <= limit {
                slots.iter().copied().filter(|&slot| slot != GONE).for_each(&mut found);
            } else if self.is_halved(number) {
                stack.extend([2 * number + 1, 2 * number]);
            } else {
                for (&slot, &unit) in slots.iter().zip(&self.units[node.places()]) {
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
        queue.extend(self.root().map(|root| Reverse((0, root))));
        while let Some(Reverse((bits, mut number))) = queue.pop() {
            if f64::from_bits(bits) > wanted {
                return;
            }
            // Down along the nearer children; the others wait.
            loop {
                if !self.is_halved(number) {
                    for place in self.node(number).places() {
                        let squared = squared_chord(self.units[place], centre);
                        if squared <= wanted && self.slots[place] != GONE {
                            wanted = found(self.slots[place], squared);
                        }
                    }
                    break;
                }
                let away = self.nodes[number].0.map(|node| node.squared_chord(centre));
                let first = usize::from(away[1] < away[0]);
                let other = 1 - first;
                if away[other] <= wanted {
                    queue.push(Reverse((away[other].to_bits(), 2 * number + other)));
                }
                if away[first] > wanted {
                    break;
                }
                number = 2 * number + first;
            }
        }
    }

    /// The number of the root, if there is one.
    fn root(&self) -> Option<usize> {
        (!self.nodes.is_empty()).then_some(1)
    }

    #[inline]
    fn node(&self, number: usize) -> &Node {
        &self.nodes[number / 2].0[number % 2]
    }

    #[inline]
    const fn is_halved(&self, number: usize) -> bool {
        number < self.nodes.len()
    }

    fn add(&mut self, number: usize, points: &mut [(Unit, u32)]) {
        let (low, high) = bounds(points.iter().map(|(unit, _)| unit));
        let from = place(self.slots.len());
        if self.is_halved(number) {
            let axis = (0..3)
                .max_by(|&a, &b| (high[a] - low[a]).total_cmp(&(high[b] - low[b])))
                .unwrap_or(0);
            let middle = points.len() / 2;
            points
                .select_nth_unstable_by(middle, |one, other| one.0[axis].total_cmp(&other.0[axis]));
            let (below, above) = points.split_at_mut(middle);
            self.add(2 * number, below);
            self.add(2 * number + 1, above);
        } else {
            self.units.extend(points.iter().map(|(unit, _)| unit));
            self.slots.extend(points.iter().map(|(_, slot)| slot));
        }
        let to = place(self.slots.len());
        let (low, high) = (low.map(at_most), high.map(at_least));
        self.nodes[number / 2].0[number % 2] = Node { low, high, from, to };
    }
}

impl Node {
    /// Where its points lie.
    #[inline]
    const fn places(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }

    /// The square of the straight line from `centre` to the nearest point of
    /// the box; rounded as that to a point is, so that no point is nearer.
    #[inline]
    fn squared_chord(&self, centre: Unit) -> f64 {
        to_box(&self.low.map(f64::from), &self.high.map(f64::from), centre)
    }

    /// The square of the straight line from `centre` to the furthest corner;
    /// rounded as that to a point is, so that no point is further.
    #[inline]
    fn furthest(&self, centre: Unit) -> f64 {
        let away = |axis: usize| {
            let low = f64::from(self.low[axis]) - centre[axis];
            let high = f64::from(self.high[axis]) - centre[axis];
            low.abs().max(high.abs())
        };
        let [x, y, z] = [away(0), away(1), away(2)];
        x * x + y * y + z * z
    }
}

/// The largest number of half the bytes that is not above `number`.
fn at_most(number: f64) -> f32 {
    let near = nearly(number);
    if f64::from(near) > number { near.next_down() } else { near }
}

/// The smallest number of half the bytes that is not below `number`.
fn at_least(number: f64) -> f32 {
    let near = nearly(number);
    if f64::from(near) < number { near.next_up() } else { near }
}

#[expect(clippy::cast_possible_truncation, reason = "whoever asks corrects it")]
const fn nearly(number: f64) -> f32 {
    number as f32
}

fn place(number: usize) -> u32 {
    u32::try_from(number).expect("memory ends before 2³² points")
}
