//! Reading one record, and its history.

use axum::Json as Answer;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use serde_json::{Value as Json, json};

use crate::record::{Base, RecordId, to_json};
use crate::register::Version;
use crate::schema::{Kind, Schema};
use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::beside::{self, Shown};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::kinds::{called, operation_name};
use crate::web::named::{ID, Named, here, named, redirect};
use crate::web::negotiate::Format;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::representation;
use crate::web::route::Route;
use crate::web::state::AppState;

/// How many steps of a history are shown.
const LONGEST_HISTORY: usize = 200;

/// The routes of each kind's records.
pub(super) fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    schema.kinds().flat_map(routes_of).collect()
}

fn routes_of(kind: &Kind) -> Vec<Route<AppState>> {
    let item = format!("/api/v1/{}/{{id}}", kind.path);
    let name = operation_name(&kind.name);
    let called = called(kind);
    let schema = Some(name.as_str());
    let of = kind.name.clone();
    let find = move |state: State<AppState>,
                     parameters: Parameters,
                     uri: OriginalUri,
                     format: Format,
                     conditions: Conditions| {
        std::future::ready(find_record(&state.0, &of, &parameters, &uri, format, &conditions))
    };
    let of = kind.name.clone();
    let history = move |state: State<AppState>, parameters: Parameters| {
        std::future::ready(list_history(&state.0, &of, &parameters))
    };
    vec![
        Route::get(Scope::Public, item.clone(), format!("find{name}"), find)
            .summary(format!("Gives {called}"))
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .formats(&[Format::Json, Format::JsonLd])
            .problems(&[ProblemKind::Gone])
            .answer(StatusCode::OK, schema, "The record"),
        Route::get(Scope::Public, format!("{item}/history"), format!("list{name}History"), history)
            .summary(format!("Gives the versions of {called}, newest first"))
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .formats(&[Format::Json])
            .answer(StatusCode::OK, None, "The versions"),
    ]
}

fn find_record(
    state: &AppState,
    kind: &str,
    parameters: &Parameters,
    uri: &Uri,
    format: Format,
    conditions: &Conditions,
) -> Result<Response> {
    let id = match named(state, kind, &parameters.text("id").unwrap_or_default())? {
        Named::Id(id) => id,
        Named::Alias(id) => return Ok(redirect(&api_address(state, &id), uri, format)),
    };
    let shown = beside::shown(state, here(state, &id)?)?;
    let tag = EntityTag::new(shown.version.revision, &shown.variant());
    let mut response = cache::respond(conditions, &tag, Freshness::Revalidate, || {
        Ok(representation::of(format, shown.json(state).to_string()))
    })?;
    describe(state, &shown, &mut response);
    Ok(response)
}

/// The address of a record in this API.
pub(super) fn api_address(state: &AppState, id: &RecordId) -> String {
    let base: &Base = state.register.base();
    let path = state.register.schema().kind(id.kind()).map_or("records", |kind| kind.path.as_str());
    format!("{}/api/v1/{path}/{}", base.as_str(), id.id())
}

/// The answer that shows `version` alone, as it was written.
pub(super) fn written(state: &AppState, version: &Version, format: Format) -> Response {
    let (schema, base) = (state.register.schema(), state.register.base());
    representation::of(format, to_json(schema, base, &version.merged.record).to_string())
}

/// Headers that a record has in every format: when it changed, and where its
/// page and the thing itself are.
fn describe(state: &AppState, shown: &Shown, response: &mut Response) {
    let version = &shown.version;
    let id = &version.merged.record.id;
    let headers = response.headers_mut();
    if let Some(modified) = cache::last_modified(version.modified) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    let page = address::document(&state.register, id);
    let thing = state.register.base().thing(id);
    let link = format!(
        "<{page}>; rel=\"alternate\"; type=\"text/html\", <{}>; rel=\"describes\"",
        thing.as_str()
    );
    for link in HeaderValue::try_from(link).ok().into_iter().chain(shown.links(state)) {
        headers.append(header::LINK, link);
    }
}

fn list_history(state: &AppState, kind: &str, parameters: &Parameters) -> Result<Response> {
    let id = match named(state, kind, &parameters.text("id").unwrap_or_default())? {
        Named::Id(id) | Named::Alias(id) => id,
    };
    let steps = state.register.history(&id, LONGEST_HISTORY)?;
    if steps.is_empty() {
        return Err(Problem::not_found(format!("nothing is registered as {id}")));
    }
    let (schema, base) = (state.register.schema(), state.register.base());
    let items: Vec<Json> = steps
        .iter()
        .map(|step| {
            json!({
                "revision": step.revision,
                "at": step.at,
                "source": step.source,
                "actor": step.actor,
                "record": step.record.as_ref().map(|record| to_json(schema, base, record)),
            })
        })
        .collect();
    Ok(Answer(json!({ "id": base.thing(&id).as_str(), "items": items })).into_response())
}
