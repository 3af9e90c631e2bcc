//! Where things are: addresses, positions and the areas that they serve.

use serde_json::{Map, Value as Json, json};

use super::{Subject, as_list, set, text};

/// How a position is known that is too vague to go there.
const VAGUE: &[&str] = &["sector", "district", "place"];

/// Each location as a `Place`.
pub(super) fn places(subject: &Subject<'_>) -> Vec<Json> {
    let place = |location: &Map<String, Json>| {
        let mut place = located(subject, location);
        set(&mut place, "name", text(subject, location, "name"));
        place.insert("@type".to_owned(), json!("Place"));
        (place.len() > 1).then_some(Json::Object(place))
    };
    locations(subject).filter_map(place).collect()
}

/// Address and position of what is a place itself.
pub(super) fn first(subject: &Subject<'_>) -> Option<Map<String, Json>> {
    locations(subject).next().map(|location| located(subject, location))
}

fn locations<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a Map<String, Json>> {
    let all = subject.record.get("locations").into_iter().flat_map(as_list);
    all.filter_map(Json::as_object)
}

fn located(subject: &Subject<'_>, location: &Map<String, Json>) -> Map<String, Json> {
    let mut address = Map::new();
    for (key, property) in [
        ("streetAddress", "streetAddress"),
        ("locality", "addressLocality"),
        ("region", "addressRegion"),
        ("postcode", "postalCode"),
    ] {
        set(&mut address, property, text(subject, location, key));
    }
    let mut place = Map::new();
    if !address.is_empty() {
        let country = location.get("country").cloned().unwrap_or_else(|| json!("GB"));
        address.insert("@type".to_owned(), json!("PostalAddress"));
        address.insert("addressCountry".to_owned(), country);
        place.insert("address".to_owned(), Json::Object(address));
    }
    set(&mut place, "geo", geo(location));
    place
}

/// The position of a location or an area.
pub(super) fn geo(location: &Map<String, Json>) -> Option<Json> {
    let from = location.get("positionFrom").and_then(Json::as_str);
    if from.is_some_and(|from| VAGUE.contains(&from)) {
        return None;
    }
    let (latitude, longitude) = (location.get("latitude")?, location.get("longitude")?);
    Some(json!({ "@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude }))
}

/// The areas that it serves.
pub(super) fn areas(subject: &Subject<'_>) -> Vec<Json> {
    let all = subject.summary.get("areaServed").into_iter().flat_map(as_list);
    all.filter_map(|area| {
        let area = area.as_object()?;
        let iri = area.get("id")?.as_str()?;
        let code = iri.rsplit_once("/id/place/").map(|(_, code)| code);
        let mut served = Map::new();
        set(&mut served, "@type", Some("AdministrativeArea"));
        set(&mut served, "@id", Some(iri));
        set(&mut served, "name", text(subject, area, "name"));
        set(&mut served, "identifier", code);
        Some(Json::Object(served))
    })
    .collect()
}
