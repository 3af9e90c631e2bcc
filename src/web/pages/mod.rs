//! Pages for people.

use axum::response::{Html, IntoResponse, Response};

use crate::record::{RecordId, label};
use crate::register::Version;
use crate::web::negotiate::Language;
use crate::web::parameter::Parameter;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// The language of a page, when it is not that of the browser.
pub const LANGUAGE: Parameter =
    Parameter::choice("lang", &["en", "gd", "sco"], "The language of the page");

/// The routes of pages.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    Vec::new()
}

/// The page of a record.
pub fn record_page(_: &AppState, version: &Version, language: Language) -> Result<Response> {
    Ok(Html(label(&version.merged.record, language.tag()).to_owned()).into_response())
}

/// The page of a record that was withdrawn.
pub fn tombstone_page(_: &AppState, _: &RecordId, problem: &Problem, _: Language) -> Result<Response> {
    Err(problem.clone())
}

/// The page of the vocabulary.
pub fn vocabulary_page(_: &AppState, _: Language) -> Result<Response> {
    Ok(Html("").into_response())
}
