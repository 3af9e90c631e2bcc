//! The lists that services choose from, in the shapes of each version.

use std::future::{self, Ready};

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::gazetteer::{Area, Gazetteer};
use crate::register::{CategoryTree, Facet};
use crate::web::aliss::answer;
use crate::web::aliss::areas;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::service;
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The endpoint for the categories of `scheme`, whose trees `shape` puts into
/// the body.
pub(super) fn of_terms<B: Serialize + 'static>(
    scheme: &'static str,
    shape: fn(&AppState, &[CategoryTree]) -> B,
) -> impl Fn(State<AppState>, Asked, Conditions) -> Ready<Result<Response>> + Clone + Send + Sync + 'static
{
    move |State(state), asked, conditions| {
        future::ready(answer::cached(&state, &asked, &conditions, || {
            let trees = state.register.category_trees(scheme, Some(service::KIND))?;
            Ok(answer::json(&shape(&state, &trees)))
        }))
    }
}

/// The endpoint for the areas that services may name, which `shape` puts into
/// the body.
pub(super) fn of_areas<B: Serialize + 'static>(
    shape: fn(&Gazetteer, &[&Area]) -> B,
) -> impl Fn(State<AppState>, Conditions) -> Ready<Result<Response>> + Clone + Send + Sync + 'static
{
    move |State(state), conditions| {
        let counts = state.register.index().counts(Facet::Serves, &[]).counts;
        let named: Vec<String> = counts.into_iter().map(|(code, _)| code).collect();
        let gazetteer = state.register.gazetteer();
        let body = shape(&gazetteer, &areas::listed(&gazetteer, &named));
        future::ready(answer::digested(&state, &conditions, &body))
    }
}

/// All trees in one list, the wider before the narrower.
pub(super) fn flat(trees: &[CategoryTree]) -> Vec<&CategoryTree> {
    let mut all = Vec::new();
    for tree in trees {
        all.push(tree);
        all.extend(flat(&tree.narrower));
    }
    all
}
