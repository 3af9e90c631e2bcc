//! The lists of v5 that services choose from: categories, community groups,
//! accessibility features, areas.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::record::{RecordId, texts};
use crate::register::CategoryTree;
use crate::web::aliss::answer;
use crate::web::aliss::areas::{self, ServiceArea, Slugs};
use crate::web::aliss::areas_named;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::meta::Meta;
use crate::web::aliss::service;
use crate::web::aliss::spatial;
use crate::web::aliss::terms::{self, ACCESSIBILITY, CATEGORIES, COMMUNITY_GROUPS};
use crate::web::aliss::v5::wire::Body;
use crate::web::aliss::v5::wire_terms::GROUP_WITH_AGES;
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The level of the narrowest categories; those have no list of narrower ones.
const NARROWEST: usize = 3;

/// A category. `id` and the number of the aggregations are the same.
#[derive(Debug, Serialize)]
struct CategoryBody {
    id: u32,
    name: String,
    slug: String,
    icon: Option<String>,
    count: u64,
    sub_categories: Option<Vec<CategoryBody>>,
}

/// A community group; `displayorder` counts from 1 among its siblings.
#[derive(Debug, Serialize)]
struct GroupBody {
    id: u32,
    name: String,
    slug: String,
    displayorder: usize,
    isrange: bool,
    count: u64,
    sub_communitygroups: Vec<GroupBody>,
}

/// An accessibility feature.
#[derive(Debug, Serialize)]
struct FeatureBody {
    id: u32,
    name: String,
    promptquestions: Option<String>,
    icon: Option<String>,
    slug: String,
    displayorder: usize,
    is_virtual: bool,
    is_physical: bool,
    count: u64,
}

/// An area with its outline: a GeoJSON feature in a text.
#[derive(Debug, Serialize)]
struct AreaBody {
    id: u32,
    code: String,
    r#type: &'static str,
    name: String,
    slug: String,
    geojson: Option<String>,
}

/// The tree of categories.
pub(super) async fn list_categories(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(CATEGORIES, Some(service::KIND))?;
        let data: Vec<_> = trees.iter().map(|tree| CategoryBody::new(tree, 1)).collect();
        Ok(answer::json(&Body { meta: Meta::of_terms(), data }))
    })
}

/// All categories in one list, the wider before the narrower.
pub(in crate::web::aliss) async fn list_categories_flat(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(CATEGORIES, Some(service::KIND))?;
        let data: Vec<_> = flat(&trees).into_iter().map(CategoryBody::alone).collect();
        Ok(answer::json(&Body { meta: Meta::of_terms(), data }))
    })
}

/// The tree of community groups.
pub(in crate::web::aliss) async fn list_groups(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(COMMUNITY_GROUPS, Some(service::KIND))?;
        let data = GroupBody::all(&trees);
        Ok(answer::json(&Body { meta: Meta::of_terms(), data }))
    })
}

/// All community groups in one list, the wider before the narrower.
pub(super) async fn list_groups_flat(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(COMMUNITY_GROUPS, Some(service::KIND))?;
        let groups = (1..).zip(flat(&trees));
        let data: Vec<_> = groups.map(|(order, tree)| GroupBody::alone(order, tree)).collect();
        Ok(answer::json(&Body { meta: Meta::of_terms(), data }))
    })
}

/// The accessibility features.
pub(super) async fn list_features(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(ACCESSIBILITY, Some(service::KIND))?;
        let mut data = Vec::new();
        for (order, tree) in (1..).zip(flat(&trees)) {
            data.push(FeatureBody::new(&state, order, tree)?);
        }
        Ok(answer::json(&Body { meta: Meta::of_terms(), data }))
    })
}

/// The areas that services may name, with their outlines.
pub(super) async fn list_areas(
    State(state): State<AppState>,
    conditions: Conditions,
) -> Result<Response> {
    let gazetteer = state.register.gazetteer();
    let slugs = Slugs::new(&gazetteer);
    let data: Vec<AreaBody> = areas::listed(&gazetteer, &areas_named(&state))
        .into_iter()
        .map(|area| {
            let ServiceArea { code, label, name, .. } = ServiceArea::of(area);
            AreaBody {
                id: areas::number(area),
                code,
                r#type: label,
                name,
                slug: slugs.of(area),
                geojson: spatial::feature(area).map(|feature| feature.to_string()),
            }
        })
        .collect();
    answer::digested(&state, &conditions, &Body { meta: Meta::of_areas(), data })
}

/// All trees in one list, the wider before the narrower.
fn flat(trees: &[CategoryTree]) -> Vec<&CategoryTree> {
    let mut all = Vec::new();
    for tree in trees {
        all.push(tree);
        all.extend(flat(&tree.narrower));
    }
    all
}

impl CategoryBody {
    fn new(tree: &CategoryTree, level: usize) -> Self {
        let narrower = tree.narrower.iter().map(|tree| Self::new(tree, level + 1));
        let is_narrowest = level >= NARROWEST && tree.narrower.is_empty();
        Self { sub_categories: (!is_narrowest).then(|| narrower.collect()), ..Self::alone(tree) }
    }

    fn alone(tree: &CategoryTree) -> Self {
        Self {
            id: terms::number(CATEGORIES, &tree.slug),
            name: tree.name().to_owned(),
            slug: terms::slug(&tree.slug, &tree.notations),
            icon: None,
            count: tree.count,
            sub_categories: Some(Vec::new()),
        }
    }
}

impl GroupBody {
    fn all(trees: &[CategoryTree]) -> Vec<Self> {
        let trees = (1..).zip(trees);
        trees
            .map(|(order, tree)| Self {
                sub_communitygroups: Self::all(&tree.narrower),
                ..Self::alone(order, tree)
            })
            .collect()
    }

    fn alone(order: usize, tree: &CategoryTree) -> Self {
        Self {
            id: terms::number(COMMUNITY_GROUPS, &tree.slug),
            name: tree.name().to_owned(),
            slug: terms::slug(&tree.slug, &tree.notations),
            displayorder: order,
            isrange: tree.slug == GROUP_WITH_AGES,
            count: tree.count,
            sub_communitygroups: Vec::new(),
        }
    }
}

impl FeatureBody {
    fn new(state: &AppState, order: usize, tree: &CategoryTree) -> Result<Self> {
        let id = RecordId::new("category", &tree.slug).ok();
        let version = id.map(|id| service::version(state, &id)).transpose()?.flatten();
        let applies = |to: &str| {
            let record = version.as_ref().map(|version| &version.merged.record);
            record.is_some_and(|record| texts(record.values("appliesTo")).any(|text| text == to))
        };
        Ok(Self {
            id: terms::number(ACCESSIBILITY, &tree.slug),
            name: tree.name().to_owned(),
            promptquestions: None,
            icon: None,
            slug: terms::slug(&tree.slug, &tree.notations),
            displayorder: order,
            is_virtual: applies("virtual"),
            is_physical: applies("physical"),
            count: tree.count,
        })
    }
}
