//! The locations of a service or an organisation.

use serde_json::{Map, Value as Json};

use crate::record::RecordId;
use crate::web::serialise::summary::Summary;

/// A location. Texts are not empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Location {
    /// A UUID that is the same each time: of its record and its place in it.
    pub(super) id: String,
    /// The whole address in one line.
    pub(super) formatted_address: String,
    pub(super) name: Option<String>,
    pub(super) directions: Option<String>,
    pub(super) street_address: Option<String>,
    pub(super) locality: Option<String>,
    pub(super) region: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) country: Option<String>,
    /// Where it is, as published or else as its postcode says.
    pub(super) position: Option<(f64, f64)>,
}

/// The locations in the summary of `id`, in their order.
pub(super) fn all(id: &RecordId, summary: &Summary<'_>) -> Vec<Location> {
    let objects = (1..).zip(summary.objects("locations"));
    objects
        .map(|(place, object)| location(part_id(id, "location", place), summary, object))
        .collect()
}

/// The identifier of a part of `id` which has none of its own.
pub(super) fn part_id(id: &RecordId, part: &str, place: usize) -> String {
    RecordId::from_key(part, &id.to_string(), &place.to_string()).id().to_owned()
}

fn location(id: String, summary: &Summary<'_>, object: &Map<String, Json>) -> Location {
    let text = |key: &str| summary.text_in(object, key);
    let number = |key: &str| object.get(key).and_then(Json::as_f64);
    let parts = ["name", "streetAddress", "locality", "postcode"].map(text);
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Location {
        id,
        formatted_address: parts.join(", "),
        name: text("name"),
        directions: text("directions"),
        street_address: text("streetAddress"),
        locality: text("locality"),
        region: text("region"),
        postal_code: text("postcode"),
        country: text("country"),
        position: number("latitude").zip(number("longitude")),
    }
}
