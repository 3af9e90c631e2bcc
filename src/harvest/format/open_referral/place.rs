//! Locations with their addresses, and areas that are served.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};

use super::{kist, term};
use crate::harvest::extraction::{Draft, Term};
use crate::harvest::format::json::Item;
use crate::harvest::format::outline::{self, Middle};
use crate::harvest::format::outline_text;

/// How long a label of a term may be, in bytes; longer ones are sentences.
const MAX_LABEL: usize = 100;

/// How long a remark may grow, in bytes: ten times what the schema allows,
/// since HTML in it goes away later.
const MAX_NOTES: usize = 20_000;

/// How many outlines of areas served are kept, and how long one may be, in
/// bytes: that of a council with all its islands has half a million.
const MAX_OUTLINES: usize = 20;
const MAX_OUTLINE: usize = 5_000_000;

/// Adds a location to the draft of a service. One that is virtual is no place,
/// and says that the service is online.
pub(super) fn add(draft: &mut Draft, location: &Item<'_>) {
    let kind = location.text("location_type").unwrap_or_default().to_lowercase();
    if kind == "virtual" {
        draft.set("online", true);
        return;
    }
    let mut place = Map::new();
    let mut set = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            place.insert(field.to_owned(), value.into());
        }
    };
    set("name", location.first_text(&["name", "alternate_name"]));
    set("directions", location.text("transportation"));
    if let Some(address) = address(location) {
        let lines = [address.text("address_1"), address.text("address_2")];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        set("streetAddress", (!lines.is_empty()).then(|| lines.join(", ")));
        set("locality", address.text("city"));
        set("region", address.first_text(&["region", "state_province"]));
        set("postcode", address.text("postal_code"));
        set("country", address.text("country").and_then(|country| country_code(&country)));
    }
    let is_uprn = location
        .text("external_identifier_type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("uprn"));
    if is_uprn {
        let is_number =
            |text: &String| text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        set("uprn", location.text("external_identifier").filter(is_number));
    }
    if let Some((latitude, longitude)) = position(location) {
        place.insert("latitude".to_owned(), json!(latitude));
        place.insert("longitude".to_owned(), json!(longitude));
    }
    add_accessibility(draft, location);
    for term in term::of_attributes(location, "accessibility") {
        term::add(draft, term);
    }
    kist::overlay(&mut place, location);
    if place.is_empty() {
        return;
    }
    let place = Json::Object(place);
    match draft.fields.get_mut("locations") {
        Some(Json::Array(locations)) => {
            if !locations.contains(&place) {
                locations.push(place);
            }
        }
        _ => draft.set("locations", json!([place])),
    }
}

/// The address at which it is: a physical one before the one for letters.
fn address<'a>(location: &Item<'a>) -> Option<Item<'a>> {
    let mut addresses = location.items("addresses");
    addresses.extend(location.items("physical_addresses"));
    let physical = addresses.iter().position(|address| {
        address.text("address_type").is_none_or(|kind| kind.eq_ignore_ascii_case("physical"))
    });
    addresses.into_iter().nth(physical.unwrap_or(0))
}

/// The country as two letters; `None` when it is not certain which.
pub(super) fn country_code(country: &str) -> Option<String> {
    let upper = country.trim().to_ascii_uppercase();
    match upper.as_str() {
        "UK" | "GBR" | "UNITED KINGDOM" | "GREAT BRITAIN" | "SCOTLAND" | "ENGLAND" | "WALES"
        | "NORTHERN IRELAND" => Some("GB".to_owned()),
        _ if upper.len() == 2 && upper.bytes().all(|byte| byte.is_ascii_uppercase()) => Some(upper),
        _ => None,
    }
}

/// Both or neither, and on the earth.
fn position(location: &Item<'_>) -> Option<(f64, f64)> {
    let (latitude, longitude) = (location.number("latitude"), location.number("longitude"));
    match (latitude, longitude) {
        (Some(latitude), Some(longitude)) => {
            let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
            if !is_on_earth {
                let what = format!("{latitude}, {longitude} is no position on the earth");
                location.unread("latitude", "bad-position", &what);
            }
            is_on_earth.then_some((latitude, longitude))
        }
        (None, None) => None,
        _ => {
            location.unread(
                "latitude",
                "bad-position",
                "only one of latitude and longitude is given",
            );
            None
        }
    }
}

/// What is said of accessibility: short texts are terms, sentences a remark.
fn add_accessibility(draft: &mut Draft, location: &Item<'_>) {
    let mut entries = location.items("accessibility");
    entries.extend(location.items("accessibility_for_disabilities"));
    for entry in entries {
        for term in term::of_attributes(&entry, "accessibility") {
            term::add(draft, term);
        }
        let Some(text) = entry.first_text(&["accessibility", "description", "details"]) else {
            continue;
        };
        if text.len() <= MAX_LABEL {
            let field = "accessibility".to_owned();
            term::add(draft, Term { field, label: text, ..Term::default() });
        } else {
            add_note(draft, &text);
        }
    }
}

/// Adds a paragraph to the remark of a draft, once.
pub(super) fn add_note(draft: &mut Draft, text: &str) {
    let note = match draft.fields.get("note").and_then(Json::as_str) {
        None => text.to_owned(),
        Some(note) if note.len() > MAX_NOTES || note.contains(text) => return,
        Some(note) => format!("{note}\n\n{text}"),
    };
    draft.set("note", note);
}

/// Adds the areas that a service serves: by their official code where one is
/// given, otherwise as the publisher's own terms, with the middle of the
/// outline (`extent`, as GeoJSON or well-known text).
pub(super) fn add_areas(draft: &mut Draft, service: &Item<'_>) {
    let mut codes: Vec<String> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for area in service.items("service_areas") {
        if let Some(place) = kist::identity(&area, "place") {
            if seen.insert(place.clone()) {
                codes.push(place);
            }
            continue;
        }
        let texts: Vec<String> = ["uri", "code", "name", "service_area"]
            .iter()
            .filter_map(|name| area.text(name))
            .collect();
        if let Some(code) = texts.iter().find_map(|text| area_code(text)) {
            if seen.insert(code.to_owned()) {
                codes.push(format!("place/{code}"));
            }
            continue;
        }
        if draft.outlines_served.len() < MAX_OUTLINES {
            draft.outlines_served.extend(outline(&area).map(Middle::location));
        }
        if let Some(label) = area.first_text(&["name", "service_area"]) {
            let field = "areaServed".to_owned();
            term::add(draft, Term { field, scheme: None, code: area.text("uri"), label });
        }
    }
    draft.set("areaServed", codes);
}

/// The middle of the outline of an area; a problem when it has one that can't
/// be read.
fn outline(area: &Item<'_>) -> Option<Middle> {
    let middle = match area.get("extent")? {
        // A remark in words.
        Json::String(text) if !text.contains(['{', '(']) => return None,
        Json::String(text) if text.len() <= MAX_OUTLINE => outline_text::middle(text),
        Json::String(_) => None,
        Json::Null => return None,
        geometry => outline::of_geometry(geometry),
    };
    if middle.is_none() {
        let what = "this is no outline in GeoJSON or well-known text, longitude first";
        area.unread("extent", "bad-outline", what);
    }
    middle
}

/// The code of the Government Statistical Service that an address ends with,
/// or that stands alone, such as `S12000036`.
fn area_code(text: &str) -> Option<&str> {
    let text = text.trim_end_matches('/');
    let last = text.rsplit(['/', '#', '=', ':']).next()?;
    let (letter, digits) = last.split_at_checked(1)?;
    let is_code = matches!(letter, "E" | "K" | "N" | "S" | "W")
        && digits.len() == 8
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(last)
}
