//! What each problem means: the pages that the `type` of a problem points to,
//! and the list of them. As they are written for programs, drawn for browsers.

use std::fmt::Write as _;

use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Response;
use http::StatusCode;
use http::header;

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::cache;
use crate::web::cache::EntityTag;
use crate::web::cache::Freshness;
use crate::web::html::page;
use crate::web::html::tongue::Tongue;
use crate::web::html::visit::Visit;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::problem::Problem;
use crate::web::problem::ProblemKind;
use crate::web::problem::Result;
use crate::web::representation;
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

/// Markdown first: who takes anything gets the text as it is written.
const FORMATS: &[Format] = &[Format::Markdown, Format::Html];

/// How the list begins.
const LIST: &str = "# Problems

What an error of this register can be, by its status. Each page says what it means and what to do.

";

/// Draws a page from its path and its text in Markdown, which opens with the
/// title.
type Draw = fn(Tongue, &str, &str) -> Result<String>;

/// The routes of the pages, whose HTML is what `draw` makes of them.
pub(in crate::web) fn routes(draw: Draw) -> Vec<Route<AppState>> {
    let list_problems =
        move |visit: Visit, format: Format| std::future::ready(list_problems(&visit, format, draw));
    let find_problem =
        move |visit: Visit, format: Format| std::future::ready(find_problem(&visit, format, draw));
    vec![
        Route::get(Scope::Public, "/problems", "listProblemTypes", list_problems)
            .summary("Lists the problems that an answer can name")
            .tag("meta")
            .parameters(&[page::LANGUAGE])
            .formats(FORMATS)
            .answer(StatusCode::OK, None, "The problems by their status, with their pages"),
        Route::get(Scope::Public, "/problems/{slug}", "findProblem", find_problem)
            .summary("Explains a problem: what it means, and what to do")
            .tag("meta")
            .path_parameter(SLUG)
            .parameters(&[page::LANGUAGE])
            .formats(FORMATS)
            .answer(StatusCode::OK, None, "The explanation"),
    ]
}

fn list_problems(visit: &Visit, format: Format, draw: Draw) -> Result<Response> {
    let language = if format == Format::Html { visit.tongue.suffix() } else { "" };
    let mut text = LIST.to_owned();
    for kind in ProblemKind::ALL {
        let (slug, status) = (kind.slug(), kind.status().as_u16());
        let _ = writeln!(text, "- {status} [{}](/problems/{slug}{language})", kind.title());
    }
    send(visit, format, draw, "/problems", &text)
}

fn find_problem(visit: &Visit, format: Format, draw: Draw) -> Result<Response> {
    let slug = visit.parameters.text("slug").unwrap_or_default();
    let page = PAGES.iter().find(|(known, _)| *known == slug);
    let (slug, text) =
        page.ok_or_else(|| Problem::not_found(format!("no problem is called `{slug}`")))?;
    send(visit, format, draw, &format!("/problems/{slug}"), text)
}

fn send(visit: &Visit, format: Format, draw: Draw, path: &str, text: &str) -> Result<Response> {
    let variant = ["problems", format.media_type(), visit.tongue.variant(), text];
    let tag = EntityTag::new(Revision(0), &variant);
    let freshness = Freshness::Seconds(3_600);
    let mut response = cache::respond(&visit.conditions, &tag, freshness, || match format {
        Format::Html => Ok(Html(draw(visit.tongue, path, text)?).into_response()),
        format => Ok(representation::of(format, text)),
    })?;
    if format == Format::Html {
        cache::vary(response.headers_mut(), header::ACCEPT_LANGUAGE);
    }
    Ok(response)
}

#[cfg(test)]
#[path = "problem_pages_tests.rs"]
mod tests;
