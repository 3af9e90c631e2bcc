//! A list as a GeoJSON feature collection (RFC 7946), longitude first.
//!
//! Properties are flat, so that maps and tables show them as they are, and
//! have the names of the JSON of records. What the list says of itself stands
//! beside the features as foreign members (section 6.1).
//!
//! A file for maps stays small (contract of embeds: twelve results are 2 kB at
//! most when packed), so nothing is said that follows from something else:
//!
//! - licence and attribution of the collection hold for every feature that says
//!   no other;
//! - the `id` of a feature is the address that leads to its page, and put into
//!   `report` of the collection it is where to tell of a mistake;
//! - the postcode is the end of the address, `online` follows from how people
//!   take part, and what matched by its own position says no `match`;
//! - what is found by reading and not on a map (guides, case studies, needs,
//!   offers, partnerships) says neither its topics nor its own website: its page
//!   does;
//! - positions have five decimals, which is a metre, and no box around them;
//! - it says the day on which the list last changed, and the header
//!   `Last-Modified` the second.
//!
//! What is alike in many features comes first in each, since that packs best.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::entry::names;
use super::entry::one_or_all;
use super::object::Object;
use crate::model::Point;
use crate::web::lapse::Lapse;
use crate::web::reuse;

/// Longitude and latitude.
type Position = [f64; 2];

/// Why most of what is near a place is found: it says no more than `distance`.
const BY_POSITION: &str = "near";

/// The kinds that are on no map.
const OFF_THE_MAP: [&str; 5] = ["resource", "case-study", "need", "offer", "partnership"];

/// The licences of an entry, by address or by name.
type Licences<'a> = Vec<Cow<'a, str>>;

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let entries: Vec<Entry> = entries(list).collect();
    let licensed: Vec<_> = entries.iter().map(|entry| licences(list, entry)).collect();
    let of_list = list.licence.map(Cow::Borrowed).into_iter().collect();
    let usual_licences = usual(of_list, &licensed);
    let credited: Vec<_> = entries.iter().map(|entry| entry.attribution.as_deref()).collect();
    let usual_words = usual(list.own_attribution, &credited);
    let attribution = attribution(list, usual_words);
    let mut json = Vec::new();
    Object::write(&mut json, |collection| {
        collection.put("type", "FeatureCollection");
        collection.put("title", list.title);
        collection.put("total", &list.total);
        collection.put("page", list.page);
        collection.put("id", list.address);
        for (name, text) in [
            ("first", list.first.filter(|first| *first != list.address)),
            ("previous", list.previous),
            ("next", list.next),
            ("report", list.report_form),
            ("attribution", attribution.as_deref()),
        ] {
            collection.put_if(name, text);
        }
        collection.put_if("licence", one_or_all(&usual_licences).as_ref());
        collection.put("updated", &list.updated.strftime("%F").to_string());
        collection.put_if("centre", list.near.and_then(centre).as_ref());
        let features = entries.iter().zip(licensed.iter().zip(credited));
        Object::write_all(collection.name("features"), features, |object, (entry, own)| {
            let (licences, words) = own;
            let licences = (*licences != usual_licences).then_some(licences);
            let words = words.filter(|_| words != usual_words);
            feature(object, entry, licences, words);
        });
    });
    json
}

fn feature(
    feature: &mut Object<'_>,
    entry: &Entry,
    licences: Option<&Licences<'_>>,
    attribution: Option<&str>,
) {
    feature.put("type", "Feature");
    feature.put("id", &entry.id);
    Object::write(feature.name("properties"), |object| {
        let licences = licences.and_then(|own| one_or_all(own));
        properties(object, entry, licences.as_ref(), attribution);
    });
    let positions: Vec<Position> = entry.points.iter().copied().map(position).collect();
    match positions.as_slice() {
        [] => feature.put("geometry", &()),
        [position] => geometry(feature, "Point", position),
        positions => geometry(feature, "MultiPoint", positions),
    }
}

fn geometry(feature: &mut Object<'_>, kind: &str, coordinates: &(impl Serialize + ?Sized)) {
    Object::write(feature.name("geometry"), |geometry| {
        geometry.put("type", kind);
        geometry.put("coordinates", coordinates);
    });
}

fn properties(
    properties: &mut Object<'_>,
    entry: &Entry,
    licences: Option<&Value>,
    attribution: Option<&str>,
) {
    let is_on_map = !OFF_THE_MAP.contains(&&*entry.kind);
    properties.put("type", &entry.kind);
    properties.put_if("accessMode", entry.access_mode.as_ref());
    properties.put_if("online", entry.online.filter(|is| !follows(entry, *is)).as_ref());
    properties.put_if("resourceType", entry.resource_type.as_ref());
    for (name, named) in
        [("topics", &entry.topics), ("audience", &entry.audience), ("areaServed", &entry.areas)]
    {
        let names: Vec<&str> = names(named).collect();
        let is_said = !names.is_empty() && (is_on_map || name != "topics");
        properties.put_if(name, is_said.then_some(&names));
    }
    properties.put_if("assetType", entry.asset_type.as_ref());
    properties.put_if("status", entry.status.as_ref());
    properties.put_if("lapse", entry.lapse.map(Lapse::word));
    properties.put_if("inLanguage", entry.in_language.as_ref());
    properties.put("name", &entry.name);
    properties.put_if("address", entry.address.as_ref());
    let address = entry.address.as_deref().unwrap_or_default();
    let postcode = entry.postcode.as_ref().filter(|postcode| !address.ends_with(*postcode));
    properties.put_if("postcode", postcode);
    properties.put_if("cost", entry.cost.as_ref());
    properties.put_if("summary", entry.summary.as_ref());
    properties.put_if("licence", licences);
    properties.put_if("attribution", attribution);
    properties.put_if("schedule", entry.schedule.as_ref());
    properties.put_if("telephone", entry.telephone.as_ref());
    properties.put_if("provider", entry.provider.as_ref());
    properties.put_if("email", entry.email.as_ref());
    properties.put_if("url", entry.url.as_ref().filter(|_| is_on_map));
    properties.put_if("code", entry.code.as_ref());
    properties.put_if("lastReviewed", entry.last_reviewed.as_ref());
    properties.put_if("distance", entry.metres().as_ref());
    properties.put_if("match", entry.reason.as_ref().filter(|reason| *reason != BY_POSITION));
    properties.put_if("covers", entry.covers.as_ref());
    properties.put_if("note", entry.note.as_ref());
}

/// Whether it follows from how people take part that it `is` online.
fn follows(entry: &Entry, is: bool) -> bool {
    match entry.access_mode.as_deref() {
        Some("in-person") => !is,
        Some("remote" | "hybrid") => is,
        _ => false,
    }
}

/// Longitude and latitude to some metre.
fn position(point: Point) -> Position {
    [point.longitude(), point.latitude()].map(|degrees| (degrees * 1e5).round() / 1e5)
}

/// What most entries say, that of the list where as many say it: the collection
/// says it once, and a feature its own where it is something else.
fn usual<T: Clone + PartialEq>(of_list: T, of_entries: &[T]) -> T {
    let count = |own: &T| of_entries.iter().filter(|other| *other == own).count();
    let mut usual = (count(&of_list), &of_list);
    for own in of_entries {
        let times = count(own);
        if times > usual.0 {
            usual = (times, own);
        }
    }
    usual.1.clone()
}

/// Whom those name who use a list again of which most entries have these
/// `words`: the register, and the sources of those.
fn attribution<'a>(list: &List<'a>, words: Option<&'a str>) -> Option<Cow<'a, str>> {
    match (list.own_attribution, words) {
        (Some(own), Some(words)) if own != words => Some(Cow::Owned(format!("{own} {words}"))),
        (own, words) => own.or(words).map(Cow::Borrowed),
    }
}

/// The licences of an entry: the usual ones by the names that people give them,
/// which are short, but for that of the list.
fn licences<'a>(list: &List<'_>, entry: &'a Entry) -> Licences<'a> {
    let named = |licence: &'a String| {
        let usual = (list.licence != Some(licence)).then(|| reuse::usual_licence(licence));
        usual.flatten().unwrap_or(Cow::Borrowed(licence.as_str()))
    };
    entry.licences.iter().map(named).collect()
}

/// The position of the place near which was searched.
fn centre(near: &Value) -> Option<Position> {
    let degrees = |name: &str| near.get(name)?.as_f64();
    Point::new(degrees("latitude")?, degrees("longitude")?).ok().map(position)
}
