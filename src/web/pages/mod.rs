//! Pages for people: HTML drawn on the server, without any script.
//!
//! One file for each page, with its template of the same name in
//! `templates/`; what pages are made of (frame, cards, map, texts, style) is
//! in `web/html`, one floor down.
//! A page shows what the API gives: the same parameters, the same search.
//! Which format a client wants is decided elsewhere; nothing here knows RDF.

mod about;
mod categories;
mod collection;
mod described;
mod entries;
mod explanation;
mod facts;
mod failing;
mod filters;
mod findings;
mod home;
mod knowledge_bank;
mod mistake;
mod no_place;
mod origin;
mod places;
mod problem;
mod record;
mod related;
mod report;
mod runs;
mod same;
mod search;
#[cfg(test)]
mod tests;
mod tombstone;
mod values;
mod vocabulary;

use crate::schema::Schema;
use crate::web::admission::Class;
use crate::web::admission::Scope;
use crate::web::html::page::LANGUAGE;
use crate::web::html::stylesheet;
use crate::web::route::Route;
use crate::web::search_parameters::PARAMETERS;
use crate::web::state::AppState;

pub(in crate::web) use explanation::explanation_page;
pub(in crate::web) use problem::problem_page;
pub(in crate::web) use record::record_page;
pub(in crate::web) use record::record_variant;
pub use tombstone::tombstone_page;
pub use vocabulary::vocabulary_page;

/// The routes of the pages that have addresses of their own, with a list for
/// each kind of `schema`. Pages of records and of the vocabulary are drawn
/// when HTML is negotiated for those.
#[must_use]
pub fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    let style = stylesheet::address();
    let mut routes = vec![
        Route::get(Scope::Public, "/", "showHome", home::show_home).kept(),
        Route::get(Scope::Public, "/search", "showResults", search::show_results)
            .parameters(PARAMETERS)
            .kept(),
        Route::get(
            Scope::Public,
            "/knowledge-bank",
            "showKnowledgeBank",
            knowledge_bank::show_knowledge_bank,
        )
        .parameters(knowledge_bank::PARAMETERS),
        Route::get(
            Scope::Public,
            "/knowledge-bank/findings",
            "showFindings",
            findings::show_findings,
        )
        .parameters(findings::PARAMETERS),
        Route::get(Scope::Public, "/categories", "showCategories", categories::show_categories),
        Route::get(Scope::Public, "/about", "showAbout", about::show_about).class(Class::Store),
        Route::get(Scope::Public, "/about/bot", "showBot", about::show_bot),
        report::route(),
        mistake::route(),
        Route::get(Scope::Public, "/accessibility", "showAccessibility", about::show_accessibility),
    ];
    routes = routes.into_iter().map(|route| route.parameters(&[LANGUAGE]).hidden()).collect();
    routes.extend(collection::routes(schema));
    let stylesheet =
        Route::get(Scope::Public, style, "showStylesheet", stylesheet::show_stylesheet);
    routes.push(stylesheet.hidden());
    routes
}
