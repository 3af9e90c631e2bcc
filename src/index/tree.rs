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

    /// Removes one point of `slot` that was added with the same position, and
    /// says whether there was one.
    pub(super) fn remove(&mut self, at: Unit, slot: u32) -> bool {
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
                        return true;
                    }
                    return false;
                }
            }
        }
        false
    }

    /// All points.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Unit, u32)> + use<'_> {
        let leaves = self.nodes.iter().filter_map(|node| match &node.content {
            Content::Leaf(points) => Some(points),
            Content::Split { .. } => None,
        });
        leaves.flatten().copied()
    }

    /// Calls `found` with the slot of each point whose squared chord from
    /// `centre` is at most `limit`, in no order.
    pub(super) fn within(&self, centre: Unit, limit: f64, mut found: impl FnMut(u32)) {
        let mut stack = Vec::with_capacity(64);
        stack.push(0_u32);
        while let Some(node) = stack.pop().and_then(|at| self.nodes.get(at as usize)) {
            if node.squared_chord(centre) > limit {
                continue;
            }
            match &node.content {
                Content::Split { children, .. } => stack.extend(children),
                Content::Leaf(points) => {
                    for &(at, slot) in points {
                        if squared_chord(at, centre) <= limit {
                            found(slot);
                        }
                    }
                }
            }
        }
    }

    /// Calls `found` with slot and squared chord of points, those of the nearest
    /// boxes first, until it says that nothing as far as the next box is
    /// wanted: it gives the largest squared chord that is.
    pub(super) fn nearest(&self, centre: Unit, mut found: impl FnMut(u32, f64) -> f64) {
        let mut wanted = f64::INFINITY;
        // Squared chords as bits: of positive numbers they sort as the numbers.
        let mut queue = BinaryHeap::with_capacity(64);
        queue.push(Reverse((0, 0)));
        while let Some(Reverse((bits, number))) = queue.pop() {
            if f64::from_bits(bits) > wanted {
                return;
            }
            let Some(node) = self.nodes.get(number as usize) else { return };
            match &node.content {
                Content::Split { children, .. } => {
                    for &child in children {
                        let squared = self.nodes[child as usize].squared_chord(centre);
                        if squared <= wanted {
                            queue.push(Reverse((squared.to_bits(), child)));
                        }
                    }
                }
                Content::Leaf(points) => {
                    for &(at, slot) in points {
                        let squared = squared_chord(at, centre);
                        if squared <= wanted {
                            wanted = found(slot, squared);
                        }
                    }
                }
            }
        }
    }

    fn split(&mut self, current: usize) {
        let Ok(first) = u32::try_from(self.nodes.len()) else { return };
        let children = [first, first + 1];
        let node = &mut self.nodes[current];
        let Content::Leaf(points) = &mut node.content else { return };
        let (low, high) = bounds(points.iter().map(|(unit, _)| unit));
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
        let (low, high) = bounds(points.iter().map(|(unit, _)| unit));
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
        to_box(&self.low, &self.high, centre)
    }
}

/// The square of the straight line from `centre` to a box.
#[inline]
pub(super) fn to_box(low: &Unit, high: &Unit, centre: Unit) -> f64 {
    let mut sum = 0.0;
    for (axis, value) in centre.into_iter().enumerate() {
        let away = (low[axis] - value).max(value - high[axis]).max(0.0);
        sum += away * away;
    }
    sum
}

/// The box around points.
pub(super) fn bounds<'a>(points: impl Iterator<Item = &'a Unit>) -> (Unit, Unit) {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for point in points {
        for axis in 0..3 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    (low, high)
}
