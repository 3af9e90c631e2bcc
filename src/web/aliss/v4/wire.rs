//! The objects of v4. What is not known is an empty text or an empty list,
//! never null; only a position that is not known is null.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::register::CategoryTree;
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::links::{self, ORGANISATIONS, SERVICES};
use crate::web::aliss::location::Location;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::paging::Neighbours;
use crate::web::aliss::service::{Provider, Service};
use crate::web::aliss::terms;
use crate::web::state::AppState;

/// A page of services.
#[derive(Debug, Serialize)]
pub(super) struct PageBody {
    pub(super) meta: Meta,
    pub(super) count: u64,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
    pub(super) data: Vec<ServiceBody>,
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
    description: String,
    url: String,
    phone: String,
    email: String,
    categories: Vec<TermBody>,
    service_areas: Vec<AreaBody>,
    organisation: ProviderBody,
    slug: String,
    aliss_url: String,
    permalink: String,
    last_updated: String,
    locations: Vec<LocationBody>,
}

/// A category that was chosen for a service.
#[derive(Debug, Serialize)]
pub(in crate::web::aliss) struct TermBody {
    name: String,
    slug: String,
}

/// An area with the label of its kind.
#[derive(Debug, Serialize)]
pub(super) struct AreaBody {
    code: String,
    r#type: &'static str,
    name: String,
}

/// The organisation behind a service; all texts are empty when none is known.
#[derive(Debug, Serialize)]
struct ProviderBody {
    id: String,
    name: String,
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    slug: String,
}

/// A location.
#[derive(Debug, Serialize)]
pub(in crate::web::aliss) struct LocationBody {
    id: String,
    formatted_address: String,
    name: String,
    description: String,
    street_address: String,
    locality: String,
    region: String,
    state: &'static str,
    postal_code: String,
    country: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// An organisation with its services.
#[derive(Debug, Serialize)]
pub(super) struct OrganisationBody {
    id: String,
    name: String,
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    slug: String,
    description: String,
    facebook: String,
    twitter: String,
    url: String,
    phone: String,
    email: String,
    last_edited: String,
    services: Vec<NestedServiceBody>,
    locations: Vec<LocationBody>,
}

/// A service within its organisation.
#[derive(Debug, Serialize)]
struct NestedServiceBody {
    id: String,
    name: String,
    description: String,
    url: String,
    phone: String,
    email: String,
    categories: Vec<TermBody>,
    service_areas: Vec<AreaBody>,
}

/// A category with the narrower ones.
#[derive(Debug, Serialize)]
pub(super) struct CategoryBody {
    name: String,
    slug: String,
    sub_categories: Vec<CategoryBody>,
}

/// How a moment is written: as Django does in lists and in details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moments {
    /// With `+00:00` at the end.
    InLists,
    /// With `Z` at the end.
    InDetails,
}

impl Moments {
    fn write(self, moment: Option<Timestamp>) -> String {
        let Some(moment) = moment else { return String::new() };
        let end = match self {
            Self::InLists => "+00:00",
            Self::InDetails => "Z",
        };
        format!("{}{end}", moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.6f"))
    }
}

impl PageBody {
    pub(super) fn new(meta: Meta, count: u64, beside: Neighbours, data: Vec<ServiceBody>) -> Self {
        Self { meta, count, next: beside.next, previous: beside.previous, data }
    }
}

impl ServiceBody {
    pub(super) fn new(state: &AppState, service: &Service, moments: Moments) -> Self {
        Self {
            id: service.id.clone(),
            name: service.name.clone(),
            description: said(service.contact.description.as_ref()),
            url: said(service.contact.url.as_ref()),
            phone: said(service.contact.phone.as_ref()),
            email: said(service.contact.email.as_ref()),
            categories: terms_of(state, service),
            service_areas: service.areas.iter().map(AreaBody::from).collect(),
            organisation: ProviderBody::new(state, service.organisation.as_ref()),
            slug: service.slug.clone(),
            aliss_url: readable(state, SERVICES, &service.slug),
            permalink: links::lasting(state, SERVICES, &service.id),
            last_updated: moments.write(service.modified),
            locations: service.locations.iter().map(LocationBody::from).collect(),
        }
    }
}

impl ProviderBody {
    fn new(state: &AppState, provider: Option<&Provider>) -> Self {
        let provider = provider.cloned().unwrap_or_default();
        let is_known = !provider.id.is_empty();
        let address = |address: String| if is_known { address } else { String::new() };
        Self {
            aliss_url: address(readable(state, ORGANISATIONS, &provider.slug)),
            permalink: address(links::lasting(state, ORGANISATIONS, &provider.id)),
            is_claimed: provider.is_claimed == Some(true),
            id: provider.id,
            name: provider.name,
            slug: provider.slug,
        }
    }
}

impl OrganisationBody {
    pub(super) fn new(state: &AppState, organisation: &Organisation) -> Self {
        let contact = &organisation.contact;
        Self {
            id: organisation.id.clone(),
            name: organisation.name.clone(),
            aliss_url: readable(state, ORGANISATIONS, &organisation.slug),
            permalink: links::lasting(state, ORGANISATIONS, &organisation.id),
            is_claimed: organisation.is_claimed,
            slug: organisation.slug.clone(),
            description: said(contact.description.as_ref()),
            facebook: said(contact.on("facebook.com")),
            twitter: said(contact.on("twitter.com").or_else(|| contact.on("x.com"))),
            url: said(contact.url.as_ref()),
            phone: said(contact.phone.as_ref()),
            email: said(contact.email.as_ref()),
            last_edited: Moments::InDetails.write(organisation.modified),
            services: organisation
                .services
                .iter()
                .map(|service| NestedServiceBody::new(state, service))
                .collect(),
            locations: organisation.locations.iter().map(LocationBody::from).collect(),
        }
    }
}

impl NestedServiceBody {
    fn new(state: &AppState, service: &Service) -> Self {
        Self {
            id: service.id.clone(),
            name: service.name.clone(),
            description: said(service.contact.description.as_ref()),
            url: said(service.contact.url.as_ref()),
            phone: said(service.contact.phone.as_ref()),
            email: said(service.contact.email.as_ref()),
            categories: terms_of(state, service),
            service_areas: service.areas.iter().map(AreaBody::from).collect(),
        }
    }
}

impl From<&ServiceArea> for AreaBody {
    fn from(area: &ServiceArea) -> Self {
        Self { code: area.code.clone(), r#type: area.label, name: area.name.clone() }
    }
}

impl From<&Location> for LocationBody {
    fn from(location: &Location) -> Self {
        Self {
            id: location.id.clone(),
            formatted_address: location.formatted_address.clone(),
            name: said(location.name.as_ref()),
            description: said(location.directions.as_ref()),
            street_address: said(location.street_address.as_ref()),
            locality: said(location.locality.as_ref()),
            region: said(location.region.as_ref()),
            state: "",
            postal_code: said(location.postal_code.as_ref()),
            country: said(location.country.as_ref()),
            latitude: location.position.map(|(latitude, _)| latitude),
            longitude: location.position.map(|(_, longitude)| longitude),
        }
    }
}

impl From<&CategoryTree> for CategoryBody {
    fn from(tree: &CategoryTree) -> Self {
        Self {
            name: tree.name().to_owned(),
            slug: terms::slug(&tree.slug, &tree.notations),
            sub_categories: tree.narrower.iter().map(Self::from).collect(),
        }
    }
}

/// The chosen categories alone.
pub(in crate::web::aliss) fn terms_of(state: &AppState, service: &Service) -> Vec<TermBody> {
    let chosen = terms::chosen(&state.register, &service.topics).into_iter();
    chosen.map(|term| TermBody { name: term.name, slug: term.slug }).collect()
}

fn readable(state: &AppState, collection: &str, slug: &str) -> String {
    links::readable(state, collection, slug) + "/"
}

pub(in crate::web::aliss) fn said(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}
