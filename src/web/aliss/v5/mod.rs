//! Version 5, in the shapes of the .NET generation (from 2021 on).

mod lists;
mod query;
mod spatial;
mod text;
mod wire;
mod wire_terms;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::register::{Facet, FacetCounts, Page, Sort, Start, Where};
use crate::web::admission::Class;
use crate::web::aliss::Rows;
use crate::web::aliss::answer;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::organisation::Organisation;
use crate::web::aliss::paging::Paging;
use crate::web::aliss::search::{self, Services};
use crate::web::aliss::service::{self, Service};
use crate::web::aliss::terms::{self, ACCESSIBILITY, CATEGORIES, COMMUNITY_GROUPS};
use crate::web::cache::Conditions;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::state::AppState;

use wire::{Body, OrganisationBody, PageBody, ServiceBody};

pub(super) use lists::{list_categories_flat, list_groups};
pub(super) use spatial::selected_outlines;

/// Where v5 is served.
const ROOTS: [&str; 2] = ["/aliss/api/v5", "/aliss/v5"];

/// How many services a page has when that is not said; and how many
/// organisations, or services of an import.
const PAGE_SIZE: u64 = 10;
const LONG_PAGE_SIZE: u64 = 20;

/// The error of an answer that has no other.
const INVALID_POSTCODE: &str = "Invalid Postcode";

/// What is counted: its name, the facet, the scheme of its values.
const AGGREGATIONS: [(&str, Facet, &str); 3] = [
    ("cat_agg", Facet::Topic, CATEGORIES),
    ("who_agg", Facet::Audience, COMMUNITY_GROUPS),
    ("acc_agg", Facet::Accessibility, ACCESSIBILITY),
];

pub(super) fn rows() -> Rows {
    let mut rows = Rows::at(&ROOTS);
    rows.add("/services", Class::Store, list_services);
    rows.add("/services/{id}", Class::Store, find_service);
    rows.add("/searchAggregations", Class::Memory, aggregate);
    rows.add("/organisations", Class::Store, list_organisations);
    rows.add("/organisations/{id}", Class::Store, find_organisation);
    rows.add("/import", Class::Store, import);
    rows.add("/categories", Class::Memory, lists::list_categories);
    rows.add("/categories-flat", Class::Memory, list_categories_flat);
    rows.add("/community-groups", Class::Memory, list_groups);
    rows.add("/community-groups-flat", Class::Memory, lists::list_groups_flat);
    rows.add("/accessibility-features", Class::Memory, lists::list_features);
    rows.add("/service-areas", Class::Memory, lists::list_areas);
    rows.add("/service-area-spatial", Class::Store, spatial::of_service);
    rows.add("/selected-service-area-spatial", Class::Memory, selected_outlines);
    rows
}

/// Services, near a postcode or anywhere.
async fn list_services(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let paging = Paging::lenient(&asked, PAGE_SIZE);
        match query::query_of(&state, &asked, paging) {
            Ok((query, place)) => {
                page(&state, &asked, paging, &search::find(&state, query, &place)?)
            }
            Err(query::InvalidPostcode) => Ok(answer::json(&PageBody::<Json> {
                meta: Meta::of(&state, [])?,
                data: Vec::new(),
                error: Some(INVALID_POSTCODE),
                count: 0,
                next: None,
                previous: None,
            })),
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
        let paging = Paging::lenient(&asked, LONG_PAGE_SIZE);
        let mut query = search::all(&state, paging);
        query.sort = Some(Sort::Key);
        query.today = None;
        page(&state, &asked, paging, &search::find(&state, query, &Where::default())?)
    })
}

fn page(state: &AppState, asked: &Asked, paging: Paging, found: &Services) -> Result<Response> {
    let services = &found.services;
    let beside = paging.neighbours(asked, state.register.base().as_str(), found.total);
    Ok(answer::json(&PageBody {
        meta: Meta::of(state, services.iter().flat_map(|service| &service.sources))?,
        data: services.iter().map(|service| ServiceBody::new(state, service)).collect(),
        error: None,
        count: found.total,
        next: beside.next,
        previous: beside.previous,
    }))
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
        let Some(found) = found else { return Ok(answer::nothing()) };
        let meta = Meta::of(&state, &found.sources)?;
        Ok(answer::json(&Body { meta, data: ServiceBody::new(&state, &found) }))
    })
}

/// How many of the services of a search have each category, group and feature.
async fn aggregate(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let mut counts = Vec::new();
        if let Ok((mut query, place)) =
            query::query_of(&state, &asked, Paging::lenient(&asked, PAGE_SIZE))
        {
            query.facets = AGGREGATIONS.map(|(_, facet, _)| facet).to_vec();
            query.page = Page { limit: 0, start: Start::Offset(0) };
            counts = state.register.search(query, &place)?.results.facets;
        }
        let mut aggregations = serde_json::Map::new();
        for (name, facet, scheme) in AGGREGATIONS {
            let counts = counts.iter().find(|counts| counts.facet == facet);
            aggregations.insert(name.to_owned(), buckets(scheme, counts));
        }
        Ok(answer::json(&json!({ "aggregations": aggregations })))
    })
}

fn buckets(scheme: &str, counts: Option<&FacetCounts>) -> Json {
    let counts = counts.map_or(&[][..], |counts| &counts.counts);
    let buckets: Vec<Json> = counts
        .iter()
        .map(|(slug, count)| json!({ "key": terms::number(scheme, slug), "doc_count": count }))
        .collect();
    json!({ "buckets": buckets })
}

/// Organisations by name, or those that have all words.
pub(super) async fn list_organisations(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let paging = Paging::lenient(&asked, LONG_PAGE_SIZE);
        let mut query = search::all(&state, paging);
        query.kinds = vec![service::ORGANISATION.to_owned()];
        asked.text("searchTerm").unwrap_or_default().clone_into(&mut query.text);
        let found = state.register.search(query, &Where::default())?.results;
        let mut organisations = Vec::new();
        for hit in &found.hits {
            if let Ok(id) = hit.key().parse() {
                organisations.extend(Organisation::of_id(&state, &id)?);
            }
        }
        let beside = paging.neighbours(&asked, state.register.base().as_str(), found.total);
        let all = organisations.iter();
        Ok(answer::json(&PageBody {
            meta: Meta::of(&state, all.clone().flat_map(|organisation| &organisation.sources))?,
            data: all.map(|organisation| OrganisationBody::new(&state, organisation)).collect(),
            error: None,
            count: found.total,
            next: beside.next,
            previous: beside.previous,
        }))
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
        let Some(found) = found else { return Ok(answer::nothing()) };
        let meta = Meta::of(&state, &found.sources)?;
        Ok(answer::json(&Body { meta, data: OrganisationBody::new(&state, &found) }))
    })
}
