//! The OpenAPI document, made from the route table and the shapes.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use crate::model::Revision;
use crate::schema::Schema;
use crate::web::admission::Scope;
use crate::web::api::schemas;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::openapi::{self, About};
use crate::web::problem::Result;
use crate::web::representation;
use crate::web::route::Route;
use crate::web::state::AppState;

const DESCRIPTION: &str = "\
Everything that people can read on the pages of the register, for programs. \
Answers are JSON-LD: every record's JSON is linked data under its context. \
Problems are `application/problem+json` (RFC 9457). No key is needed to read.";

/// Gives all routes of a register with a schema. The floor above puts them
/// together.
pub type Table = fn(&Schema) -> Vec<Route<AppState>>;

pub(super) fn routes(all: Table) -> Vec<Route<AppState>> {
    let find_openapi = move |State(state): State<AppState>, conditions: Conditions| {
        std::future::ready(find_openapi(&state, all, &conditions))
    };
    vec![
        Route::get(Scope::Public, "/api/openapi.json", "findOpenApi", find_openapi)
            .summary("Gives this document")
            .tag("meta")
            .answer(StatusCode::OK, None, "OpenAPI 3.1"),
    ]
}

/// The document of `all` routes of a register with `schema` at `base`.
#[must_use]
pub fn document(all: Table, schema: &Schema, base: &str) -> Value {
    let about = About {
        title: "kist".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: DESCRIPTION.to_owned(),
        base: base.to_owned(),
    };
    openapi::document(&about, &all(schema), schemas::components(schema))
}

fn find_openapi(state: &AppState, all: Table, conditions: &Conditions) -> Result<Response> {
    let base = state.register.base().as_str();
    let text = document(all, state.register.schema(), base).to_string();
    let tag = EntityTag::new(Revision(0), &[&text]);
    cache::respond(conditions, &tag, Freshness::Seconds(3_600), || {
        Ok(representation::of(Format::Json, text))
    })
}
