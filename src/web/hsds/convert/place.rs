//! Locations with their addresses, and areas that are served.

use serde_json::{Map, Value as Json};

use super::{extension, taxonomy};
use crate::record::RecordId;
use crate::register::Register;
use crate::web::hsds::identity;
use crate::web::hsds::object::{ASSUMED, Object, uri};
use crate::web::hsds::said::Said;

/// Stands for a part of an address that the standard requires and nobody told.
const UNKNOWN: &str = "unknown";

/// A location in short: what it has one of. `known` is the same location in the
/// summary, which has a position also where only the postcode tells one.
pub(super) fn row(
    register: &Register,
    (id, position): (&RecordId, usize),
    said: Said<'_>,
    known: Option<Said<'_>>,
) -> Object {
    let mut object = Object::default();
    object.put("id", identity::nested(register, id, "locations", position));
    object.put("location_type", "physical");
    object.put("name", said.text("name"));
    for key in ["latitude", "longitude"] {
        match said.get(key) {
            Some(number) => object.put(key, number.clone()),
            None => object.assume(key, known.and_then(|known| known.get(key).cloned())),
        }
    }
    if let Some(uprn) = said.text("uprn") {
        object.put("external_identifier", uprn);
        object.put("external_identifier_type", "UPRN");
    }
    object
}

/// A whole location.
pub(super) fn whole(
    register: &Register,
    (id, position): (&RecordId, usize),
    said: Said<'_>,
    known: Option<Said<'_>>,
) -> Object {
    let mut object = row(register, (id, position), said, known);
    object.put("transportation", said.text("directions"));
    let addresses: Vec<Json> =
        address(register, (id, position), said).map(Json::from).into_iter().collect();
    let has_address = !addresses.is_empty();
    object.put("addresses", addresses);
    let features = said.references("accessibility", register.base());
    if !features.is_empty() {
        let entries = features.iter().enumerate().map(|(number, feature)| {
            accessibility(register, (id, position), number, feature).into()
        });
        // The location's features are read back from the field of our own.
        object.assume("accessibility", entries.collect::<Vec<Json>>());
    }
    extension::add_nested(
        &mut object,
        register.schema(),
        register.base(),
        (id, "locations"),
        said.0,
        |key| match key {
            "latitude" | "longitude" | "uprn" => true,
            "name" | "directions" => said.is_one_text(key),
            "streetAddress" | "locality" | "region" | "postcode" | "country" => has_address,
            _ => false,
        },
    );
    object
}

/// The virtual location of what is used from anywhere; `position` is the number
/// of the other locations.
pub(super) fn online(register: &Register, (id, position): (&RecordId, usize)) -> Object {
    let mut object = Object::default();
    object.put("id", identity::nested(register, id, "locations", position));
    object.put("location_type", "virtual");
    object
}

/// The address, when any part of it is known.
fn address(
    register: &Register,
    (id, position): (&RecordId, usize),
    said: Said<'_>,
) -> Option<Object> {
    let parts = ["streetAddress", "locality", "region", "postcode"];
    let any = parts.iter().find_map(|key| said.text(key))?;
    let key = format!("locations-{}-address", position + 1);
    let mut object = Object::default();
    object.put("id", identity::nested(register, id, &key, 0));
    object.put("location_id", identity::nested(register, id, "locations", position));
    let [street, locality, region, postcode] = parts.map(|key| said.text(key));
    required(&mut object, "address_1", street, said.text("name").or(locality).unwrap_or(any));
    required(&mut object, "city", locality, region.unwrap_or(UNKNOWN));
    object.put("region", region);
    // The register has one field for what the standard has two for.
    object.assume("state_province", region.or(locality).unwrap_or(UNKNOWN));
    required(&mut object, "postal_code", postcode, UNKNOWN);
    required(&mut object, "country", said.text("country"), "GB");
    object.put("address_type", "physical");
    Some(object)
}

fn required(object: &mut Object, key: &str, text: Option<&str>, otherwise: &str) {
    match text {
        Some(text) => object.put(key, text),
        None => object.assume(key, otherwise),
    }
}

fn accessibility(
    register: &Register,
    (id, position): (&RecordId, usize),
    number: usize,
    feature: &RecordId,
) -> Object {
    let key = format!("locations-{}-accessibility", position + 1);
    let own = identity::nested(register, id, &key, number);
    let of = identity::nested(register, id, &format!("{key}-attribute"), number);
    let attribute =
        taxonomy::attribute(register, (of, own.clone()), "accessibility", "accessibility", feature);
    let summary = identity::summary(register, feature);
    let mut object = Object::default();
    object.put("id", own);
    object.put("location_id", identity::nested(register, id, "locations", position));
    object.put("description", Said(&summary).text("name").unwrap_or_else(|| feature.id()));
    object.put("attributes", vec![Json::from(attribute)]);
    object
}

/// The areas that are served: by name, with the IRI, which ends with the
/// official code.
pub(super) fn areas(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let service = identity::of(register, id);
    let areas = said.references("areaServed", register.base());
    let area = |(position, area): (usize, &RecordId)| {
        let summary: Map<String, Json> = identity::summary(register, area);
        let mut object = Object::default();
        object.put("id", identity::nested(register, id, "areaServed", position));
        object.put("service_id", service.clone());
        object.put("name", Said(&summary).text("name").unwrap_or_else(|| area.id()));
        object.put("uri", uri(register.base().thing(area).as_str()));
        object.put("kist_id", area.to_string());
        object.into()
    };
    areas.iter().enumerate().map(area).collect()
}

/// Leaves no trace of [`ASSUMED`]: where nothing is read back, it says nothing.
pub(super) fn without_marks(object: Object) -> Json {
    let mut json = Json::from(object);
    if let Some(fields) = json.as_object_mut() {
        fields.shift_remove(ASSUMED);
    }
    json
}
