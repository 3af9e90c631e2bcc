//! Answers and refusals in the shapes of ALISS.
//!
//! This is the one place of the register where an error is no problem+json:
//! clients of ALISS read what they know. What the foundation refuses before a
//! handler runs (too many requests at once, an address too long) stays as it
//! is everywhere.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::web::aliss::asked::Asked;
use crate::web::aliss::v5;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::problem::{Problem, Result};
use crate::web::state::AppState;

/// How many seconds a list may be used again.
const FRESH: Freshness = Freshness::Seconds(60);

/// Writes `body` as JSON.
pub(super) fn json<T: Serialize>(body: &T) -> Response {
    with_status(StatusCode::OK, body)
}

/// Why a list is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// These parameters can't be read; each with a sentence. Version 5 passes
    /// over such.
    Parameters(Vec<(&'static str, String)>),
    /// The list has no such page; v5 has empty ones.
    Page,
    /// The postcode is none, or none that is known, as v5 says it: with an
    /// empty page.
    Postcode,
}

impl Refusal {
    /// One parameter can't be read.
    pub(super) fn one(parameter: &'static str, message: String) -> Self {
        Self::Parameters(vec![(parameter, message)])
    }

    /// 400 with the sentences of each parameter, 404, or 200.
    pub(super) fn to_response(&self, state: &AppState) -> Response {
        match self {
            Self::Postcode => json(&v5::page_of_no_postcode(state)),
            Self::Page => not_found("Invalid page."),
            Self::Parameters(faults) => {
                let faults = faults.iter();
                let body: Map<String, Json> = faults
                    .map(|(parameter, message)| ((*parameter).to_owned(), json!([message])))
                    .collect();
                with_status(StatusCode::BAD_REQUEST, &body)
            }
        }
    }
}

/// 404 as v4 says it.
pub(super) fn not_found(detail: &str) -> Response {
    with_status(StatusCode::NOT_FOUND, &json!({ "detail": detail }))
}

/// 404 as v5 says it: nothing.
pub(super) fn nothing() -> Response {
    with_status(StatusCode::NOT_FOUND, &Json::Null)
}

fn with_status<T: Serialize>(status: StatusCode, body: &T) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, kind, bytes).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer of the ALISS API can't be written");
            Problem::internal().into_response()
        }
    }
}

/// What `build` makes, unless the client has it already: the answer depends on
/// the register, the address and the day. Refusals are not kept.
///
/// # Errors
///
/// What `build` gives.
pub(super) fn cached(
    state: &AppState,
    asked: &Asked,
    conditions: &Conditions,
    build: impl FnOnce() -> Result<Response>,
) -> Result<Response> {
    let today = state.today().to_string();
    let revision = state.register.index().revision();
    let tag = EntityTag::new(revision, &["aliss", asked.path(), asked.query(), &today]);
    Ok(without_tag_if_refused(cache::respond(conditions, &tag, FRESH, build)?))
}

/// An answer that depends on the gazetteer too, which has no revision: its tag
/// is made from what it says.
///
/// # Errors
///
/// 500 when the tag can't be made.
pub(super) fn digested<T: Serialize>(
    state: &AppState,
    conditions: &Conditions,
    body: &T,
) -> Result<Response> {
    let text = serde_json::to_string(body).map_err(|error| {
        tracing::error!(%error, "an answer of the ALISS API can't be written");
        Problem::internal()
    })?;
    let tag = EntityTag::new(state.register.index().revision(), &["aliss", &text]);
    cache::respond(conditions, &tag, Freshness::Seconds(300), || {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        Ok((kind, text).into_response())
    })
}

fn without_tag_if_refused(mut response: Response) -> Response {
    if response.status().is_client_error() {
        let headers = response.headers_mut();
        headers.remove(header::ETAG);
        headers.insert(header::CACHE_CONTROL, Freshness::Never.to_header());
    }
    response
}
