//! The runs of a source.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::{ID, NUMBER, run, source};
use crate::record::RecordId;
use crate::register::ledger::{Request, Run};
use crate::web::admission::{Class, Scope};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::runs;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::integer("cursor", 1, i64::MAX, "The run before which to begin, as `next` has it"),
    Parameter::integer("limit", 1, 100, "How many at most").default("20"),
];

/// What of a run is nobody's business but the harvester's.
const INNER: &[&str] = &["queued", "broken", "cursorBefore", "cursorAfter"];

pub(super) fn routes() -> [Route<AppState>; 2] {
    [
        Route::get(Scope::Public, "/api/v1/sources/{id}/runs", "listSourceRuns", list_runs)
            .summary("Gives the runs of a source, newest first")
            .description("`requested` are those that somebody has asked for and that have not begun. `waitsForSomebody` is a run whose changes are to be approved or dismissed; `counts.waiting` are items for which an editor is asked what they mean.")
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(ID)
            .parameters(PARAMETERS)
            .formats(&[Format::Json])
            .problems(&[ProblemKind::Gone])
            .answer(StatusCode::OK, None, "The runs, and where older ones are"),
        Route::get(Scope::Public, "/api/v1/sources/{id}/runs/{number}", "findSourceRun", find_run)
            .summary("Gives a run of a source: how it ended, and its numbers")
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(ID)
            .path_parameter(NUMBER)
            .formats(&[Format::Json])
            .problems(&[ProblemKind::Gone])
            .answer(StatusCode::OK, None, "The run"),
    ]
}

async fn list_runs(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let source = source(&state, &parameters)?;
    let before = parameters.integer("cursor").and_then(|before| u64::try_from(before).ok());
    let limit = parameters.count("limit").unwrap_or(20);
    let (found, older) = runs::newest_before(&state.register, &source, before, limit)?;
    let items: Vec<Value> = found.iter().map(|run| written(&state, run)).collect::<Result<_>>()?;
    let mut json = json!({ "items": items });
    let mut requested = runs::requested(&state.register, &source)?;
    requested.retain(|request| request.kind.begins_run());
    if !requested.is_empty() {
        let told = |request: &Request| json!({ "kind": request.kind, "at": request.at });
        json["requested"] = requested.iter().map(told).collect();
    }
    if let Some(older) = older {
        let address = format!("{}/runs", address(&state, &source));
        json["next"] = json!(format!("{address}?cursor={older}&limit={limit}"));
    }
    Ok(Json(json).into_response())
}

async fn find_run(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let run = run(&state, &parameters)?;
    Ok(Json(written(&state, &run)?).into_response())
}

/// The address of a source in this API.
pub(super) fn address(state: &AppState, source: &str) -> String {
    format!("{}/api/v1/sources/{source}", state.register.base().as_str())
}

fn written(state: &AppState, run: &Run) -> Result<Value> {
    let mut json = serde_json::to_value(run).map_err(|_| Problem::internal())?;
    if let Some(object) = json.as_object_mut() {
        object.retain(|key, _| !INNER.contains(&key.as_str()));
    }
    json["isRunning"] = json!(run.is_running(state.now()));
    json["waitsForSomebody"] = json!(run.waits_for_somebody());
    json["url"] = json!(format!("{}/runs/{}", address(state, &run.source), run.number));
    let record = RecordId::new("run", &Run::record(&run.source, run.number)).ok();
    let is_there = |id: &RecordId| state.register.summary(&id.to_string()).is_some();
    if let Some(id) = record.filter(is_there) {
        json["record"] = json!(state.register.base().thing(&id).as_str());
    }
    Ok(json)
}
