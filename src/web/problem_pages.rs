//! What each problem means: the pages that the `type` of a problem points to.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::web::admission::Scope;
use crate::web::cache::Freshness;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

macro_rules! pages {
    ($($slug:literal)*) => {
        &[$(($slug, include_str!(concat!("../../docs/problems/", $slug, ".md")))),*]
    };
}

/// Every problem by its slug, with its page in Markdown.
const PAGES: &[(&str, &str)] = pages! {
    "ambiguous-place"
    "conflict"
    "dangling-reference"
    "duplicate-parameter"
    "forbidden"
    "gone"
    "headers-too-large"
    "internal"
    "invalid-parameter"
    "invalid-record"
    "key-reused"
    "malformed-json"
    "malformed-rdf"
    "malformed-request"
    "method-not-allowed"
    "misdirected-request"
    "missing-parameter"
    "not-acceptable"
    "not-found"
    "not-implemented"
    "not-ready"
    "overloaded"
    "payload-too-large"
    "precondition-failed"
    "precondition-required"
    "query-memory"
    "query-timeout"
    "query-too-complex"
    "rate-limited"
    "read-only"
    "request-timeout"
    "result-too-large"
    "service-forbidden"
    "sparql-syntax"
    "storage-low"
    "unauthorised"
    "unknown-context"
    "unknown-kind"
    "unknown-parameter"
    "unknown-place"
    "unsupported-media-type"
    "uri-too-long"
};

const SLUG: Parameter = Parameter::text("slug", "The last part of a problem's `type`");

/// The route of the pages.
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/problems/{slug}", "findProblem", find_problem)
            .summary("Explains a problem: what it means, and what to do")
            .tag("meta")
            .path_parameter(SLUG)
            .answer(StatusCode::OK, None, "The explanation, in Markdown"),
    ]
}

async fn find_problem(parameters: Parameters) -> Result<Response> {
    let slug = parameters.text("slug").unwrap_or_default();
    let page = PAGES.iter().find(|(known, _)| *known == slug).map(|(_, page)| *page);
    let page = page.ok_or_else(|| Problem::not_found(format!("no problem is called `{slug}`")))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/markdown; charset=utf-8")),
        (header::CACHE_CONTROL, Freshness::Seconds(3_600).to_header()),
    ];
    Ok((headers, page).into_response())
}

#[cfg(test)]
#[path = "problem_pages_tests.rs"]
mod tests;
