//! The objects of v5. What is not known is null, and a list that has nothing
//! in it is empty. Names and types are those of ALISS, with their oddities:
//! `alissUrl` beside `aliss_url`, `media_galery`, the kind of an area as a
//! number in a text.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::register::Standing;
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::links::{self, ORGANISATIONS, SERVICES};
use crate::web::aliss::location::Location;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::service::{Provider, Service};
use crate::web::aliss::v5::text::formatted;
use crate::web::aliss::v5::wire_terms::{FeatureBody, GroupBody, PictureBody, TermBody};
use crate::web::state::AppState;

/// A page of anything.
#[derive(Debug, Serialize)]
pub(super) struct PageBody<T> {
    pub(super) meta: Meta,
    pub(super) data: Vec<T>,
    pub(super) error: Option<&'static str>,
    pub(super) count: u64,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
}

/// Anything that is not a page.
#[derive(Debug, Serialize)]
pub(super) struct Body<T> {
    pub(super) meta: Meta,
    pub(super) data: T,
}

/// A service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceBody {
    id: String,
    name: String,
    description: Option<String>,
    description_formatted: Option<String>,
    url: Option<String>,
    referral_url: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    facebook: Option<String>,
    twitter: Option<String>,
    instagram: Option<String>,
    summary: Option<String>,
    categories: Vec<TermBody>,
    accessibility_features: Vec<FeatureBody>,
    community_groups: Vec<GroupBody>,
    service_areas: Vec<AreaBody>,
    media_gallery: Vec<PictureBody>,
    organisation: ProviderBody,
    slug: String,
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    is_deprioritised: bool,
    last_updated: Option<String>,
    last_reviewed: Option<String>,
    locations: Vec<LocationBody>,
    location_score: u8,
}

/// An area with the label, or the number, of its kind.
#[derive(Debug, Serialize)]
struct AreaBody {
    code: String,
    r#type: &'static str,
    name: String,
}

/// The organisation behind a service.
#[derive(Debug, Serialize)]
struct ProviderBody {
    id: Option<String>,
    name: Option<String>,
    aliss_url: Option<String>,
    permalink: Option<String>,
    is_claimed: bool,
    slug: Option<String>,
}

/// A location.
#[derive(Debug, Serialize)]
struct LocationBody {
    id: String,
    formatted_address: String,
    name: Option<String>,
    description: Option<String>,
    street_address: Option<String>,
    locality: Option<String>,
    region: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// An organisation with its services.
#[derive(Debug, Serialize)]
pub(super) struct OrganisationBody {
    id: String,
    name: String,
    #[serde(rename = "alissUrl")]
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    slug: String,
    description: Option<String>,
    description_formatted: Option<String>,
    facebook: Option<String>,
    twitter: Option<String>,
    instagram: Option<String>,
    url: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    last_edited: Option<String>,
    services: Vec<NestedServiceBody>,
    locations: Vec<LocationBody>,
}

/// A service within its organisation.
#[derive(Debug, Serialize)]
struct NestedServiceBody {
    id: String,
    name: String,
    slug: String,
    description: Option<String>,
    summary: Option<String>,
    url: Option<String>,
    referral_url: Option<String>,
    phone: Option<String>,
    facebook: Option<String>,
    twitter: Option<String>,
    instagram: Option<String>,
    email: Option<String>,
    is_claimed: bool,
    categories: Vec<TermBody>,
    accessibility_features: Vec<FeatureBody>,
    community_groups: Vec<GroupBody>,
    media_galery: Vec<PictureBody>,
    service_areas: Vec<AreaBody>,
}

impl ServiceBody {
    pub(super) fn new(state: &AppState, service: &Service) -> Self {
        let contact = &service.contact;
        let reviewed = service.reviewed.map(|day| format!("{day}T00:00:00Z"));
        Self {
            id: service.id.clone(),
            name: service.name.clone(),
            description: contact.description.clone(),
            description_formatted: contact.description.as_deref().map(formatted),
            url: contact.url.clone(),
            referral_url: service.referral_url.clone(),
            phone: contact.phone.clone(),
            email: contact.email.clone(),
            facebook: contact.on("facebook.com").cloned(),
            twitter: contact.on("twitter.com").or_else(|| contact.on("x.com")).cloned(),
            instagram: contact.on("instagram.com").cloned(),
            summary: service.summary.clone(),
            categories: TermBody::all(state, service),
            accessibility_features: FeatureBody::all(state, service),
            community_groups: GroupBody::all(state, service),
            service_areas: service.areas.iter().map(AreaBody::labelled).collect(),
            media_gallery: service.pictures.iter().map(PictureBody::from).collect(),
            organisation: ProviderBody::new(state, service.organisation.as_ref()),
            slug: service.slug.clone(),
            aliss_url: links::readable(state, SERVICES, &service.slug),
            permalink: links::lasting(state, SERVICES, &service.id),
            is_claimed: is_claimed(service),
            is_deprioritised: service.standing == Standing::Deprioritised,
            last_updated: service.modified.map(moment),
            last_reviewed: reviewed,
            locations: service.locations.iter().map(LocationBody::from).collect(),
            location_score: location_score(service),
        }
    }
}

/// How narrowly a service says where it is: 1 by an address alone, 2 with a
/// region, 3 with a country, 4 by a region alone, 5 by a country, 6 not at all.
fn location_score(service: &Service) -> u8 {
    let has_address = !service.locations.is_empty();
    let has_country = service.areas.iter().any(ServiceArea::is_country);
    let has_region = service.areas.iter().any(|area| !area.is_country());
    match (has_address, has_region, has_country) {
        (true, false, false) => 1,
        (true, true, _) => 2,
        (true, false, true) => 3,
        (false, true, _) => 4,
        (false, false, true) => 5,
        (false, false, false) => 6,
    }
}

/// Whether its organisation looks after it.
fn is_claimed(service: &Service) -> bool {
    service.organisation.as_ref().and_then(|provider| provider.is_claimed) == Some(true)
}

fn moment(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl AreaBody {
    fn labelled(area: &ServiceArea) -> Self {
        Self { code: area.code.clone(), r#type: area.label, name: area.name.clone() }
    }

    fn numbered(area: &ServiceArea) -> Self {
        Self { r#type: area.number, ..Self::labelled(area) }
    }
}

impl ProviderBody {
    fn new(state: &AppState, provider: Option<&Provider>) -> Self {
        let said = |text: &String| (!text.is_empty()).then(|| text.clone());
        let id = provider.and_then(|provider| said(&provider.id));
        let slug = provider.and_then(|provider| said(&provider.slug));
        let address = |name: &Option<String>| {
            name.as_deref().map(|name| links::readable(state, ORGANISATIONS, name))
        };
        Self {
            name: provider.and_then(|provider| said(&provider.name)),
            aliss_url: address(&slug),
            permalink: address(&id),
            is_claimed: provider.and_then(|provider| provider.is_claimed) == Some(true),
            id,
            slug,
        }
    }
}

impl From<&Location> for LocationBody {
    fn from(location: &Location) -> Self {
        Self {
            id: location.id.clone(),
            formatted_address: location.formatted_address.clone(),
            name: location.name.clone(),
            description: location.directions.clone(),
            street_address: location.street_address.clone(),
            locality: location.locality.clone(),
            region: location.region.clone(),
            state: None,
            postal_code: location.postal_code.clone(),
            country: location.country.clone(),
            latitude: location.position.map(|(latitude, _)| latitude),
            longitude: location.position.map(|(_, longitude)| longitude),
        }
    }
}

impl OrganisationBody {
    pub(super) fn new(state: &AppState, organisation: &Organisation) -> Self {
        let contact = &organisation.contact;
        let services = organisation.services.iter();
        Self {
            id: organisation.id.clone(),
            name: organisation.name.clone(),
            aliss_url: links::readable(state, ORGANISATIONS, &organisation.slug),
            permalink: links::lasting(state, ORGANISATIONS, &organisation.id),
            is_claimed: organisation.is_claimed,
            slug: organisation.slug.clone(),
            description: contact.description.clone(),
            description_formatted: contact.description.as_deref().map(formatted),
            facebook: contact.on("facebook.com").cloned(),
            twitter: contact.on("twitter.com").or_else(|| contact.on("x.com")).cloned(),
            instagram: contact.on("instagram.com").cloned(),
            url: contact.url.clone(),
            phone: contact.phone.clone(),
            email: contact.email.clone(),
            last_edited: organisation.modified.map(moment),
            services: services.map(|service| NestedServiceBody::new(state, service)).collect(),
            locations: organisation.locations.iter().map(LocationBody::from).collect(),
        }
    }
}

impl NestedServiceBody {
    fn new(state: &AppState, service: &Service) -> Self {
        let contact = &service.contact;
        Self {
            id: service.id.clone(),
            name: service.name.clone(),
            slug: service.slug.clone(),
            description: contact.description.clone(),
            summary: service.summary.clone(),
            url: contact.url.clone(),
            referral_url: service.referral_url.clone(),
            phone: contact.phone.clone(),
            facebook: contact.on("facebook.com").cloned(),
            twitter: contact.on("twitter.com").or_else(|| contact.on("x.com")).cloned(),
            instagram: contact.on("instagram.com").cloned(),
            email: contact.email.clone(),
            is_claimed: is_claimed(service),
            categories: TermBody::all(state, service),
            accessibility_features: FeatureBody::all(state, service),
            community_groups: GroupBody::all(state, service),
            media_galery: service.pictures.iter().map(PictureBody::from).collect(),
            service_areas: service.areas.iter().map(AreaBody::numbered).collect(),
        }
    }
}
