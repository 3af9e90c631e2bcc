//! A list as a GeoJSON feature collection (RFC 7946), longitude first.
//!
//! Properties are flat, so that maps and tables show them as they are, and
//! have the names of the JSON of records. What the list says of itself stands
//! beside the features as foreign members (section 6.1).

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::List;
use super::entry::Entry;
use super::entry::entries;
use super::entry::names;
use super::entry::one_or_all;
use crate::model::Point;

pub(super) fn write(list: &List<'_>) -> Vec<u8> {
    let mut points = Vec::new();
    let mut features = Vec::new();
    for entry in entries(list) {
        points.extend_from_slice(&entry.points);
        features.push(feature(entry));
    }
    let mut collection = Map::new();
    collection.insert("type".to_owned(), json!("FeatureCollection"));
    collection.insert("id".to_owned(), json!(list.address));
    collection.insert("title".to_owned(), json!(list.title));
    collection.insert("total".to_owned(), json!(list.total));
    collection.insert("updated".to_owned(), json!(list.updated.to_string()));
    for (name, address) in [
        ("page", Some(list.page)),
        ("first", list.first),
        ("previous", list.previous),
        ("next", list.next),
        ("licence", list.licence),
        ("attribution", list.attribution),
    ] {
        insert(&mut collection, name, address);
    }
    insert(&mut collection, "centre", list.near.and_then(centre));
    if let Some(bounds) = bounds(&points) {
        collection.insert("bbox".to_owned(), bounds);
    }
    collection.insert("features".to_owned(), Value::Array(features));
    Value::Object(collection).to_string().into_bytes()
}

fn feature(entry: Entry) -> Value {
    let positions: Vec<Value> = entry.points.iter().map(|point| position(*point)).collect();
    let geometry = match positions.as_slice() {
        [] => Value::Null,
        [position] => json!({"type": "Point", "coordinates": position}),
        positions => json!({"type": "MultiPoint", "coordinates": positions}),
    };
    json!({
        "type": "Feature",
        "id": entry.id,
        "geometry": geometry,
        "properties": properties(entry),
    })
}

fn properties(entry: Entry) -> Map<String, Value> {
    let mut properties = Map::new();
    insert(&mut properties, "type", Some(entry.kind));
    insert(&mut properties, "name", Some(entry.name));
    insert(&mut properties, "inLanguage", entry.in_language);
    insert(&mut properties, "page", Some(entry.page));
    insert(&mut properties, "summary", entry.summary);
    insert(&mut properties, "assetType", entry.asset_type);
    insert(&mut properties, "resourceType", entry.resource_type);
    insert(&mut properties, "status", entry.status);
    insert(&mut properties, "provider", entry.provider);
    for (name, named) in
        [("topics", &entry.topics), ("audience", &entry.audience), ("areaServed", &entry.areas)]
    {
        let names: Vec<&str> = names(named).collect();
        insert(&mut properties, name, (!names.is_empty()).then_some(names));
    }
    insert(&mut properties, "address", entry.address);
    insert(&mut properties, "postcode", entry.postcode);
    insert(&mut properties, "online", entry.online);
    insert(&mut properties, "accessMode", entry.access_mode);
    insert(&mut properties, "schedule", entry.schedule);
    insert(&mut properties, "cost", entry.cost);
    insert(&mut properties, "telephone", entry.telephone);
    insert(&mut properties, "email", entry.email);
    insert(&mut properties, "url", entry.url);
    insert(&mut properties, "code", entry.code);
    insert(&mut properties, "lastReviewed", entry.last_reviewed);
    insert(&mut properties, "report", entry.report);
    insert(&mut properties, "licence", one_or_all(&entry.licences));
    let distance = entry.distance.and_then(|distance| distance.parse::<u64>().ok());
    insert(&mut properties, "distance", distance);
    insert(&mut properties, "match", entry.reason);
    insert(&mut properties, "covers", entry.covers);
    insert(&mut properties, "note", entry.note);
    properties
}

fn insert(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

fn position(point: Point) -> Value {
    json!([point.longitude(), point.latitude()])
}

/// The position of the place near which was searched.
fn centre(near: &Value) -> Option<Value> {
    let degrees = |name: &str| near.get(name)?.as_f64();
    Point::new(degrees("latitude")?, degrees("longitude")?).ok().map(position)
}

/// West, south, east and north of all points (section 5); `None` without any.
fn bounds(points: &[Point]) -> Option<Value> {
    let first = points.first()?;
    let start = [first.longitude(), first.latitude(), first.longitude(), first.latitude()];
    let bounds = points.iter().fold(start, |[west, south, east, north], point| {
        [
            west.min(point.longitude()),
            south.min(point.latitude()),
            east.max(point.longitude()),
            north.max(point.latitude()),
        ]
    });
    Some(json!(bounds))
}
