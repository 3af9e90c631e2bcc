//! A list as a GeoJSON feature collection (RFC 7946), longitude first.
//!
//! Properties are flat, so that maps and tables show them as they are, and
//! have the names of the JSON of records. What the list says of itself stands
//! beside the features as foreign members (section 6.1).

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

/// Longitude and latitude.
type Position = [f64; 2];

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let entries: Vec<Entry> = entries(list).collect();
    let licensed: Vec<Vec<String>> = entries.iter().map(|entry| licences(list, entry)).collect();
    let usual = usual(list, &licensed);
    let own: Vec<Option<&Vec<String>>> =
        licensed.iter().map(|own| (*own != usual).then_some(own)).collect();
    let mut json = Vec::new();
    Object::write(&mut json, |collection| {
        collection.put("type", "FeatureCollection");
        collection.put("id", list.address);
        collection.put("title", list.title);
        collection.put("total", &list.total);
        collection.put("updated", &list.updated.to_string());
        for (name, address) in [
            ("page", Some(list.page)),
            ("first", list.first),
            ("previous", list.previous),
            ("next", list.next),
            ("attribution", list.attribution),
        ] {
            collection.put_if(name, address);
        }
        collection.put_if("licence", one_or_all(&usual).as_ref());
        collection.put_if("centre", list.near.and_then(centre).as_ref());
        collection.put_if("bbox", bounds(&entries).as_ref());
        let features = entries.iter().zip(own);
        Object::write_all(collection.name("features"), features, |object, (entry, own)| {
            feature(object, entry, own);
        });
    });
    json
}

fn feature(feature: &mut Object<'_>, entry: &Entry, licences: Option<&Vec<String>>) {
    feature.put("type", "Feature");
    feature.put("id", &entry.id);
    let positions: Vec<Position> = entry.points.iter().copied().map(position).collect();
    match positions.as_slice() {
        [] => feature.put("geometry", &()),
        [position] => geometry(feature, "Point", position),
        positions => geometry(feature, "MultiPoint", positions),
    }
    Object::write(feature.name("properties"), |object| {
        properties(object, entry);
        let licences = licences.and_then(|own| one_or_all(own));
        object.put_if("licence", licences.as_ref());
    });
}

fn geometry(feature: &mut Object<'_>, kind: &str, coordinates: &(impl Serialize + ?Sized)) {
    Object::write(feature.name("geometry"), |geometry| {
        geometry.put("type", kind);
        geometry.put("coordinates", coordinates);
    });
}

fn properties(properties: &mut Object<'_>, entry: &Entry) {
    properties.put("type", &entry.kind);
    properties.put("name", &entry.name);
    properties.put_if("inLanguage", entry.in_language.as_ref());
    properties.put("page", &entry.page);
    properties.put_if("summary", entry.summary.as_ref());
    properties.put_if("assetType", entry.asset_type.as_ref());
    properties.put_if("resourceType", entry.resource_type.as_ref());
    properties.put_if("status", entry.status.as_ref());
    properties.put_if("lapse", entry.lapse.map(Lapse::word));
    properties.put_if("provider", entry.provider.as_ref());
    for (name, named) in
        [("topics", &entry.topics), ("audience", &entry.audience), ("areaServed", &entry.areas)]
    {
        let names: Vec<&str> = names(named).collect();
        properties.put_if(name, (!names.is_empty()).then_some(&names));
    }
    properties.put_if("address", entry.address.as_ref());
    properties.put_if("postcode", entry.postcode.as_ref());
    properties.put_if("online", entry.online.as_ref());
    properties.put_if("accessMode", entry.access_mode.as_ref());
    properties.put_if("schedule", entry.schedule.as_ref());
    properties.put_if("cost", entry.cost.as_ref());
    properties.put_if("telephone", entry.telephone.as_ref());
    properties.put_if("email", entry.email.as_ref());
    properties.put_if("url", entry.url.as_ref());
    properties.put_if("code", entry.code.as_ref());
    properties.put_if("lastReviewed", entry.last_reviewed.as_ref());
    properties.put_if("report", entry.report.as_ref());
    properties.put_if("distance", entry.metres().as_ref());
    properties.put_if("match", entry.reason.as_ref());
    properties.put_if("covers", entry.covers.as_ref());
    properties.put_if("note", entry.note.as_ref());
}

fn position(point: Point) -> Position {
    [point.longitude(), point.latitude()]
}

/// The licences of most entries, those of the list where as many have them: the
/// collection says them once, and a feature its own where it has others. So a
/// file for maps stays small (2 kB when packed).
fn usual(list: &List<'_>, licensed: &[Vec<String>]) -> Vec<String> {
    let of_list: Vec<String> = list.licence.map(str::to_owned).into_iter().collect();
    let count = |own: &Vec<String>| licensed.iter().filter(|other| *other == own).count();
    let mut usual = (count(&of_list), &of_list);
    for own in licensed {
        let times = count(own);
        if times > usual.0 {
            usual = (times, own);
        }
    }
    usual.1.clone()
}

/// The licences of an entry: the usual ones by the names that people give them,
/// which are short, but for that of the list.
fn licences(list: &List<'_>, entry: &Entry) -> Vec<String> {
    let named = |licence: String| {
        let bare = licence.split_once("://").map_or(&*licence, |(_, rest)| rest);
        let bare = bare.trim_start_matches("www.").trim_end_matches('/');
        if list.licence == Some(&licence) {
            return licence;
        }
        if let Some(terms) = bare.strip_prefix("creativecommons.org/licenses/") {
            return format!("CC {}", terms.replace('/', " ").to_uppercase());
        }
        if bare == "nationalarchives.gov.uk/doc/open-government-licence/version/3" {
            return "OGL v3.0".to_owned();
        }
        bare.strip_prefix("spdx.org/licenses/").map_or_else(|| licence.clone(), str::to_owned)
    };
    let own: Vec<String> = entry.licence_words().into_iter().map(named).collect();
    if own.is_empty() { list.licence.map(str::to_owned).into_iter().collect() } else { own }
}

/// The position of the place near which was searched.
fn centre(near: &Value) -> Option<Position> {
    let degrees = |name: &str| near.get(name)?.as_f64();
    Point::new(degrees("latitude")?, degrees("longitude")?).ok().map(position)
}

/// West, south, east and north of all points (section 5); `None` without any.
fn bounds(entries: &[Entry]) -> Option<[f64; 4]> {
    let corners = entries.iter().flat_map(|entry| &entry.points).map(|point| {
        let [longitude, latitude] = position(*point);
        [longitude, latitude, longitude, latitude]
    });
    corners.reduce(|[west, south, east, north], [x, y, ..]| {
        [west.min(x), south.min(y), east.max(x), north.max(y)]
    })
}
