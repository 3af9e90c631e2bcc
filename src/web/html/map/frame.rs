//! The part of the earth that a map shows, and where on the map a point is.

use std::fmt::Write as _;

use super::Subject;
use super::clip;
use crate::gazetteer::Area;
use crate::model::BoundingBox;
use crate::model::Metres;
use crate::model::Point;

/// Metres in a degree of latitude.
const DEGREE: f64 = 111_195.0;

/// The width of a map, in its own units.
const WIDTH: f64 = 480.0;

/// The least and the greatest height in relation to the width.
const SHAPES: (f64, f64) = (0.7, 1.25);

/// The least distance that a map shows from edge to edge, in metres.
const LEAST: f64 = 4_000.0;

/// Corners nearer to each other than this, in units of the map counted along
/// its edges, can't be told apart by eye.
const FINEST: i32 = 3;

/// How much is left free at the edges, in units of the map.
const MARGIN: f64 = 24.0;

/// A projection of a part of the earth on a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) width: f64,
    pub(super) height: f64,
    west: f64,
    north: f64,
    /// Units of the map in a degree of latitude.
    scale: f64,
    /// How much shorter a degree of longitude is.
    narrowing: f64,
}

/// The least and the greatest degrees of what is shown.
#[derive(Debug, Clone, Copy)]
struct Extent {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

impl Extent {
    const NONE: Self = Self {
        south: f64::INFINITY,
        north: f64::NEG_INFINITY,
        west: f64::INFINITY,
        east: f64::NEG_INFINITY,
    };

    fn with(self, latitude: f64, longitude: f64) -> Self {
        Self {
            south: self.south.min(latitude),
            north: self.north.max(latitude),
            west: self.west.min(longitude),
            east: self.east.max(longitude),
        }
    }

    fn with_point(self, point: Point) -> Self {
        self.with(point.latitude(), point.longitude())
    }

    fn with_box(self, bounds: BoundingBox) -> Self {
        self.with_point(bounds.south_west()).with_point(bounds.north_east())
    }
}

impl Frame {
    /// The smallest frame that holds the ring; without one the pins and the
    /// centre, and when there is none of these the areas.
    pub(super) fn around(subject: &Subject<'_>, areas: &[&Area]) -> Option<Self> {
        let pins = subject.pins.iter().filter(|_| subject.ring.is_none());
        let points = pins.map(|pin| pin.point).chain(subject.centre);
        let mut extent = points.fold(Extent::NONE, Extent::with_point);
        if let (Some(centre), Some((radius, _))) = (subject.centre, &subject.ring) {
            let degrees = radius.as_f64() / DEGREE;
            let narrowing = centre.latitude().to_radians().cos();
            for (north, east) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                extent = extent.with(
                    centre.latitude() + north * degrees,
                    centre.longitude() + east * degrees / narrowing,
                );
            }
        }
        if extent.south > extent.north {
            let boxes = areas.iter().filter_map(|area| area.bounding_box);
            extent = boxes.fold(extent, Extent::with_box);
        }
        (extent.south <= extent.north).then(|| Self::of(extent))
    }

    fn of(extent: Extent) -> Self {
        let middle = f64::midpoint(extent.south, extent.north);
        let narrowing = middle.to_radians().cos().max(0.05);
        let least = LEAST / DEGREE;
        let tall = (extent.north - extent.south).max(least);
        let wide = ((extent.east - extent.west) * narrowing).max(least);
        let shape = (tall / wide).clamp(SHAPES.0, SHAPES.1);
        let (width, height) = (WIDTH, WIDTH * shape);
        let scale = ((width - 2.0 * MARGIN) / wide).min((height - 2.0 * MARGIN) / tall);
        Self {
            width,
            height,
            west: f64::midpoint(extent.west, extent.east) - width / 2.0 / scale / narrowing,
            north: middle + height / 2.0 / scale,
            scale,
            narrowing,
        }
    }

    /// Where on the map a point is: from the left, from the top.
    pub(super) fn project(&self, point: Point) -> (f64, f64) {
        (
            (point.longitude() - self.west) * self.narrowing * self.scale,
            (self.north - point.latitude()) * self.scale,
        )
    }

    /// A length on the map.
    pub(super) fn length(&self, distance: Metres) -> f64 {
        distance.as_f64() / DEGREE * self.scale
    }

    /// The height of what is shown.
    pub(super) fn kilometres(&self) -> f64 {
        self.height / self.scale * DEGREE / 1_000.0
    }

    /// Whether a part of a box may be on the sheet.
    pub(super) fn meets(&self, bounds: BoundingBox) -> bool {
        let (west, south) = self.project(bounds.south_west());
        let (east, north) = self.project(bounds.north_east());
        west < self.width && east > 0.0 && north < self.height && south > 0.0
    }

    /// The part of a ring that is on the sheet, or just outside.
    pub(super) fn clip(&self, ring: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
        let edge = 4.0;
        clip::to_box(ring, (-edge, -edge), (self.width + edge, self.height + edge))
    }
}

/// Adds a ring to a path, in whole units. Corners that nearly fall together
/// are written once, and a ring too small to be seen is not written.
pub(super) fn write_path(path: &mut String, ring: &[(f64, f64)]) {
    let mut corners: Vec<(i32, i32)> = Vec::with_capacity(ring.len());
    for corner in ring.iter().map(|&(x, y)| (whole(x), whole(y))) {
        let is_near = corners
            .last()
            .is_some_and(|last| (corner.0 - last.0).abs() + (corner.1 - last.1).abs() < FINEST);
        if !is_near {
            corners.push(corner);
        }
    }
    if corners.len() < 3 {
        return;
    }
    let mut last = corners[0];
    // Writing to a string can't fail.
    let _ = write!(path, "M{} {}l", last.0, last.1);
    for (place, corner) in corners[1..].iter().enumerate() {
        let (x, y) = (corner.0 - last.0, corner.1 - last.1);
        if place > 0 && x >= 0 {
            path.push(' ');
        }
        write_number(path, x);
        if y >= 0 {
            path.push(' ');
        }
        write_number(path, y);
        last = *corner;
    }
    path.push('z');
}

/// Adds a number to a path. A map has thousands, too many to be formatted.
fn write_number(path: &mut String, number: i32) {
    if number < 0 {
        path.push('-');
    }
    let number = number.unsigned_abs();
    let mut unit = 1;
    while number / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        path.extend(char::from_digit(number / unit % 10, 10));
        unit /= 10;
    }
}

/// The nearest whole number; the sheet is small, so that it fits.
#[expect(clippy::cast_possible_truncation, reason = "it was clipped to the sheet")]
fn whole(units: f64) -> i32 {
    units.round() as i32
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
