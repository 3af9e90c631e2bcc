//! Version 4, in the shapes of its Django generation (2017 to 2021), and what
//! the .NET generation added to its paths.

mod query;
mod spatial;
mod wire;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::register::{Sort, Where};
use crate::web::admission::Class;
use crate::web::aliss::answer::{self, Refusal};
use crate::web::aliss::areas::{self, ServiceArea};
use crate::web::aliss::asked::Asked;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::paging::Paging;
use crate::web::aliss::search::{self, Services};
use crate::web::aliss::service::{self, Service};
use crate::web::aliss::terms::CATEGORIES;
use crate::web::aliss::v5;
use crate::web::aliss::{Rows, areas_named};
use crate::web::cache::Conditions;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::state::AppState;

use wire::{AreaBody, Body, CategoryBody, Moments, OrganisationBody, PageBody, ServiceBody};

pub(super) use query::query_of;
pub(super) use spatial::outlines;
pub(super) use wire::{LocationBody, TermBody, said, terms_of};

/// Where v4 is served.
const ROOTS: [&str; 2] = ["/aliss/api/v4", "/aliss/v4"];

/// How many services a page has when that is not said, and in an import.
pub(super) const PAGE_SIZE: u64 = 10;
const IMPORT_SIZE: u64 = 1_000;

/// The detail of a 404.
const ABSENT: &str = "Not found.";

/// The fewest letters of a name of a place, and the most places that are told.
const FEWEST_LETTERS: usize = 3;
const MOST_PLACES: usize = 100;

pub(super) fn rows() -> Rows {
    let mut rows = Rows::at(&ROOTS);
    rows.add("/services", Class::Store, list_services);
    rows.add("/services/{id}", Class::Store, find_service);
    rows.add("/organisations", Class::Store, v5::list_organisations);
    rows.add("/organisations/{id}", Class::Store, find_organisation);
    rows.add("/import", Class::Store, import);
    rows.add("/categories", Class::Memory, list_categories);
    rows.add("/categories-flat", Class::Memory, v5::list_categories_flat);
    rows.add("/community-groups", Class::Memory, v5::list_groups);
    rows.add("/service-areas", Class::Memory, list_areas);
    rows.add("/postcode-locations", Class::Memory, find_places);
    rows.add("/service-area-spatial", Class::Store, spatial::of_service);
    rows.add("/service-area-spatial/full-set", Class::Memory, spatial::full_set);
    rows.add("/selected-service-area-spatial", Class::Memory, v5::selected_outlines);
    rows
}

/// Services near a postcode.
async fn list_services(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let Some(paging) = Paging::strict(&asked, PAGE_SIZE) else {
            return Ok(Refusal::Page.to_response());
        };
        match query_of(&state, &asked, paging) {
            Err(refusal) => Ok(refusal.to_response()),
            Ok((query, place)) => {
                page(&state, &asked, paging, &search::find(&state, query, &place)?)
            }
        }
    })
}

/// Every service there is.
async fn import(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let Some(paging) = Paging::strict(&asked, IMPORT_SIZE) else {
            return Ok(Refusal::Page.to_response());
        };
        let mut query = search::all(&state, paging);
        query.sort = Some(Sort::Key);
        query.today = None;
        page(&state, &asked, paging, &search::find(&state, query, &Where::default())?)
    })
}

fn page(state: &AppState, asked: &Asked, paging: Paging, found: &Services) -> Result<Response> {
    if paging.is_past(found.total) {
        return Ok(Refusal::Page.to_response());
    }
    let services = &found.services;
    let meta = Meta::of(state, services.iter().flat_map(|service| &service.sources))?;
    let data = services.iter().map(|service| ServiceBody::new(state, service, Moments::InLists));
    let beside = paging.neighbours(asked, state.register.base().as_str(), found.total);
    Ok(answer::json(&PageBody::new(meta, found.total, beside, data.collect())))
}

/// One service, by identifier or slug.
async fn find_service(
    State(state): State<AppState>,
    parameters: Parameters,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let text = parameters.text("id").unwrap_or_default();
        let id = service::named(&state, service::KIND, &text)?;
        let found = id.map(|id| Service::of_id(&state, &id)).transpose()?.flatten();
        let Some(found) = found else { return Ok(answer::not_found(ABSENT)) };
        let meta = Meta::of(&state, &found.sources)?;
        let data = ServiceBody::new(&state, &found, Moments::InDetails);
        Ok(answer::json(&Body { meta, data }))
    })
}

/// One organisation, by identifier or slug.
async fn find_organisation(
    State(state): State<AppState>,
    parameters: Parameters,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let text = parameters.text("id").unwrap_or_default();
        let id = service::named(&state, service::ORGANISATION, &text)?;
        let found = id.map(|id| Organisation::of_id(&state, &id)).transpose()?.flatten();
        let Some(found) = found else { return Ok(answer::not_found(ABSENT)) };
        let meta = Meta::of(&state, &found.sources)?;
        Ok(answer::json(&Body { meta, data: OrganisationBody::new(&state, &found) }))
    })
}

/// The tree of categories.
async fn list_categories(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(CATEGORIES, Some(service::KIND))?;
        let data: Vec<CategoryBody> = trees.iter().map(CategoryBody::from).collect();
        Ok(answer::json(&Body { meta: Meta::of_terms(), data }))
    })
}

/// The areas that services may name.
async fn list_areas(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let gazetteer = state.register.gazetteer();
    let listed = areas::listed(&gazetteer, &areas_named(&state));
    let areas = listed.into_iter().map(ServiceArea::of);
    let data: Vec<AreaBody> = areas.map(|area| AreaBody::from(&area)).collect();
    answer::digested(&state, &conditions, &Body { meta: Meta::of_areas(), data })
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
