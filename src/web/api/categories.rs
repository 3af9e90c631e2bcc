//! The schemes as trees, with how many records each category has.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::register::CategoryTree;
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::search_query;
use crate::web::state::AppState;

const SCHEME: Parameter = Parameter::text("scheme", "The slug of a scheme").example("topic");
const KIND: Parameter =
    Parameter::text("kind", "The kind of record to count; all kinds when not said")
        .example("asset");

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(
            Scope::Public,
            "/api/v1/categories/trees/{scheme}",
            "findCategoryTree",
            find_tree,
        )
        .summary("Gives the categories of a scheme as a tree, with counts")
        .tag("categories")
        .path_parameter(SCHEME)
        .parameters(&[KIND])
        .formats(&[Format::Json])
        .answer(
            StatusCode::OK,
            None,
            "The widest categories, and in each the narrower ones",
        ),
        Route::get(Scope::Public, "/api/v1/categories/trees", "listCategoryTrees", list_trees)
            .summary("Gives all schemes of categories")
            .tag("categories")
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "The schemes"),
    ]
}

/// Gives the tree of a scheme.
async fn find_tree(
    State(state): State<AppState>,
    parameters: Parameters,
    conditions: Conditions,
) -> Result<Response> {
    let scheme = parameters.text("scheme").unwrap_or_default();
    let kind = search_query::kinds(state.register.schema(), &parameters)?.pop();
    let revision = state.register.index().revision();
    let tag = EntityTag::new(revision, &[&scheme, kind.as_deref().unwrap_or_default()]);
    cache::respond(&conditions, &tag, Freshness::Seconds(300), || {
        let trees = state.register.category_trees(&scheme, kind.as_deref())?;
        if trees.is_empty() {
            return Err(Problem::not_found(format!("no scheme `{scheme}` has categories")));
        }
        let base = state.register.base().as_str();
        let items: Vec<Value> = trees.iter().map(|tree| written(base, tree)).collect();
        Ok(Json(json!({ "scheme": scheme, "items": items })).into_response())
    })
}

fn written(base: &str, tree: &CategoryTree) -> Value {
    let narrower: Vec<Value> = tree.narrower.iter().map(|tree| written(base, tree)).collect();
    json!({
        "id": format!("{base}/id/category/{}", tree.slug),
        "slug": tree.slug,
        "name": tree.names,
        "count": tree.count,
        "narrower": narrower,
    })
}

/// Gives the schemes.
async fn list_trees(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let tag = EntityTag::new(state.register.index().revision(), &["trees"]);
    cache::respond(&conditions, &tag, Freshness::Seconds(300), || {
        let base = state.register.base().as_str();
        let items: Vec<Value> = state
            .register
            .schemes()
            .iter()
            .map(|scheme| json!({ "slug": scheme, "url": format!("{base}/api/v1/categories/trees/{scheme}") }))
            .collect();
        Ok(Json(json!({ "items": items })).into_response())
    })
}
