//! The locations of a service or an organisation.

use crate::record::{JsonView, ObjectView, RecordId};
use crate::web::aliss::entry::{self, Entry};
use crate::web::aliss::plain::untagged;
use crate::web::state::AppState;

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
    /// Our slugs of its features.
    pub(super) accessibility: Vec<String>,
}

/// The locations of `entry`, in their order.
pub(super) fn all(state: &AppState, entry: &Entry<'_>) -> Vec<Location> {
    let objects = (1..).zip(entry.summary.objects("locations"));
    let location =
        |(place, object)| Location::new(state, entry, part_id(entry.id, "location", place), object);
    objects.map(location).collect()
}

/// The identifier of a part of `id` which has none of its own.
pub(super) fn part_id(id: &RecordId, part: &str, place: usize) -> String {
    RecordId::from_key(part, &id.to_string(), &place.to_string()).id().to_owned()
}

impl Location {
    fn new(state: &AppState, entry: &Entry<'_>, id: String, object: &ObjectView<'_>) -> Self {
        let text = |key: &str| entry.summary.text_in(object, key);
        let number = |key: &str| object.get(key).and_then(JsonView::as_f64);
        let parts = ["name", "streetAddress", "locality", "postcode"].map(text);
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let features =
            object.get("accessibility").and_then(JsonView::as_array).into_iter().flatten();
        let features = features.filter_map(JsonView::as_str);
        Self {
            id,
            formatted_address: untagged(&parts.join(", ")),
            name: text("name"),
            directions: text("directions"),
            street_address: text("streetAddress"),
            locality: text("locality"),
            region: text("region"),
            postal_code: text("postcode"),
            country: text("country"),
            position: number("latitude").zip(number("longitude")),
            accessibility: features.filter_map(|iri| entry::identifier(state, iri)).collect(),
        }
    }
}
