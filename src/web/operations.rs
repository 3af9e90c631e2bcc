//! What operators ask: whether the register lives and is ready, which version
//! it is, and how it does.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::register::{Register, Room};
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
        Route::get(Scope::Public, "/version", "findVersion", async || Json(version()))
            .summary("Says which program this is, and its version")
            .tag("operations")
            .answer(StatusCode::OK, None, "Its name and version"),
        Route::get(Scope::Read, "/metrics", "findMetrics", metrics::find_metrics)
            .summary("Gives measures of the program and its data, in the text format of Prometheus")
            .tag("operations")
            .answer(StatusCode::OK, None, "The measures"),
    ]
}

fn version() -> Value {
    json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")})
}

async fn find_readiness(State(state): State<AppState>) -> Response {
    let answers = match &state.sparql {
        Some(pool) => pool.is_answering().await,
        None => false,
    };
    let sparql = if answers {
        Check::ready("sparql")
    } else {
        Check::degraded("sparql", "no process answers queries")
    };
    health::readiness(&state.stop, checks(&state.register, sparql))
}

fn checks(register: &Register, sparql: Check) -> Vec<Check> {
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
    let mut checks = vec![
        Check::ready("journal"),
        behind("graph", graph, newest.0),
        behind("index", index, newest.0),
        sparql,
    ];
    checks.extend(register.room().map(|room| disk(room, register.kept_free())));
    checks
}

/// With less than `least` bytes left nothing is written (limits-and-faults, 4).
fn disk(room: Room, least: u64) -> Check {
    if room.free >= least {
        return Check::ready("disk");
    }
    let left = room.free / 1_000_000;
    Check::degraded("disk", format!("{left} MB are left, and nothing is written"))
}

#[cfg(test)]
#[path = "operations_tests.rs"]
mod tests;
