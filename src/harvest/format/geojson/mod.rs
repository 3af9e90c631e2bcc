//! GeoJSON: <https://www.rfc-editor.org/rfc/rfc7946>, with the pages of OGC API
//! Features: <https://docs.ogc.org/is/17-069r4/17-069r4.html>.
//!
//! Shape: `{"type": "FeatureCollection", "features": [{"type": "Feature", "id",
//! "geometry", "properties"}]}`. Coordinates are longitude first. A point is
//! the position; of an outline or a line the middle is, marked as worked out.
//! Properties are read by the mapping of the source, or by their names.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::json::{Item, Notes, Places, guess_of_items, read, within_limit};
use super::{Format, Listing, Reading, outline};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role, Severity};
use crate::harvest::mapped;
use crate::harvest::mapping::{Mapping, Rule};

/// How many features of a collection are looked at to guess what its
/// properties mean.
const SAMPLE: usize = 50;

pub(super) const FORMAT: Format = Format {
    name: "geojson",
    label: "GeoJSON",
    specification: "https://www.rfc-editor.org/rfc/rfc7946",
    accept: "application/geo+json, application/json;q=0.9",
    listing: Listing::Complete,
    recognises,
    extract,
};

fn recognises(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let is_json = head.starts_with(['{', '[']);
    let has = |name: &str| head.contains(name);
    let is_named = has("\"FeatureCollection\"") || (has("\"Feature\"") && has("\"geometry\""));
    match (is_json, document.is_declared(&["application/geo+json", "application/vnd.geo+json"])) {
        (true, true) => 95,
        (true, false) if is_named => 85,
        _ => 0,
    }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let Some(json) = read(document, &mut extraction.problems) else { return extraction };
    let Some(features) = features(&json.json) else {
        extraction.problems.push(
            Problem::broken(
                "not-geojson",
                "",
                "this is neither a feature nor a collection of features",
            )
            .advice("Publish a FeatureCollection, as in section 3.3 of RFC 7946."),
        );
        return extraction;
    };
    let has_positions = knows_system(&json.json, &mut extraction.problems);
    let guessed = if reading.mapping.is_none() { guess(&features) } else { None };
    match reading.mapping {
        Some(mapping) => extraction.problems.extend(mapped::check(mapping)),
        None => extraction.problems.push(
            Problem::warning(
                "mapping-guessed",
                "",
                "what the properties mean was guessed by their names",
            )
            .advice("Look at the result, correct the mapping, and save it with the source."),
        ),
    }
    let empty = empty_mapping();
    let mapping = reading.mapping.or(guessed.as_ref()).unwrap_or(&empty);
    let reader = Reader { mapping, places: Places::of(mapping), has_positions };
    if reading.mapping.is_some() && !features.is_empty() {
        let is_there = |from: &str| features.iter().any(|feature| reader.is_there(feature, from));
        let vanished = mapped::vanished(mapping, ("", Severity::Warning), &is_there);
        let is_keyless = vanished.iter().any(|problem| problem.severity == Severity::Broken);
        extraction.problems.extend(vanished);
        if is_keyless {
            return extraction;
        }
    }
    let notes = Notes::default();
    let limit = within_limit(features.len(), &mut extraction.problems);
    for (position, feature) in features.iter().take(limit).enumerate() {
        let at = match json.lines.as_ref().and_then(|lines| lines.get(position)) {
            Some(line) => format!("line {line}"),
            None => format!("/features/{position}"),
        };
        let (draft, problems) = reader.draft(feature, &at, &notes);
        extraction.drafts.extend(draft);
        extraction.problems.extend(problems);
    }
    extraction.problems.extend(notes.into_problems());
    let is_empty = features.is_empty();
    extraction.announced = json.json.get("numberMatched").and_then(Json::as_u64);
    extraction.follow.extend(next(&json.json, document).filter(|_| !is_empty));
    extraction.guessed = guessed;
    extraction
}

/// The features of a collection, of lines, or one alone; `None` when it is
/// something else.
fn features(json: &Json) -> Option<Vec<&Json>> {
    match json {
        Json::Array(list) => Some(list.iter().collect()),
        _ => match json.get("type").and_then(Json::as_str)? {
            "FeatureCollection" => Some(json.get("features")?.as_array()?.iter().collect()),
            "Feature" => Some(vec![json]),
            _ => None,
        },
    }
}

/// Whether coordinates are WGS 84; a member `crs`, of 2008's GeoJSON, may say
/// that they aren't.
fn knows_system(json: &Json, problems: &mut Vec<Problem>) -> bool {
    let Some(name) = json.pointer("/crs/properties/name").and_then(Json::as_str) else {
        return true;
    };
    let is_known = name.contains("CRS84") || name.ends_with(":4326") || name.ends_with("/4326");
    if !is_known {
        problems.push(
            Problem::error(
                "unknown-crs",
                "/crs",
                format!("positions are in `{name}`, and were left out"),
            )
            .advice("Publish positions as longitude and latitude of WGS 84."),
        );
    }
    is_known
}

fn guess(features: &[&Json]) -> Option<Mapping> {
    let sample: Vec<&Json> = features.iter().take(SAMPLE).copied().collect();
    let mut mapping = guess_of_items(&sample, "/properties")?;
    mapping.fields.insert("assetType".to_owned(), venue());
    if sample.iter().any(|feature| feature.get("id").is_some_and(|id| !id.is_null())) {
        mapping.key = vec![OWN_KEY.to_owned()];
    }
    Some(mapping).filter(|mapping| !mapping.key.is_empty())
}

/// What is known of features whose properties say nothing.
fn empty_mapping() -> Mapping {
    Mapping {
        kind: "asset".to_owned(),
        items: None,
        key: Vec::new(),
        modified: None,
        fields: [
            (
                "name".to_owned(),
                Rule { from: vec!["/properties/name".to_owned()], ..Rule::default() },
            ),
            ("assetType".to_owned(), venue()),
        ]
        .into(),
        terms: BTreeMap::new(),
        paging: None,
        header_row: 1,
        sheet: None,
    }
}

fn venue() -> Rule {
    Rule { constant: Some("venue".to_owned()), ..Rule::default() }
}

/// What features are read with.
#[derive(Debug)]
struct Reader<'a> {
    mapping: &'a Mapping,
    places: Places,
    has_positions: bool,
}

impl Reader<'_> {
    fn draft(&self, feature: &Json, at: &str, notes: &Notes) -> (Option<Draft>, Vec<Problem>) {
        let Some(item) = Item::new(feature, at, notes) else {
            return (None, vec![Problem::error("bad-feature", at, "this is not an object")]);
        };
        let own = item.text("id");
        let get = |from: &str| match &own {
            Some(id) if from == OWN_KEY => vec![id.clone()],
            _ => self.texts(feature, from),
        };
        let has_key = self.mapping.key.iter().any(|from| !self.texts(feature, from).is_empty());
        // The identifier of a feature is its key, unless the mapping names
        // another.
        let mut mapping = Cow::Borrowed(self.mapping);
        if !has_key {
            mapping.to_mut().key = vec![OWN_KEY.to_owned()];
        }
        let (draft, mut problems) = mapped::build(&mapping, &get, at);
        let Some(mut draft) = draft else { return (None, problems) };
        if self.has_positions {
            problems.extend(add_position(&mut draft, &item));
        }
        (Some(draft), problems)
    }

    fn is_there(&self, feature: &Json, from: &str) -> bool {
        if from.starts_with(['/', '$']) {
            return self.places.is_there(feature, from);
        }
        let properties = feature.get("properties");
        properties.is_some_and(|properties| self.places.is_there(properties, from))
    }

    /// The texts at a place: a property's name, or a path within the feature.
    fn texts(&self, feature: &Json, from: &str) -> Vec<String> {
        if from.starts_with(['/', '$']) {
            return self.places.texts(feature, from);
        }
        feature
            .get("properties")
            .map(|properties| self.places.texts(properties, from))
            .unwrap_or_default()
    }
}

/// The place of a feature's own identifier.
const OWN_KEY: &str = "/id";

/// Adds the position of a point, or the middle of anything else, to the first
/// location, unless the properties gave one; says so when it was worked out.
fn add_position(draft: &mut Draft, feature: &Item<'_>) -> Option<Problem> {
    let geometry = feature.item("geometry")?;
    let mut position = Map::new();
    let mut told = None;
    if let Some((longitude, latitude)) = point(&geometry) {
        position.insert("latitude".to_owned(), json!(latitude));
        position.insert("longitude".to_owned(), json!(longitude));
    } else if let Some(middle) = feature.get("geometry").and_then(outline::of_geometry) {
        position.extend(middle.fields());
        let kind = geometry.text("type").unwrap_or_default();
        let what = format!(
            "its position was derived: the middle of a {kind} that is {:.0} m across",
            middle.across
        );
        let problem = Problem::warning("place-derived", geometry.at.as_str(), what);
        told = Some(problem.advice("Give the point at which people arrive.").of(&draft.key));
    } else {
        geometry.unread("", "no-point", "this has no position on the earth");
        return None;
    }
    let locations = draft.fields.entry("locations").or_insert_with(|| json!([{}]));
    let first = locations.get_mut(0).and_then(Json::as_object_mut)?;
    if first.contains_key("latitude") || first.contains_key("longitude") {
        return None;
    }
    first.extend(position);
    told
}

/// Longitude and latitude of a point, or of a list of one.
fn point(geometry: &Item<'_>) -> Option<(f64, f64)> {
    let coordinates = geometry.get("coordinates")?;
    let numbers = match geometry.text("type")?.as_str() {
        "Point" => coordinates,
        "MultiPoint" if coordinates.as_array()?.len() == 1 => coordinates.get(0)?,
        _ => return None,
    };
    let (longitude, latitude) = (numbers.get(0)?.as_f64()?, numbers.get(1)?.as_f64()?);
    let is_on_earth = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
    is_on_earth.then_some((longitude, latitude))
}

/// The next page of OGC API Features.
fn next(json: &Json, document: &Document) -> Option<Follow> {
    let is_next = |link: &&Json| link.get("rel").and_then(Json::as_str) == Some("next");
    let link = json.get("links")?.as_array()?.iter().take(100).find(is_next)?;
    let url = document.url.join(link.get("href")?.as_str()?).ok()?;
    (url != document.url).then_some(Follow { url, role: Role::Next, format: Some("geojson") })
}
