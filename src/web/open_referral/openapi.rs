//! The OpenAPI document of this API, made of its routes.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use crate::model::Revision;
use crate::web::admission::Scope;
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::open_referral::PATH;
use crate::web::openapi::{self, About};
use crate::web::problem::Result;
use crate::web::representation;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The shapes of the objects: what the published schemas of Open Referral UK
/// 3.0 require, and what is served beside it.
const SCHEMAS: &str = include_str!("schemas.json");

const DESCRIPTION: &str = "\
What this register holds, as Open Referral UK 3.0. Each asset is a service. \
Properties that the standard can't say stand under names that begin with `kist_`.";

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, format!("{PATH}/openapi.json"), "getOpenApi", find_document)
            .summary("Gives this document")
            .tolerant_query()
            .answer(StatusCode::OK, None, "OpenAPI 3.1"),
    ]
}

async fn find_document(State(state): State<AppState>, conditions: Conditions) -> Result<Response> {
    let text = document(state.register.base().as_str()).to_string();
    let tag = EntityTag::new(Revision(0), &[&text]);
    cache::respond(&conditions, &tag, Freshness::Seconds(3_600), || {
        Ok(representation::of(Format::Json, text))
    })
}

/// The document of the API of the register at `base`.
fn document(base: &str) -> Json {
    let about = About {
        title: "kist as Open Referral UK".to_owned(),
        version: "HSDS-UK-3.0".to_owned(),
        description: DESCRIPTION.to_owned(),
        base: format!("{base}{PATH}"),
    };
    let mut document = openapi::document(&about, &super::documented(), schemas());
    // The standard's tools look for paths from the root of the API.
    if let Some(paths) = document["paths"].as_object_mut() {
        let own = std::mem::take(paths).into_iter().filter_map(|(path, operations)| {
            let path = path.strip_prefix(PATH).filter(|path| !path.is_empty())?;
            Some((path.to_owned(), operations))
        });
        *paths = own.collect::<Map<String, Json>>();
    }
    document["tags"] = json!([
        {"name": "Services", "description": "What every implementation has"},
        {"name": "Optional", "description": "What an implementation may lack"},
        {"name": "Bulk", "description": "Everything in one file"},
    ]);
    document
}

/// The schemas, with a page of each object that is listed.
fn schemas() -> Json {
    let mut schemas: Json = serde_json::from_str(SCHEMAS).unwrap_or_default();
    for name in ["Service", "ServiceAtLocation", "Organization", "Taxonomy", "TaxonomyTerm"] {
        let rows =
            json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{name}")}});
        schemas[format!("{name}Page")] = json!({
            "allOf": [{"$ref": "#/components/schemas/Page"}],
            "properties": {"contents": rows},
        });
    }
    schemas
}

#[cfg(test)]
#[path = "openapi_tests.rs"]
mod tests;
