//! Outlines in a text: GeoJSON, or well-known text as GeoSPARQL and PostGIS
//! write it.
//!
//! Source: OGC 06-103r4, section 7; RFC 7946. Positions are longitude first.

use serde_json::{Value as Json, json};

use super::outline::{self, Middle};

/// How deep lists are nested: the polygons of a multipolygon have rings of
/// positions.
const DEEPEST: usize = 3;

/// The middle of the shape that `text` describes; `None` when it is none, or is
/// not in WGS 84 with longitude first.
pub(super) fn middle(text: &str) -> Option<Middle> {
    let text = text.trim();
    let geometry = if text.starts_with('{') {
        serde_json::from_str(text).ok()?
    } else {
        of_well_known_text(text)?
    };
    outline::of_geometry(&geometry)
}

/// Well-known text as a geometry of GeoJSON.
fn of_well_known_text(text: &str) -> Option<Json> {
    let text = in_wgs_84(text)?;
    let (kind, mut rest) = text.split_at(text.find('(')?);
    let kind = kind.trim().to_ascii_uppercase();
    let kind = kind.strip_suffix(" Z").unwrap_or(&kind);
    let list = list(&mut rest, 0)?;
    if !rest.trim().is_empty() {
        return None;
    }
    let (kind, coordinates) = match kind {
        "POINT" => ("Point", list.get(0)?.clone()),
        "LINESTRING" => ("LineString", list),
        "POLYGON" => ("Polygon", list),
        "MULTIPOINT" => ("MultiPoint", points(list)),
        "MULTILINESTRING" => ("MultiLineString", list),
        "MULTIPOLYGON" => ("MultiPolygon", list),
        _ => return None,
    };
    Some(json!({ "type": kind, "coordinates": coordinates }))
}

/// The text without what it says of its system of coordinates, when that is the
/// one that is read.
fn in_wgs_84(text: &str) -> Option<&str> {
    if let Some((system, shape)) = text.strip_prefix('<').and_then(|text| text.split_once('>')) {
        return system.ends_with("/CRS84").then_some(shape);
    }
    match text.split_once(';') {
        Some((system, shape)) => system.eq_ignore_ascii_case("SRID=4326").then_some(shape),
        None => Some(text),
    }
}

/// A list in brackets, of lists or of positions.
fn list(rest: &mut &str, depth: usize) -> Option<Json> {
    *rest = rest.trim_start().strip_prefix('(')?;
    let mut items = Vec::new();
    loop {
        *rest = rest.trim_start();
        if rest.starts_with('(') {
            if depth >= DEEPEST {
                return None;
            }
            items.push(list(rest, depth + 1)?);
        } else {
            let (position, more) = rest.split_at(rest.find([',', ')'])?);
            let numbers = position.split_whitespace().map(|number| number.parse::<f64>().ok());
            items.push(json!(numbers.collect::<Option<Vec<f64>>>()?));
            *rest = more;
        }
        *rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => *rest = more,
            None => break,
        }
    }
    *rest = rest.strip_prefix(')')?;
    Some(Json::Array(items))
}

/// Points, each in brackets of its own or not.
fn points(list: Json) -> Json {
    let Json::Array(list) = list else { return list };
    let bare = |point: Json| match point.get(0) {
        Some(inner @ Json::Array(_)) => inner.clone(),
        _ => point,
    };
    list.into_iter().map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_read_as_geojson_and_as_well_known_text() {
        for text in [
            r#"{"type": "Polygon", "coordinates": [[[-4, 56], [-3, 56], [-3, 57], [-4, 57], [-4, 56]]]}"#,
            r#"{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [-3.5, 56.5]}}"#,
            "POLYGON ((-4 56, -3 56, -3 57, -4 57, -4 56))",
            " polygon((-4 56,-3 56,-3 57,-4 57,-4 56),(-3.1 56.1,-3.1 56.2,-3.2 56.2,-3.1 56.1)) ",
            "SRID=4326;MULTIPOLYGON (((-4 56, -3 56, -3 57, -4 57, -4 56)))",
            "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (-3.5 56.5)",
            "POINT Z (-3.5 56.5 12)",
            "LINESTRING (-4 56.5, -3 56.5)",
            "MULTIPOINT ((-3.5 56.5), (-3.4 56.5), (-3.6 56.5))",
            "MULTIPOINT (-3.5 56.5, -3.4 56.5, -3.6 56.5)",
        ] {
            let point = middle(text).unwrap_or_else(|| panic!("{text}")).point;
            let is_there = |found: f64, wanted: f64| (found - wanted).abs() < 0.02;
            assert!(is_there(point.latitude(), 56.5), "{text}: {point}");
            assert!(is_there(point.longitude(), -3.5), "{text}: {point}");
        }
    }

    #[test]
    fn what_is_no_outline_or_of_another_system_is_left() {
        for text in [
            "",
            "Leith",
            "POLYGON",
            "POLYGON EMPTY",
            "POLYGON ((-4 56, -3 56",
            "POLYGON ((-4 56, -3 56, -3 57)) and more",
            "POLYGON ((a b, c d, e f))",
            "POINT (56.5)",
            "POINT (-3.5 156.5)",
            "CIRCLE (1 2)",
            "SRID=27700;POINT (326000 676000)",
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (56.5 -3.5)",
            "{\"type\": \"Polygon\"",
            "[1, 2]",
            &"(".repeat(10_000),
            &format!("POLYGON {}", "(".repeat(10_000)),
        ] {
            assert_eq!(middle(text), None, "{text}");
        }
    }
}
