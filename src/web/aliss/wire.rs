//! The objects that more than one version has. The generations differ in what
//! they say where nothing is known: v3 and v4 an empty text, v5 null.

use std::borrow::Cow;

use serde::Serialize;

use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::links::{self, ORGANISATIONS};
use crate::web::aliss::location::Location;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::service::{Provider, Service};
use crate::web::aliss::terms::{self, Term};
use crate::web::state::AppState;

/// A text that is empty where nothing is known.
pub(super) type OrEmpty<'a> = Cow<'a, str>;

/// A text that is null where nothing is known.
pub(super) type OrNull<'a> = Option<Cow<'a, str>>;

/// A text that may not be known.
pub(super) trait Said<'a>: Serialize {
    /// What stands at the end of a readable address.
    const END: &'static str;

    /// The text, or what the generation says instead.
    fn of(text: Option<Cow<'a, str>>) -> Self;
}

impl<'a> Said<'a> for OrEmpty<'a> {
    const END: &'static str = "/";

    fn of(text: Option<Cow<'a, str>>) -> Self {
        text.unwrap_or_default()
    }
}

impl<'a> Said<'a> for OrNull<'a> {
    const END: &'static str = "";

    fn of(text: Option<Cow<'a, str>>) -> Self {
        text
    }
}

/// A text as its generation writes it.
pub(super) fn said<'a, T: Said<'a>>(text: Option<&'a String>) -> T {
    T::of(text.map(|text| Cow::Borrowed(text.as_str())))
}

/// The readable address of a service or an organisation.
pub(super) fn readable<'a, T: Said<'a>>(state: &AppState, collection: &str, slug: &str) -> String {
    links::address(state, collection, slug) + T::END
}

/// Anything that is not a page.
#[derive(Debug, Serialize)]
pub(super) struct Body<T> {
    pub(super) meta: Meta,
    pub(super) data: T,
}

impl<T> Body<T> {
    /// Categories, which nobody has to be credited for.
    pub(super) fn of_terms(state: &AppState, data: T) -> Self {
        Self { meta: Meta::of_terms(state), data }
    }

    /// Areas.
    pub(super) fn of_areas(data: T) -> Self {
        Self { meta: Meta::of_areas(), data }
    }
}

/// A category of a service. Only v5 says whether it was chosen itself: v3 and
/// v4 tell those alone.
#[derive(Debug, Serialize)]
pub(super) struct TermBody {
    name: String,
    slug: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    selected: Option<bool>,
}

/// An area with the label, or the number, of its kind.
#[derive(Debug, Serialize)]
pub(super) struct AreaBody {
    code: String,
    r#type: &'static str,
    name: String,
}

/// The organisation behind a service.
#[derive(Debug, Serialize)]
pub(super) struct ProviderBody<T> {
    id: T,
    name: T,
    aliss_url: T,
    permalink: T,
    is_claimed: bool,
    slug: T,
}

/// A location.
#[derive(Debug, Serialize)]
pub(super) struct LocationBody<'a, T> {
    id: &'a str,
    formatted_address: &'a str,
    name: T,
    description: T,
    street_address: T,
    locality: T,
    region: T,
    state: T,
    postal_code: T,
    country: T,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl TermBody {
    /// The chosen categories alone.
    pub(super) fn chosen(state: &AppState, service: &Service) -> Vec<Self> {
        let chosen = terms::chosen(&state.register, &service.topics).into_iter();
        chosen.map(|Term { name, slug, .. }| Self { name, slug, selected: None }).collect()
    }

    /// The chosen categories, and then all wider ones.
    pub(super) fn all(state: &AppState, service: &Service) -> Vec<Self> {
        let all = terms::with_wider(&state.register, &service.topics).into_iter();
        let body =
            |term: Term| Self { name: term.name, slug: term.slug, selected: Some(term.selected) };
        all.map(body).collect()
    }
}

impl AreaBody {
    /// With the label of its kind.
    pub(super) fn labelled(area: &ServiceArea) -> Self {
        Self { code: area.code.clone(), r#type: area.label, name: area.name.clone() }
    }

    /// With the number of its kind.
    pub(super) fn numbered(area: &ServiceArea) -> Self {
        Self { r#type: area.number, ..Self::labelled(area) }
    }
}

impl<'a, T: Said<'a>> ProviderBody<T> {
    /// The organisation behind `service`, as far as one is known.
    pub(super) fn new(state: &AppState, service: &'a Service) -> Self {
        let provider = service.organisation.as_ref();
        let text =
            |part: fn(&Provider) -> &String| provider.map(part).filter(|text| !text.is_empty());
        let id = text(|provider| &provider.id);
        let slug = text(|provider| &provider.slug);
        let readable = slug.map(|slug| readable::<T>(state, ORGANISATIONS, slug));
        let lasting = id.map(|id| links::address(state, ORGANISATIONS, id));
        Self {
            id: said(id),
            name: said(text(|provider| &provider.name)),
            aliss_url: T::of(readable.map(Cow::Owned)),
            permalink: T::of(lasting.map(Cow::Owned)),
            is_claimed: service.is_claimed(),
            slug: said(slug),
        }
    }
}

impl<'a, T: Said<'a>> LocationBody<'a, T> {
    /// All of `locations`.
    pub(super) fn all(locations: &'a [Location]) -> Vec<Self> {
        locations.iter().map(Self::new).collect()
    }

    fn new(location: &'a Location) -> Self {
        Self {
            id: &location.id,
            formatted_address: &location.formatted_address,
            name: said(location.name.as_ref()),
            description: said(location.directions.as_ref()),
            street_address: said(location.street_address.as_ref()),
            locality: said(location.locality.as_ref()),
            region: said(location.region.as_ref()),
            state: T::of(None),
            postal_code: said(location.postal_code.as_ref()),
            country: said(location.country.as_ref()),
            latitude: location.position.map(|(latitude, _)| latitude),
            longitude: location.position.map(|(_, longitude)| longitude),
        }
    }
}
