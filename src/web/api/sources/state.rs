//! The state of a source between its runs.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::{ID, source};
use crate::register::ledger::SourceState;
use crate::web::admission::{Class, Scope};
use crate::web::negotiate::Format;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::runs;
use crate::web::state::AppState;

pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Read, "/api/v1/sources/{id}/state", "findSourceState", find_state)
        .summary("Tells how a source is doing: when it is harvested next, what is wrong")
        .tag("harvest")
        .class(Class::Store)
        .path_parameter(ID)
        .formats(&[Format::Json])
        .problems(&[ProblemKind::Gone])
        .answer(StatusCode::OK, None, "The state of the source")
}

async fn find_state(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let source = source(&state, &parameters)?;
    let kept: SourceState = state.register.ledger().get(&source)?.unwrap_or_default();
    let newest = runs::newest(&state.register, &source)?;
    let mut json = serde_json::to_value(&kept).map_err(|_| Problem::internal())?;
    json["isRunning"] = json!(newest.as_ref().is_some_and(|run| run.is_running(state.now())));
    json["waitsForSomebody"] = json!(newest.is_some_and(|run| run.waits_for_somebody()));
    json["requests"] = json!(runs::requested(&state.register, &source)?);
    Ok(Json(json).into_response())
}
