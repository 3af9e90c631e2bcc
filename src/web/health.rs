//! Whether the program lives, and whether it can do its work.
//!
//! `/healthz` touches nothing. `/readyz` is given its checks by whoever
//! assembles the program, since what must be ready is below this floor.

use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use serde::Serialize;
use serde_json::json;

use crate::web::stop::Stop;

/// One thing that the register needs for its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What is checked, such as `journal`.
    pub name: &'static str,
    /// How it stands.
    pub state: CheckState,
    /// What it waits for or lacks; empty when it is ready.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// How a checked thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It does its work.
    Ready,
    /// The register can answer, but not do everything: the disk is short of
    /// room, say.
    Degraded,
    /// The register can't answer yet.
    Waiting,
}

impl Check {
    /// `name` does its work.
    #[must_use]
    pub const fn ready(name: &'static str) -> Self {
        Self { name, state: CheckState::Ready, detail: String::new() }
    }

    /// `name` does a part of its work; `detail` says which it does not.
    #[must_use]
    pub fn degraded(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: CheckState::Degraded, detail: detail.into() }
    }

    /// `name` does not work yet; `detail` says what it waits for.
    #[must_use]
    pub fn waiting(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: CheckState::Waiting, detail: detail.into() }
    }
}

/// Says that the process is alive.
#[must_use]
pub fn liveness() -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "text/plain")];
    (headers, "alive\n").into_response()
}

/// The answer of `/readyz`: 200 when no check waits and nobody has asked the
/// program to stop, else 503. The body lists the checks.
#[must_use]
pub fn readiness(stop: &Stop, mut checks: Vec<Check>) -> Response {
    if stop.is_requested() {
        checks.push(Check::waiting("process", "it is about to stop"));
    }
    let worst = |state| checks.iter().any(|check| check.state == state);
    let (status, state) = if worst(CheckState::Waiting) {
        (StatusCode::SERVICE_UNAVAILABLE, CheckState::Waiting)
    } else if worst(CheckState::Degraded) {
        (StatusCode::OK, CheckState::Degraded)
    } else {
        (StatusCode::OK, CheckState::Ready)
    };
    let body = json!({"state": state, "checks": checks});
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
