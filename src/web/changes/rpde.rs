//! Changes as Realtime Paged Data Exchange 1.0
//! (<https://openactive.io/realtime-paged-data-exchange/>), ordered by change
//! number.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::{link, requested};
use crate::model::Revision;
use crate::record::to_json;
use crate::register::{ChangedRecord, Since};
use crate::web::admission::{Class, Scope};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::{Format, Language};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::reuse::{licence, licences, words};
use crate::web::route::Route;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::integer("afterChangeNumber", 0, i64::MAX, "The change after which to begin")
        .default("0"),
    Parameter::integer("limit", 1, 1_000, "How many at most").default("500"),
];

pub(super) fn route() -> Route<AppState> {
    Route::get(Scope::Public, "/changes", "listChangedRecords", list_changed_records)
        .summary("Gives each record at its newest change, for other registers")
        .description("RPDE 1.0. Follow `next` for ever. Items rise by `modified`; a record that changes again comes again, and is `deleted` when no source speaks of it any more. At the end `items` is empty and `next` is the address that was asked.")
        .tag("changes")
        .class(Class::Store)
        .parameters(PARAMETERS)
        .formats(&[Format::Json])
        .answer(StatusCode::OK, None, "The changed records, and where to go on")
}

async fn list_changed_records(
    State(state): State<AppState>,
    parameters: Parameters,
    uri: OriginalUri,
    conditions: Conditions,
) -> Result<Response> {
    let after = parameters.integer("afterChangeNumber").and_then(|after| u64::try_from(after).ok());
    let after = Revision(after.unwrap_or_default());
    let limit = parameters.count("limit").unwrap_or(500);
    let address = requested(&state, &uri);
    let tag = EntityTag::new(state.register.newest()?, &["rpde", &address]);
    let mut response = cache::respond(&conditions, &tag, Freshness::Revalidate, || {
        let records = state.register.changed_records(Since::After(after), limit)?;
        let next = records.last().map_or_else(
            || address.clone(),
            |last| {
                let limit =
                    if parameters.has("limit") { format!("&limit={limit}") } else { String::new() };
                let base = state.register.base().as_str();
                format!("{base}/changes?afterChangeNumber={}{limit}", last.revision)
            },
        );
        let items: Vec<Value> = records.iter().map(|record| item(&state, record)).collect();
        // Who follows has what they changed to: items say it, and don't change with it.
        let credits = state.register.credits_hash();
        let license = licence(&state);
        Ok(Json(json!({ "next": next, "items": items, "license": license, "credits": credits })))
    })?;
    link(&state, &address, response.headers_mut());
    Ok(response.into_response())
}

fn item(state: &AppState, changed: &ChangedRecord) -> Value {
    let (schema, base) = (state.register.schema(), state.register.base());
    let mut item = json!({
        "state": if changed.record.is_some() { "updated" } else { "deleted" },
        "kind": changed.id.kind(),
        "id": base.thing(&changed.id).as_str(),
        "modified": changed.revision,
    });
    if let Some(record) = &changed.record {
        item["data"] = to_json(schema, base, record);
        match licences(state, &changed.credits).as_slice() {
            [one] if *one == licence(state) => {}
            [one] => item["license"] = json!(one),
            several => item["license"] = json!(several),
        }
        if let Some(words) = words(&changed.credits, Language::English) {
            item["attribution"] = json!(words);
        }
    }
    item
}
