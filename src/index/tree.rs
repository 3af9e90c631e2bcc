//! The tree of points: what is nearest, what is within a distance.
//!
//! A k-d tree over positions on the unit sphere (x, y, z from the earth's
//! centre), so that poles and the antimeridian are places like any other, and
//! the inner measure is the square of a straight chord: three multiplications.
//! Leaves hold up to [`LEAF`] points and split halfway along their longest
//! side; a node knows the box around its points, which only grows. Adding or
//! removing a point walks one path from the root. Answers do not depend on the
//! order in which points came, only on the points.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The most points in a leaf before it splits.
const LEAF: usize = 24;

/// A vector from the earth's centre to its surface, of length 1.
pub(super) type Unit = [f64; 3];

/// The square of the straight chord between two places.
#[inline]
pub(super) fn squared_chord(one: Unit, other: Unit) -> f64 {
    let [x, y, z] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
    x * x + y * y + z * z
}

/// Points with the slots to which they belong.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    points: usize,
}

#[derive(Debug)]
struct Node {
    low: Unit,
    high: Unit,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Leaf(Vec<(Unit, u32)>),
    Split { axis: usize, at: f64, children: [u32; 2] },
}

impl Tree {
    /// Number of points.
    pub(super) const fn len(&self) -> usize {
        self.points
    }

    /// Bytes that the tree takes in memory.
    pub(super) fn bytes(&self) -> usize {
        let leaves: usize = self
            .nodes
            .iter()
            .map(|node| match &node.content {
                Content::Leaf(points) => points.capacity() * size_of::<(Unit, u32)>(),
                Content::Split { .. } => 0,
            })
            .sum();
        self.nodes.capacity() * size_of::<Node>() + leaves
    }

    /// Adds a point of `slot`.
    pub(super) fn insert(&mut self, at: Unit, slot: u32) {
        self.points += 1;
        if self.nodes.is_empty() {
            self.nodes.push(Node::leaf(vec![(at, slot)]));
            return;
        }
        let mut current = 0;
        loop {
            let node = &mut self.nodes[current];
            node.grow(at);
            match &mut node.content {
                Content::Split { axis, at: halfway, children } => {
                    current = children[usize::from(at[*axis] >= *halfway)] as usize;
                }
                Content::Leaf(points) => {
                    points.push((at, slot));
                    if points.len() > LEAF {
                        self.split(current);
                    }
                    return;
                }
            }
        }
    }

    /// Removes one point of `slot` that was added with the same position.
    pub(super) fn remove(&mut self, at: Unit, slot: u32) {
        let mut current = 0;
        while let Some(node) = self.nodes.get_mut(current) {
            match &mut node.content {
                Content::Split { axis, at: halfway, children } => {
                    current = children[usize::from(at[*axis] >= *halfway)] as usize;
                }
                Content::Leaf(points) => {
                    if let Some(found) = points.iter().position(|point| *point == (at, slot)) {
                        points.swap_remove(found);
                        self.points -= 1;
                    }
                    return;
                }
            }
        }
    }

    /// Calls `found` with slot and squared chord of each point whose squared
    /// chord from `centre` is at most `limit`, in no order.
    pub(super) fn within(&self, centre: Unit, limit: f64, mut found: impl FnMut(u32, f64)) {
        let mut stack = vec![0_u32];
        while let Some(node) = stack.pop().and_then(|at| self.nodes.get(at as usize)) {
            if node.squared_chord(centre) > limit {
                continue;
            }
            match &node.content {
                Content::Split { children, .. } => stack.extend(children),
                Content::Leaf(points) => {
                    for &(at, slot) in points {
                        let squared = squared_chord(at, centre);
                        if squared <= limit {
                            found(slot, squared);
                        }
                    }
                }
            }
        }
    }

    /// All points from the nearest to `centre` on, as slot and squared chord;
    /// equally near ones in the order of their slots.
    pub(super) fn nearest(&self, centre: Unit) -> Nearest<'_> {
        let mut queue = BinaryHeap::with_capacity(256);
        if !self.nodes.is_empty() {
            queue.push(Reverse((0, Kind::Node, 0)));
        }
        Nearest { tree: self, centre, queue }
    }

    fn split(&mut self, current: usize) {
        let Ok(first) = u32::try_from(self.nodes.len()) else { return };
        let children = [first, first + 1];
        let node = &mut self.nodes[current];
        let Content::Leaf(points) = &mut node.content else { return };
        let (low, high) = bounds(points);
        let axis =
            (0..3).max_by(|&a, &b| (high[a] - low[a]).total_cmp(&(high[b] - low[b]))).unwrap_or(0);
        let at = f64::midpoint(low[axis], high[axis]);
        if at <= low[axis] {
            return; // all in one place: the leaf stays as large as it has to
        }
        let (above, below): (Vec<_>, Vec<_>) =
            points.drain(..).partition(|(point, _)| point[axis] >= at);
        node.content = Content::Split { axis, at, children };
        self.nodes.push(Node::leaf(below));
        self.nodes.push(Node::leaf(above));
    }
}

impl Node {
    fn leaf(points: Vec<(Unit, u32)>) -> Self {
        let (low, high) = bounds(&points);
        Self { low, high, content: Content::Leaf(points) }
    }

    fn grow(&mut self, at: Unit) {
        for (axis, value) in at.into_iter().enumerate() {
            self.low[axis] = self.low[axis].min(value);
            self.high[axis] = self.high[axis].max(value);
        }
    }

    /// The square of the straight line from `centre` to the node's box.
    #[inline]
    fn squared_chord(&self, centre: Unit) -> f64 {
        let mut sum = 0.0;
        for (axis, value) in centre.into_iter().enumerate() {
            let away = (self.low[axis] - value).max(value - self.high[axis]).max(0.0);
            sum += away * away;
        }
        sum
    }
}

fn bounds(points: &[(Unit, u32)]) -> (Unit, Unit) {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for (point, _) in points {
        for axis in 0..3 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    (low, high)
}

/// Nodes come before points that are equally near, so that of equally near
/// points all are in the queue before the first is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Node,
    Point,
}

/// See [`Tree::nearest`].
pub(super) struct Nearest<'a> {
    tree: &'a Tree,
    centre: Unit,
    /// Squared chords as bits: of positive numbers they sort as the numbers do.
    queue: BinaryHeap<Reverse<(u64, Kind, u32)>>,
}

impl Iterator for Nearest<'_> {
    type Item = (u32, f64);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(Reverse((bits, kind, number))) = self.queue.pop() {
            if kind == Kind::Point {
                return Some((number, f64::from_bits(bits)));
            }
            match &self.tree.nodes[number as usize].content {
                Content::Split { children, .. } => {
                    for &child in children {
                        let squared = self.tree.nodes[child as usize].squared_chord(self.centre);
                        self.queue.push(Reverse((squared.to_bits(), Kind::Node, child)));
                    }
                }
                Content::Leaf(points) => {
                    for &(at, slot) in points {
                        let squared = squared_chord(at, self.centre);
                        self.queue.push(Reverse((squared.to_bits(), Kind::Point, slot)));
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
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
        fn the_tree_agrees_with_a_scan_of_all_points(
            points in prop::collection::vec((anywhere(), any::<bool>()), 0..400),
            centre in anywhere(),
            kilometres in prop_oneof![0.0..50.0, 0.0..25_000.0],
        ) {
            let mut tree = Tree::default();
            for (slot, (point, _)) in (0..).zip(&points) {
                tree.insert(point.to_unit_vector(), slot);
            }
            for (slot, (point, _)) in (0..).zip(&points).filter(|(_, (_, removed))| *removed) {
                tree.remove(point.to_unit_vector(), slot);
            }
            let centre = centre.to_unit_vector();
            let mut expected: Vec<(u64, u32)> = (0..)
                .zip(&points)
                .filter(|(_, (_, removed))| !removed)
                .map(|(slot, (point, _))| {
                    (squared_chord(point.to_unit_vector(), centre).to_bits(), slot)
                })
                .collect();
            expected.sort_unstable();
            let nearest: Vec<_> =
                tree.nearest(centre).map(|(slot, squared)| (squared.to_bits(), slot)).collect();
            prop_assert_eq!(&nearest, &expected);
            prop_assert_eq!(tree.len(), expected.len());
            let limit = Metres::new(kilometres * 1000.0).unwrap().to_squared_chord();
            let mut within = Vec::new();
            tree.within(centre, limit, |slot, squared| within.push((squared.to_bits(), slot)));
            within.sort_unstable();
            expected.retain(|(bits, _)| f64::from_bits(*bits) <= limit);
            prop_assert_eq!(within, expected);
        }
    }
}
