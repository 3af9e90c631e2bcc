//! The lists of v5 that services choose from: categories, community groups,
//! accessibility features, areas.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::gazetteer::{Area, Gazetteer};
use crate::register::CategoryTree;
use crate::web::aliss::answer;
use crate::web::aliss::areas::{self, ServiceArea, Slugs};
use crate::web::aliss::asked::Asked;
use crate::web::aliss::entry::Entry;
use crate::web::aliss::lists::flat;
use crate::web::aliss::service;
use crate::web::aliss::spatial;
use crate::web::aliss::terms::{self, ACCESSIBILITY, CATEGORIES, COMMUNITY_GROUPS};
use crate::web::aliss::v5::wire_terms::GROUP_WITH_AGES;
use crate::web::aliss::wire::{AreaBody, Body};
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
struct AreaWithOutline {
    id: u32,
    #[serde(flatten)]
    area: AreaBody,
    slug: String,
    geojson: Option<String>,
}

/// The tree of categories.
pub(super) fn categories(state: &AppState, trees: &[CategoryTree]) -> impl Serialize + use<> {
    Body::of_terms(state, trees.iter().map(|tree| CategoryBody::new(tree, 1)).collect::<Vec<_>>())
}

/// All categories in one list, the wider before the narrower.
pub(in crate::web::aliss) fn flat_categories(
    state: &AppState,
    trees: &[CategoryTree],
) -> impl Serialize + use<> {
    Body::of_terms(state, flat(trees).into_iter().map(CategoryBody::alone).collect::<Vec<_>>())
}

/// The tree of community groups.
pub(in crate::web::aliss) fn groups(
    state: &AppState,
    trees: &[CategoryTree],
) -> impl Serialize + use<> {
    Body::of_terms(state, GroupBody::all(trees))
}

/// All community groups in one list, the wider before the narrower.
pub(super) fn flat_groups(state: &AppState, trees: &[CategoryTree]) -> impl Serialize + use<> {
    let groups = (1..).zip(flat(trees));
    Body::of_terms(
        state,
        groups.map(|(order, tree)| GroupBody::alone(order, tree)).collect::<Vec<_>>(),
    )
}

/// The accessibility features.
pub(super) async fn list_features(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    answer::cached(&state, &asked, &conditions, || {
        let trees = state.register.category_trees(ACCESSIBILITY, Some(service::KIND))?;
        let trees = flat(&trees);
        let keys: Vec<String> =
            trees.iter().map(|tree| format!("category/{}", tree.slug)).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let details = state.register.details(&keys)?;
        let features = (1..).zip(trees.into_iter().zip(details));
        let data = features.map(|(order, (tree, details))| {
            let details = details.as_deref().map(Entry::details);
            let applies_to = details.map_or_else(Vec::new, |details| details.texts("appliesTo"));
            FeatureBody::new(order, tree, &applies_to)
        });
        Ok(answer::json(&Body::of_terms(&state, data.collect::<Vec<_>>())))
    })
}

/// The areas that services may name, with their outlines.
pub(super) fn areas(gazetteer: &Gazetteer, listed: &[&Area]) -> impl Serialize + use<> {
    let slugs = Slugs::new(gazetteer);
    let body = |area: &&Area| AreaWithOutline {
        id: areas::number(area),
        area: AreaBody::labelled(&ServiceArea::of(area)),
        slug: slugs.of(area),
        geojson: spatial::feature(area).map(|feature| feature.to_string()),
    };
    Body::of_areas(listed.iter().map(body).collect::<Vec<_>>())
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
    /// The feature `tree`, which applies to these sorts of access.
    fn new(order: usize, tree: &CategoryTree, applies_to: &[String]) -> Self {
        let applies = |wanted: &str| applies_to.iter().any(|sort| sort == wanted);
        Self {
            id: terms::number(ACCESSIBILITY, &tree.slug),
            name: tree.name().to_owned(),
            promptquestions: None,
            icon: None,
            slug: terms::slug(&tree.slug, &tree.notations),
            displayorder: order,
            is_virtual: applies("virtual"),
            is_physical: applies("physical"),
            count: tree.count,
        }
    }
}
