//! Whether the register lives and is ready.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::register::Register;
use crate::web::admission::Scope;
use crate::web::health::{self, Check};
use crate::web::metrics;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The routes for operators.
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/healthz", "findHealth", async || health::liveness())
            .summary("Says that the process is alive")
            .tag("operations")
            .answer(StatusCode::OK, None, "It is"),
        Route::get(Scope::Public, "/readyz", "findReadiness", find_readiness)
            .summary("Says whether requests can be answered, check by check")
            .tag("operations")
            .answer(StatusCode::OK, None, "They can"),
        Route::get(Scope::Read, "/metrics", "findMetrics", metrics::find_metrics)
            .summary("Gives counts of requests and sizes, in the text format of Prometheus")
            .tag("operations")
            .answer(StatusCode::OK, None, "The measures"),
    ]
}

async fn find_readiness(State(state): State<AppState>) -> Response {
    health::readiness(&state.stop, checks(&state.register, state.sparql.is_some()))
}

fn checks(register: &Register, has_sparql: bool) -> Vec<Check> {
    let behind = |name, at: Option<u64>, newest: u64| match at {
        Some(at) if at >= newest => Check::ready(name),
        Some(at) => Check::waiting(name, format!("at revision {at} of {newest}")),
        None => Check::waiting(name, "it can't be read"),
    };
    let Ok(newest) = register.newest() else {
        return vec![Check::waiting("journal", "it can't be read")];
    };
    let graph = register.graph().revision().ok().map(|revision| revision.0);
    let index = Some(register.index().revision().0);
    let sparql = if has_sparql {
        Check::ready("sparql")
    } else {
        Check::degraded("sparql", "no process answers queries")
    };
    vec![
        Check::ready("journal"),
        behind("graph", graph, newest.0),
        behind("index", index, newest.0),
        sparql,
    ]
}
