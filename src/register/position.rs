//! Where a location is: as published, or else as its postcode says.

use serde_json::{Value as Json, json};

use crate::gazetteer::{Gazetteer, Kind, Status};
use crate::model::Point;
use crate::record::{Node, Value, texts};

/// The position of a `Location` node; `None` when neither a position nor a
/// known postcode is given.
pub(super) fn of_location(gazetteer: &Gazetteer, node: &Node) -> Option<Point> {
    published(node).or_else(|| {
        let country = texts(node.values("country")).next();
        let postcode = texts(node.values("postcode")).next().filter(|_| is_known(country))?;
        of_postcode(gazetteer, postcode).map(|(point, _)| point)
    })
}

fn published(node: &Node) -> Option<Point> {
    let number = |key: &str| node.values(key).first().and_then(Value::as_double);
    Point::new(number("latitude")?, number("longitude")?).ok()
}

/// Whether postcodes of the country are in the gazetteer.
fn is_known(country: Option<&str>) -> bool {
    country.is_none_or(|country| country == "GB")
}

/// The position of a postcode, and how it is known, in the words of
/// `positionFrom`.
fn of_postcode(gazetteer: &Gazetteer, postcode: &str) -> Option<(Point, &'static str)> {
    let found = gazetteer.resolve(postcode).ok()?;
    match (found.kind, found.status) {
        (Kind::Postcode, Status::Approximate) | (Kind::Sector, _) => Some((found.point, "sector")),
        (Kind::Postcode, _) => Some((found.point, "postcode")),
        (Kind::District, _) => Some((found.point, "district")),
        _ => None,
    }
}

/// Adds positions to the locations of a summary that have only a postcode,
/// and says that they are derived.
pub(super) fn complete(gazetteer: &Gazetteer, locations: &mut Json) {
    for location in locations.as_array_mut().into_iter().flatten() {
        if location.get("latitude").is_some() {
            continue;
        }
        let text = |key: &str| location.get(key).and_then(Json::as_str);
        let postcode = text("postcode").filter(|_| is_known(text("country")));
        if let Some((point, from)) = postcode.and_then(|text| of_postcode(gazetteer, text)) {
            location["latitude"] = json!(point.latitude());
            location["longitude"] = json!(point.longitude());
            location["positionFrom"] = json!(from);
        }
    }
}
