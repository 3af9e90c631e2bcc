//! Outlines in a text: GeoJSON, or well-known text as GeoSPARQL and PostGIS
//! write it.
//!
//! Source: RFC 7946; of well-known text see [`wkt`].

use super::outline::{self, Middle};
use crate::model::wkt;

/// The middle of the shape that `text` describes; `None` when it is none, or in
/// a system of coordinates that is not read.
pub(super) fn middle(text: &str) -> Option<Middle> {
    let text = text.trim();
    if text.starts_with('{') {
        return outline::of_geometry(&serde_json::from_str(text).ok()?);
    }
    outline::of_shapes(wkt::shapes(text).ok()?)
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
            "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (56.5 -3.5)",
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
            "{\"type\": \"Polygon\"",
            "[1, 2]",
            &"(".repeat(10_000),
            &format!("POLYGON {}", "(".repeat(10_000)),
        ] {
            assert_eq!(middle(text), None, "{text}");
        }
    }
}
