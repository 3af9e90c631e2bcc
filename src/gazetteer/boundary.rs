//! Boundaries of areas: polygons with holes, and how they are written down.
//!
//! Corners are whole microdegrees (0.11 m), so that every test of a side is
//! exact and a border which two areas share never loses a point between them.

use crate::model::{BoundingBox, Point};

const MICRODEGREES: f64 = 1e6;

/// A corner, in microdegrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Corner {
    /// Millionths of a degree north of the equator.
    pub latitude: i32,
    /// Millionths of a degree east of Greenwich.
    pub longitude: i32,
}

/// A closed line; its last corner is joined to its first, not written twice.
pub type Ring = Vec<Corner>;

/// The outline of an area: polygons, each an outer ring and its holes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Boundary {
    polygons: Vec<Vec<Ring>>,
}

impl Corner {
    /// The corner nearest to `point`.
    #[must_use]
    pub fn of(point: Point) -> Self {
        Self { latitude: to_micro(point.latitude()), longitude: to_micro(point.longitude()) }
    }

    /// The corner as a point.
    ///
    /// # Panics
    ///
    /// Never: what lies beyond the poles is put on them.
    #[must_use]
    pub fn to_point(self) -> Point {
        let degrees = |micro: i32| f64::from(micro) / MICRODEGREES;
        Point::new(
            degrees(self.latitude).clamp(-90.0, 90.0),
            degrees(self.longitude).clamp(-180.0, 180.0),
        )
        .expect("the degrees were clamped to what a point takes")
    }
}

/// Whole microdegrees; at most 180 million, which fits.
#[expect(clippy::cast_possible_truncation, reason = "degrees are within 180 either way")]
pub(super) fn to_micro(degrees: f64) -> i32 {
    (degrees * MICRODEGREES).round() as i32
}

impl Boundary {
    /// Makes a boundary of polygons; rings of fewer than three corners are
    /// left out. `None` when nothing is left.
    #[must_use]
    pub fn new(polygons: Vec<Vec<Ring>>) -> Option<Self> {
        let polygons: Vec<Vec<Ring>> = polygons
            .into_iter()
            .filter(|rings| rings.first().is_some_and(|outer| outer.len() >= 3))
            .map(|rings| rings.into_iter().filter(|ring| ring.len() >= 3).collect())
            .collect();
        (!polygons.is_empty()).then_some(Self { polygons })
    }

    /// The polygons; the first ring of each is the outer one, others are holes.
    #[must_use]
    pub fn polygons(&self) -> &[Vec<Ring>] {
        &self.polygons
    }

    /// Every side of every ring, as its two ends.
    pub fn sides(&self) -> impl Iterator<Item = (Corner, Corner)> {
        self.polygons.iter().flatten().flat_map(|ring| {
            let next = ring.iter().skip(1).chain(ring.first());
            ring.iter().copied().zip(next.copied())
        })
    }

    /// The smallest box that holds the boundary.
    ///
    /// # Panics
    ///
    /// Never: the least latitude is not north of the greatest.
    #[must_use]
    pub fn bounding_box(&self) -> BoundingBox {
        let corners = || self.polygons.iter().flatten().flatten();
        let range = |of: fn(&Corner) -> i32| {
            let low = corners().map(of).min().unwrap_or_default();
            (low, corners().map(of).max().unwrap_or_default())
        };
        let (south, north) = range(|corner| corner.latitude);
        let (west, east) = range(|corner| corner.longitude);
        BoundingBox::new(
            Corner { latitude: south, longitude: west }.to_point(),
            Corner { latitude: north, longitude: east }.to_point(),
        )
        .expect("the least latitude is not north of the greatest")
    }

    /// Whether `point` lies inside: an odd number of sides lies east of it.
    ///
    /// Takes time in proportion to the corners; the gazetteer's own look-ups
    /// go by an index.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let corner = Corner::of(point);
        self.sides().filter(|&(a, b)| lies_east(corner, a, b)).count() % 2 == 1
    }

    /// The centre of gravity, by the formula of the plane on degrees.
    #[must_use]
    pub fn centroid(&self) -> Point {
        let (mut area, mut latitude, mut longitude) = (0.0, 0.0, 0.0);
        for (number, ring) in self.polygons.iter().flat_map(|rings| rings.iter().enumerate()) {
            let origin = ring[0];
            let away = |corner: Corner| {
                let offset = |to: i32, from: i32| f64::from(to) - f64::from(from);
                (
                    offset(corner.latitude, origin.latitude),
                    offset(corner.longitude, origin.longitude),
                )
            };
            let (mut ring_area, mut north, mut east) = (0.0, 0.0, 0.0);
            for (&from, &to) in ring.iter().zip(ring.iter().skip(1).chain(ring.first())) {
                let ((ay, ax), (by, bx)) = (away(from), away(to));
                let cross = ax * by - bx * ay;
                ring_area += cross / 2.0;
                north += (ay + by) * cross / 6.0;
                east += (ax + bx) * cross / 6.0;
            }
            let sign = if (ring_area > 0.0) == (number == 0) { 1.0 } else { -1.0 };
            area += sign * ring_area;
            latitude += sign * (north + ring_area * f64::from(origin.latitude));
            longitude += sign * (east + ring_area * f64::from(origin.longitude));
        }
        if area == 0.0 {
            return self.polygons[0][0][0].to_point();
        }
        let degrees = |micro: f64| micro / area / MICRODEGREES;
        Point::new(degrees(latitude), degrees(longitude))
            .unwrap_or_else(|_| self.polygons[0][0][0].to_point())
    }

    /// The boundary as well-known text, longitude first, in WGS 84 degrees:
    /// a `POLYGON` when there is one, else a `MULTIPOLYGON`.
    ///
    /// Source: OGC 06-103r4, section 7.
    #[must_use]
    pub fn to_wkt(&self) -> String {
        let polygons: Vec<String> = self.polygons.iter().map(|rings| polygon_text(rings)).collect();
        match polygons.as_slice() {
            [one] => format!("POLYGON {one}"),
            several => format!("MULTIPOLYGON ({})", several.join(", ")),
        }
    }

    /// Reads the form of [`Boundary::encode`]; `None` when it is damaged.
    pub(super) fn decode(decimals: u32, text: &str) -> Option<Self> {
        let scale = 10_i32.checked_pow(6_u32.checked_sub(decimals)?)?;
        let ring = |text: &str| decode_ring(text, scale);
        let polygon = |text: &str| text.split(' ').map(ring).collect::<Option<Vec<Ring>>>();
        Self::new(text.split(';').map(polygon).collect::<Option<_>>()?)
    }

    /// Writes rings as differences of latitude and longitude in the encoded
    /// polyline form, with six decimals: rings are parted by a space, polygons
    /// by a semicolon.
    ///
    /// Source: Google, “Encoded polyline algorithm format”.
    pub(super) fn encode(&self) -> String {
        let mut text = String::new();
        for (number, rings) in self.polygons.iter().enumerate() {
            text.push_str(if number == 0 { "" } else { ";" });
            for (number, ring) in rings.iter().enumerate() {
                text.push_str(if number == 0 { "" } else { " " });
                let (mut latitude, mut longitude) = (0, 0);
                for corner in ring {
                    encode_number(&mut text, corner.latitude - latitude);
                    encode_number(&mut text, corner.longitude - longitude);
                    (latitude, longitude) = (corner.latitude, corner.longitude);
                }
            }
        }
        text
    }
}

/// Whether the side from `a` to `b` crosses the ray from `corner` to the east.
///
/// The southern end of a side belongs to it and the northern does not, so
/// that a ray through a corner crosses once.
pub(super) fn lies_east(corner: Corner, a: Corner, b: Corner) -> bool {
    let (low, high) = if a.latitude <= b.latitude { (a, b) } else { (b, a) };
    if corner.latitude < low.latitude || corner.latitude >= high.latitude {
        return false;
    }
    let difference = |to: i32, from: i32| i64::from(to) - i64::from(from);
    let along =
        difference(corner.longitude, low.longitude) * difference(high.latitude, low.latitude);
    let across =
        difference(high.longitude, low.longitude) * difference(corner.latitude, low.latitude);
    along < across
}

fn polygon_text(rings: &[Ring]) -> String {
    let rings: Vec<String> = rings
        .iter()
        .map(|ring| {
            let corners: Vec<String> = ring
                .iter()
                .chain(ring.first())
                .map(|corner| {
                    let point = corner.to_point();
                    format!("{} {}", point.longitude(), point.latitude())
                })
                .collect();
            format!("({})", corners.join(", "))
        })
        .collect();
    format!("({})", rings.join(", "))
}

fn encode_number(text: &mut String, number: i32) {
    let mut rest = (number.cast_unsigned() << 1) ^ (number >> 31).cast_unsigned();
    loop {
        let more = if rest >= 0x20 { 0x20 } else { 0 };
        let digit = u8::try_from(rest & 0x1f).expect("five bits fit");
        text.push(char::from((digit | more) + 63));
        rest >>= 5;
        if more == 0 {
            break;
        }
    }
}

fn decode_ring(text: &str, scale: i32) -> Option<Ring> {
    let mut bytes = text.bytes();
    let (mut latitude, mut longitude) = (0_i32, 0_i32);
    let mut ring = Vec::with_capacity(text.len() / 4);
    while let Some(step) = decode_number(&mut bytes) {
        latitude = latitude.checked_add(step)?;
        longitude = longitude.checked_add(decode_number(&mut bytes)?)?;
        ring.push(Corner {
            latitude: latitude.checked_mul(scale)?,
            longitude: longitude.checked_mul(scale)?,
        });
    }
    Some(ring)
}

fn decode_number(bytes: &mut impl Iterator<Item = u8>) -> Option<i32> {
    let (mut number, mut shift) = (0_u32, 0);
    loop {
        let digit = u32::from(bytes.next()?.checked_sub(63)?);
        number |= (digit & 0x1f).checked_shl(shift)?;
        if digit < 0x20 {
            return Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()));
        }
        shift += 5;
    }
}

#[cfg(test)]
#[path = "boundary_tests.rs"]
mod tests;
