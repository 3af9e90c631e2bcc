//! Version 3: the search, categories and areas, as they were before 2018.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::register::CategoryTree;
use crate::web::admission::Class;
use crate::web::aliss::answer::{self, Refusal};
use crate::web::aliss::areas::{self, ServiceArea};
use crate::web::aliss::asked::Asked;
use crate::web::aliss::paging::Paging;
use crate::web::aliss::search;
use crate::web::aliss::service::{self, Service};
use crate::web::aliss::terms::{self, CATEGORIES};
use crate::web::aliss::v4::{self, LocationBody, TermBody, said};
use crate::web::aliss::{Rows, areas_named};
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// Where v3 is served.
const ROOTS: [&str; 2] = ["/aliss/api/v3", "/aliss/v3"];

pub(super) fn rows() -> Rows {
    let mut rows = Rows::at(&ROOTS);
    rows.add("/search", Class::Store, search_services);
    rows.add("/categories", Class::Memory, list_categories);
    rows.add("/service-areas", Class::Memory, list_areas);
    rows
}

/// A page of services.
#[derive(Debug, Serialize)]
struct PageBody {
    count: u64,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<ServiceBody>,
}

/// A service.
#[derive(Debug, Serialize)]
struct ServiceBody {
    id: String,
    organisation: ProviderBody,
    name: String,
    description: String,
    url: String,
    phone: String,
    email: String,
    categories: Vec<TermBody>,
    locations: Vec<LocationBody>,
    service_areas: Vec<AreaBody>,
}

/// The organisation behind a service.
#[derive(Debug, Serialize)]
struct ProviderBody {
    id: String,
    name: String,
}

/// An area with the number of its kind.
#[derive(Debug, Serialize)]
struct AreaBody {
    code: String,
    r#type: &'static str,
    name: String,
}

/// A category with the number of the wider one.
#[derive(Debug, Serialize)]
struct CategoryBody {
    id: u32,
    name: String,
    slug: String,
    parent: Option<u32>,
}

/// Services near a postcode.
async fn search_services(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let Some(paging) = Paging::strict(&asked, v4::PAGE_SIZE) else {
            return Ok(Refusal::Page.to_response());
        };
        let (query, place) = match v4::query_of(&state, &asked, paging) {
            Ok(search) => search,
            Err(refusal) => return Ok(refusal.to_response()),
        };
        let found = search::find(&state, query, &place)?;
        if paging.is_past(found.total) {
            return Ok(Refusal::Page.to_response());
        }
        let beside = paging.neighbours(&asked, state.register.base().as_str(), found.total);
        let services = found.services.iter();
        Ok(answer::json(&PageBody {
            count: found.total,
            next: beside.next,
            previous: beside.previous,
            results: services.map(|service| ServiceBody::new(&state, service)).collect(),
        }))
    })
}

/// All categories in one list, the wider before the narrower.
async fn list_categories(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(CATEGORIES, Some(service::KIND))?;
        let mut rows = Vec::new();
        for tree in &trees {
            flatten(tree, None, &mut rows);
        }
        Ok(answer::json(&rows))
    })
}

fn flatten(tree: &CategoryTree, parent: Option<u32>, rows: &mut Vec<CategoryBody>) {
    let id = terms::number(CATEGORIES, &tree.slug);
    let slug = terms::slug(&tree.slug, &tree.notations);
    rows.push(CategoryBody { id, name: tree.name().to_owned(), slug, parent });
    for narrower in &tree.narrower {
        flatten(narrower, Some(id), rows);
    }
}

/// The areas that services may name.
async fn list_areas(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let gazetteer = state.register.gazetteer();
    let listed = areas::listed(&gazetteer, &areas_named(&state));
    let rows: Vec<Json> = listed
        .into_iter()
        .map(ServiceArea::of)
        .map(|area| json!({ "code": area.code, "type": area.number, "name": area.name }))
        .collect();
    answer::digested(&state, &conditions, &rows)
}

impl ServiceBody {
    fn new(state: &AppState, service: &Service) -> Self {
        let provider = service.organisation.clone().unwrap_or_default();
        let areas = service.areas.iter();
        Self {
            id: service.id.clone(),
            organisation: ProviderBody { id: provider.id, name: provider.name },
            name: service.name.clone(),
            description: said(service.contact.description.as_ref()),
            url: said(service.contact.url.as_ref()),
            phone: said(service.contact.phone.as_ref()),
            email: said(service.contact.email.as_ref()),
            categories: v4::terms_of(state, service),
            locations: service.locations.iter().map(LocationBody::from).collect(),
            service_areas: areas
                .map(|area| AreaBody {
                    code: area.code.clone(),
                    r#type: area.number,
                    name: area.name.clone(),
                })
                .collect(),
        }
    }
}
