//! A polygon to search in.
//!
//! A ring of positions on the plane of longitude and latitude, without
//! holes. Its edges are straight on that plane, and it does not cross the
//! antimeridian (use a box for that).

use thiserror::Error;

use crate::model::BoundingBox;
use crate::model::Point;

/// The most corners that a polygon may have: checking that none of its edges
/// cross takes the square of this.
const MAXIMUM_CORNERS: usize = 2_000;

/// A simple polygon: one ring which does not cross itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    ring: Vec<Point>,
    bounds: BoundingBox,
}

/// Why a polygon can't be.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum PolygonError {
    /// There are fewer than three different corners.
    #[error("a polygon needs three different corners or more, and has {0}")]
    TooFew(usize),
    /// There are more corners than are taken.
    #[error("a polygon may have {MAXIMUM_CORNERS} corners, and has {0}")]
    TooMany(usize),
    /// Two edges cross or touch.
    #[error("the polygon crosses itself: its edges from {0} and from {1} meet")]
    CrossesItself(Point, Point),
}

impl Polygon {
    /// Makes a polygon from its corners in order, in either direction; the
    /// first may be repeated at the end.
    ///
    /// # Errors
    ///
    /// [`PolygonError::TooFew`] and [`PolygonError::TooMany`] by number of
    /// corners, [`PolygonError::CrossesItself`] when two edges meet other
    /// than at a shared corner.
    pub fn new(mut ring: Vec<Point>) -> Result<Self, PolygonError> {
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() < 3 {
            return Err(PolygonError::TooFew(ring.len()));
        }
        if ring.len() > MAXIMUM_CORNERS {
            return Err(PolygonError::TooMany(ring.len()));
        }
        let edges: Vec<[Point; 2]> =
            (0..ring.len()).map(|at| [ring[at], ring[(at + 1) % ring.len()]]).collect();
        for (at, one) in edges.iter().enumerate() {
            for (later, other) in edges.iter().enumerate().skip(at + 1) {
                let adjoining = later == at + 1 || (at == 0 && later + 1 == edges.len());
                let crossing =
                    if adjoining { folds_back(*one, *other) } else { meet(*one, *other) };
                if crossing {
                    return Err(PolygonError::CrossesItself(one[0], other[0]));
                }
            }
        }
        let bounds = bounds(&ring);
        Ok(Self { ring, bounds })
    }

    /// The smallest box around the polygon.
    #[must_use]
    pub const fn bounds(&self) -> BoundingBox {
        self.bounds
    }

    /// Whether `point` lies inside, by counting the edges that a line to the
    /// east crosses. On an edge either answer may come.
    ///
    /// Source: M. Shimrat, “Algorithm 112”, Communications of the ACM, 1962.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        if !self.bounds.contains(point) {
            return false;
        }
        let (x, y) = (point.longitude(), point.latitude());
        let mut inside = false;
        let mut before = self.ring[self.ring.len() - 1];
        for &corner in &self.ring {
            let (above, above_before) = (corner.latitude() > y, before.latitude() > y);
            if above != above_before {
                let along = (y - corner.latitude()) / (before.latitude() - corner.latitude());
                let crossing =
                    (before.longitude() - corner.longitude()).mul_add(along, corner.longitude());
                if x < crossing {
                    inside = !inside;
                }
            }
            before = corner;
        }
        inside
    }
}

fn bounds(ring: &[Point]) -> BoundingBox {
    let fold = |value: fn(Point) -> f64, pick: fn(f64, f64) -> f64| {
        ring.iter().map(|&point| value(point)).reduce(pick).expect("a ring has corners")
    };
    let corner = |pick: fn(f64, f64) -> f64| {
        Point::new(fold(Point::latitude, pick), fold(Point::longitude, pick))
            .expect("its numbers are those of points")
    };
    BoundingBox::new(corner(f64::min), corner(f64::max)).expect("least is not above most")
}

/// Twice the signed area of a triangle: above 0 when it turns left.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.longitude() - a.longitude()) * (c.latitude() - a.latitude())
        - (b.latitude() - a.latitude()) * (c.longitude() - a.longitude())
}

fn meet([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
    (abc * abd < 0.0 && cda * cdb < 0.0)
        || (abc == 0.0 && bounds(&[a, b]).contains(c))
        || (abd == 0.0 && bounds(&[a, b]).contains(d))
        || (cda == 0.0 && bounds(&[c, d]).contains(a))
        || (cdb == 0.0 && bounds(&[c, d]).contains(b))
}

/// Whether two edges with a shared corner lie on each other.
fn folds_back([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let (shared, one, other) = if b == c { (b, a, d) } else { (a, b, c) };
    let same_way = (one.longitude() - shared.longitude()).mul_add(
        other.longitude() - shared.longitude(),
        (one.latitude() - shared.latitude()) * (other.latitude() - shared.latitude()),
    );
    turn(one, shared, other) == 0.0 && same_way > 0.0
}

#[cfg(test)]
#[path = "polygon_tests.rs"]
mod tests;
