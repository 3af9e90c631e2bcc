//! Pages for people: HTML drawn on the server, without any script.
//!
//! One file for each page, with its template of the same name in
//! `templates/`; the style is in `static/`, all texts are in `messages.rs`.
//! A page shows what the API gives: the same parameters, the same search.
//! Which format a client wants is decided elsewhere; nothing here knows RDF.

mod address;
mod card;
mod content;
mod facts;
mod filters;
mod form;
mod home;
mod labels;
mod list;
mod map;
mod messages;
mod no_place;
mod page;
mod record;
mod search;
mod shown;
mod site;
mod stylesheet;
mod when;


use crate::web::admission::Scope;
use crate::web::api::search::PARAMETERS;
use crate::web::route::Route;
use crate::web::state::AppState;

pub use page::LANGUAGE;
pub use page::language;
pub use record::record_page;

/// The routes of the pages that have addresses of their own. Pages of records
/// and of the vocabulary are drawn when HTML is negotiated for those.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/", "showHome", home::show_home)
            .parameters(&[LANGUAGE])
            .hidden(),
        Route::get(Scope::Public, "/search", "showResults", search::show_results)
            .parameters(PARAMETERS)
            .parameters(&[LANGUAGE])
            .hidden(),
        Route::get(
            Scope::Public,
            stylesheet::address(),
            "showStylesheet",
            stylesheet::show_stylesheet,
        )
        .hidden(),
    ]
}

use axum::response::{IntoResponse, Response};
/// x
pub fn tombstone_page(_: &AppState, _: &crate::record::RecordId, problem: &crate::web::problem::Problem, _: crate::web::negotiate::Language) -> crate::web::problem::Result<Response> {
    Err(problem.clone())
}

/// x
pub fn vocabulary_page(_: &AppState, _: crate::web::negotiate::Language) -> crate::web::problem::Result<Response> {
    Ok("".into_response())
}
