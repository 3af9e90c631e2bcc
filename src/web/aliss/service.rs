//! A service, as all versions of ALISS need it: an asset of the register.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::register::{Credit, Hit, Standing, review_due};
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::contact::Contact;
use crate::web::aliss::entry::{Entry, Held};
use crate::web::aliss::location::{self, Location};
use crate::web::aliss::plain::untagged;
use crate::web::lapse::Lapse;
use crate::web::problem::Result;
use crate::web::serialise::summary::Named;
use crate::web::state::AppState;

/// The kind of record that is a service for ALISS.
pub(super) const KIND: &str = "asset";

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
    /// How those who speak of it are credited.
    pub(super) credits: Vec<Arc<Credit>>,
}

/// The organisation behind a service.
#[derive(Debug, Clone, Default)]
pub(super) struct Provider {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) is_claimed: bool,
}

/// A picture and what it shows.
#[derive(Debug, Clone, Default)]
pub(super) struct Picture {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) text: Option<String>,
}

impl Service {
    /// The services that a search has found.
    ///
    /// # Errors
    ///
    /// 500 when the index can't be read.
    pub(super) fn of_hits(state: &AppState, hits: &[Hit]) -> Result<Vec<Self>> {
        let held = Held::of_hits(state, hits)?;
        let service = |(hit, held): &(&Hit, Held)| {
            Some(Self { standing: hit.standing, ..Self::of_entry(state, &held.read()?) })
        };
        Ok(held.iter().filter_map(service).collect())
    }

    /// The service that `text` names by identifier or slug; `None` when there
    /// is none.
    ///
    /// # Errors
    ///
    /// 500 when index or journal can't be read.
    pub(super) fn named(state: &AppState, text: &str) -> Result<Option<Self>> {
        let held = Held::named(state, KIND, text)?;
        Ok(held.and_then(|held| Some(Self::alone(state, &held.read()?))))
    }

    /// A service that no search has given its standing.
    fn alone(state: &AppState, entry: &Entry<'_>) -> Self {
        let mut service = Self::of_entry(state, entry);
        let due = service.reviewed.and_then(review_due);
        if due.is_some_and(|due| due < state.today()) {
            service.standing = Standing::Deprioritised;
        }
        service
    }

    fn of_entry(state: &AppState, entry: &Entry<'_>) -> Self {
        let Entry { id, summary, details } = entry;
        let (areas, area_codes) = areas_of(state, entry);
        let locations = location::all(state, entry);
        let mut referral = details.objects("referral");
        let provider = summary.named("provider").into_iter().next();
        Self {
            slug: entry.slug(),
            name: entry.name(),
            summary: details.text("summary").as_deref().map(untagged),
            contact: marked(Contact::of(entry), Lapse::of_view(summary.as_object(), state.today())),
            referral_url: referral.find_map(|object| details.text_in(object, "url")),
            topics: entry.slugs(state, "topics"),
            audience: entry.slugs(state, "audience"),
            accessibility: accessibility(entry.slugs(state, "accessibility"), &locations),
            minimum_age: summary.integer("minimumAge"),
            maximum_age: summary.integer("maximumAge"),
            areas,
            area_codes,
            locations,
            pictures: pictures(entry),
            organisation: provider.map(|provider| provider_of(state, provider)),
            modified: entry.modified(),
            reviewed: summary.text("lastReviewed").and_then(|day| day.parse().ok()),
            standing: Standing::Ordinary,
            credits: entry.credits(state),
            id: id.id().to_owned(),
        }
    }

    /// The credits of its one part, itself.
    pub(super) fn all_credits(&self) -> Vec<&[Arc<Credit>]> {
        vec![&self.credits]
    }

    /// Whether its organisation looks after it.
    pub(super) fn is_claimed(&self) -> bool {
        self.organisation.as_ref().is_some_and(|provider| provider.is_claimed)
    }
}

/// ALISS has no place for what is called off or over but the description.
fn marked(mut contact: Contact, lapse: Option<Lapse>) -> Contact {
    let Some(lapse) = lapse.map(Lapse::label) else { return contact };
    contact.description = Some(match contact.description {
        Some(text) => format!("{lapse}. {text}"),
        None => format!("{lapse}."),
    });
    contact
}

/// The features of the whole, and those of each of its locations.
fn accessibility(whole: Vec<String>, locations: &[Location]) -> Vec<(String, Option<String>)> {
    let of_each = locations.iter().flat_map(|location| {
        let slugs = location.accessibility.iter();
        slugs.map(|slug| (slug.clone(), Some(location.id.clone())))
    });
    whole.into_iter().map(|slug| (slug, None)).chain(of_each).collect()
}

fn areas_of(state: &AppState, entry: &Entry<'_>) -> (Vec<ServiceArea>, Vec<String>) {
    let gazetteer = state.register.gazetteer();
    let mut areas = Vec::new();
    let mut codes = Vec::new();
    for Named { id, name } in entry.summary.named("areaServed") {
        let code = id.rsplit('/').next().unwrap_or_default();
        areas.push(ServiceArea::named(&gazetteer, code, name));
        codes.push(code.to_owned());
    }
    areas.sort_by(|one, other| one.order().cmp(&other.order()));
    (areas, codes)
}

fn provider_of(state: &AppState, provider: Named) -> Provider {
    let Some(Ok(id)) = state.register.base().record_of(&provider.id) else {
        let name = provider.name.unwrap_or(provider.id);
        return Provider { name, ..Provider::default() };
    };
    let summary = state.register.summary(&id.to_string());
    let summary = summary.as_deref().and_then(Entry::summary);
    let text = |key: &str| summary.as_ref().and_then(|summary| summary.text(key));
    let name = text("name").or(provider.name);
    Provider {
        slug: text("slug").unwrap_or_else(|| id.id().to_owned()),
        name: name.unwrap_or_else(|| id.id().to_owned()),
        is_claimed: summary.is_some_and(|summary| summary.truth("claimed") == Some(true)),
        id: id.id().to_owned(),
    }
}

fn pictures(entry: &Entry<'_>) -> Vec<Picture> {
    let details = &entry.details;
    let pictures = (1..).zip(details.objects("media"));
    pictures
        .filter_map(|(place, object)| {
            Some(Picture {
                id: location::part_id(entry.id, "picture", place),
                url: details.text_in(object, "contentUrl")?,
                text: details.text_in(object, "alternativeText"),
            })
        })
        .collect()
}
