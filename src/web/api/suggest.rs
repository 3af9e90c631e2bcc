//! Autocomplete over names, categories and places.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::web::address;
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::search_query;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::text("q", "The beginning of a name, a category or a place").required().example("lei"),
    Parameter::text("kind", "Kinds of record, such as `organisation`; places and categories are always looked through when none is said").repeatable(),
    Parameter::integer("limit", 1, 50, "How many of each sort").default("10"),
];

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/api/v1/suggest", "suggest", suggest)
            .summary("Completes the beginning of a name, a category or a place")
            .tag("search")
            .parameters(PARAMETERS)
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "Records and places that begin like this"),
    ]
}

/// Completes the beginning of a word.
async fn suggest(
    State(state): State<AppState>,
    parameters: Parameters,
    conditions: Conditions,
) -> Result<Response> {
    let text = parameters.text("q").unwrap_or_default();
    let kinds = search_query::kinds(state.register.schema(), &parameters)?;
    let limit = parameters.count("limit").unwrap_or(10);
    let revision = state.register.index().revision();
    let variant = format!("{text}\n{}\n{limit}", kinds.join(","));
    let tag = EntityTag::new(revision, &["suggest", &variant]);
    cache::respond(&conditions, &tag, Freshness::Seconds(300), || {
        let register = &state.register;
        let base = register.base().as_str();
        let records: Vec<Value> = register
            .suggest(&text, &kinds, limit)?
            .iter()
            .map(|found| {
                let iri = format!("{base}/id/{}", found.key);
                let page = address::document_of(register, &iri);
                // A name in several languages stands in as many lines.
                let name = found.name.lines().next().unwrap_or_default();
                json!({ "id": iri, "type": found.kind, "name": name, "url": page })
            })
            .collect();
        let places: Vec<Value> = if kinds.is_empty() {
            register
                .gazetteer()
                .autocomplete(&text, limit)
                .iter()
                .map(|place| {
                    json!({ "near": place.text, "name": place.label, "detail": place.detail,
                        "kind": place.kind.as_str() })
                })
                .collect()
        } else {
            Vec::new()
        };
        Ok(Json(json!({ "records": records, "places": places })).into_response())
    })
}
