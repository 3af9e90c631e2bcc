//! The addresses of services and organisations, as ALISS forms them: a
//! readable one with the slug, to which v4 adds a slash, and a lasting one with
//! the identifier. Both lead to the page of the record.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::aliss::ID;
use crate::web::aliss::entry::Held;
use crate::web::aliss::{organisation, service};
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// What stands behind the base address in all of them.
const FOLDER: &str = "/aliss";

/// The collections of ALISS and the kinds of record in them.
const COLLECTIONS: [(&str, &str); 2] =
    [(SERVICES, service::KIND), (ORGANISATIONS, organisation::KIND)];

/// The collection of services.
pub(super) const SERVICES: &str = "services";
/// The collection of organisations.
pub(super) const ORGANISATIONS: &str = "organisations";

/// The address of what a slug or an identifier names.
pub(super) fn address(state: &AppState, collection: &str, name: &str) -> String {
    format!("{}{FOLDER}/{collection}/{name}", state.register.base().as_str())
}

/// The routes of these addresses.
pub(super) fn routes() -> Vec<Route<AppState>> {
    let mut routes = Vec::new();
    for (collection, kind) in COLLECTIONS {
        for end in ["", "/"] {
            let lead = move |State(state): State<AppState>, parameters: Parameters| {
                std::future::ready(lead(&state, kind, &parameters))
            };
            let path = format!("{FOLDER}/{collection}/{{id}}{end}");
            let route = Route::get(Scope::Public, path, "leadToRecord", lead)
                .path_parameter(ID)
                .class(Class::Store)
                .foreign_query()
                .hidden();
            routes.push(route);
        }
    }
    routes
}

fn lead(state: &AppState, kind: &str, parameters: &Parameters) -> Result<Response> {
    let text = parameters.text("id").unwrap_or_default();
    let found = Held::named(state, kind, &text)?;
    let found =
        found.ok_or_else(|| Problem::not_found(format!("no {kind} is registered as `{text}`")))?;
    let document = address::document(&state.register, &found.id);
    let location = HeaderValue::try_from(document).map_err(Problem::not_found)?;
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}
