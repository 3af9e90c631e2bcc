//! Version 4, in the shapes of its Django generation (2017 to 2021), and what
//! the .NET generation added to its paths.

mod query;
mod spatial;
mod wire;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::web::admission::Class;
use crate::web::aliss::Rows;
use crate::web::aliss::answer::{self, Refusal};
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::lists;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::paging::{Beyond, Paging};
use crate::web::aliss::search::Question;
use crate::web::aliss::service::Service;
use crate::web::aliss::terms::{CATEGORIES, COMMUNITY_GROUPS};
use crate::web::aliss::v5;
use crate::web::aliss::version::{self, Listed, Search, Version};
use crate::web::aliss::wire::{AreaBody, Body};
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

use wire::{CategoryBody, Moments, OrganisationBody, PageBody, ServiceBody};

pub(super) use spatial::outlines;
pub(super) use wire::ReachBody;

/// Where v4 is served.
const ROOTS: [&str; 2] = ["/aliss/api/v4", "/aliss/v4"];

/// The fewest letters of a name of a place, and the most places that are told.
const FEWEST_LETTERS: usize = 3;
const MOST_PLACES: usize = 100;

/// See the module.
pub(super) struct V4;

pub(super) fn rows() -> Rows {
    let mut rows = Rows::at(&ROOTS);
    rows.add("/services", Class::Memory, version::list_services::<V4>);
    rows.add("/services/{id}", Class::Store, version::find_service::<V4>);
    rows.add("/organisations", Class::Memory, v5::list_organisations);
    rows.add("/organisations/{id}", Class::Store, version::find_organisation::<V4>);
    rows.add("/import", Class::Memory, version::import::<V4>);
    let categories = lists::of_terms(CATEGORIES, |state, trees| {
        Body::of_terms(state, trees.iter().map(CategoryBody::from).collect::<Vec<_>>())
    });
    rows.add("/categories", Class::Memory, categories);
    let flat = lists::of_terms(CATEGORIES, v5::flat_categories);
    rows.add("/categories-flat", Class::Memory, flat);
    let groups = lists::of_terms(COMMUNITY_GROUPS, v5::groups);
    rows.add("/community-groups", Class::Memory, groups);
    let areas = lists::of_areas(|_, listed| {
        let areas = listed.iter().map(|area| AreaBody::labelled(&ServiceArea::of(area)));
        Body::of_areas(areas.collect::<Vec<_>>())
    });
    rows.add("/service-areas", Class::Memory, areas);
    rows.add("/postcode-locations", Class::Memory, find_places);
    rows.add("/service-area-spatial", Class::Store, spatial::of_service);
    rows.add("/service-area-spatial/full-set", Class::Memory, spatial::full_set);
    rows.add("/selected-service-area-spatial", Class::Memory, v5::selected_outlines);
    rows
}

impl Search for V4 {
    const BEYOND: Beyond = Beyond::Refused;

    fn question(state: &AppState, asked: &Asked, paging: Paging) -> Result<Question, Refusal> {
        query::question(state, asked, paging)
    }

    fn page(state: &AppState, listed: &Listed<Service>) -> impl Serialize {
        PageBody::new(state, listed)
    }
}

impl Version for V4 {
    const IMPORT_SIZE: u64 = 1_000;

    fn service(state: &AppState, service: &Service) -> impl Serialize {
        ServiceBody::new(state, service, Moments::InDetails)
    }

    fn organisation(state: &AppState, organisation: &Organisation) -> impl Serialize {
        OrganisationBody::new(state, organisation)
    }

    fn absent() -> Response {
        answer::not_found("Not found.")
    }
}

/// Places whose name begins so, each with a postcode that services are found
/// near to.
async fn find_places(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    let gazetteer = state.register.gazetteer();
    let typed = asked.text("q").filter(|text| text.chars().count() >= FEWEST_LETTERS);
    let places = typed.map(|text| gazetteer.places_beginning_with(text, MOST_PLACES));
    let rows: Vec<Json> = places
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, place)| {
            let postcode = gazetteer.postcode_of(place)?;
            Some(json!({ "place_name": name, "postcode": postcode.to_string() }))
        })
        .collect();
    answer::digested(&state, &conditions, &rows)
}
