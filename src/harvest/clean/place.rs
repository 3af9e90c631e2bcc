//! What the fields of one place say together: its position, and a postcode
//! that stands in another part of the address.

use serde_json::{Map, Value as Json, json};

use super::walk::Walk;
use super::{Cleaned, position, postcode};
use crate::schema::Shape;
use crate::vocab::schema;

/// Parts of an address in which a postcode may stand, from the likeliest.
const PARTS: [&str; 3] = [
    "https://schema.org/addressLocality",
    "https://schema.org/addressRegion",
    "https://schema.org/streetAddress",
];

/// Checks and puts right what several fields of a node say of a place; nodes
/// without such fields stay as they are.
pub(super) fn tidy(walk: &mut Walk<'_>, shape: &Shape, node: &mut Map<String, Json>, at: &str) {
    let key = |iri: &str| {
        shape.fields.iter().find(|field| field.path.as_str() == iri).map(|field| field.key.as_str())
    };
    if let (Some(latitude), Some(longitude)) =
        (key(schema::LATITUDE.as_str()), key(schema::LONGITUDE.as_str()))
    {
        tidy_position(walk, node, [latitude, longitude], at);
    }
    if let Some(postcode) = key("https://schema.org/postalCode") {
        let parts: Vec<&str> = PARTS.iter().filter_map(|part| key(part)).collect();
        tidy_postcode(walk, node, postcode, &parts, at);
    }
}

fn tidy_position(
    walk: &mut Walk<'_>,
    node: &mut Map<String, Json>,
    [latitude, longitude]: [&str; 2],
    at: &str,
) {
    let number = |key: &str| node.get(key).and_then(Json::as_f64);
    match (number(latitude), number(longitude)) {
        (None, None) => {}
        (Some(north), Some(east)) => {
            match position::position(north, east, position::united_kingdom()) {
                Ok(Cleaned { value, notes }) => {
                    node.insert(latitude.to_owned(), json!(value.latitude()));
                    node.insert(longitude.to_owned(), json!(value.longitude()));
                    for note in notes {
                        walk.warning(note.code, at, &note.what);
                    }
                }
                Err(refused) => {
                    node.shift_remove(latitude);
                    node.shift_remove(longitude);
                    walk.error(refused.code, at, &refused.what);
                }
            }
        }
        _ => {
            node.shift_remove(latitude);
            node.shift_remove(longitude);
            walk.error("bad-position", at, "there is a latitude or a longitude without the other");
        }
    }
}

fn tidy_postcode(
    walk: &mut Walk<'_>,
    node: &mut Map<String, Json>,
    key: &str,
    parts: &[&str],
    at: &str,
) {
    for part in parts {
        let Some(text) = node.get(*part).and_then(Json::as_str).map(ToOwned::to_owned) else {
            continue;
        };
        let Some((found, range)) = postcode::find(&text) else { continue };
        let found = found.to_string();
        let held = node.get(key).and_then(Json::as_str);
        if held.is_none() {
            let what = format!("the postcode {found} was taken from `{part}`");
            walk.warning("postcode-elsewhere", at, &what);
            node.insert(key.to_owned(), json!(found));
        } else if held != Some(found.as_str()) {
            continue;
        }
        // It is said once; what is left is the part itself.
        if range.end == text.trim_end().len() {
            let rest = text[..range.start].trim_end_matches([' ', ',', '.', '-']);
            if rest.is_empty() {
                node.shift_remove(*part);
            } else {
                node.insert((*part).to_owned(), json!(rest));
            }
        }
    }
}
