//! Positions and distances on the earth.
//!
//! Every position is WGS 84 (EPSG:4326), in decimal degrees, latitude first;
//! every distance is in metres. Formats which put longitude first (GeoJSON,
//! WKT) are turned round where they are read, never here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Radius of the sphere on which distances are taken, in metres.
///
/// The value at which great-circle distances err least over Scotland: 4 mm at
/// 100 km against the geodesic of Karney, 2013.
const EARTH_RADIUS: f64 = 6_381_000.0;

/// A position: latitude and longitude in decimal degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    latitude: f64,
    longitude: f64,
}

/// Why a position can't be.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum PointError {
    /// The latitude is not a number between -90 and 90.
    #[error("latitude {0} is not within -90 and 90")]
    Latitude(f64),
    /// The longitude is not a number between -180 and 180.
    #[error("longitude {0} is not within -180 and 180")]
    Longitude(f64),
    /// The text is not two numbers with a comma between.
    #[error("`{0}` is not a position such as `55.95,-3.19`: latitude, comma, longitude")]
    Syntax(String),
}

impl Point {
    /// Makes a point from `latitude` and `longitude`, in decimal degrees.
    ///
    /// # Errors
    ///
    /// [`PointError::Latitude`] or [`PointError::Longitude`] when a number is
    /// out of range or NaN.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, PointError> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(PointError::Latitude(latitude));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(PointError::Longitude(longitude));
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north of the equator, from -90 to 90.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east of Greenwich, from -180 to 180.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }

    /// Whether it lies in the box of the United Kingdom and its waters,
    /// roughly.
    #[must_use]
    pub fn is_british(self) -> bool {
        (49.0..=61.5).contains(&self.latitude) && (-9.0..=2.5).contains(&self.longitude)
    }

    /// Whether all of `points` would lie in the United Kingdom with their
    /// numbers swapped, and none does as it is; of no point it isn't so.
    #[must_use]
    pub fn are_swapped(points: &[Self]) -> bool {
        let is_swapped = |point: &Self| {
            let other = Self::new(point.longitude, point.latitude);
            !point.is_british() && other.is_ok_and(Self::is_british)
        };
        !points.is_empty() && points.iter().all(is_swapped)
    }

    /// The unit vector from the earth's centre: x, y, z.
    #[must_use]
    pub fn to_unit_vector(self) -> [f64; 3] {
        let (sin_latitude, cos_latitude) = self.latitude.to_radians().sin_cos();
        let (sin_longitude, cos_longitude) = self.longitude.to_radians().sin_cos();
        [cos_latitude * cos_longitude, cos_latitude * sin_longitude, sin_latitude]
    }

    /// Great-circle distance to `other`, along the arc over the chord.
    ///
    /// Source: contract of geography, which measured it against the geodesic.
    #[must_use]
    pub fn distance(self, other: Self) -> Metres {
        let [a, b] = [self.to_unit_vector(), other.to_unit_vector()];
        let squared: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
        Metres::from_squared_chord(squared)
    }
}

impl fmt::Display for Point {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{},{}", self.latitude, self.longitude)
    }
}

impl FromStr for Point {
    type Err = PointError;

    fn from_str(text: &str) -> Result<Self, PointError> {
        let syntax = || PointError::Syntax(text.to_owned());
        let (latitude, longitude) = text.split_once(',').ok_or_else(syntax)?;
        let number = |part: &str| part.trim().parse::<f64>().map_err(|_| syntax());
        Self::new(number(latitude)?, number(longitude)?)
    }
}

/// A distance in metres, never negative and never NaN.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metres(f64);

/// Why a distance can't be.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum MetresError {
    /// The number is negative, infinite or NaN.
    #[error("distance {0} is not a positive number of metres")]
    Range(f64),
    /// The text is not a number with an optional unit.
    #[error("`{0}` is not a distance such as `2km`, `500m`, `1.5mi` or `800` (metres)")]
    Syntax(String),
}

impl Metres {
    /// Makes a distance of `metres`.
    ///
    /// # Errors
    ///
    /// [`MetresError::Range`] when the number is negative, infinite or NaN.
    pub fn new(metres: f64) -> Result<Self, MetresError> {
        if metres.is_finite() && metres >= 0.0 {
            Ok(Self(metres))
        } else {
            Err(MetresError::Range(metres))
        }
    }

    /// The distance as a number of metres.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        self.0
    }

    /// The arc over a straight chord between two unit vectors, given the
    /// square of the chord's length.
    #[must_use]
    pub fn from_squared_chord(squared: f64) -> Self {
        let half = (squared.max(0.0).sqrt() / 2.0).min(1.0);
        Self(2.0 * EARTH_RADIUS * half.asin())
    }

    /// The square of the straight chord, between unit vectors, under an arc
    /// of this length; 4 (the whole diameter) from half the globe on.
    #[must_use]
    pub fn to_squared_chord(self) -> f64 {
        let angle = (self.0 / EARTH_RADIUS).min(std::f64::consts::PI);
        let chord = 2.0 * (angle / 2.0).sin();
        chord * chord
    }
}

impl fmt::Display for Metres {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1000.0 {
            write!(formatter, "{:.0} m", self.0)
        } else {
            write!(formatter, "{:.1} km", self.0 / 1000.0)
        }
    }
}

impl FromStr for Metres {
    type Err = MetresError;

    /// Reads a number with the unit `m` (also when there is none), `km`,
    /// `mi` (1,609.344 m) or `yd` (0.9144 m), in any case, spaces allowed.
    fn from_str(text: &str) -> Result<Self, MetresError> {
        let lower = text.trim().to_ascii_lowercase();
        let unit_at = lower
            .find(|character: char| character.is_ascii_alphabetic() && character != 'e')
            .unwrap_or(lower.len());
        let (number, unit) = lower.split_at(unit_at);
        let factor = match unit.trim() {
            "" | "m" | "metres" => 1.0,
            "km" => 1000.0,
            "mi" | "miles" | "mile" => 1_609.344,
            "yd" => 0.9144,
            _ => return Err(MetresError::Syntax(text.to_owned())),
        };
        let number: f64 =
            number.trim().parse().map_err(|_| MetresError::Syntax(text.to_owned()))?;
        Self::new(number * factor)
    }
}

/// A box of latitudes and longitudes. West may be east of east: then the box
/// crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox {
    south_west: Point,
    north_east: Point,
}

/// Why a box can't be.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum BoundingBoxError {
    /// The text is not four numbers with commas between.
    #[error("`{0}` is not a box such as `-3.3,55.9,-3.1,56.0`: west, south, east, north")]
    Syntax(String),
    /// South is north of north.
    #[error("south {south} is north of north {north}; the order is west, south, east, north")]
    UpsideDown {
        /// The southern edge that was given.
        south: f64,
        /// The northern edge that was given.
        north: f64,
    },
    /// A corner is no position.
    #[error(transparent)]
    Corner(#[from] PointError),
}

impl BoundingBox {
    /// Makes a box from its corners.
    ///
    /// # Errors
    ///
    /// [`BoundingBoxError::UpsideDown`] when the first corner is north of the
    /// second.
    pub fn new(south_west: Point, north_east: Point) -> Result<Self, BoundingBoxError> {
        let (south, north) = (south_west.latitude(), north_east.latitude());
        if south > north {
            return Err(BoundingBoxError::UpsideDown { south, north });
        }
        Ok(Self { south_west, north_east })
    }

    /// The corner with the lowest latitude, and the western longitude.
    #[must_use]
    pub const fn south_west(self) -> Point {
        self.south_west
    }

    /// The corner with the highest latitude, and the eastern longitude.
    #[must_use]
    pub const fn north_east(self) -> Point {
        self.north_east
    }

    /// Whether `point` lies in the box or on its edge.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        let (west, east) = (self.south_west.longitude, self.north_east.longitude);
        let between =
            (self.south_west.latitude..=self.north_east.latitude).contains(&point.latitude);
        let along = if west <= east {
            (west..=east).contains(&point.longitude)
        } else {
            point.longitude >= west || point.longitude <= east
        };
        between && along
    }
}

impl FromStr for BoundingBox {
    type Err = BoundingBoxError;

    /// Reads `west,south,east,north`, the order of GeoJSON (RFC 7946, 5).
    fn from_str(text: &str) -> Result<Self, BoundingBoxError> {
        let syntax = || BoundingBoxError::Syntax(text.to_owned());
        let numbers: Vec<f64> = text
            .split(',')
            .map(|part| part.trim().parse().map_err(|_| syntax()))
            .collect::<Result<_, _>>()?;
        let &[west, south, east, north] = numbers.as_slice() else { return Err(syntax()) };
        Self::new(Point::new(south, west)?, Point::new(north, east)?)
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
