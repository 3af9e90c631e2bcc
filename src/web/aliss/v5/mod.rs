//! Version 5, in the shapes of the .NET generation (from 2021 on).

mod lists;
mod query;
mod spatial;
mod text;
mod wire;
mod wire_terms;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::register::{Facet, FacetCounts, Page, Start, Where};
use crate::web::admission::Class;
use crate::web::aliss::Rows;
use crate::web::aliss::answer::{self, Refusal};
use crate::web::aliss::asked::Asked;
use crate::web::aliss::lists::{of_areas, of_terms};
use crate::web::aliss::organisation::{self, Organisation};
use crate::web::aliss::paging::{Beyond, Paging};
use crate::web::aliss::search::{self, Question};
use crate::web::aliss::service::Service;
use crate::web::aliss::terms::{self, ACCESSIBILITY, CATEGORIES, COMMUNITY_GROUPS};
use crate::web::aliss::version::{self, Listed, Search, Version};
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

use wire::{OrganisationBody, PageBody, ServiceBody};

pub(super) use lists::{flat_categories, groups};
pub(super) use spatial::selected_outlines;
pub(super) use wire::page_of_no_postcode;

/// Where v5 is served.
const ROOTS: [&str; 2] = ["/aliss/api/v5", "/aliss/v5"];

/// How many organisations, or services of an import, a page has when that is
/// not said.
const LONG_PAGE: u64 = 20;

/// What is counted: its name, the facet, the scheme of its values.
const AGGREGATIONS: [(&str, Facet, &str); 3] = [
    ("cat_agg", Facet::Topic, CATEGORIES),
    ("who_agg", Facet::Audience, COMMUNITY_GROUPS),
    ("acc_agg", Facet::Accessibility, ACCESSIBILITY),
];

/// See the module.
struct V5;

pub(super) fn rows() -> Rows {
    let mut rows = Rows::at(&ROOTS);
    rows.add("/services", Class::Memory, version::list_services::<V5>);
    rows.add("/services/{id}", Class::Store, version::find_service::<V5>);
    rows.add("/searchAggregations", Class::Memory, aggregate);
    rows.add("/organisations", Class::Memory, list_organisations);
    rows.add("/organisations/{id}", Class::Store, version::find_organisation::<V5>);
    rows.add("/import", Class::Memory, version::import::<V5>);
    rows.add("/categories", Class::Memory, of_terms(CATEGORIES, lists::categories));
    rows.add("/categories-flat", Class::Memory, of_terms(CATEGORIES, flat_categories));
    rows.add("/community-groups", Class::Memory, of_terms(COMMUNITY_GROUPS, groups));
    rows.add(
        "/community-groups-flat",
        Class::Memory,
        of_terms(COMMUNITY_GROUPS, lists::flat_groups),
    );
    rows.add("/accessibility-features", Class::Memory, lists::list_features);
    rows.add("/service-areas", Class::Memory, of_areas(lists::areas));
    rows.add("/service-area-spatial", Class::Store, spatial::of_service);
    rows.add("/selected-service-area-spatial", Class::Memory, selected_outlines);
    rows
}

impl Search for V5 {
    const BEYOND: Beyond = Beyond::Empty;

    fn question(state: &AppState, asked: &Asked, paging: Paging) -> Result<Question, Refusal> {
        query::question(state, asked, paging)
    }

    fn page(state: &AppState, listed: &Listed<Service>) -> impl Serialize {
        PageBody::new(listed, |service| ServiceBody::new(state, service))
    }
}

impl Version for V5 {
    const IMPORT_SIZE: u64 = LONG_PAGE;

    fn service(state: &AppState, service: &Service) -> impl Serialize {
        ServiceBody::new(state, service)
    }

    fn organisation(state: &AppState, organisation: &Organisation) -> impl Serialize {
        OrganisationBody::new(state, organisation)
    }

    fn absent() -> Response {
        answer::nothing()
    }
}

/// How many of the services of a search have each category, group and feature.
async fn aggregate(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let question = Paging::read(&asked, LONG_PAGE, Beyond::Empty)
            .and_then(|paging| V5::question(&state, &asked, paging));
        let mut counts = Vec::new();
        if let Ok((mut query, place)) = question {
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
        let paging = match Paging::read(&asked, LONG_PAGE, Beyond::Empty) {
            Ok(paging) => paging,
            Err(refusal) => return Ok(refusal.to_response(&state)),
        };
        let mut query = search::all(&state, paging);
        query.kinds = vec![organisation::KIND.to_owned()];
        asked.text("searchTerm").unwrap_or_default().clone_into(&mut query.text);
        let found = state.register.search(query, &Where::default())?.results;
        let organisations = Organisation::of_hits(&state, &found.hits)?;
        let asked = (&asked, paging);
        let credits = Organisation::all_credits;
        let listed = Listed::new(&state, asked, found.total, organisations, credits);
        Ok(match listed {
            Ok(listed) => {
                let body = |organisation| OrganisationBody::new(&state, organisation);
                answer::json(&PageBody::new(&listed, body))
            }
            Err(refusal) => refusal.to_response(&state),
        })
    })
}
