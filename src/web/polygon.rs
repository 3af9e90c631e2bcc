//! Reading the polygon of a search.
//!
//! Only rings that enclose something are let through: no ring with fewer than
//! three corners, none that crosses or touches itself, none with a side longer
//! than 180 degrees. Rings with holes and rings over the antimeridian are not
//! read.

use thiserror::Error;

use crate::model::Point;
use crate::model::PointError;

/// The most corners that are read. The check for crossings costs the square.
const MOST_CORNERS: usize = 500;

/// Why a polygon can't be.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub(crate) enum PolygonError {
    /// The text is in neither of the two syntaxes.
    #[error(
        "`{0}` is not a polygon such as `55.9,-3.3;55.9,-3.1;56.0,-3.2`: latitude, longitude; or \
         one of well-known text, without holes and without a reference system"
    )]
    Syntax(String),
    /// A corner is no position.
    #[error(transparent)]
    Corner(#[from] PointError),
    /// There are too few or too many corners.
    #[error("a polygon has 3 to {MOST_CORNERS} corners, and this one has {0}")]
    Corners(usize),
    /// A side goes more than half-way round the world, so that the other way
    /// would be shorter.
    #[error(
        "the polygon's side from longitude {0} to {1} is longer than 180 degrees; over the 180th \
         meridian, ask for each half, or by `bbox`"
    )]
    Long(f64, f64),
    /// Two sides meet that are not neighbours, counted from 1.
    #[error("the polygon crosses itself: its sides {0} and {1} meet")]
    Crossing(usize, usize),
}

/// Reads a polygon: `latitude,longitude;latitude,longitude;…`, or a WKT
/// polygon without holes, `POLYGON((longitude latitude, …))`.
///
/// The ring may be closed or open; what is given back is open.
///
/// # Errors
///
/// [`PolygonError`] when the text can't be read, a corner is no position, the
/// corners are fewer than three or more than 500, a side is longer than 180
/// degrees, or the ring crosses itself.
pub(crate) fn read(text: &str) -> Result<Vec<Point>, PolygonError> {
    let upper = text.trim().to_ascii_uppercase();
    let mut ring = match upper.strip_prefix("POLYGON") {
        Some(rest) => read_wkt(rest).ok_or_else(|| PolygonError::Syntax(text.to_owned()))??,
        None => text
            .trim()
            .trim_end_matches(';')
            .split(';')
            .map(|corner| match corner.parse() {
                Err(PointError::Syntax(_)) => Err(PolygonError::Syntax(text.to_owned())),
                read => Ok(read?),
            })
            .collect::<Result<Vec<Point>, _>>()?,
    };
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if !(3..=MOST_CORNERS).contains(&ring.len()) {
        return Err(PolygonError::Corners(ring.len()));
    }
    let next = ring.iter().skip(1).chain(ring.first());
    for (one, other) in ring.iter().zip(next) {
        let (from, to) = (one.longitude(), other.longitude());
        if (from - to).abs() > 180.0 {
            return Err(PolygonError::Long(from, to));
        }
    }
    match crossing(&ring) {
        Some((one, other)) => Err(PolygonError::Crossing(one, other)),
        None => Ok(ring),
    }
}

fn read_wkt(rest: &str) -> Option<Result<Vec<Point>, PointError>> {
    let ring = rest.trim().strip_prefix("((")?.strip_suffix("))")?;
    let mut corners = Vec::new();
    for corner in ring.split(',') {
        let (longitude, latitude) = corner.trim().split_once(' ')?;
        let (longitude, latitude) = (longitude.parse().ok()?, latitude.trim().parse::<f64>().ok()?);
        match Point::new(latitude, longitude) {
            Ok(point) => corners.push(point),
            Err(error) => return Some(Err(error)),
        }
    }
    Some(Ok(corners))
}

/// The first two sides that meet without being neighbours, counted from 1.
fn crossing(ring: &[Point]) -> Option<(usize, usize)> {
    let side = |index: usize| (ring[index], ring[(index + 1) % ring.len()]);
    for one in 0..ring.len() {
        for other in one + 1..ring.len() {
            let neighbours = other == one + 1 || (one == 0 && other == ring.len() - 1);
            let meets = if neighbours {
                folds_back(ring, one, other)
            } else {
                meet(side(one), side(other))
            };
            if meets {
                return Some((one + 1, other + 1));
            }
        }
    }
    None
}

/// Whether two neighbouring sides lie on one line and in the same direction
/// from their common corner, so that one covers the other; or a side has no
/// length.
fn folds_back(ring: &[Point], one: usize, other: usize) -> bool {
    let (first, second) = if other == one + 1 { (one, other) } else { (other, one) };
    let start = ring[first];
    let corner = ring[second];
    let end = ring[(second + 1) % ring.len()];
    if start == corner || corner == end {
        return true;
    }
    let inner = (start.longitude() - corner.longitude()) * (end.longitude() - corner.longitude())
        + (start.latitude() - corner.latitude()) * (end.latitude() - corner.latitude());
    turn(start, corner, end) == 0.0 && inner > 0.0
}

fn meet(one: (Point, Point), other: (Point, Point)) -> bool {
    let turns = [
        turn(one.0, one.1, other.0),
        turn(one.0, one.1, other.1),
        turn(other.0, other.1, one.0),
        turn(other.0, other.1, one.1),
    ];
    if turns[0] * turns[1] < 0.0 && turns[2] * turns[3] < 0.0 {
        return true;
    }
    (turns[0] == 0.0 && spans(one, other.0))
        || (turns[1] == 0.0 && spans(one, other.1))
        || (turns[2] == 0.0 && spans(other, one.0))
        || (turns[3] == 0.0 && spans(other, one.1))
}

/// Positive when the way from `a` over `b` to `c` turns left.
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.longitude() - a.longitude()) * (c.latitude() - a.latitude())
        - (b.latitude() - a.latitude()) * (c.longitude() - a.longitude())
}

fn spans((from, to): (Point, Point), point: Point) -> bool {
    let within = |a: f64, b: f64, c: f64| a.min(b) <= c && c <= a.max(b);
    within(from.latitude(), to.latitude(), point.latitude())
        && within(from.longitude(), to.longitude(), point.longitude())
}

#[cfg(test)]
#[path = "polygon_tests.rs"]
mod tests;
