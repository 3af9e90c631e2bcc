//! Reading one record, and its history.

use axum::Json as Answer;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use serde_json::{Value as Json, json};

use crate::record::{Base, RecordId, to_json};
use crate::register::{Found, Version};
use crate::schema::{Kind, Schema};
use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::api::search::operation_name;
use crate::web::beside::{self, Shown};
use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// How many steps of a history are shown.
const LONGEST_HISTORY: usize = 200;

/// The last part of the path.
pub(super) const ID: Parameter = Parameter::text("id", "The record's identifier or its slug");

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

/// A record of `kind` in a sentence, such as `a case study`.
pub(in crate::web) fn called(kind: &Kind) -> String {
    let article = if kind.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {}", kind.name.replace('-', " "))
}

/// The identity that the path names.
pub(in crate::web) enum Named {
    /// By its identifier.
    Id(RecordId),
    /// By its alias: where it really is.
    Alias(RecordId),
}

/// Reads the last part of a path: an identifier, or the alias of a record.
///
/// # Errors
///
/// 404 when it can't be an identifier.
pub(in crate::web) fn named(state: &AppState, kind: &str, text: &str) -> Result<Named> {
    let id = RecordId::new(kind, text).map_err(Problem::not_found)?;
    if state.register.summary(&id.to_string()).is_none()
        && let Some(owner) = state.register.by_slug(kind, text)?
        && owner != id
    {
        return Ok(Named::Alias(owner));
    }
    Ok(Named::Id(id))
}

/// The record `id`.
///
/// # Errors
///
/// 404 when nothing was ever registered there, 410 when it was withdrawn.
pub(in crate::web) fn here(state: &AppState, id: &RecordId) -> Result<Version> {
    match state.register.get(id)? {
        Found::Here(version) => Ok(*version),
        Found::Gone { at, .. } => Err(Problem::gone(format!("{id} was withdrawn at {at}"))),
        Found::Nowhere => Err(Problem::not_found(format!("nothing is registered as {id}"))),
    }
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
        Ok(json_answer(shown.json(state), format))
    })?;
    describe(state, &shown, &mut response);
    Ok(response)
}

/// From an alias to `address`, with the suffix and the query of the request.
/// An alias may be given to another record some day, so caches ask again.
pub(in crate::web) fn redirect(address: &str, uri: &Uri, format: Format) -> Response {
    let mut address = address.to_owned();
    let suffix = format!(".{}", format.suffix());
    if uri.path().ends_with(&suffix) {
        address.push_str(&suffix);
    }
    if let Some(query) = uri.query() {
        address.push('?');
        address.push_str(query);
    }
    let fresh = [(header::CACHE_CONTROL, Freshness::Seconds(300).to_header())];
    (fresh, Redirect::permanent(&address)).into_response()
}

/// The address of a record in this API.
pub(super) fn api_address(state: &AppState, id: &RecordId) -> String {
    let base: &Base = state.register.base();
    let path = state.register.schema().kind(id.kind()).map_or("records", |kind| kind.path.as_str());
    format!("{}/api/v1/{path}/{}", base.as_str(), id.id())
}

/// The answer that shows `version` alone, as it was written.
pub(super) fn written(state: &AppState, version: &Version, format: Format) -> Response {
    json_answer(
        to_json(state.register.schema(), state.register.base(), &version.merged.record),
        format,
    )
}

fn json_answer(json: Json, format: Format) -> Response {
    let content_type = HeaderValue::from_static(format.content_type());
    ([(header::CONTENT_TYPE, content_type)], Answer(json)).into_response()
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
    for link in HeaderValue::try_from(link).ok().into_iter().chain(shown.link(state)) {
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
