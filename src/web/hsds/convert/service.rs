//! Assets as services, alone and at their locations.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::organization::{has_email, phones};
use super::{extension, organization, place, schedule, taxonomy};
use crate::record::{RecordId, to_json};
use crate::register::{Register, Version};
use crate::web::hsds::identity;
use crate::web::hsds::object::{Object, uri};
use crate::web::hsds::said::Said;
use crate::web::lapse::Lapse;
use crate::web::problem::Result;

/// Properties whose categories are attributes of a service.
const CATEGORIES: &[&str] = &["assetType", "topics", "audience", "accessibility"];

/// What [`row`] reads of a summary: it passes over the rest.
const OF_ROW: &[&str] = &[
    "provider",
    "name",
    "alternateName",
    "description",
    "summary",
    "url",
    "email",
    "status",
    "cost",
    "eligibility",
    "minimumAge",
    "maximumAge",
    "lastReviewed",
    "schedule",
    "validUntil",
];

/// The moments on which what is said of a service depends.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Moments {
    /// When it changed last.
    pub(in crate::web) modified: Timestamp,
    /// The day on which it is asked for.
    pub(in crate::web) today: Date,
}

/// Whether a row reads the property `key` of a summary.
pub(in crate::web) fn is_in_row(key: &str) -> bool {
    OF_ROW.contains(&key)
}

/// A service in short, with its organisation in short, from what of the summary
/// [`is_in_row`].
pub(in crate::web) fn row(
    register: &Register,
    id: &RecordId,
    said: Said<'_>,
    at: Moments,
) -> Object {
    let mut object = scalars(register, id, said, at);
    if let Some(provider) = said.reference("provider", register.base()) {
        let summary = identity::part(register, &provider, organization::is_in_row);
        if !summary.is_empty() {
            object.put("organization", organization::row(register, &provider, Said(&summary)));
        }
    }
    object.put("kist_id", id.to_string());
    // Readers take what is defunct for gone.
    object.put("kist_status", said.text("status").filter(|status| *status == "ended"));
    object
}

/// A service with all that is nested.
///
/// # Errors
///
/// When the store can't be read.
pub(in crate::web) fn whole(register: &Register, version: &Version, today: Date) -> Result<Object> {
    let record = &version.merged.record;
    let id = &record.id;
    let json = to_json(register.schema(), register.base(), record);
    let fields = json.as_object().cloned().unwrap_or_default();
    let said = Said(&fields);
    let summary = identity::summary(register, id);
    let mut object = nested(register, id, said, Moments { modified: version.modified, today })?;
    object.put("service_at_locations", at_locations(register, id, said, Said(&summary)));
    Ok(object)
}

/// A service with all that is nested but its locations.
fn nested(register: &Register, id: &RecordId, said: Said<'_>, at: Moments) -> Result<Object> {
    let base = register.base();
    let mut object = scalars(register, id, said, at);
    let provider = match said.reference("provider", base) {
        Some(provider) => organization::whole(register, &provider)?,
        None => None,
    };
    let has_provider = provider.is_some();
    object.put("organization", provider.map(Json::from));
    object.put("schedules", schedule::all(register, id, said));
    object.put("service_areas", place::areas(register, id, said));
    object.put("languages", languages(register, id, said));
    object.put("cost_options", cost_options(register, id, said));
    object.put("phones", phones(register, id, said));
    object.put("contacts", contacts(register, id, said));
    object.put("attributes", taxonomy::attributes(register, (id, said), CATEGORIES, "service"));
    extension::add(&mut object, register.schema(), base, id, said.0, |key| match key {
        "name" | "alternateName" | "description" | "eligibility" => said.is_one_text(key),
        "url" => said.text("url").is_some_and(|url| uri(url) == url),
        "email" => has_email(said),
        "status" => said.text("status") != Some("ended") && !is_over(said, at),
        "online" => said.truth("online") == Some(true),
        "provider" => has_provider,
        "languages" => said.texts(key).iter().all(|tag| is_plain_language(tag)),
        "cost" => said.node("cost").is_none_or(is_plain_cost),
        "assetType" | "topics" | "audience" | "accessibility" | "areaServed" => {
            let count = said.get(key).and_then(Json::as_array).map_or(1, Vec::len);
            said.references(key, base).len() == count
        }
        "locations" | "schedule" | "minimumAge" | "maximumAge" | "telephone" | "lastReviewed" => {
            true
        }
        _ => false,
    });
    Ok(object)
}

fn scalars(register: &Register, id: &RecordId, said: Said<'_>, at: Moments) -> Object {
    let mut object = Object::default();
    object.put("id", identity::of(register, id));
    let provider = said.reference("provider", register.base());
    object.put("organization_id", provider.map(|provider| identity::of(register, &provider)));
    object.put("name", said.text("name").unwrap_or_else(|| id.id()));
    object.put("alternate_name", said.text("alternateName"));
    match said.text("description") {
        Some(text) => object.put("description", text),
        None => object.assume("description", said.text("summary")),
    }
    object.put("url", said.text("url").map(uri));
    if has_email(said) {
        object.put("email", said.text("email"));
    }
    match said.text("status") {
        Some("paused") => object.put("status", "temporarily closed"),
        Some("ended") => object.put("status", "defunct"),
        // What is over is not to be had, whatever its source goes on saying.
        _ if is_over(said, at) => object.assume("status", "inactive"),
        Some(_) => object.put("status", "active"),
        None => object.assume("status", "active"),
    }
    if let Some(cost) = said.node("cost") {
        object.put("fees", fees(cost));
    }
    object.put("eligibility_description", said.text("eligibility"));
    object.put("minimum_age", said.get("minimumAge").cloned());
    object.put("maximum_age", said.get("maximumAge").cloned());
    object.put("assured_date", said.text("lastReviewed"));
    let seconds = Timestamp::from_second(at.modified.as_second()).unwrap_or(at.modified);
    object.put("last_modified", seconds.to_string());
    object.put("uri", register.base().thing(id).as_str());
    object
}

/// Whether all its dates are over.
fn is_over(said: Said<'_>, at: Moments) -> bool {
    Lapse::of(said.0, at.today) == Some(Lapse::Past)
}

/// What it costs, in words.
fn fees(cost: Said<'_>) -> Option<&str> {
    cost.text("note").or_else(|| (cost.truth("free") == Some(true)).then_some("Free"))
}

/// Whether `fees` and the cost options say all that the register knows.
fn is_plain_cost(cost: Said<'_>) -> bool {
    let has = |key: &str| cost.get(key).is_some();
    !has("note")
        && (cost.truth("free") == Some(true)) != has("amount")
        && cost.truth("free") != Some(false)
}

fn cost_options(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let Some(cost) = said.node("cost") else { return Vec::new() };
    let amount = cost.text("amount").and_then(|amount| amount.parse::<f64>().ok());
    let Some(amount) = amount else { return Vec::new() };
    let mut object = Object::default();
    object.put("id", identity::nested(register, id, "cost", 0));
    object.put("service_id", identity::of(register, id));
    object.put("amount", amount);
    object.put("currency", cost.text("currency"));
    vec![object.into()]
}

/// A tag of two letters, with or without a region, which readers of the
/// standard know.
fn is_plain_language(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|first| first.len() == 2)
        && tag.bytes().all(|byte| !byte.is_ascii_uppercase())
}

fn languages(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let language = |(position, tag): (usize, &str)| {
        let mut object = Object::default();
        object.put("id", identity::nested(register, id, "languages", position));
        object.put("service_id", identity::of(register, id));
        object.put("code", tag);
        object.into()
    };
    said.texts("languages").into_iter().enumerate().map(language).collect()
}

/// The telephone once more, where readers of the UK profile look for it.
fn contacts(register: &Register, id: &RecordId, said: Said<'_>) -> Vec<Json> {
    let phones = phones(register, id, said);
    if phones.is_empty() {
        return Vec::new();
    }
    let mut object = Object::default();
    object.put("id", identity::nested(register, id, "contact", 0));
    object.put("service_id", identity::of(register, id));
    object.put("phones", phones);
    vec![object.into()]
}

fn at_locations(
    register: &Register,
    id: &RecordId,
    said: Said<'_>,
    summary: Said<'_>,
) -> Vec<Json> {
    let locations = said.nodes("locations");
    let known = summary.nodes("locations");
    let mut all: Vec<Json> = Vec::new();
    for (position, node) in locations.iter().enumerate() {
        let known = known.get(position).copied();
        let location = place::whole(register, (id, position), *node, known);
        all.push(at_location(register, (id, position), location).into());
    }
    if said.truth("online") == Some(true) {
        let position = locations.len();
        let location = place::online(register, (id, position));
        all.push(at_location(register, (id, position), location).into());
    }
    all
}

fn at_location(
    register: &Register,
    (id, position): (&RecordId, usize),
    location: Object,
) -> Object {
    let mut object = Object::default();
    object.put("id", identity::at_location(register, id, position));
    object.put("service_id", identity::of(register, id));
    object.put("location_id", identity::nested(register, id, "locations", position));
    object.put("location", location);
    object
}

/// The place in the record of the `site`th site, as the index counts them: the
/// locations with a position, then the others, then the virtual one.
fn position_of(summary: Said<'_>, site: usize) -> usize {
    let locations = summary.nodes("locations");
    let is_located = |position: &usize| {
        locations.get(*position).is_some_and(|node| node.get("latitude").is_some())
    };
    let (located, others): (Vec<usize>, Vec<usize>) =
        (0..locations.len()).partition(|position| is_located(position));
    located.into_iter().chain(others).nth(site).unwrap_or(locations.len())
}

/// A service at its `site`th site, in short.
pub(in crate::web) fn at_location_row(
    register: &Register,
    (id, site): (&RecordId, usize),
    said: Said<'_>,
    at: Moments,
) -> Object {
    let position = position_of(said, site);
    let locations = said.nodes("locations");
    let location = match locations.get(position) {
        Some(node) => place::without_marks(place::row(register, (id, position), *node, None)),
        None => place::online(register, (id, position)).into(),
    };
    let mut object = Object::default();
    object.put("id", identity::at_location(register, id, position));
    object.put("service_id", identity::of(register, id));
    object.put("location_id", identity::nested(register, id, "locations", position));
    object.put("location", location);
    object.put("service", row(register, id, said, at));
    object
}

/// A service at its `site`th site, with all that is nested. It carries the name
/// and status of the service too: a published specification takes it for one.
///
/// # Errors
///
/// When the store can't be read.
pub(in crate::web) fn at_location_whole(
    register: &Register,
    version: &Version,
    site: usize,
    today: Date,
) -> Result<Object> {
    let record = &version.merged.record;
    let id = &record.id;
    let summary = identity::summary(register, id);
    let position = position_of(Said(&summary), site);
    let json = to_json(register.schema(), register.base(), record);
    let fields: Map<String, Json> = json.as_object().cloned().unwrap_or_default();
    let said = Said(&fields);
    let (locations, known) = (said.nodes("locations"), Said(&summary).nodes("locations"));
    let location = match locations.get(position) {
        Some(node) => place::whole(register, (id, position), *node, known.get(position).copied()),
        None => place::online(register, (id, position)),
    };
    let service = nested(register, id, said, Moments { modified: version.modified, today })?;
    let mut object = at_location(register, (id, position), location);
    let json = Json::from(service);
    for key in ["name", "status"] {
        object.put(key, json.get(key).cloned());
    }
    object.put("service", json);
    Ok(object)
}
