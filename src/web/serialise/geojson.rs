//! A list as a GeoJSON feature collection (RFC 7946), longitude first.
//!
//! Properties are flat, so that maps and tables show them as they are, and
//! have the names of the JSON of records. What the list says of itself stands
//! beside the features as foreign members (section 6.1). Licence and attribution
//! that it says hold for every feature that says no other, so that a file for
//! maps stays small (2 kB when packed).

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
        collection.put("id", list.address);
        collection.put("title", list.title);
        collection.put("total", &list.total);
        collection.put("updated", &list.updated.to_string());
        for (name, address) in [
            ("page", Some(list.page)),
            ("first", list.first),
            ("previous", list.previous),
            ("next", list.next),
            ("attribution", attribution.as_deref()),
        ] {
            collection.put_if(name, address);
        }
        collection.put_if("licence", one_or_all(&usual_licences).as_ref());
        collection.put_if("centre", list.near.and_then(centre).as_ref());
        collection.put_if("bbox", bounds(&entries).as_ref());
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
        object.put_if("attribution", attribution);
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
