//! Geometries as well-known text, as far as records hold them: whether a text
//! is one, and the same in WGS 84 with longitude first.
//!
//! Nothing is worked out of them here; SPARQL functions read the text, and the
//! harvester the positions.
//!
//! Source: OGC 06-103r4, section 7 (the text), and OGC 11-052r4, section 8.5
//! (the IRI of a reference system before it).

use std::borrow::Cow;
use std::fmt::Write as _;

use thiserror::Error;

use super::{GridReference, GridReferenceError, Point, PointError};

/// WGS 84, longitude first: what a text without a reference system is in.
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// The same, whatever its version.
const ANY_CRS84: &str = "http://www.opengis.net/def/crs/OGC/0/CRS84";
/// WGS 84, latitude first.
const WGS84: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";
/// Metres of the National Grid, east first.
const GRID: &str = "http://www.opengis.net/def/crs/EPSG/0/27700";

/// WGS 84 as PostGIS says it.
const POSTGIS: &str = "SRID=4326;";

/// How deep collections may be in one another.
const DEEPEST: usize = 4;

/// Why a text is no geometry.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum WktError {
    /// The reference system is none that is read.
    #[error("the reference system {0} is not read; CRS84, EPSG:4326 and EPSG:27700 are")]
    System(String),
    /// The text is not well formed.
    #[error("at `{0}`, {1} was expected")]
    Syntax(String, &'static str),
    /// A position is off the globe.
    #[error(transparent)]
    Position(#[from] PointError),
    /// A position is off the National Grid.
    #[error(transparent)]
    Grid(#[from] GridReferenceError),
    /// A ring of a polygon encloses nothing.
    #[error("a ring of a polygon has four positions or more, and its last is its first")]
    Ring,
}

/// The geometry in WGS 84, longitude first, without the name of a reference
/// system and without heights; a text that is so already stays as it is
/// written.
///
/// # Errors
///
/// [`WktError`] when it is no geometry, or not in a system that is read.
pub fn normalise(text: &str) -> Result<Cow<'_, str>, WktError> {
    let (reader, geometry) = Reader::read(text, Rings::Closed)?;
    let is_so = reader.system == System::LongitudeFirst && !reader.had_heights;
    Ok(if is_so { Cow::Borrowed(geometry) } else { Cow::Owned(reader.written) })
}

/// What a geometry is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shapes {
    /// The rings of each polygon, the outer one first; each ends where it begins.
    pub polygons: Vec<Vec<Vec<Point>>>,
    /// The positions of each line, two or more.
    pub lines: Vec<Vec<Point>>,
    /// Single positions.
    pub points: Vec<Point>,
}

/// What a geometry is made of, its rings closed where they are not. `SRID=4326;`
/// may stand before it, as PostGIS writes it: longitude is first all the same.
///
/// # Errors
///
/// [`WktError`] as [`normalise`].
pub fn shapes(text: &str) -> Result<Shapes, WktError> {
    let text = text.trim();
    let plain = text.get(..POSTGIS.len()).filter(|start| start.eq_ignore_ascii_case(POSTGIS));
    let (reader, _) = Reader::read(plain.map_or(text, |_| &text[POSTGIS.len()..]), Rings::Any)?;
    Ok(reader.shapes)
}

/// What the numbers of a position are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    LongitudeFirst,
    LatitudeFirst,
    Grid,
}

impl System {
    fn of(iri: &str) -> Result<Self, WktError> {
        match iri.replacen("https://", "http://", 1).as_str() {
            CRS84 | ANY_CRS84 => Ok(Self::LongitudeFirst),
            WGS84 => Ok(Self::LatitudeFirst),
            GRID => Ok(Self::Grid),
            _ => Err(WktError::System(iri.to_owned())),
        }
    }

    fn point(self, first: f64, second: f64) -> Result<Point, WktError> {
        Ok(match self {
            Self::LongitudeFirst => Point::new(second, first)?,
            Self::LatitudeFirst => Point::new(first, second)?,
            Self::Grid => GridReference::new(first, second)?.to_point()?,
        })
    }
}

/// What stands between the parentheses of a geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Position,
    Line,
    Ring,
    /// One position, with or without parentheses of its own.
    Member,
}

/// Which rings are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rings {
    /// Those that end where they begin.
    Closed,
    /// Others too; they are closed.
    Any,
}

struct Reader<'a> {
    rest: &'a str,
    system: System,
    rings: Rings,
    /// Whether a position had a height, which is read and not kept.
    had_heights: bool,
    /// What was read, in WGS 84 with longitude first.
    written: String,
    shapes: Shapes,
}

impl<'a> Reader<'a> {
    /// Reads `text`, and gives it without its reference system too.
    fn read(text: &'a str, rings: Rings) -> Result<(Self, &'a str), WktError> {
        let trimmed = text.trim();
        let (system, rest) = match trimmed.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            None => (System::LongitudeFirst, trimmed),
            Some((iri, rest)) => (System::of(iri)?, rest.trim_start()),
        };
        let (written, shapes) = (String::new(), Shapes::default());
        let mut reader = Self { rest, system, rings, had_heights: false, written, shapes };
        reader.geometry(0)?;
        if !reader.rest.trim().is_empty() {
            return Err(reader.expected("the end"));
        }
        Ok((reader, rest))
    }

    fn geometry(&mut self, depth: usize) -> Result<(), WktError> {
        if depth > DEEPEST {
            return Err(self.expected("a geometry that is less deeply nested"));
        }
        let name = self.word();
        // How many parentheses there are around the innermost form.
        let (form, lists) = match name.to_ascii_uppercase().as_str() {
            "POINT" => (Form::Position, 0),
            "LINESTRING" => (Form::Line, 0),
            "POLYGON" => (Form::Ring, 1),
            "MULTIPOINT" => (Form::Member, 1),
            "MULTILINESTRING" => (Form::Line, 1),
            "MULTIPOLYGON" => (Form::Ring, 2),
            "GEOMETRYCOLLECTION" => {
                self.written.push_str("GEOMETRYCOLLECTION ");
                return self.list(&mut |reader| reader.geometry(depth + 1));
            }
            _ => {
                self.rest = name;
                return Err(self.expected("the name of a geometry"));
            }
        };
        self.written.push_str(&name.to_ascii_uppercase());
        self.written.push(' ');
        let before = self.rest;
        if self.word().eq_ignore_ascii_case("Z") {
            self.had_heights = true;
        } else {
            self.rest = before;
        }
        self.nested(form, lists)
    }

    fn nested(&mut self, form: Form, lists: usize) -> Result<(), WktError> {
        if lists == 0 {
            return self.innermost(form);
        }
        if lists == 1 && form == Form::Ring {
            self.shapes.polygons.push(Vec::new());
        }
        self.list(&mut |reader| reader.nested(form, lists - 1))
    }

    fn innermost(&mut self, form: Form) -> Result<(), WktError> {
        match form {
            Form::Member if !self.is_next('(') => {
                let point = self.position()?;
                self.shapes.points.push(point);
                Ok(())
            }
            Form::Position | Form::Member => {
                self.take('(')?;
                let point = self.position()?;
                self.shapes.points.push(point);
                self.take(')')
            }
            Form::Line | Form::Ring => {
                let mut positions = Vec::new();
                self.list(&mut |reader| {
                    positions.push(reader.position()?);
                    Ok(())
                })?;
                if form == Form::Ring && self.rings == Rings::Any {
                    let first = positions.first().copied();
                    positions.extend(first.filter(|_| first != positions.last().copied()));
                }
                let is_ring = positions.len() >= 4 && positions.first() == positions.last();
                match form {
                    Form::Ring if !is_ring => return Err(WktError::Ring),
                    Form::Line if positions.len() < 2 => {
                        return Err(self.expected("a second position"));
                    }
                    Form::Ring => {
                        if let Some(polygon) = self.shapes.polygons.last_mut() {
                            polygon.push(positions);
                        }
                    }
                    _ => self.shapes.lines.push(positions),
                }
                Ok(())
            }
        }
    }

    /// What `one` reads, once or more between parentheses.
    fn list(
        &mut self,
        one: &mut dyn FnMut(&mut Self) -> Result<(), WktError>,
    ) -> Result<(), WktError> {
        self.take('(')?;
        loop {
            one(self)?;
            if !self.is_next(',') {
                return self.take(')');
            }
            self.take(',')?;
            self.written.push(' ');
        }
    }

    fn position(&mut self) -> Result<Point, WktError> {
        let (first, second) = (self.number()?, self.number()?);
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.');
        if self.rest.trim_start().starts_with(is_number) {
            // PostGIS writes heights without a word before.
            self.number()?;
            self.had_heights = true;
        }
        let point = self.system.point(first, second)?;
        let (longitude, latitude) = (point.longitude(), point.latitude());
        write!(self.written, "{longitude} {latitude}").expect("a string takes everything");
        Ok(point)
    }

    fn number(&mut self) -> Result<f64, WktError> {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| c.is_whitespace() || "(),".contains(c));
        let (number, rest) = text.split_at(end.unwrap_or(text.len()));
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.rest = rest;
                Ok(number)
            }
            _ => Err(self.expected("a number")),
        }
    }

    fn word(&mut self) -> &'a str {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        if !word.is_empty() {
            self.rest = rest;
        }
        word
    }

    fn is_next(&self, wanted: char) -> bool {
        self.rest.trim_start().starts_with(wanted)
    }

    fn take(&mut self, wanted: char) -> Result<(), WktError> {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                self.written.push(wanted);
                Ok(())
            }
            None => Err(self.expected(match wanted {
                '(' => "an opening parenthesis",
                ')' => "a comma or a closing parenthesis",
                _ => "a comma",
            })),
        }
    }

    fn expected(&self, what: &'static str) -> WktError {
        let text = self.rest.trim();
        WktError::Syntax(text.chars().take(20).collect(), what)
    }
}

#[cfg(test)]
#[path = "wkt_tests.rs"]
mod tests;
