//! The objects of v4. What is not known is an empty text or an empty list,
//! never null; only a position that is not known is null.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::register::CategoryTree;
use crate::web::aliss::contact::Contact;
use crate::web::aliss::links::{self, ORGANISATIONS, SERVICES};
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::service::Service;
use crate::web::aliss::terms;
use crate::web::aliss::version::Listed;
use crate::web::aliss::wire::{
    AreaBody, LocationBody, OrEmpty, ProviderBody, TermBody, readable, said,
};
use crate::web::state::AppState;

/// A page of services.
#[derive(Debug, Serialize)]
pub(super) struct PageBody<'a> {
    meta: &'a Meta,
    count: u64,
    next: Option<&'a str>,
    previous: Option<&'a str>,
    data: Vec<ServiceBody<'a>>,
}

/// A service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceBody<'a> {
    #[serde(flatten)]
    short: ShortBody<'a>,
    organisation: ProviderBody<OrEmpty<'a>>,
    slug: &'a str,
    aliss_url: String,
    permalink: String,
    last_updated: String,
    locations: Vec<LocationBody<'a, OrEmpty<'a>>>,
}

/// A service within its organisation, and the start of every other.
#[derive(Debug, Serialize)]
struct ShortBody<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    reach: ReachBody<'a>,
    categories: Vec<TermBody>,
    service_areas: Vec<AreaBody>,
}

/// What a service says of itself, and how to reach it.
#[derive(Debug, Serialize)]
pub(in crate::web::aliss) struct ReachBody<'a> {
    description: OrEmpty<'a>,
    url: OrEmpty<'a>,
    phone: OrEmpty<'a>,
    email: OrEmpty<'a>,
}

/// An organisation with its services.
#[derive(Debug, Serialize)]
pub(super) struct OrganisationBody<'a> {
    id: &'a str,
    name: &'a str,
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    slug: &'a str,
    description: OrEmpty<'a>,
    facebook: OrEmpty<'a>,
    twitter: OrEmpty<'a>,
    url: OrEmpty<'a>,
    phone: OrEmpty<'a>,
    email: OrEmpty<'a>,
    last_edited: String,
    services: Vec<ShortBody<'a>>,
    locations: Vec<LocationBody<'a, OrEmpty<'a>>>,
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

impl<'a> PageBody<'a> {
    pub(super) fn new(state: &AppState, listed: &'a Listed<Service>) -> Self {
        let services = listed.items.iter();
        Self {
            meta: &listed.meta,
            count: listed.count,
            next: listed.beside.next.as_deref(),
            previous: listed.beside.previous.as_deref(),
            data: services.map(|item| ServiceBody::new(state, item, Moments::InLists)).collect(),
        }
    }
}

impl<'a> ServiceBody<'a> {
    pub(super) fn new(state: &AppState, service: &'a Service, moments: Moments) -> Self {
        Self {
            short: ShortBody::new(state, service),
            organisation: ProviderBody::new(state, service),
            slug: &service.slug,
            aliss_url: readable::<OrEmpty<'_>>(state, SERVICES, &service.slug),
            permalink: links::address(state, SERVICES, &service.id),
            last_updated: moments.write(service.modified),
            locations: LocationBody::all(&service.locations),
        }
    }
}

impl<'a> ShortBody<'a> {
    fn new(state: &AppState, service: &'a Service) -> Self {
        Self {
            id: &service.id,
            name: &service.name,
            reach: ReachBody::new(&service.contact),
            categories: TermBody::chosen(state, service),
            service_areas: service.areas.iter().map(AreaBody::labelled).collect(),
        }
    }
}

impl<'a> ReachBody<'a> {
    pub(in crate::web::aliss) fn new(contact: &'a Contact) -> Self {
        Self {
            description: said(contact.description.as_ref()),
            url: said(contact.url.as_ref()),
            phone: said(contact.phone.as_ref()),
            email: said(contact.email.as_ref()),
        }
    }
}

impl<'a> OrganisationBody<'a> {
    pub(super) fn new(state: &AppState, organisation: &'a Organisation) -> Self {
        let contact = &organisation.contact;
        let services = organisation.services.iter();
        Self {
            id: &organisation.id,
            name: &organisation.name,
            aliss_url: readable::<OrEmpty<'_>>(state, ORGANISATIONS, &organisation.slug),
            permalink: links::address(state, ORGANISATIONS, &organisation.id),
            is_claimed: organisation.is_claimed,
            slug: &organisation.slug,
            description: said(contact.description.as_ref()),
            facebook: said(contact.facebook()),
            twitter: said(contact.twitter()),
            url: said(contact.url.as_ref()),
            phone: said(contact.phone.as_ref()),
            email: said(contact.email.as_ref()),
            last_edited: Moments::InDetails.write(organisation.modified),
            services: services.map(|service| ShortBody::new(state, service)).collect(),
            locations: LocationBody::all(&organisation.locations),
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
