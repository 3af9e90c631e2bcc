//! What v5 says of a service in terms: categories, community groups,
//! accessibility features; and its pictures.

use serde::Serialize;

use crate::web::aliss::service::{Picture, Service};
use crate::web::aliss::terms;
use crate::web::state::AppState;

/// The group whose services say from which age to which they are meant.
pub(super) const GROUP_WITH_AGES: &str = "children-and-young-people";

/// A category, chosen or wider than one that is.
#[derive(Debug, Serialize)]
pub(super) struct TermBody {
    name: String,
    slug: String,
    selected: bool,
}

/// A feature of the whole service or of one of its locations.
#[derive(Debug, Serialize)]
pub(super) struct FeatureBody {
    name: String,
    slug: String,
    additional_info: Option<String>,
    icon: Option<String>,
    location_id: Option<String>,
}

/// A community group, chosen or wider than one that is.
#[derive(Debug, Serialize)]
pub(super) struct GroupBody {
    name: String,
    slug: String,
    is_range: bool,
    min: Option<i64>,
    max: Option<i64>,
    selected: bool,
}

/// A picture.
#[derive(Debug, Serialize)]
pub(super) struct PictureBody {
    id: String,
    url: String,
    caption: Option<String>,
    alt_text: Option<String>,
    r#type: &'static str,
    thumbnail: Option<String>,
}

impl TermBody {
    pub(super) fn all(state: &AppState, service: &Service) -> Vec<Self> {
        terms::with_wider(&state.register, &service.topics)
            .into_iter()
            .map(|term| Self { name: term.name, slug: term.slug, selected: term.selected })
            .collect()
    }
}

impl FeatureBody {
    pub(super) fn all(state: &AppState, service: &Service) -> Vec<Self> {
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
    pub(super) fn all(state: &AppState, service: &Service) -> Vec<Self> {
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

impl From<&Picture> for PictureBody {
    fn from(picture: &Picture) -> Self {
        Self {
            id: picture.id.clone(),
            url: picture.url.clone(),
            caption: None,
            alt_text: picture.text.clone(),
            r#type: "image",
            thumbnail: None,
        }
    }
}
