//! Services of ALISS, as assets.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};
use url::Url;

use super::organisation;
use crate::harvest::clean::date;
use crate::harvest::extraction::{Draft, Term};
use crate::harvest::format::json::Item;
use crate::harvest::format::location::of_text;

/// How long a summary may be, in characters: what the schema allows.
const MAX_SUMMARY: usize = 200;

/// The oldest age that is believed.
const OLDEST: u64 = 130;

/// What the name of a service has that is online only.
const ONLINE: [&str; 4] = ["(online)", "[online]", "online only", "online-only"];

/// How many terms one service may have.
const MAX_TERMS: usize = 200;

/// The vocabulary that all terms of ALISS come from.
const SCHEME: &str = "aliss";

/// What is said of a service; `None` without an id.
pub(super) fn draft(item: &Item<'_>, url: &Url) -> Option<Draft> {
    let Some(key) = item.text("id") else {
        item.unread("", "no-key", "the service has no id");
        return None;
    };
    let mut item = item.clone();
    item.key = Some(key.clone());
    let item = &item;
    let mut draft = Draft::new("asset", key, item.at.as_str());
    draft.modified = item.first_text(&["last_updated", "last_edited"]);
    draft.set("assetType", "service");
    draft.set("name", item.text("name"));
    draft.set("description", item.first_text(&["description_formatted", "description"]));
    let summary = item.text("summary").filter(|summary| summary.chars().count() <= MAX_SUMMARY);
    draft.set("summary", summary);
    draft.set("url", item.text("url"));
    draft.set("email", item.text("email"));
    draft.set("telephone", item.text("phone"));
    set_social_links(&mut draft, item, url);
    set_mode(&mut draft, item);
    set_areas(&mut draft, item);
    set_ages(&mut draft, item);
    set_pictures(&mut draft, item, url);
    draft.set("sameAs", address(item, url));
    if let Some(text) = item.text("last_reviewed") {
        match date::date(&text) {
            Ok(day) => draft.set("lastReviewed", day.to_string()),
            Err(error) => item.unread("last_reviewed", "bad-date", &error.to_string()),
        }
    }
    add_terms(&mut draft, item);
    let provider = item.item("organisation").and_then(|provider| organisation::key(&provider));
    draft.links.extend(provider.as_deref().map(organisation::link));
    Some(draft)
}

/// The addresses that ALISS keeps for good.
pub(super) fn address(item: &Item<'_>, url: &Url) -> Vec<String> {
    item.text("permalink")
        .and_then(|link| url.join(&link).ok())
        .map(String::from)
        .into_iter()
        .collect()
}

pub(super) fn set_social_links(draft: &mut Draft, item: &Item<'_>, url: &Url) {
    let links: Vec<String> = ["facebook", "twitter", "instagram"]
        .iter()
        .filter_map(|name| item.text(name))
        .filter(|link| link.contains('.'))
        .map(|link| if link.contains("://") { link } else { format!("https://{link}") })
        .filter(|link| url.join(link).is_ok())
        .collect();
    draft.set("socialLinks", links);
}

/// Where a service is, and whether it is to be had online: ALISS has no field
/// for that, so that people call a location so, or say it in the name. The
/// address that such a location has is that of an office, mostly.
fn set_mode(draft: &mut Draft, item: &Item<'_>) {
    let name = item.text("name").unwrap_or_default().to_lowercase();
    let is_said = ONLINE.iter().any(|words| name.contains(words));
    let has_room = item.items("locations").iter().any(is_online);
    set_locations(draft, item);
    let has_place = draft.fields.contains_key("locations");
    if has_room || (is_said && !has_place) {
        draft.set("online", true);
        draft.set("accessMode", if has_place { "hybrid" } else { "remote" });
    }
}

/// Whether a location is none, but says that there is none.
fn is_online(location: &Item<'_>) -> bool {
    let line = location.first_text(&["name", "street_address", "formatted_address"]);
    line.is_some_and(|line| of_text(&line).is_online)
}

pub(super) fn set_locations(draft: &mut Draft, item: &Item<'_>) {
    let locations = item.items("locations");
    let places = locations.iter().filter(|location| !is_online(location));
    let places: Vec<Json> = places.filter_map(location).collect();
    draft.set("locations", places);
}

fn location(item: &Item<'_>) -> Option<Json> {
    let mut place = Map::new();
    for (field, names) in [
        ("name", &["name"][..]),
        ("streetAddress", &["street_address", "formatted_address"]),
        ("locality", &["locality"]),
        ("region", &["region", "state"]),
        ("postcode", &["postal_code"]),
    ] {
        if let Some(text) = item.first_text(names) {
            place.insert(field.to_owned(), text.into());
        }
    }
    let country = item.text("country").map(|country| country.to_uppercase());
    let code = match country.as_deref() {
        Some("UNITED KINGDOM" | "UK" | "SCOTLAND") => Some("GB".to_owned()),
        Some(code) if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            country
        }
        _ => None,
    };
    place.extend(code.map(|code| ("country".to_owned(), code.into())));
    match (item.number("latitude"), item.number("longitude")) {
        (Some(latitude), Some(longitude)) if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
            place.insert("latitude".to_owned(), json!(latitude));
            place.insert("longitude".to_owned(), json!(longitude));
        }
        (None, None) => {}
        _ => item.unread("latitude", "bad-position", "this is no position on the earth"),
    }
    (!place.is_empty()).then_some(Json::Object(place))
}

/// Areas by their official code; the others as terms.
fn set_areas(draft: &mut Draft, item: &Item<'_>) {
    let mut areas: Vec<String> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for area in item.items("service_areas") {
        let code = area.text("code");
        if let Some(official) = code.as_deref().and_then(official_code) {
            if seen.insert(official.to_owned()) {
                areas.push(format!("place/{official}"));
            }
        } else if let Some(label) = area.text("name") {
            let (field, scheme) = ("areaServed".to_owned(), Some(SCHEME.to_owned()));
            add_term(draft, Term { field, scheme, code, label });
        }
    }
    draft.set("areaServed", areas);
}

/// The code of the Government Statistical Service; ALISS has two of its own
/// for Scotland and for the United Kingdom.
fn official_code(code: &str) -> Option<&str> {
    match code {
        "XS" => return Some("S92000003"),
        "XB" => return Some("K02000001"),
        _ => {}
    }
    let (letter, digits) = code.split_at_checked(1)?;
    let is_code = matches!(letter, "E" | "K" | "N" | "S" | "W")
        && digits.len() == 8
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}

/// The ages of those community groups that state them, from the youngest to
/// the oldest.
fn set_ages(draft: &mut Draft, item: &Item<'_>) {
    let groups = item.items("community_groups");
    let ranges: Vec<_> = groups
        .iter()
        .filter(|group| is_chosen(group) && group.truth("is_range") == Some(true))
        .map(|group| (group.count("min"), group.count("max")))
        .collect();
    let youngest = ranges.iter().map(|(youngest, _)| *youngest).min().flatten();
    let oldest: Option<Vec<u64>> = ranges.iter().map(|(_, oldest)| *oldest).collect();
    let oldest = oldest.and_then(|ages| ages.into_iter().max());
    draft.set("minimumAge", youngest.filter(|age| *age <= OLDEST));
    draft.set("maximumAge", oldest.filter(|age| *age <= OLDEST));
}

fn set_pictures(draft: &mut Draft, item: &Item<'_>, url: &Url) {
    let mut pictures = Vec::new();
    let lists = ["media_gallery", "media_galery"];
    for entry in lists.iter().flat_map(|list| item.items(list)) {
        let is_picture =
            entry.text("type").is_none_or(|kind| kind.to_lowercase().contains("image"));
        let address = entry.text("url").and_then(|link| url.join(&link).ok());
        let Some(address) = address.filter(|_| is_picture) else { continue };
        let mut picture = json!({ "contentUrl": address.as_str() });
        if let Some(text) = entry.first_text(&["alt_text", "caption"]) {
            picture["alternativeText"] = text.into();
        }
        pictures.push(picture);
    }
    draft.set("media", pictures);
}

/// Whether somebody chose the term; v5 lists those above it too.
fn is_chosen(term: &Item<'_>) -> bool {
    term.truth("selected") != Some(false)
}

fn add_terms(draft: &mut Draft, item: &Item<'_>) {
    let lists = [
        ("categories", "topics"),
        ("community_groups", "audience"),
        ("accessibility_features", "accessibility"),
    ];
    for (list, field) in lists {
        for entry in item.items(list).iter().filter(|entry| is_chosen(entry)) {
            let Some(label) = entry.first_text(&["name", "slug"]) else { continue };
            let (field, scheme) = (field.to_owned(), Some(SCHEME.to_owned()));
            add_term(draft, Term { field, scheme, code: entry.text("slug"), label });
        }
    }
}

fn add_term(draft: &mut Draft, term: Term) {
    if draft.terms.len() < MAX_TERMS && !draft.terms.contains(&term) {
        draft.terms.push(term);
    }
}
