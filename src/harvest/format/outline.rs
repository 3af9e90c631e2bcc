//! Where the middle of something is that has an extent: an outline, a line, a
//! circle, several points.
//!
//! It is worked out, and whoever uses it says so (`positionFrom` `outline`),
//! with how far across the thing is. The middle of an outline that lies
//! outside of it, as with a crescent, is moved to its nearest corner.

use serde_json::Value as Json;

use crate::gazetteer::{Boundary, Corner, Ring};
use crate::model::Point;
use crate::model::wkt::Shapes;

/// What a record says of a position from here.
const POSITION_FROM: &str = "outline";

/// How deep collections of shapes may be nested.
const DEEPEST: usize = 4;

/// The middle of something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Middle {
    pub(super) point: Point,
    /// How far it is across, in metres.
    pub(super) across: f64,
}

impl Middle {
    /// The fields of a position that was worked out.
    pub(super) fn fields(self) -> [(String, Json); 3] {
        [
            ("latitude".to_owned(), self.point.latitude().into()),
            ("longitude".to_owned(), self.point.longitude().into()),
            ("positionFrom".to_owned(), POSITION_FROM.into()),
        ]
    }

    /// The same as a node of `locations`.
    pub(super) fn location(self) -> Json {
        Json::Object(self.fields().into_iter().collect())
    }
}

/// What a shape is made of.
#[derive(Debug, Default)]
struct Parts {
    polygons: Vec<Vec<Ring>>,
    lines: Vec<Vec<Point>>,
    points: Vec<Point>,
}

/// The middle of a geometry, feature or collection of GeoJSON: of a single
/// point, the point. `None` when it is none, or has a position that is not on
/// earth.
///
/// Source: RFC 7946, sections 3.1 to 3.3.
pub(super) fn of_geometry(geometry: &Json) -> Option<Middle> {
    let mut parts = Parts::default();
    parts.take(geometry, 0)?;
    parts.middle()
}

/// The middle of what a text describes.
pub(super) fn of_shapes(shapes: Shapes) -> Option<Middle> {
    let polygon = |rings: Vec<Vec<Point>>| rings.iter().map(|corners| ring(corners)).collect();
    let polygons = shapes.polygons.into_iter().map(polygon).collect();
    Parts { polygons, lines: shapes.lines, points: shapes.points }.middle()
}

/// The middle of an outline by its corners.
pub(super) fn of_corners(corners: &[Point]) -> Option<Middle> {
    let mut parts = Parts::default();
    parts.polygons.push(vec![ring(corners)]);
    parts.middle()
}

/// The middle of a circle, by its radius in metres.
pub(super) fn of_circle(point: Point, radius: f64) -> Middle {
    Middle { point, across: 2.0 * radius.max(0.0) }
}

impl Parts {
    fn take(&mut self, geometry: &Json, depth: usize) -> Option<()> {
        let kind = geometry.get("type")?.as_str()?;
        let within = match kind {
            "GeometryCollection" => Some("geometries"),
            "FeatureCollection" => Some("features"),
            "Feature" => Some("geometry"),
            _ => None,
        };
        if let Some(within) = within {
            if depth >= DEEPEST {
                return None;
            }
            return match geometry.get(within)? {
                Json::Array(list) => {
                    list.iter().try_for_each(|geometry| self.take(geometry, depth + 1))
                }
                one => self.take(one, depth + 1),
            };
        }
        let coordinates = geometry.get("coordinates")?;
        match kind {
            "Point" => self.points.push(position(coordinates)?),
            "MultiPoint" => self.points.extend(line(coordinates)?),
            "LineString" => self.lines.push(line(coordinates)?),
            "MultiLineString" => self.lines.extend(lines(coordinates)?),
            "Polygon" => self.polygons.push(rings(coordinates)?),
            "MultiPolygon" => {
                let all: Option<Vec<_>> = coordinates.as_array()?.iter().map(rings).collect();
                self.polygons.extend(all?);
            }
            _ => return None,
        }
        Some(())
    }

    /// Outlines go before lines, and lines before points.
    fn middle(self) -> Option<Middle> {
        if let Some(boundary) = Boundary::new(self.polygons) {
            let bounds = boundary.bounding_box();
            let across = bounds.south_west().distance(bounds.north_east()).as_f64();
            let centre = boundary.centroid();
            let point = if boundary.contains(centre) {
                centre
            } else {
                let corners = boundary.polygons().iter().filter_map(|rings| rings.first());
                nearest(centre, corners.flatten().map(|corner| corner.to_point()))?
            };
            return Some(Middle { point, across });
        }
        let longest = self.lines.into_iter().max_by(|a, b| length(a).total_cmp(&length(b)));
        if let Some(line) = longest.filter(|line| !line.is_empty()) {
            return Some(Middle { point: halfway(&line)?, across: length(&line) });
        }
        let count = u32::try_from(self.points.len()).ok().filter(|count| *count > 0)?;
        let mean = |of: fn(Point) -> f64| {
            self.points.iter().map(|point| of(*point)).sum::<f64>() / f64::from(count)
        };
        let mean = Point::new(mean(Point::latitude), mean(Point::longitude)).ok()?;
        let point = nearest(mean, self.points.iter().copied())?;
        let far = |other: &Point| point.distance(*other).as_f64();
        let across = self.points.iter().map(far).fold(0.0, f64::max);
        Some(Middle { point, across })
    }
}

fn nearest(to: Point, points: impl Iterator<Item = Point>) -> Option<Point> {
    points.min_by(|a, b| to.distance(*a).as_f64().total_cmp(&to.distance(*b).as_f64()))
}

/// Longitude first, as in GeoJSON.
fn position(coordinates: &Json) -> Option<Point> {
    Point::new(coordinates.get(1)?.as_f64()?, coordinates.get(0)?.as_f64()?).ok()
}

fn line(coordinates: &Json) -> Option<Vec<Point>> {
    coordinates.as_array()?.iter().map(position).collect()
}

fn lines(coordinates: &Json) -> Option<Vec<Vec<Point>>> {
    coordinates.as_array()?.iter().map(line).collect()
}

fn rings(coordinates: &Json) -> Option<Vec<Ring>> {
    Some(lines(coordinates)?.iter().map(|points| ring(points)).collect())
}

/// The corners of a ring, the first not written again as the last.
fn ring(points: &[Point]) -> Ring {
    let mut ring: Ring = points.iter().map(|point| Corner::of(*point)).collect();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// In metres.
fn length(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance(pair[1]).as_f64()).sum()
}

/// The point of a line that has as much of it before as behind.
fn halfway(line: &[Point]) -> Option<Point> {
    let mut left = length(line) / 2.0;
    for pair in line.windows(2) {
        let step = pair[0].distance(pair[1]).as_f64();
        if step >= left && step > 0.0 {
            let part = left / step;
            let between = |from: f64, to: f64| from + (to - from) * part;
            let latitude = between(pair[0].latitude(), pair[1].latitude());
            let longitude = between(pair[0].longitude(), pair[1].longitude());
            return Point::new(latitude, longitude).ok();
        }
        left -= step;
    }
    line.first().copied()
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
