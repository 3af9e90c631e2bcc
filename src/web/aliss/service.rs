//! A service, as both generations of ALISS need it: an asset of the register.
//!
//! What lists show stands in the index. The whole description, the pages on
//! social networks, pictures, the way of referral and the time of the last
//! change don't: for these, and only for the records of the page that is
//! answered, the journal is read.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::record::{Node, Record, RecordId, Value, language_text};
use crate::register::{Found, Hit, Standing, Version, review_due};
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::location::{self, Location};
use crate::web::problem::Result;
use crate::web::serialise::summary::{Named, Summary};
use crate::web::state::AppState;

/// The kind of record that is a service for ALISS.
pub(super) const KIND: &str = "asset";
/// The kind of record that is an organisation.
pub(super) const ORGANISATION: &str = "organisation";

/// The language of all answers: ALISS has no other.
pub(super) const LANGUAGE: &str = "en";

/// What is known of a service. Texts are not empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Service {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) summary: Option<String>,
    pub(super) contact: Contact,
    pub(super) referral_url: Option<String>,
    /// Our slugs of its topics, as chosen.
    pub(super) topics: Vec<String>,
    /// Our slugs of whom it is for.
    pub(super) audience: Vec<String>,
    /// Our slugs of its features, with the location that has each.
    pub(super) accessibility: Vec<(String, Option<String>)>,
    pub(super) minimum_age: Option<i64>,
    pub(super) maximum_age: Option<i64>,
    /// The areas that it serves, countries first.
    pub(super) areas: Vec<ServiceArea>,
    /// The official codes of the same.
    pub(super) area_codes: Vec<String>,
    pub(super) locations: Vec<Location>,
    pub(super) pictures: Vec<Picture>,
    pub(super) organisation: Option<Provider>,
    pub(super) modified: Option<Timestamp>,
    pub(super) reviewed: Option<Date>,
    pub(super) standing: Standing,
    /// The sources that speak of it.
    pub(super) sources: Vec<String>,
}

/// What a service and an organisation have in common.
#[derive(Debug, Clone, Default)]
pub(super) struct Contact {
    pub(super) description: Option<String>,
    pub(super) url: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    /// Pages on social networks.
    pub(super) social: Vec<String>,
}

/// The organisation behind a service.
#[derive(Debug, Clone, Default)]
pub(super) struct Provider {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) is_claimed: Option<bool>,
}

/// A picture and what it shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Picture {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) text: Option<String>,
}

impl Contact {
    /// The page on the social network at `host`.
    pub(super) fn on(&self, host: &str) -> Option<&String> {
        self.social.iter().find(|address| {
            let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
            let own = rest.split(['/', '?', '#']).next().unwrap_or_default();
            own == host || own.strip_suffix(host).is_some_and(|before| before.ends_with('.'))
        })
    }
}

impl Service {
    /// The service that a search has found.
    ///
    /// # Errors
    ///
    /// 500 when the journal can't be read.
    pub(super) fn of_hit(state: &AppState, hit: &Hit) -> Result<Option<Self>> {
        let found = Self::read(state, hit.key(), &hit.summary())?;
        Ok(found.map(|service| Self { standing: hit.standing, ..service }))
    }

    /// The service `id`; `None` when it is not there.
    ///
    /// # Errors
    ///
    /// 500 when the journal can't be read.
    pub(super) fn of_id(state: &AppState, id: &RecordId) -> Result<Option<Self>> {
        let key = id.to_string();
        let Some(summary) = state.register.summary(&key) else { return Ok(None) };
        let Some(mut service) = Self::read(state, &key, &summary)? else { return Ok(None) };
        let due = service.reviewed.and_then(review_due);
        if due.is_some_and(|due| due < state.today()) {
            service.standing = Standing::Deprioritised;
        }
        Ok(Some(service))
    }

    fn read(state: &AppState, key: &str, summary: &[u8]) -> Result<Option<Self>> {
        let (Ok(id), Some(summary)) = (key.parse::<RecordId>(), Summary::read(summary, LANGUAGE))
        else {
            return Ok(None);
        };
        // A record that has just been withdrawn may still be in a page.
        let Some(version) = version(state, &id)? else { return Ok(None) };
        let record = &version.merged.record;
        let name = summary.text("name").unwrap_or_else(|| id.id().to_owned());
        let (areas, area_codes) = areas_of(state, &summary);
        let number = |key: &str| record.values(key).first().and_then(Value::as_integer);
        let locations = location::all(&id, &summary);
        let accessibility = accessibility(record, &locations);
        Ok(Some(Self {
            slug: summary.text("slug").unwrap_or_else(|| id.id().to_owned()),
            name,
            summary: record_text(record, "summary"),
            contact: contact(record),
            referral_url: nodes(record, "referral")
                .find_map(|node| node.values("url").first().and_then(Value::as_text))
                .map(str::to_owned),
            topics: slugs(record.values("topics")),
            audience: slugs(record.values("audience")),
            accessibility,
            minimum_age: number("minimumAge"),
            maximum_age: number("maximumAge"),
            areas,
            area_codes,
            locations,
            pictures: pictures(&id, record),
            organisation: summary
                .named("provider")
                .into_iter()
                .next()
                .map(|provider| provider_of(state, &provider)),
            modified: Some(version.modified),
            reviewed: record.values("lastReviewed").first().and_then(|value| match value {
                Value::Date(day) => Some(*day),
                _ => None,
            }),
            standing: Standing::Ordinary,
            sources: sources(&version),
            id: id.id().to_owned(),
        }))
    }
}

/// The record `id` as it is now; `None` when it is not there.
pub(super) fn version(state: &AppState, id: &RecordId) -> Result<Option<Version>> {
    Ok(match state.register.get(id)? {
        Found::Here(version) => Some(*version),
        Found::Gone { .. } | Found::Nowhere => None,
    })
}

/// The identity that a path names by identifier or slug.
///
/// # Errors
///
/// 500 when the journal can't be read.
pub(super) fn named(state: &AppState, kind: &str, text: &str) -> Result<Option<RecordId>> {
    let text = text.to_lowercase();
    let Ok(id) = RecordId::new(kind, &text) else { return Ok(None) };
    if state.register.summary(&id.to_string()).is_some() {
        return Ok(Some(id));
    }
    Ok(state.register.by_slug(kind, &text)?)
}

/// The sources of a record.
pub(super) fn sources(version: &Version) -> Vec<String> {
    version.merged.origins.iter().map(|origin| origin.source.clone()).collect()
}

/// How to reach what `record` is of, and what it says of itself.
pub(super) fn contact(record: &Record) -> Contact {
    let text = |key: &str| record_text(record, key);
    Contact {
        description: text("description").or_else(|| text("summary")),
        url: text("url"),
        phone: text("telephone"),
        email: text("email"),
        social: record
            .values("socialLinks")
            .iter()
            .filter_map(Value::as_text)
            .map(str::to_owned)
            .collect(),
    }
}

fn record_text(record: &Record, key: &str) -> Option<String> {
    let text = language_text(record.values(key), LANGUAGE)?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn nodes<'a>(record: &'a Record, key: &str) -> impl Iterator<Item = &'a Node> {
    record.values(key).iter().filter_map(Value::as_node)
}

fn slugs(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_record).map(|id| id.id().to_owned()).collect()
}

/// The features of the whole, and those of each of its locations.
fn accessibility(record: &Record, locations: &[Location]) -> Vec<(String, Option<String>)> {
    let of_all = slugs(record.values("accessibility")).into_iter().map(|slug| (slug, None));
    let of_each = nodes(record, "locations").zip(locations).flat_map(|(node, location)| {
        let slugs = slugs(node.values("accessibility")).into_iter();
        slugs.map(|slug| (slug, Some(location.id.clone())))
    });
    of_all.chain(of_each).collect()
}

fn areas_of(state: &AppState, summary: &Summary<'_>) -> (Vec<ServiceArea>, Vec<String>) {
    let gazetteer = state.register.gazetteer();
    let mut areas = Vec::new();
    let mut codes = Vec::new();
    for Named { id, name } in summary.named("areaServed") {
        let code = id.rsplit('/').next().unwrap_or_default();
        areas.push(ServiceArea::named(&gazetteer, code, name));
        codes.push(code.to_owned());
    }
    areas.sort_by(|one, other| one.order().cmp(&other.order()));
    (areas, codes)
}

fn provider_of(state: &AppState, provider: &Named) -> Provider {
    let Some(Ok(id)) = state.register.base().record_of(&provider.id) else {
        let name = provider.name.clone().unwrap_or_else(|| provider.id.clone());
        return Provider { name, ..Provider::default() };
    };
    let summary = state.register.summary(&id.to_string());
    let summary = summary.as_deref().and_then(|summary| Summary::read(summary, LANGUAGE));
    let text = |key: &str| summary.as_ref().and_then(|summary| summary.text(key));
    let name = text("name").or_else(|| provider.name.clone());
    Provider {
        slug: text("slug").unwrap_or_else(|| id.id().to_owned()),
        name: name.unwrap_or_else(|| id.id().to_owned()),
        is_claimed: summary.as_ref().and_then(|summary| summary.truth("claimed")),
        id: id.id().to_owned(),
    }
}

fn pictures(id: &RecordId, record: &Record) -> Vec<Picture> {
    let pictures = (1..).zip(nodes(record, "media"));
    pictures
        .filter_map(|(place, node)| {
            let url = node.values("contentUrl").first()?.as_text()?.to_owned();
            let text = language_text(node.values("alternativeText"), LANGUAGE);
            let id = location::part_id(id, "picture", place);
            Some(Picture { id, url, text: text.map(str::to_owned) })
        })
        .collect()
}
