//! The change feed: every version in order of its revision, tombstones too.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::model::Revision;
use crate::record::to_json;
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::integer("since", 0, i64::MAX, "The revision after which to begin").default("0"),
    Parameter::integer("limit", 1, 1_000, "How many at most").default("100"),
];

pub(super) fn routes() -> Vec<Route<AppState>> {
    vec![
        Route::get(Scope::Public, "/api/v1/changes", "listChanges", list_changes)
            .summary("Gives what changed after a revision, oldest first")
            .description("Follow `next` for ever: nothing is left out and nothing comes twice. At the end `items` is empty and `next` stays the same.")
            .tag("changes")
            .class(Class::Store)
            .parameters(PARAMETERS)
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "The changes, and where to go on"),
    ]
}

/// Gives what changed.
async fn list_changes(
    State(state): State<AppState>,
    parameters: Parameters,
    conditions: Conditions,
) -> Result<Response> {
    let since = parameters.integer("since").and_then(|since| u64::try_from(since).ok());
    let since = Revision(since.unwrap_or_default());
    let limit = parameters.count("limit").unwrap_or(100);
    let newest = state.register.newest()?;
    let variant = format!("{since}\n{limit}");
    let tag = EntityTag::new(newest, &["changes", &variant]);
    cache::respond(&conditions, &tag, Freshness::Revalidate, || {
        let changes = state.register.changes(since, limit)?;
        let (schema, base) = (state.register.schema(), state.register.base());
        let items: Vec<Value> = changes
            .items
            .iter()
            .map(|item| {
                let mut json = json!({
                    "revision": item.revision,
                    "id": base.thing(&item.id).as_str(),
                    "type": item.id.kind(),
                    "source": item.source,
                    "at": item.at,
                    "state": if item.record.is_some() { "updated" } else { "deleted" },
                });
                if let Some(record) = &item.record {
                    json["record"] = to_json(schema, base, record);
                }
                json
            })
            .collect();
        let next = format!("{}/api/v1/changes?since={}&limit={limit}", base.as_str(), changes.next);
        Ok(Json(json!({ "items": items, "next": next, "newest": newest })).into_response())
    })
}
