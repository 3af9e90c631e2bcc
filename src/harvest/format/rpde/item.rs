//! The data of an item: opportunities as Open Opportunity Data 2.0 has them,
//! <https://openactive.io/modelling-opportunity-data/>.
//!
//! A series, course, event or facility is an asset; whoever organises it is an
//! organisation, if it is one and not a person. A session or slot that is
//! nothing but a time of something else is no record; a session which names its
//! series by its address is a time of it. Leaders and other persons are not
//! taken.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{price, times};
use crate::harvest::extraction::{Draft, Link, Problem, Term, Time};
use crate::harvest::format::occurrence::Clock;
use crate::harvest::licence;

/// A session within a series within a course …: as far as it is followed.
const DEEPEST_SERIES: usize = 4;
/// Terms, pictures and the like of one record.
const MOST_PARTS: usize = 50;

/// Characters of an address by which an item is called.
const LONGEST_ADDRESS: usize = 1_000;

/// What reading an item depends on.
pub(super) struct Context<'a> {
    /// The clock of times in the record.
    pub(super) clock: &'a Clock,
    /// When this happens.
    pub(super) now: Timestamp,
}

/// An opportunity and what it is an occurrence of, innermost first.
pub(super) struct Chain<'a>(Vec<&'a Map<String, Json>>);

impl<'a> Chain<'a> {
    fn new(data: &'a Map<String, Json>) -> Self {
        let mut chain = vec![data];
        while let Some(last) = chain.last().copied()
            && chain.len() < DEEPEST_SERIES
        {
            let above = ["superEvent", "facilityUse", "instanceOfCourse"];
            let Some(next) = above.iter().find_map(|key| last.get(*key)?.as_object()) else {
                break;
            };
            chain.push(next);
        }
        Self(chain)
    }

    /// The value of `key`, of the innermost that has it.
    pub(super) fn get(&self, key: &str) -> Option<&'a Json> {
        self.0.iter().find_map(|data| data.get(key).filter(|value| !value.is_null()))
    }

    /// The value of `key` of the opportunity itself.
    pub(super) fn own(&self, key: &str) -> Option<&'a Json> {
        self.0.first()?.get(key)
    }
}

/// The kind of record that the kind of an item is.
pub(super) fn kind_of_record(kind: &str) -> &'static str {
    if simple(kind) == "Organization" { "organisation" } else { "asset" }
}

/// Whether items of this kind are sessions of a series.
pub(super) fn is_session(kind: &str) -> bool {
    simple(kind) == "ScheduledSession"
}

/// The address of the series of a session that says no more of it.
pub(super) fn series_of(data: &Json, kind: &str) -> Option<String> {
    let data = data.as_object()?;
    let declared = types(data).next().unwrap_or(kind);
    if !is_session(declared) {
        return None;
    }
    let series = data.get("superEvent")?;
    let says_more = series.as_object().is_some_and(|series| series.contains_key("name"));
    let address = if says_more {
        None
    } else {
        series.as_str().map(str::to_owned).or_else(|| address(series))
    };
    address.map(|address| address.trim().to_owned()).filter(|address| is_address(address))
}

/// The address by which others call an item.
pub(super) fn address(data: &Json) -> Option<String> {
    let own = data.get("@id").or_else(|| data.get("id"))?.as_str()?.trim();
    is_address(own).then(|| own.to_owned())
}

fn is_address(text: &str) -> bool {
    text.starts_with("http") && text.len() <= LONGEST_ADDRESS
}

/// When a session of a series elsewhere takes place; `None`, with a problem,
/// when that can't be read.
pub(super) fn time(
    data: &Json,
    kind: &str,
    key: String,
    at: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Time> {
    let of = series_of(data, kind)?;
    let session = times::session(data, at, context, problems);
    let (start, node) = match session {
        Some((start, node)) => (start, Some(node)),
        // Cancelled, or without a day: it is no time of the series.
        None => (String::new(), None),
    };
    Some(Time { key, of, start, node })
}

/// The drafts of an item, its own first; `None` when it is no record of its
/// own.
pub(super) fn read(
    data: &Json,
    kind: &str,
    key: &str,
    at: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Draft>> {
    let data = data.as_object()?;
    let declared = types(data).next().unwrap_or(kind);
    if simple(declared) == "Organization" {
        return organisation(data, Some(key), at).map(|draft| vec![draft]);
    }
    let asset_type = asset_type(simple(declared)).or_else(|| asset_type(simple(kind)))?;
    let chain = Chain::new(data);
    let name = chain.get("name").and_then(text)?;
    let mut draft = Draft::new("asset", key, at);
    draft.set("name", name);
    draft.set("assetType", asset_type);
    draft.set("description", first_text(&chain, &["description", "beta:formattedDescription"]));
    draft.set("url", chain.get("url").and_then(text));
    let licence = chain.get("license").and_then(text);
    draft.use_terms = licence::terms(licence.and_then(|said| licence::read(&said)));
    where_and_how(&chain, &mut draft);
    let mut schedule = times::schedule(&chain, at, context, problems);
    if asset_type == "sports-venue" || asset_type == "venue" {
        schedule.extend(times::opening_hours(&chain));
    }
    draft.set("schedule", schedule);
    whom_for(&chain, &mut draft);
    if let Some(cost) = price::cost(&chain) {
        draft.set("cost", cost);
    }
    draft.set("media", pictures(&chain));
    terms(&chain, &mut draft);
    let mut drafts = vec![draft];
    let organiser = ["organizer", "provider", "hostedBy"].iter().find_map(|key| chain.get(key));
    if let Some(organiser) = organiser.and_then(Json::as_object)
        && let Some(organisation) = organisation(organiser, None, &format!("{at}/organizer"))
    {
        drafts[0].links.push(Link {
            field: "provider".to_owned(),
            kind: "organisation".to_owned(),
            key: organisation.key.clone(),
        });
        drafts.push(organisation);
    }
    Some(drafts)
}

/// Leaves one draft of each organisation that several items of a page name.
pub(super) fn merge_organisations(drafts: &mut Vec<Draft>) {
    let mut seen = HashSet::new();
    drafts.retain(|draft| {
        // Items of their own have a time of change; embedded ones have none.
        draft.kind != "organisation" || draft.modified.is_some() || seen.insert(draft.key.clone())
    });
}

/// What sort of asset an opportunity is; `None` when it is only a time of
/// another, or unknown.
fn asset_type(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Event" | "HeadlineEvent" | "ScheduledSession" => "event",
        "SessionSeries" | "EventSeries" | "CourseInstance" | "Course" | "OnDemandEvent" => {
            "activity-asset"
        }
        "FacilityUse" | "IndividualFacilityUse" | "SportsActivityLocation" => "sports-venue",
        "Place" => "venue",
        _ => return None,
    })
}

/// The name of a type without its vocabulary: `schema:Event`,
/// `https://schema.org/Event`, `ScheduledSession.SessionSeries`.
pub(super) fn simple(name: &str) -> &str {
    let name = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
    name.split('.').next().unwrap_or(name)
}

fn types(data: &Map<String, Json>) -> impl Iterator<Item = &str> {
    let declared = data.get("@type").or_else(|| data.get("type"));
    declared.into_iter().flat_map(list).filter_map(Json::as_str)
}

/// The elements of a list, or the value itself; bounded.
pub(super) fn list(value: &Json) -> impl Iterator<Item = &Json> {
    let elements = match value {
        Json::Array(elements) => elements.as_slice(),
        Json::Null => &[],
        single => std::slice::from_ref(single),
    };
    elements.iter().take(MOST_PARTS)
}

/// A text that isn't empty; of a list the first, of an object its value.
pub(super) fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Array(elements) => elements.iter().take(MOST_PARTS).find_map(text),
        Json::Object(object) => object.get("@value").or_else(|| object.get("en")).and_then(text),
        Json::Null | Json::Bool(_) => None,
    }
}

fn first_text(chain: &Chain<'_>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| chain.get(key).and_then(text))
}

/// The identity of a thing within the source.
fn identity(data: &Map<String, Json>) -> Option<String> {
    let keys = ["@id", "id", "identifier", "url"];
    keys.iter().find_map(|key| data.get(*key).and_then(text))
}

fn organisation(data: &Map<String, Json>, key: Option<&str>, at: &str) -> Option<Draft> {
    if types(data).any(|name| simple(name) == "Person") {
        return None;
    }
    let key = key.map_or_else(|| identity(data), |key| Some(key.to_owned()))?;
    let mut draft = Draft::new("organisation", key, at);
    let get = |key: &str| data.get(key).and_then(text);
    draft.set("name", get("name").or_else(|| get("legalName"))?);
    for field in ["description", "url", "email", "telephone"] {
        draft.set(field, get(field));
    }
    let same = data.get("sameAs").into_iter().flat_map(list);
    let links: Vec<Json> = same.filter_map(text).map(Json::from).collect();
    draft.set("socialLinks", links);
    if let Some(logo) = data.get("logo").and_then(picture) {
        draft.set("logo", logo);
    }
    Some(draft)
}

fn where_and_how(chain: &Chain<'_>, draft: &mut Draft) {
    let places = chain.get("location").into_iter().flat_map(list).filter_map(Json::as_object);
    let places: Vec<Json> = places.filter_map(location).collect();
    // A place that is an item of its own is its own location.
    let own = || chain.0.first().copied().and_then(location).into_iter().collect();
    let is_place = chain.own("address").is_some() || chain.own("geo").is_some();
    draft.set("locations", if places.is_empty() && is_place { own() } else { places });
    let mode = chain.get("eventAttendanceMode").or_else(|| chain.get("beta:attendanceMode"));
    let mode = mode.and_then(text).unwrap_or_default();
    let is_on_demand =
        chain.0.first().is_some_and(|data| types(data).any(|name| simple(name) == "OnDemandEvent"));
    match simple(&mode) {
        "OnlineEventAttendanceMode" => {
            draft.set("online", true);
            draft.set("accessMode", "remote");
        }
        "MixedEventAttendanceMode" => {
            draft.set("online", true);
            draft.set("accessMode", "hybrid");
        }
        "OfflineEventAttendanceMode" => draft.set("accessMode", "in-person"),
        _ if is_on_demand => draft.set("online", true),
        _ => {}
    }
    let status = chain.get("eventStatus").and_then(text).unwrap_or_default();
    match simple(&status) {
        "EventCancelled" => draft.set("status", "ended"),
        "EventPostponed" => draft.set("status", "paused"),
        _ => {}
    }
}

/// A node of `locations`.
fn location(place: &Map<String, Json>) -> Option<Json> {
    let mut node = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            node.insert(key.to_owned(), Json::from(value));
        }
    };
    put("name", place.get("name").and_then(text));
    match place.get("address") {
        Some(Json::Object(address)) => {
            let get = |key: &str| address.get(key).and_then(text);
            put("streetAddress", get("streetAddress"));
            put("locality", get("addressLocality"));
            put("region", get("addressRegion"));
            put("postcode", get("postalCode"));
            put("country", get("addressCountry").filter(|country| country.len() == 2));
        }
        other => put("streetAddress", other.and_then(text)),
    }
    if let Some(geo) = place.get("geo").and_then(Json::as_object)
        && let (Some(latitude), Some(longitude)) =
            (number(geo, "latitude"), number(geo, "longitude"))
    {
        node.insert("latitude".to_owned(), json!(latitude));
        node.insert("longitude".to_owned(), json!(longitude));
    }
    (!node.is_empty()).then_some(Json::Object(node))
}

/// A number, or a text that is one.
pub(super) fn number(data: &Map<String, Json>, key: &str) -> Option<f64> {
    let value = data.get(key)?;
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number: &f64| number.is_finite())
}

fn whom_for(chain: &Chain<'_>, draft: &mut Draft) {
    let range = chain.get("ageRange").or_else(|| chain.get("ageRestriction"));
    if let Some(range) = range.and_then(Json::as_object) {
        for (key, field) in [("minValue", "minimumAge"), ("maxValue", "maximumAge")] {
            // Systems write 0 for “none”.
            if let Some(age) =
                range.get(key).and_then(Json::as_i64).filter(|age| (1..=130).contains(age))
            {
                draft.set(field, age);
            }
        }
    }
    draft.set("eligibility", first_text(chain, &["attendeeInstructions"]));
}

fn pictures(chain: &Chain<'_>) -> Vec<Json> {
    chain.get("image").into_iter().flat_map(list).filter_map(picture).collect()
}

/// A node of `media`.
fn picture(value: &Json) -> Option<Json> {
    let object = value.as_object();
    let address = match object {
        Some(object) => object.get("url").and_then(text)?,
        None => text(value)?,
    };
    let mut node = Map::new();
    node.insert("contentUrl".to_owned(), Json::from(address));
    if let Some(caption) = object.and_then(|object| object.get("caption")).and_then(text) {
        node.insert("alternativeText".to_owned(), Json::from(caption));
    }
    Some(Json::Object(node))
}

fn terms(chain: &Chain<'_>, draft: &mut Draft) {
    for (key, field) in [
        ("activity", "topics"),
        ("facilityType", "topics"),
        ("category", "topics"),
        ("accessibilitySupport", "accessibility"),
        ("genderRestriction", "audience"),
    ] {
        for value in chain.get(key).into_iter().flat_map(list) {
            if let Some(term) = term(value, field) {
                draft.terms.push(term);
            }
        }
    }
}

/// A concept, or a text that stands for one.
fn term(value: &Json, field: &str) -> Option<Term> {
    let field = field.to_owned();
    let Some(concept) = value.as_object() else {
        let label = text(value)?;
        // “No restriction” says nothing.
        let is_address = label.starts_with("http");
        let code = is_address.then(|| label.clone());
        let label = if is_address { simple(&label).to_owned() } else { label };
        return (label != "NoRestriction").then_some(Term { field, scheme: None, code, label });
    };
    let get = |key: &str| concept.get(key).and_then(text);
    Some(Term {
        field,
        scheme: get("inScheme"),
        code: get("@id").or_else(|| get("id")),
        label: get("prefLabel").or_else(|| get("name"))?,
    })
}
