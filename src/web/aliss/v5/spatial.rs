//! Outlines of areas: of a service, or by number. An empty text when there are
//! none.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::web::aliss::answer;
use crate::web::aliss::areas;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::service::Service;
use crate::web::aliss::spatial;
use crate::web::aliss::v4;
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The outlines of the areas that a service says it serves.
pub(super) async fn of_service(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    let service = Service::named(&state, asked.text("service_id").unwrap_or_default())?;
    let features = service.map(|service| v4::outlines(&state, &service)).unwrap_or_default();
    respond(&state, &conditions, features)
}

/// The outlines of areas by their numbers, with commas between; codes and
/// slugs are understood too.
pub(in crate::web::aliss) async fn selected_outlines(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    let gazetteer = state.register.gazetteer();
    let codes = areas::meant(&gazetteer, &asked.list("service_areas"));
    let found = codes.iter().filter_map(|code| gazetteer.area(code));
    let features = found.filter_map(spatial::feature).collect();
    respond(&state, &conditions, features)
}

fn respond(state: &AppState, conditions: &Conditions, features: Vec<Json>) -> Result<Response> {
    let body = if features.is_empty() { json!("") } else { Json::Array(features) };
    answer::digested(state, conditions, &body)
}
