//! The objects of v5. What is not known is null, and a list that has nothing
//! in it is empty. Names and types are those of ALISS, with their oddities:
//! `alissUrl` beside `aliss_url`, `media_galery`, the kind of an area as a
//! number in a text.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::register::Standing;
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::contact::Contact;
use crate::web::aliss::links::{self, ORGANISATIONS, SERVICES};
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::service::Service;
use crate::web::aliss::v5::text::formatted;
use crate::web::aliss::v5::wire_terms::{PictureBody, TermsBody};
use crate::web::aliss::version::Listed;
use crate::web::aliss::wire::{AreaBody, LocationBody, OrNull, ProviderBody, readable, said};
use crate::web::state::AppState;

/// The error of an answer that has no other.
const INVALID_POSTCODE: &str = "Invalid Postcode";

/// A page of anything.
#[derive(Debug, Serialize)]
pub(in crate::web::aliss) struct PageBody<'a, T> {
    meta: Meta,
    data: Vec<T>,
    error: Option<&'static str>,
    count: u64,
    next: Option<&'a str>,
    previous: Option<&'a str>,
}

/// A service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceBody<'a> {
    id: &'a str,
    name: &'a str,
    description: OrNull<'a>,
    description_formatted: Option<String>,
    url: OrNull<'a>,
    referral_url: OrNull<'a>,
    phone: OrNull<'a>,
    email: OrNull<'a>,
    #[serde(flatten)]
    social: SocialBody<'a>,
    summary: OrNull<'a>,
    #[serde(flatten)]
    terms: TermsBody,
    service_areas: Vec<AreaBody>,
    media_gallery: Vec<PictureBody<'a>>,
    organisation: ProviderBody<OrNull<'a>>,
    slug: &'a str,
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    is_deprioritised: bool,
    last_updated: Option<String>,
    last_reviewed: Option<String>,
    locations: Vec<LocationBody<'a, OrNull<'a>>>,
    location_score: u8,
}

/// Pages on social networks.
#[derive(Debug, Serialize)]
struct SocialBody<'a> {
    facebook: OrNull<'a>,
    twitter: OrNull<'a>,
    instagram: OrNull<'a>,
}

/// An organisation with its services.
#[derive(Debug, Serialize)]
pub(super) struct OrganisationBody<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "alissUrl")]
    aliss_url: String,
    permalink: String,
    is_claimed: bool,
    slug: &'a str,
    description: OrNull<'a>,
    description_formatted: Option<String>,
    #[serde(flatten)]
    social: SocialBody<'a>,
    url: OrNull<'a>,
    phone: OrNull<'a>,
    email: OrNull<'a>,
    last_edited: Option<String>,
    services: Vec<NestedServiceBody<'a>>,
    locations: Vec<LocationBody<'a, OrNull<'a>>>,
}

/// A service within its organisation.
#[derive(Debug, Serialize)]
struct NestedServiceBody<'a> {
    id: &'a str,
    name: &'a str,
    slug: &'a str,
    description: OrNull<'a>,
    summary: OrNull<'a>,
    url: OrNull<'a>,
    referral_url: OrNull<'a>,
    phone: OrNull<'a>,
    #[serde(flatten)]
    social: SocialBody<'a>,
    email: OrNull<'a>,
    is_claimed: bool,
    #[serde(flatten)]
    terms: TermsBody,
    media_galery: Vec<PictureBody<'a>>,
    service_areas: Vec<AreaBody>,
}

/// What is answered when the postcode can't be found.
pub(in crate::web::aliss) fn page_of_no_postcode(state: &AppState) -> PageBody<'static, ()> {
    PageBody {
        meta: Meta::of(state, []),
        data: Vec::new(),
        error: Some(INVALID_POSTCODE),
        count: 0,
        next: None,
        previous: None,
    }
}

impl<'a, T> PageBody<'a, T> {
    /// The page `listed`, each item of which `body` writes.
    pub(super) fn new<I>(listed: &'a Listed<I>, body: impl Fn(&'a I) -> T) -> Self {
        Self {
            meta: listed.meta.clone(),
            data: listed.items.iter().map(body).collect(),
            error: None,
            count: listed.count,
            next: listed.beside.next.as_deref(),
            previous: listed.beside.previous.as_deref(),
        }
    }
}

impl<'a> ServiceBody<'a> {
    pub(super) fn new(state: &AppState, service: &'a Service) -> Self {
        let contact = &service.contact;
        Self {
            id: &service.id,
            name: &service.name,
            description: said(contact.description.as_ref()),
            description_formatted: contact.description.as_deref().map(formatted),
            url: said(contact.url.as_ref()),
            referral_url: said(service.referral_url.as_ref()),
            phone: said(contact.phone.as_ref()),
            email: said(contact.email.as_ref()),
            social: SocialBody::new(contact),
            summary: said(service.summary.as_ref()),
            terms: TermsBody::new(state, service),
            service_areas: service.areas.iter().map(AreaBody::labelled).collect(),
            media_gallery: service.pictures.iter().map(PictureBody::new).collect(),
            organisation: ProviderBody::new(state, service),
            slug: &service.slug,
            aliss_url: readable::<OrNull<'_>>(state, SERVICES, &service.slug),
            permalink: links::address(state, SERVICES, &service.id),
            is_claimed: service.is_claimed(),
            is_deprioritised: service.standing == Standing::Deprioritised,
            last_updated: service.modified.map(moment),
            last_reviewed: service.reviewed.map(|day| format!("{day}T00:00:00Z")),
            locations: LocationBody::all(&service.locations),
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

fn moment(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl<'a> SocialBody<'a> {
    fn new(contact: &'a Contact) -> Self {
        Self {
            facebook: said(contact.facebook()),
            twitter: said(contact.twitter()),
            instagram: said(contact.instagram()),
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
            aliss_url: readable::<OrNull<'_>>(state, ORGANISATIONS, &organisation.slug),
            permalink: links::address(state, ORGANISATIONS, &organisation.id),
            is_claimed: organisation.is_claimed,
            slug: &organisation.slug,
            description: said(contact.description.as_ref()),
            description_formatted: contact.description.as_deref().map(formatted),
            social: SocialBody::new(contact),
            url: said(contact.url.as_ref()),
            phone: said(contact.phone.as_ref()),
            email: said(contact.email.as_ref()),
            last_edited: organisation.modified.map(moment),
            services: services.map(|service| NestedServiceBody::new(state, service)).collect(),
            locations: LocationBody::all(&organisation.locations),
        }
    }
}

impl<'a> NestedServiceBody<'a> {
    fn new(state: &AppState, service: &'a Service) -> Self {
        let contact = &service.contact;
        Self {
            id: &service.id,
            name: &service.name,
            slug: &service.slug,
            description: said(contact.description.as_ref()),
            summary: said(service.summary.as_ref()),
            url: said(contact.url.as_ref()),
            referral_url: said(service.referral_url.as_ref()),
            phone: said(contact.phone.as_ref()),
            social: SocialBody::new(contact),
            email: said(contact.email.as_ref()),
            is_claimed: service.is_claimed(),
            terms: TermsBody::new(state, service),
            media_galery: service.pictures.iter().map(PictureBody::new).collect(),
            service_areas: service.areas.iter().map(AreaBody::numbered).collect(),
        }
    }
}
