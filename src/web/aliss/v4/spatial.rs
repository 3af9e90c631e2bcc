//! Outlines: of the areas of a service, and of all areas of a kind.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value as Json, json};

use crate::gazetteer::{Level, UNITED_KINGDOM};
use crate::web::aliss::answer::{self, Refusal};
use crate::web::aliss::areas;
use crate::web::aliss::asked::Asked;
use crate::web::aliss::service::Service;
use crate::web::aliss::spatial;
use crate::web::cache::Conditions;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The kinds of areas of which there are full sets: number and level.
const SETS: [(&str, Level); 4] = [
    ("0", Level::Country),
    ("2", Level::Council),
    ("3", Level::HealthBoard),
    ("4", Level::IntegrationAuthority),
];

/// The outlines of the areas that a service says it serves; the United Kingdom
/// is told by its nations, as far as the gazetteer has them.
pub(super) async fn of_service(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    let refuse = |message: String| Ok(Refusal::one("service_id", message).to_response(&state));
    let Some(text) = asked.text("service_id") else {
        return refuse("This field is required.".to_owned());
    };
    match Service::named(&state, text)? {
        Some(service) => answer::digested(&state, &conditions, &outlines(&state, &service)),
        None if text.parse::<uuid::Uuid>().is_ok() => Ok(answer::not_found("Not found.")),
        None => refuse(format!("{text} is neither a UUID nor the id of a service.")),
    }
}

/// The outlines of the areas of `service`.
pub(in crate::web::aliss) fn outlines(state: &AppState, service: &Service) -> Vec<Json> {
    let gazetteer = state.register.gazetteer();
    let codes = service.area_codes.iter().flat_map(|code| match code.as_str() {
        UNITED_KINGDOM => areas::NATIONS.to_vec(),
        code => vec![code],
    });
    codes.filter_map(|code| gazetteer.area(code)).filter_map(spatial::feature).collect()
}

/// The outlines of all areas of a kind.
pub(super) async fn full_set(
    State(state): State<AppState>,
    asked: Asked,
    conditions: Conditions,
) -> Result<Response> {
    let text = asked.text("type").unwrap_or_default();
    let Some((_, level)) = SETS.iter().find(|(number, _)| *number == text) else {
        let message = "The type is 0, 2, 3 or 4.";
        return Ok(Refusal::one("type", message.to_owned()).to_response(&state));
    };
    let gazetteer = state.register.gazetteer();
    let (_, _, name_key, _) = areas::kind(*level);
    let all = gazetteer.areas().filter(|area| area.level == *level);
    let data: Vec<Json> = all.filter_map(spatial::feature).collect();
    answer::digested(&state, &conditions, &json!({ "name_key": name_key, "data": data }))
}
