//! What v5 says of a service in terms: categories, community groups,
//! accessibility features; and its pictures.

use serde::Serialize;

use crate::web::aliss::service::{Picture, Service};
use crate::web::aliss::terms;
use crate::web::aliss::wire::{OrNull, TermBody, said};
use crate::web::state::AppState;

/// The group whose services say from which age to which they are meant.
pub(super) const GROUP_WITH_AGES: &str = "children-and-young-people";

/// All terms of a service.
#[derive(Debug, Serialize)]
pub(super) struct TermsBody {
    categories: Vec<TermBody>,
    accessibility_features: Vec<FeatureBody>,
    community_groups: Vec<GroupBody>,
}

/// A feature of the whole service or of one of its locations.
#[derive(Debug, Serialize)]
struct FeatureBody {
    name: String,
    slug: String,
    additional_info: Option<String>,
    icon: Option<String>,
    location_id: Option<String>,
}

/// A community group, chosen or wider than one that is.
#[derive(Debug, Serialize)]
struct GroupBody {
    name: String,
    slug: String,
    is_range: bool,
    min: Option<i64>,
    max: Option<i64>,
    selected: bool,
}

/// A picture.
#[derive(Debug, Serialize)]
pub(super) struct PictureBody<'a> {
    id: &'a str,
    url: &'a str,
    caption: Option<&'a str>,
    alt_text: OrNull<'a>,
    r#type: &'static str,
    thumbnail: Option<&'a str>,
}

impl TermsBody {
    pub(super) fn new(state: &AppState, service: &Service) -> Self {
        Self {
            categories: TermBody::all(state, service),
            accessibility_features: FeatureBody::all(state, service),
            community_groups: GroupBody::all(state, service),
        }
    }
}

impl FeatureBody {
    fn all(state: &AppState, service: &Service) -> Vec<Self> {
        let features = service.accessibility.iter();
        features
            .flat_map(|(slug, location)| {
                let chosen = terms::chosen(&state.register, std::slice::from_ref(slug));
                chosen.into_iter().map(|term| Self {
                    name: term.name,
                    slug: term.slug,
                    additional_info: None,
                    icon: None,
                    location_id: location.clone(),
                })
            })
            .collect()
    }
}

impl GroupBody {
    /// The ages that a service states are those of the group that has ages, or
    /// else of every group that was chosen.
    fn all(state: &AppState, service: &Service) -> Vec<Self> {
        let (min, max) = (service.minimum_age, service.maximum_age);
        let states_ages = min.is_some() || max.is_some();
        let is_chosen = service.audience.iter().any(|slug| slug == GROUP_WITH_AGES);
        let groups = terms::with_wider(&state.register, &service.audience).into_iter();
        groups
            .map(|term| {
                let has_ages = if is_chosen { term.own == GROUP_WITH_AGES } else { term.selected };
                let is_range = states_ages && has_ages;
                Self {
                    name: term.name,
                    slug: term.slug,
                    is_range,
                    min: min.filter(|_| is_range),
                    max: max.filter(|_| is_range),
                    selected: term.selected,
                }
            })
            .collect()
    }
}

impl<'a> PictureBody<'a> {
    pub(super) fn new(picture: &'a Picture) -> Self {
        Self {
            id: &picture.id,
            url: &picture.url,
            caption: None,
            alt_text: said(picture.text.as_ref()),
            r#type: "image",
            thumbnail: None,
        }
    }
}
