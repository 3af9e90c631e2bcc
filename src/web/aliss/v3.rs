//! Version 3: the search, categories and areas, as they were before 2018.

use serde::Serialize;

use crate::register::CategoryTree;
use crate::web::admission::Class;
use crate::web::aliss::Rows;
use crate::web::aliss::answer::Refusal;
use crate::web::aliss::areas::ServiceArea;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::lists;
use crate::web::aliss::paging::{Beyond, Paging};
use crate::web::aliss::search::Question;
use crate::web::aliss::service::{Provider, Service};
use crate::web::aliss::terms::{self, CATEGORIES};
use crate::web::aliss::v4::{ReachBody, V4};
use crate::web::aliss::version::{self, Listed, Search};
use crate::web::aliss::wire::{AreaBody, LocationBody, OrEmpty, TermBody};
use crate::web::state::AppState;

/// Where v3 is served.
const ROOTS: [&str; 2] = ["/aliss/api/v3", "/aliss/v3"];

/// See the module.
struct V3;

pub(super) fn rows() -> Rows {
    let mut rows = Rows::at(&ROOTS);
    rows.add("/search", Class::Memory, version::list_services::<V3>);
    rows.add(
        "/categories",
        Class::Memory,
        lists::of_terms(CATEGORIES, |_, trees| categories(trees)),
    );
    rows.add(
        "/service-areas",
        Class::Memory,
        lists::of_areas(|_, listed| {
            let areas = listed.iter().map(|area| AreaBody::numbered(&ServiceArea::of(area)));
            areas.collect::<Vec<_>>()
        }),
    );
    rows
}

/// A page of services.
#[derive(Debug, Serialize)]
struct PageBody<'a> {
    count: u64,
    next: Option<&'a str>,
    previous: Option<&'a str>,
    results: Vec<ServiceBody<'a>>,
}

/// A service.
#[derive(Debug, Serialize)]
struct ServiceBody<'a> {
    id: &'a str,
    organisation: ProviderBody<'a>,
    name: &'a str,
    #[serde(flatten)]
    reach: ReachBody<'a>,
    categories: Vec<TermBody>,
    locations: Vec<LocationBody<'a, OrEmpty<'a>>>,
    service_areas: Vec<AreaBody>,
}

/// The organisation behind a service.
#[derive(Debug, Serialize)]
struct ProviderBody<'a> {
    id: &'a str,
    name: &'a str,
}

/// A category with the number of the wider one.
#[derive(Debug, Serialize)]
struct CategoryBody {
    id: u32,
    name: String,
    slug: String,
    parent: Option<u32>,
}

impl Search for V3 {
    const BEYOND: Beyond = V4::BEYOND;

    fn question(state: &AppState, asked: &Asked, paging: Paging) -> Result<Question, Refusal> {
        V4::question(state, asked, paging)
    }

    fn page(state: &AppState, listed: &Listed<Service>) -> impl Serialize {
        PageBody {
            count: listed.count,
            next: listed.beside.next.as_deref(),
            previous: listed.beside.previous.as_deref(),
            results: listed.items.iter().map(|item| ServiceBody::new(state, item)).collect(),
        }
    }
}

impl<'a> ServiceBody<'a> {
    fn new(state: &AppState, service: &'a Service) -> Self {
        let provider = |text: fn(&Provider) -> &String| {
            service.organisation.as_ref().map_or("", |provider| text(provider))
        };
        Self {
            id: &service.id,
            organisation: ProviderBody {
                id: provider(|provider| &provider.id),
                name: provider(|provider| &provider.name),
            },
            name: &service.name,
            reach: ReachBody::new(&service.contact),
            categories: TermBody::chosen(state, service),
            locations: LocationBody::all(&service.locations),
            service_areas: service.areas.iter().map(AreaBody::numbered).collect(),
        }
    }
}

/// All categories in one list, the wider before the narrower.
fn categories(trees: &[CategoryTree]) -> Vec<CategoryBody> {
    let mut rows = Vec::new();
    for tree in trees {
        add_with_narrower(tree, None, &mut rows);
    }
    rows
}

fn add_with_narrower(tree: &CategoryTree, parent: Option<u32>, rows: &mut Vec<CategoryBody>) {
    let id = terms::number(CATEGORIES, &tree.slug);
    let slug = terms::slug(&tree.slug, &tree.notations);
    rows.push(CategoryBody { id, name: tree.name().to_owned(), slug, parent });
    for narrower in &tree.narrower {
        add_with_narrower(narrower, Some(id), rows);
    }
}
