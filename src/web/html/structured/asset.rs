//! Assets: what takes place, where one can go, and what is offered.

use serde_json::{Map, Value as Json, json};

use super::{Subject, contact, list_of, names, organisation, place, set, text, when};
use crate::web::lapse::Lapse;

/// What an asset is in the words of schema.org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It takes place, once or again and again.
    Event,
    /// One can go there; a local business is an organisation too.
    Place(&'static str, Business),
    /// It is offered.
    Service,
}

/// Whether a class is a `LocalBusiness`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Business {
    Yes,
    No,
}

/// Asset types by their slugs; all others are services.
const FORMS: &[(&str, Form)] = &[
    ("event", Form::Event),
    ("activity-asset", Form::Event),
    ("mobile-library-stop", Form::Event),
    ("library-venue", Form::Place("Library", Business::Yes)),
    ("hospital", Form::Place("Hospital", Business::Yes)),
    ("pharmacy", Form::Place("Pharmacy", Business::Yes)),
    ("health-centre", Form::Place("MedicalClinic", Business::Yes)),
    ("sports-venue", Form::Place("SportsActivityLocation", Business::Yes)),
    ("meeting-cafe", Form::Place("CafeOrCoffeeShop", Business::Yes)),
    ("place-of-worship", Form::Place("PlaceOfWorship", Business::No)),
    ("public-toilet", Form::Place("PublicToilet", Business::No)),
    ("play-place", Form::Place("Playground", Business::No)),
    ("green-space", Form::Place("Park", Business::No)),
    ("blue-space", Form::Place("BodyOfWater", Business::No)),
    ("community-building", Form::Place("EventVenue", Business::No)),
    ("arts-venue", Form::Place("CivicStructure", Business::No)),
    ("warm-welcome-place", Form::Place("CivicStructure", Business::No)),
    ("venue", Form::Place("CivicStructure", Business::No)),
    ("walking-route", Form::Place("Place", Business::No)),
];

pub(super) fn describe(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    let form = form(subject);
    match form {
        Form::Event => event(subject, thing),
        Form::Place(class, business) => venue(subject, class, business, thing),
        Form::Service => service(subject, thing),
    }
    if form != Form::Service {
        set(thing, "isAccessibleForFree", is_free(subject));
        set(thing, "keywords", list_of(names(subject, "topics")));
    }
    if !matches!(form, Form::Place(..)) {
        set(thing, "offers", offer(subject));
        set(thing, "audience", audience(subject));
    }
    let kind = subject.summary.get("assetType").and_then(|kind| kind.get("id"));
    set(thing, "additionalType", kind.cloned());
}

fn form(subject: &Subject<'_>) -> Form {
    let iri = subject.record.get("assetType").and_then(Json::as_str).unwrap_or_default();
    let slug = iri.rsplit('/').next().unwrap_or_default();
    FORMS.iter().find(|(known, _)| *known == slug).map_or(Form::Service, |(_, form)| *form)
}

fn event(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    let class = if when::takes_place_once(subject.record) { "Event" } else { "EventSeries" };
    super::begin(subject, class, thing);
    let mut where_it_is = place::places(subject);
    let is_online = subject.record.get("online") == Some(&json!(true));
    let mode = match (is_online, where_it_is.is_empty()) {
        (true, true) => Some("https://schema.org/OnlineEventAttendanceMode"),
        (true, false) => Some("https://schema.org/MixedEventAttendanceMode"),
        (false, false) => Some("https://schema.org/OfflineEventAttendanceMode"),
        (false, true) => None,
    };
    set(thing, "eventAttendanceMode", mode);
    if is_online {
        let url = thing.get("url").cloned();
        where_it_is.push(json!({ "@type": "VirtualLocation", "url": url }));
    }
    set(thing, "location", list_of(where_it_is));
    set(thing, "eventStatus", status(subject));
    when::set_event(subject.record, thing);
    set(thing, "organizer", organisation(subject, "provider"));
    set(thing, "inLanguage", languages(subject));
}

/// Whether it takes place as it says. What is over was not cancelled for that,
/// even when its source says that it has ended.
fn status(subject: &Subject<'_>) -> Option<&'static str> {
    match Lapse::of(subject.record, subject.today) {
        Some(Lapse::Cancelled | Lapse::Ended) => Some("https://schema.org/EventCancelled"),
        Some(Lapse::Postponed | Lapse::Paused) => Some("https://schema.org/EventPostponed"),
        Some(Lapse::Past) | None => {
            let is_active = subject.record.get("status") == Some(&json!("active"));
            is_active.then_some("https://schema.org/EventScheduled")
        }
    }
}

fn venue(subject: &Subject<'_>, class: &str, business: Business, thing: &mut Map<String, Json>) {
    super::begin(subject, class, thing);
    if let Some(own) = place::first(subject) {
        thing.extend(own);
    }
    set(thing, "openingHoursSpecification", list_of(when::opening_hours(subject.record)));
    set(thing, "amenityFeature", list_of(amenities(subject)));
    // A place has a telephone, and no e-mail address.
    set(thing, "telephone", subject.record.get("telephone").cloned());
    if business == Business::Yes {
        contact(subject, thing);
        set(thing, "parentOrganization", organisation(subject, "provider"));
        set(thing, "areaServed", list_of(place::areas(subject)));
    }
}

fn amenities(subject: &Subject<'_>) -> Vec<Json> {
    let feature =
        |name| json!({ "@type": "LocationFeatureSpecification", "name": name, "value": true });
    names(subject, "accessibility").into_iter().map(feature).collect()
}

fn service(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    super::begin(subject, "Service", thing);
    set(thing, "provider", organisation(subject, "provider"));
    set(thing, "areaServed", list_of(place::areas(subject)));
    set(thing, "category", list_of(names(subject, "topics")));
    set(thing, "hoursAvailable", list_of(when::opening_hours(subject.record)));
    let kind = subject.summary.get("assetType").and_then(Json::as_object);
    set(thing, "serviceType", kind.and_then(|kind| text(subject, kind, "name")));
    let mut channels: Vec<Map<String, Json>> = place::places(subject)
        .into_iter()
        .map(|place| Map::from_iter([("serviceLocation".to_owned(), place)]))
        .collect();
    if channels.is_empty() {
        channels.push(Map::new());
    }
    let mut point = Map::new();
    contact(subject, &mut point);
    if let (Some(first), false) = (channels.first_mut(), point.is_empty()) {
        point.insert("@type".to_owned(), json!("ContactPoint"));
        first.insert("servicePhone".to_owned(), Json::Object(point));
    }
    if let (Some(first), Some(true)) =
        (channels.first_mut(), subject.record.get("online").and_then(Json::as_bool))
    {
        set(first, "serviceUrl", thing.get("url").cloned());
    }
    for channel in &mut channels {
        set(channel, "availableLanguage", languages(subject));
    }
    channels.retain(|channel| !channel.is_empty());
    for channel in &mut channels {
        channel.insert("@type".to_owned(), json!("ServiceChannel"));
    }
    set(thing, "availableChannel", list_of(channels));
}

fn languages(subject: &Subject<'_>) -> Option<Json> {
    let all = subject.record.get("languages").into_iter().flat_map(super::as_list);
    list_of(all.cloned().collect())
}

fn cost<'a>(subject: &Subject<'a>) -> Option<&'a Map<String, Json>> {
    let cost = subject.record.get("cost")?;
    cost.as_array().and_then(|all| all.first()).unwrap_or(cost).as_object()
}

fn is_free(subject: &Subject<'_>) -> Option<bool> {
    cost(subject)?.get("free")?.as_bool()
}

fn offer(subject: &Subject<'_>) -> Option<Json> {
    let cost = cost(subject)?;
    let free = (is_free(subject) == Some(true)).then(|| json!("0"));
    let price = cost.get("amount").cloned().or(free)?;
    let currency = cost.get("currency").cloned().unwrap_or_else(|| json!("GBP"));
    let mut offer = Map::new();
    set(&mut offer, "@type", Some("Offer"));
    set(&mut offer, "price", Some(price));
    set(&mut offer, "priceCurrency", Some(currency));
    set(&mut offer, "description", text(subject, cost, "note"));
    Some(Json::Object(offer))
}

fn audience(subject: &Subject<'_>) -> Option<Json> {
    let ages = [("minimumAge", "suggestedMinAge"), ("maximumAge", "suggestedMaxAge")];
    let mut limits = Map::new();
    for (key, property) in ages {
        set(&mut limits, property, subject.record.get(key).cloned());
    }
    let audience = |name: Option<String>| {
        let mut audience = limits.clone();
        audience.insert("@type".to_owned(), json!("PeopleAudience"));
        set(&mut audience, "audienceType", name);
        audience
    };
    let mut all: Vec<Map<String, Json>> =
        names(subject, "audience").into_iter().map(|name| audience(Some(name))).collect();
    if all.is_empty() && !limits.is_empty() {
        all.push(audience(None));
    }
    list_of(all)
}
