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
mod tests {
    use super::*;

    #[test]
    fn what_is_in_degrees_with_longitude_first_stays_as_it_is() {
        for text in [
            "POINT (-3.19 55.95)",
            "point(-3.19 55.95)",
            "LINESTRING (1 2, 3 4)",
            "POLYGON ((2 1, 3 1, 3 2, 2 1), (2.2 1.1, 2.4 1.1, 2.4 1.2, 2.2 1.1))",
            "MULTIPOINT (1 2, 3 4)",
            "MULTIPOINT ((1 2), (3 4))",
            "MULTIPOLYGON (((2 1, 3 1, 3 2, 2 1)), ((2 1, 3 1, 3 2, 2 1)))",
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))",
        ] {
            assert_eq!(normalise(text).as_deref(), Ok(text));
            for system in [CRS84, ANY_CRS84] {
                let named = format!("<{system}> {text}");
                assert_eq!(normalise(&named).as_deref(), Ok(text));
            }
        }
    }

    #[test]
    fn heights_are_left_out_however_they_are_written() {
        for text in ["POINT Z (1 2 3)", "POINT (1 2 3)", "point(1 2 -3.5)"] {
            assert_eq!(normalise(text).as_deref(), Ok("POINT (1 2)"), "{text}");
        }
        let lines = "LINESTRING Z (1 2 3, 3 4 5)";
        assert_eq!(normalise(lines).as_deref(), Ok("LINESTRING (1 2, 3 4)"));
        assert_eq!(shapes("SRID=4326;POINT(1 2 3)").unwrap().points.len(), 1);
    }

    #[test]
    fn a_publishers_ring_is_closed_and_that_of_a_record_must_be() {
        let open = "POLYGON ((2 1, 3 1, 3 2))";
        let closed = shapes(open).unwrap().polygons;
        assert_eq!(closed, shapes("POLYGON ((2 1, 3 1, 3 2, 2 1))").unwrap().polygons);
        assert_eq!(normalise(open), Err(WktError::Ring));
        assert_eq!(shapes("POLYGON ((2 1, 3 1))"), Err(WktError::Ring));
    }

    #[test]
    fn what_a_geometry_is_made_of_is_given_in_degrees() {
        let point = |latitude, longitude| Point::new(latitude, longitude).unwrap();
        let ring = vec![point(1.0, 2.0), point(1.0, 3.0), point(2.0, 3.0), point(1.0, 2.0)];
        let text = "srid=4326;MULTIPOLYGON (((2 1, 3 1, 3 2, 2 1)), ((2 1, 3 1, 3 2, 2 1), (2 1, 3 1, 3 2, 2 1)))";
        let polygons = vec![vec![ring.clone()], vec![ring.clone(), ring]];
        assert_eq!(shapes(text), Ok(Shapes { polygons, ..Shapes::default() }));
        let text = format!("<{WGS84}> GEOMETRYCOLLECTION (POINT Z (1 2 9), LINESTRING (1 2, 3 4))");
        let lines = vec![vec![point(1.0, 2.0), point(3.0, 4.0)]];
        let points = vec![point(1.0, 2.0)];
        assert_eq!(shapes(&text), Ok(Shapes { lines, points, ..Shapes::default() }));
        assert!(shapes("SRID=27700;POINT (326000 676000)").is_err());
    }

    #[test]
    fn latitude_first_is_turned_round() {
        let text = format!("<{WGS84}> POLYGON((55 -3,56 -3,56 -2,55 -3))");
        let expected = "POLYGON ((-3 55, -3 56, -2 56, -3 55))";
        assert_eq!(normalise(&text).as_deref(), Ok(expected));
        let text = format!("<{WGS84}> MULTIPOINT(55 -3, (56 -3))");
        assert_eq!(normalise(&text).as_deref(), Ok("MULTIPOINT (-3 55, (-3 56))"));
    }

    #[test]
    fn metres_of_the_grid_become_degrees() {
        let text = format!("<{GRID}> POINT(325621 673516)");
        let found = normalise(&text).unwrap().into_owned();
        let numbers = found.strip_prefix("POINT (").and_then(|rest| rest.strip_suffix(')'));
        let (longitude, latitude) = numbers.unwrap().split_once(' ').unwrap();
        let point = Point::new(latitude.parse().unwrap(), longitude.parse().unwrap()).unwrap();
        let away = point.distance(Point::new(55.948_9, -3.192_59).unwrap());
        assert!(away.as_f64() < 5.0, "{found}");
    }

    #[test]
    fn what_is_no_geometry_says_where() {
        for (text, expected) in [
            ("", "at ``, the name of a geometry was expected"),
            ("CIRCLE (1 2)", "at `CIRCLE`, the name of a geometry was expected"),
            ("POLYGON((garbage", "at `garbage`, a number was expected"),
            ("POINT (1 2", "at ``, a comma or a closing parenthesis was expected"),
            ("POINT (1 2) x", "at `x`, the end was expected"),
            ("POINT (1 2 3 4)", "at `4)`, a comma or a closing parenthesis was expected"),
            ("POINT (400 500)", "latitude 500 is not within -90 and 90"),
            ("POINT (NaN 5)", "at `NaN 5)`, a number was expected"),
            ("LINESTRING (1 2)", "at ``, a second position was expected"),
            ("POLYGON ((1 2, 3 4, 5 6))", "a ring of a polygon has four"),
            ("<http://x.example/crs> POINT (1 2)", "the reference system http://x.example/crs"),
            ("<http://www.opengis.net/def/crs/EPSG/0/27700> POINT (-3 55)", "easting -3 is not"),
        ] {
            let error = normalise(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
        let deep = format!("{}POINT (1 2){}", "GEOMETRYCOLLECTION (".repeat(9), ")".repeat(9));
        assert!(normalise(&deep).is_err());
    }
}
