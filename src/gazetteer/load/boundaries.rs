//! Boundaries as GeoJSON, with the many names that publishers give to the
//! properties which hold a code and a name.
//!
//! Positions are WGS 84, longitude first (RFC 7946), or National Grid metres,
//! which older exports have; never both in one feature. Areas are told by a GSS code; features without
//! one are skipped.

use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::source::{Source, without_mark};
use super::{Format, LoadError, Loading};
use crate::gazetteer::areas::{Area, Level};
use crate::gazetteer::boundary::{Boundary, Corner, Ring};
use crate::gazetteer::store::{read_areas, write_areas};
use crate::gazetteer::{Gazetteer, SCOTLAND};
use crate::model::{GridReference, Point};

/// Properties that hold the feature's own code, likeliest first. The stem
/// before `CD` or `Code` is also that of the name.
const CODES: [&str; 3] = [
    r"^(?:code|gss_?code|geo_?code|area_?code|census_code|ctyua_code)$",
    r"^[a-z]+\d*_?cd$",
    r"^[a-z]*_?code$|^datazone$|^interzone$",
];

/// Between which degrees the British Isles lie, with Rockall and the sea around
/// them: areas with a GSS code are nowhere else.
const LATITUDES: RangeInclusive<f64> = 49.0..=62.0;
/// See [`LATITUDES`].
const LONGITUDES: RangeInclusive<f64> = -15.0..=3.0;

/// The most that is read of a file, in bytes; a longer one is cut off, and so
/// refused.
const LARGEST: u64 = 1024 * 1024 * 1024;

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    geometry_type: String,
    /// Read once the type is known.
    coordinates: Option<Box<RawValue>>,
}

/// Rings of positions, as written.
type Rings = Vec<Vec<Vec<f64>>>;

pub(super) fn load(
    gazetteer: &Gazetteer,
    directory: &Path,
    source: &mut Source,
    loading: &mut Loading<'_>,
) -> Result<(), LoadError> {
    let mut areas = read_areas(directory)?;
    let codes = CODES.map(|pattern| {
        Regex::new(&format!("(?i){pattern}")).expect("the patterns are written above")
    });
    let members = source.members().to_vec();
    for member in members.iter().filter(|member| member.format == Format::Boundaries) {
        let collection = source.read(member, |text| parse(&member.name, text))?;
        let count = u64::try_from(collection.features.len()).unwrap_or_default();
        for (index, feature) in collection.features.into_iter().enumerate() {
            match read(feature, &codes, gazetteer) {
                Ok(area) => {
                    areas.retain(|known| known.code != area.code);
                    areas.push(area);
                    loading.report.taken += 1;
                }
                Err(what) => loading.skip(format!("{}, /features/{index}: {what}", member.name)),
            }
        }
        loading.advance(member.size, count);
    }
    loading.judge()?;
    write_areas(directory, &areas)?;
    Ok(())
}

fn parse(name: &str, source: &mut dyn Read) -> Result<Collection, LoadError> {
    let broken = |line: usize, column: usize, what: String| LoadError::Broken {
        file: name.to_owned(),
        line: u64::try_from(line).unwrap_or_default(),
        column: u64::try_from(column).unwrap_or_default(),
        what,
    };
    let mut text = Vec::new();
    source.take(LARGEST).read_to_end(&mut text).map_err(|error| broken(1, 1, error.to_string()))?;
    serde_json::from_slice(without_mark(&text))
        .map_err(|error| broken(error.line(), error.column(), error.to_string()))
}

/// The area of a feature; else why there is none.
fn read(feature: Feature, codes: &[Regex; 3], gazetteer: &Gazetteer) -> Result<Area, String> {
    let properties = feature.properties.unwrap_or_default();
    let (key, code) = own_code(&properties, codes).ok_or("there is no property with a GSS code")?;
    let known = gazetteer.area(code);
    if let Some(heir) = known.filter(|known| &*known.code != code) {
        return Err(format!("{code} is a former code of {}", heir.code));
    }
    let polygons = read_geometry(feature.geometry).map_err(|what| format!("{code} {what}"))?;
    let unit = unit_of(&polygons).map_err(|what| format!("{code}: {what}"))?;
    let polygons = polygons
        .into_iter()
        .map(|rings| rings.into_iter().map(|ring| read_ring(&ring, unit)).collect())
        .collect::<Result<Vec<Vec<Ring>>, String>>()
        .map_err(|what| format!("{code}: {what}"))?;
    let boundary =
        Boundary::new(polygons).ok_or_else(|| format!("{code} has an empty boundary"))?;
    let mut area = known.cloned().unwrap_or_else(|| Area {
        code: code.into(),
        name: code.to_owned(),
        alternate_names: Vec::new(),
        level: Level::of_code(code),
        parent: None,
        also_within: Vec::new(),
        former_codes: Vec::new(),
        centroid: None,
        bounding_box: None,
        boundary: None,
    });
    if let Some(name) = own_name(&properties, key) {
        name.clone_into(&mut area.name);
    }
    if area.parent.is_none() {
        area.parent = wider(&properties, code, area.level, gazetteer);
    }
    area.centroid = Some(boundary.centroid());
    area.bounding_box = Some(boundary.bounding_box());
    area.boundary = Some(Arc::new(boundary));
    Ok(area)
}

fn read_geometry(geometry: Option<Geometry>) -> Result<Vec<Rings>, String> {
    let Some(Geometry { geometry_type, coordinates: Some(coordinates) }) = geometry else {
        return Err("has no boundary".to_owned());
    };
    let polygons = match geometry_type.as_str() {
        "Polygon" => serde_json::from_str::<Rings>(coordinates.get()).map(|rings| vec![rings]),
        "MultiPolygon" => serde_json::from_str(coordinates.get()),
        other => return Err(format!("has a {other} for a boundary")),
    };
    polygons.map_err(|error| format!("has coordinates that can't be read: {error}"))
}

/// The property that holds the feature's own code, and the code.
fn own_code<'a>(
    properties: &'a Map<String, Value>,
    codes: &[Regex; 3],
) -> Option<(&'a str, &'a str)> {
    codes.iter().find_map(|pattern| {
        properties.iter().find_map(|(key, value)| {
            let code = value.as_str().map(str::trim).filter(|code| is_gss(code))?;
            pattern.is_match(key).then_some((key.as_str(), code))
        })
    })
}

/// The name beside a code: `WD25NM` of `WD25CD`, `HBName` of `HBCode`.
fn own_name<'a>(properties: &'a Map<String, Value>, code_key: &str) -> Option<&'a str> {
    let lower = code_key.to_lowercase();
    let stem = ["_code", "code", "_cd", "cd"].iter().find_map(|end| lower.strip_suffix(end));
    let stem = stem.unwrap_or(&lower).to_owned();
    let candidates =
        [format!("{stem}nm"), format!("{stem}name"), format!("{stem}_name"), "name".to_owned()];
    candidates.iter().find_map(|wanted| {
        let named = properties.iter().find(|(key, _)| key.to_lowercase() == *wanted);
        named.and_then(|(_, value)| value.as_str()).map(str::trim).filter(|name| !name.is_empty())
    })
}

/// The narrowest known area, wider than the feature, that another property
/// names; the country that the code tells when there is none.
fn wider(
    properties: &Map<String, Value>,
    code: &str,
    level: Level,
    gazetteer: &Gazetteer,
) -> Option<Arc<str>> {
    let named = properties.values().filter_map(Value::as_str).filter(|other| *other != code);
    let areas = named.filter_map(|other| gazetteer.area(other.trim()));
    let parent = areas.filter(|area| area.level < level).max_by_key(|area| area.level);
    let country = || gazetteer.area(SCOTLAND).filter(|_| code.starts_with('S'));
    parent.or_else(country).filter(|area| area.level < level).map(|area| Arc::clone(&area.code))
}

fn is_gss(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 9 && bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit)
}

/// What positions are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Longitude and latitude.
    Degrees,
    /// Metres of the National Grid.
    Grid,
}

/// What all positions of a boundary are written in.
fn unit_of(polygons: &[Rings]) -> Result<Unit, String> {
    let (mut degrees, mut grid) = (None, None);
    for position in polygons.iter().flatten().flatten() {
        let &[x, y, ..] = position.as_slice() else {
            return Err("a position has fewer than two numbers".to_owned());
        };
        let kind = if x.abs() > 180.0 || y.abs() > 90.0 { &mut grid } else { &mut degrees };
        kind.get_or_insert((x, y));
    }
    match (degrees, grid) {
        (Some((x, y)), Some((east, north))) => {
            Err(format!("{x},{y} would be degrees, and {east},{north} metres of the National Grid"))
        }
        (_, Some(_)) => Ok(Unit::Grid),
        _ => Ok(Unit::Degrees),
    }
}

fn read_ring(positions: &[Vec<f64>], unit: Unit) -> Result<Ring, String> {
    if positions.first() != positions.last() {
        return Err("a ring is not closed: its last position is not its first".to_owned());
    }
    let corners = positions.iter().map(|position| read_corner(position, unit));
    let mut ring = corners.collect::<Result<Ring, _>>()?;
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    Ok(ring)
}

fn read_corner(position: &[f64], unit: Unit) -> Result<Corner, String> {
    let &[x, y, ..] = position else {
        return Err("a position has fewer than two numbers".to_owned());
    };
    let point = match unit {
        Unit::Grid => {
            let reference = GridReference::new(x, y).map_err(|error| error.to_string())?;
            reference.to_point().map_err(|error| error.to_string())?
        }
        Unit::Degrees => Point::new(y, x).map_err(|error| error.to_string())?,
    };
    if !LATITUDES.contains(&point.latitude()) || !LONGITUDES.contains(&point.longitude()) {
        return Err(format!("{x},{y} is not in the British Isles"));
    }
    Ok(Corner::of(point))
}
