//! Outlines of areas as GeoJSON (RFC 7946): longitude first, outer rings
//! anticlockwise, holes clockwise.

use serde_json::{Map, Value as Json, json};

use crate::gazetteer::{Area, Boundary, Corner, Ring};
use crate::web::aliss::areas;

/// The outline of `area` with its name and code, under the names that ALISS
/// has for them; `None` when the gazetteer has no outline.
pub(super) fn feature(area: &Area) -> Option<Json> {
    let boundary = area.boundary.as_deref()?;
    let (_, _, name, code) = areas::kind(area.level);
    let mut properties = Map::new();
    properties.insert(name.to_owned(), json!(area.name));
    properties.insert(code.to_owned(), json!(*area.code));
    Some(json!({ "type": "Feature", "properties": properties, "geometry": geometry(boundary) }))
}

fn geometry(boundary: &Boundary) -> Json {
    let polygons: Vec<Json> = boundary
        .polygons()
        .iter()
        .map(|rings| {
            let rings = rings.iter().enumerate();
            let turn = |place| if place == 0 { Turn::Anticlockwise } else { Turn::Clockwise };
            rings.map(|(place, ring)| positions(ring, turn(place))).collect()
        })
        .collect();
    match polygons.as_slice() {
        [polygon] => json!({ "type": "Polygon", "coordinates": polygon }),
        polygons => json!({ "type": "MultiPolygon", "coordinates": polygons }),
    }
}

/// Which way a ring goes round, seen with north above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Anticlockwise,
    Clockwise,
}

/// The positions of a closed ring, turned round where that is needed.
fn positions(ring: &Ring, wanted: Turn) -> Json {
    let mut corners: Vec<Corner> = ring.iter().chain(ring.first()).copied().collect();
    if turn(ring) != wanted {
        corners.reverse();
    }
    let position = |corner: Corner| {
        let point = corner.to_point();
        json!([point.longitude(), point.latitude()])
    };
    corners.into_iter().map(position).collect()
}

fn turn(ring: &Ring) -> Turn {
    let next = ring.iter().skip(1).chain(ring.first());
    let sides = ring.iter().zip(next);
    let doubled: i128 = sides
        .map(|(one, other)| {
            let product =
                |longitude: i32, latitude: i32| i128::from(longitude) * i128::from(latitude);
            product(one.longitude, other.latitude) - product(other.longitude, one.latitude)
        })
        .sum();
    if doubled > 0 { Turn::Anticlockwise } else { Turn::Clockwise }
}

#[cfg(test)]
#[path = "spatial_tests.rs"]
mod tests;
