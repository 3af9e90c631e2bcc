//! One record: find, create, replace, patch, withdraw, and its history.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json as Answer};
use http::{HeaderValue, StatusCode, Uri, header};
use serde_json::{Value as Json, json};

use crate::model::Revision;
use crate::record::{Base, RecordId, to_json};
use crate::register::{Edit, Found, LOCAL_SOURCE, References, Token, Version};
use crate::schema::{Kind, Schema};
use crate::web::address;
use crate::web::admission::{Class, Scope};
use crate::web::api::record_body::{self, Sent};
use crate::web::api::search::operation_name;
use crate::web::cache::{self, Blind, Conditions, EntityTag, Freshness};
use crate::web::extract::Body;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// How many steps of a history are shown.
const LONGEST_HISTORY: usize = 200;

const ID: Parameter = Parameter::text("id", "The record's identifier or its slug");

/// The routes of each kind's records.
pub(super) fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    schema.kinds().flat_map(routes_of).collect()
}

fn routes_of(kind: &Kind) -> Vec<Route<AppState>> {
    let path = format!("/api/v1/{}", kind.path);
    let item = format!("{path}/{{id}}");
    let name = operation_name(&kind.name);
    let article = if kind.name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    let called = format!("{article} {}", kind.name.replace('-', " "));
    let schema = Some(name.as_str());
    let refused = &[
        ProblemKind::MalformedJson,
        ProblemKind::MalformedRdf,
        ProblemKind::InvalidRecord,
        ProblemKind::DanglingReference,
        ProblemKind::Conflict,
        ProblemKind::PreconditionFailed,
        ProblemKind::StorageLow,
    ];
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
    let of = kind.name.clone();
    let create = move |state: State<AppState>, token: Extension<Token>, body: Body| {
        create_record(state.0, of.clone(), token.0, body)
    };
    let of = kind.name.clone();
    let update = move |state: State<AppState>,
                       token: Extension<Token>,
                       parameters: Parameters,
                       conditions: Conditions,
                       body: Body| {
        update_record(state.0, of.clone(), token.0, parameters, conditions, body)
    };
    let of = kind.name.clone();
    let change = move |state: State<AppState>,
                      token: Extension<Token>,
                      parameters: Parameters,
                      conditions: Conditions,
                      body: Body| {
        patch_record(state.0, of.clone(), token.0, parameters, conditions, body)
    };
    let of = kind.name.clone();
    let withdraw = move |state: State<AppState>,
                         token: Extension<Token>,
                         parameters: Parameters,
                         conditions: Conditions| {
        withdraw_record(state.0, of.clone(), token.0, parameters, conditions)
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
        Route::post(Scope::Write, path, format!("create{name}"), create)
            .summary(format!("Registers {called}"))
            .tag("records")
            .class(Class::Store)
            .body(record_body::rule(), schema, "The record, as JSON or RDF")
            .problems(refused)
            .answer(StatusCode::CREATED, None, "It is registered; Location says where"),
        Route::put(Scope::Write, item.clone(), format!("update{name}"), update)
            .summary(format!("Replaces {called}, or registers it under its id"))
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .body(record_body::rule(), schema, "The record, as JSON or RDF")
            .problems(refused)
            .answer(StatusCode::OK, None, "It is replaced")
            .answer(StatusCode::CREATED, None, "It is registered"),
        Route::patch(Scope::Write, item.clone(), format!("patch{name}"), change)
            .summary(format!("Changes some properties of {called}"))
            .description("A JSON merge patch (RFC 7396): null takes a property away.")
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .body(record_body::patch_rule(), None, "The properties that change")
            .problems(refused)
            .answer(StatusCode::OK, None, "It is changed"),
        Route::delete(Scope::Write, item, format!("withdraw{name}"), withdraw)
            .summary(format!("Withdraws {called}"))
            .description("It leaves a tombstone (410), and its history.")
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .problems(&[ProblemKind::Gone, ProblemKind::PreconditionFailed])
            .answer(StatusCode::NO_CONTENT, None, "It is withdrawn"),
    ]
}

/// The identity that the path names; `Err` redirects from a slug.
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
    let version = here(state, &id)?;
    let tag = EntityTag::new(version.revision, &[]);
    let mut response = cache::respond(conditions, &tag, Freshness::Revalidate, || {
        Ok(written(state, &version, format))
    })?;
    describe(state, &version, &mut response);
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

fn api_address(state: &AppState, id: &RecordId) -> String {
    let base: &Base = state.register.base();
    let path = state.register.schema().kind(id.kind()).map_or("records", |kind| kind.path.as_str());
    format!("{}/api/v1/{path}/{}", base.as_str(), id.id())
}

fn written(state: &AppState, version: &Version, format: Format) -> Response {
    let json = to_json(state.register.schema(), state.register.base(), &version.merged.record);
    let content_type = HeaderValue::from_static(format.content_type());
    ([(header::CONTENT_TYPE, content_type)], Answer(json)).into_response()
}

/// Headers that a record has in every format: when it changed, and where its
/// page and the thing itself are.
fn describe(state: &AppState, version: &Version, response: &mut Response) {
    let id = &version.merged.record.id;
    let headers = response.headers_mut();
    if let Some(modified) = cache::last_modified(version.modified) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    let page = address::document(&state.register, id);
    let thing = state.register.base().thing(id);
    let link = format!("<{page}>; rel=\"alternate\"; type=\"text/html\", <{}>; rel=\"describes\"", thing.as_str());
    if let Ok(link) = HeaderValue::try_from(link) {
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

async fn create_record(state: AppState, kind: String, token: Token, body: Body) -> Result<Response> {
    let kind = kind_of(&state, &kind)?.clone();
    let new = new_id(&state, &kind.name)?;
    let Sent { record, original } =
        record_body::read(&state.register, &kind, None, &new, &body)?;
    let id = record.id.clone();
    let edit = Edit {
        source: LOCAL_SOURCE.to_owned(),
        id: id.clone(),
        record: Some(record),
        original,
        expected: Some(Revision(0)),
    };
    match write(&state, vec![edit], &token).await {
        Err(problem) if problem.kind() == ProblemKind::PreconditionFailed => {
            Err(Problem::conflict(format!("{id} is registered already; use PUT to replace it")))
        }
        Err(problem) => Err(problem),
        Ok(()) => confirm(&state, &id, StatusCode::CREATED),
    }
}

async fn update_record(
    state: AppState,
    kind: String,
    token: Token,
    parameters: Parameters,
    conditions: Conditions,
    body: Body,
) -> Result<Response> {
    let kind = kind_of(&state, &kind)?.clone();
    let id = target(&state, &kind.name, &parameters)?;
    let current = current(&state, &id)?;
    conditions.check_change(current, Blind::Allowed)?;
    let Sent { record, original } =
        record_body::read(&state.register, &kind, Some(&id), &id, &body)?;
    let edit = Edit {
        source: LOCAL_SOURCE.to_owned(),
        id: id.clone(),
        record: Some(record),
        original,
        expected: conditions.are_given().then(|| current.unwrap_or_default()),
    };
    write(&state, vec![edit], &token).await?;
    confirm(&state, &id, if current.is_some() { StatusCode::OK } else { StatusCode::CREATED })
}

async fn patch_record(
    state: AppState,
    kind: String,
    token: Token,
    parameters: Parameters,
    conditions: Conditions,
    body: Body,
) -> Result<Response> {
    let kind = kind_of(&state, &kind)?.clone();
    let id = target(&state, &kind.name, &parameters)?;
    let version = here(&state, &id)?;
    conditions.check_change(Some(version.revision), Blind::Allowed)?;
    let patch = record_body::json_of(&body)?;
    let mut json = to_json(state.register.schema(), state.register.base(), &version.merged.record);
    crate::record::merge_patch(&mut json, &patch);
    let record = record_body::from_value(&state.register, &kind, Some(&id), &id, &json)?;
    let edit = Edit {
        source: LOCAL_SOURCE.to_owned(),
        id: id.clone(),
        record: Some(record),
        original: None,
        // What was patched is what was read: a change in between must not be
        // undone unseen.
        expected: Some(version.revision),
    };
    write(&state, vec![edit], &token).await?;
    confirm(&state, &id, StatusCode::OK)
}

async fn withdraw_record(
    state: AppState,
    kind: String,
    token: Token,
    parameters: Parameters,
    conditions: Conditions,
) -> Result<Response> {
    let id = target(&state, &kind, &parameters)?;
    let version = here(&state, &id)?;
    conditions.check_change(Some(version.revision), Blind::Allowed)?;
    let expected = conditions.are_given().then_some(version.revision);
    let edits = state.register.withdrawal(&id, expected)?;
    write(&state, edits, &token).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn kind_of<'a>(state: &'a AppState, name: &str) -> Result<&'a Kind> {
    state.register.schema().kind(name).ok_or_else(Problem::internal)
}

/// The record that a write means: aliases are followed.
fn target(state: &AppState, kind: &str, parameters: &Parameters) -> Result<RecordId> {
    match named(state, kind, &parameters.text("id").unwrap_or_default())? {
        Named::Id(id) | Named::Alias(id) => Ok(id),
    }
}

fn current(state: &AppState, id: &RecordId) -> Result<Option<Revision>> {
    Ok(match state.register.get(id)? {
        Found::Here(version) => Some(version.revision),
        Found::Gone { .. } | Found::Nowhere => None,
    })
}

/// A new identifier: UUID version 7 (RFC 9562), so that newer sorts later.
fn new_id(state: &AppState, kind: &str) -> Result<RecordId> {
    let now = state.now();
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
    let moment = uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanoseconds);
    let id = uuid::Uuid::new_v7(moment).to_string();
    RecordId::new(kind, &id).map_err(|_| Problem::internal())
}

/// Writes on a thread that may wait for the disk.
async fn write(state: &AppState, edits: Vec<Edit>, token: &Token) -> Result<()> {
    let state = state.clone();
    let actor = format!("token:{}", token.id);
    let now = state.now();
    let written = tokio::task::spawn_blocking(move || {
        state.register.apply(edits, References::Checked, &actor, now)
    });
    written.await.map_err(|_| Problem::internal())??;
    Ok(())
}

/// The record as it is after a write, where it is, and its new tag.
fn confirm(state: &AppState, id: &RecordId, status: StatusCode) -> Result<Response> {
    let version = here(state, id)?;
    let mut response = (status, written(state, &version, Format::Json)).into_response();
    let headers = response.headers_mut();
    let tag = EntityTag::new(version.revision, &[]).to_string();
    headers.insert(header::ETAG, HeaderValue::try_from(tag).map_err(|_| Problem::internal())?);
    if status == StatusCode::CREATED {
        let location = HeaderValue::try_from(api_address(state, id));
        headers.insert(header::LOCATION, location.map_err(|_| Problem::internal())?);
    }
    Ok(response)
}

