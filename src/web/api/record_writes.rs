//! Writing one record: create, replace, patch, withdraw.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value as Json;

use crate::journal::Note;
use crate::model::Revision;
use crate::record::{Fault, RecordId, to_json};
use crate::register::{Edit, Found, LOCAL_SOURCE, References, Token, Version};
use crate::schema::{Kind, Schema};
use crate::web::admission::{Class, Scope};
use crate::web::api::once::{IDEMPOTENCY_KEY, Key, Keyed};
use crate::web::api::record_body::{self, Sent};
use crate::web::api::records::{api_address, written};
use crate::web::cache::{Conditions, EntityTag};
use crate::web::extract::Body;
use crate::web::kinds::{called, operation_name};
use crate::web::named::{ID, Named, here, named};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

/// What the body of a write may be refused for.
const REFUSED: &[ProblemKind] = &[
    ProblemKind::MalformedJson,
    ProblemKind::MalformedRdf,
    ProblemKind::InvalidRecord,
    ProblemKind::DanglingReference,
    ProblemKind::Conflict,
    ProblemKind::StorageLow,
];

/// What a change of what is there may be refused for beside that.
const NOT_SEEN: &[ProblemKind] =
    &[ProblemKind::PreconditionFailed, ProblemKind::PreconditionRequired];

const IF_MATCH: Parameter = Parameter::text(
    "If-Match",
    "The `ETag` of the version that is changed, or `*` for whatever is there; needed where something is",
)
.example("\"12-0123456789ab\"");

/// The routes that write records of each kind.
pub(super) fn routes(schema: &Schema) -> Vec<Route<AppState>> {
    schema.kinds().flat_map(routes_of).collect()
}

/// What a token must allow to write records of a kind: what all others are
/// sorted, placed and believed by is for administrators.
fn scope_of(kind: &str) -> Scope {
    match kind {
        "place" | "category" | "scheme" | "source" | "run" => Scope::Admin,
        _ => Scope::Write,
    }
}

fn routes_of(kind: &Kind) -> Vec<Route<AppState>> {
    let path = format!("/api/v1/{}", kind.path);
    let item = format!("{path}/{{id}}");
    let name = operation_name(&kind.name);
    let called = called(kind);
    let schema = Some(name.as_str());
    let scope = scope_of(&kind.name);
    vec![
        Route::post(scope, path, format!("create{name}"), on(kind, create_record))
            .summary(format!("Registers {called}"))
            .tag("records")
            .class(Class::Store)
            .headers(&[IDEMPOTENCY_KEY])
            .body(record_body::rule(), schema, "The record, as JSON or RDF")
            .problems(REFUSED)
            .problems(&[ProblemKind::KeyReused, ProblemKind::Gone])
            .answer(StatusCode::CREATED, None, "It is registered; Location says where"),
        Route::put(scope, item.clone(), format!("update{name}"), on(kind, update_record))
            .summary(format!("Replaces {called}, or registers it under its id"))
            .description("What other sources say of it stays, and shows where this says nothing.")
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .headers(&[IF_MATCH])
            .body(record_body::rule(), schema, "The record, as JSON or RDF")
            .problems(REFUSED)
            .problems(NOT_SEEN)
            .answer(StatusCode::OK, None, "It is replaced")
            .answer(StatusCode::CREATED, None, "It is registered"),
        Route::patch(scope, item.clone(), format!("patch{name}"), on(kind, patch_record))
            .summary(format!("Changes some properties of {called}"))
            .description("A JSON merge patch (RFC 7396): null takes a property away. What is changed is said by this register over what its sources say; what is not goes on following them. A property of theirs that is taken away is withheld until it is set again; of one that another record of the same thing says too, that is a 409 which names it.")
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .headers(&[IF_MATCH])
            .body(record_body::patch_rule(), None, "The properties that change")
            .problems(REFUSED)
            .problems(NOT_SEEN)
            .answer(StatusCode::OK, None, "It is changed"),
        Route::delete(scope, item, format!("withdraw{name}"), on(kind, withdraw_record))
            .summary(format!("Withdraws {called}"))
            .description("It leaves a tombstone (410), and its history.")
            .tag("records")
            .class(Class::Store)
            .path_parameter(ID)
            .headers(&[IF_MATCH])
            .problems(&[ProblemKind::Gone])
            .problems(NOT_SEEN)
            .answer(StatusCode::NO_CONTENT, None, "It is withdrawn"),
    ]
}

/// A write of one record of a kind.
struct Write {
    state: AppState,
    kind: String,
    token: Token,
    parameters: Parameters,
    conditions: Conditions,
    key: Key,
}

/// The handler of the route of `kind` that `write` answers.
fn on<B, F>(
    kind: &Kind,
    write: fn(Write, B) -> F,
) -> impl Fn(State<AppState>, Extension<Token>, Parameters, Conditions, Key, B) -> F + Clone + use<B, F>
{
    let kind = kind.name.clone();
    move |State(state), Extension(token), parameters, conditions, key, body| {
        let kind = kind.clone();
        write(Write { state, kind, token, parameters, conditions, key }, body)
    }
}

async fn create_record(write: Write, body: Body) -> Result<Response> {
    let Write { state, kind, token, key, .. } = write;
    let keyed = Keyed::of(key, &token, &kind, &body);
    let replayed = |state: &AppState| match &keyed {
        Some(keyed) => keyed.replayed(state),
        None => Ok(None),
    };
    if let Some(answer) = replayed(&state)? {
        return Ok(answer);
    }
    let kind = kind_of(&state, &kind)?.clone();
    let new = match &keyed {
        Some(keyed) => keyed.id(&kind.name),
        None => new_id(&state, &kind.name)?,
    };
    let Sent { record, original, json } =
        record_body::read(&state.register, &kind, None, &new, &body)?;
    let id = record.id.clone();
    let edit = Edit {
        source: LOCAL_SOURCE.to_owned(),
        id: id.clone(),
        record: Some(record),
        original,
        expected: Some(Revision(0)),
        derivation: None,
    };
    let notes = keyed.as_ref().map(|keyed| keyed.notes(&state, &id)).transpose()?;
    match apply(&state, edit, notes.unwrap_or_default(), &token, (kind, json)).await {
        // Somebody was quicker: the same request, perhaps.
        Err(problem) if problem.kind() == ProblemKind::PreconditionFailed => {
            let taken = || format!("{id} is registered already; use PUT to replace it");
            replayed(&state)?.ok_or_else(|| Problem::conflict(taken()))
        }
        Err(problem) => Err(problem),
        Ok(()) => confirm(&state, &id, StatusCode::CREATED),
    }
}

async fn update_record(write: Write, body: Body) -> Result<Response> {
    let Write { state, kind, token, parameters, conditions, .. } = write;
    let kind = kind_of(&state, &kind)?.clone();
    let id = target(&state, &kind.name, &parameters)?;
    let current = current(&state, &id)?;
    let expected = conditions.check_change(current)?;
    let Sent { record, original, json } =
        record_body::read(&state.register, &kind, Some(&id), &id, &body)?;
    let edit = Edit {
        source: LOCAL_SOURCE.to_owned(),
        id: id.clone(),
        record: Some(record),
        original,
        expected,
        derivation: None,
    };
    apply(&state, edit, Vec::new(), &token, (kind, json)).await?;
    confirm(&state, &id, if current.is_some() { StatusCode::OK } else { StatusCode::CREATED })
}

async fn patch_record(write: Write, body: Body) -> Result<Response> {
    let Write { state, kind, token, parameters, conditions, .. } = write;
    let kind = kind_of(&state, &kind)?.clone();
    let id = target(&state, &kind.name, &parameters)?;
    let version = here(&state, &id)?;
    conditions.check_change(Some(version.revision))?;
    let patch = record_body::json_of(&body)?;
    let mut json = to_json(state.register.schema(), state.register.base(), &version.merged.record);
    patch_of_cluster(&state, &version, &patch, &mut json)?;
    crate::record::merge_patch(&mut json, &patch);
    let wanted = record_body::from_value(&state.register, &kind, Some(&id), &id, &json)?;
    let mut edit = state.register.amendment(&version, &wanted)?;
    edit.original = record_body::original_of(&state.register, &wanted, &patch, &body);
    apply(&state, edit, Vec::new(), &token, (kind, json)).await?;
    confirm(&state, &id, StatusCode::OK)
}

/// What is shown of a record that stands for others is patched, and not only
/// what its own sources say: `json`, what they say, gets the objects of the
/// others that the patch changes in part.
///
/// # Errors
///
/// 409 when the patch takes away what another record says: it can be withheld
/// there alone.
fn patch_of_cluster(
    state: &AppState,
    version: &Version,
    patch: &Json,
    json: &mut Json,
) -> Result<()> {
    if version.cluster.is_none() {
        return Ok(());
    }
    let Some(patch) = patch.as_object() else { return Ok(()) };
    let taken: Vec<&str> =
        patch.iter().filter(|(_, value)| value.is_null()).map(|(key, _)| key.as_str()).collect();
    let others = state.register.stated_by_others(version, &taken)?;
    if !others.is_empty() {
        let told: Vec<String> = others
            .iter()
            .map(|(key, id, source)| format!("`{key}` by {source} at {}", api_address(state, id)))
            .collect();
        return Err(Problem::conflict(format!(
            "other records say it of the same thing too; take it away there first: {}",
            told.join(", ")
        )));
    }
    let Some(whole) = state.register.whole(version)? else { return Ok(()) };
    let shown =
        to_json(state.register.schema(), state.register.base(), &whole.version.merged.record);
    for (key, _) in patch.iter().filter(|(_, value)| value.is_object()) {
        if json.get(key).is_none()
            && let Some(value) = shown.get(key).filter(|value| value.is_object())
        {
            let mut value = value.clone();
            without_ids(&mut value);
            json[key] = value;
        }
    }
    Ok(())
}

/// Takes the addresses of nested nodes away: in this record they have others.
fn without_ids(json: &mut Json) {
    match json {
        Json::Object(object) => {
            object.retain(|key, _| key != "id");
            object.values_mut().for_each(without_ids);
        }
        Json::Array(list) => list.iter_mut().for_each(without_ids),
        _ => {}
    }
}

async fn withdraw_record(write: Write, (): ()) -> Result<Response> {
    let Write { state, kind, token, parameters, conditions, .. } = write;
    let id = target(&state, &kind, &parameters)?;
    let version = here(&state, &id)?;
    let expected = conditions.check_change(Some(version.revision))?;
    let edits = state.register.withdrawal(&id, expected)?;
    write_all(&state, edits, Vec::new(), &token, |_, fault| fault).await?;
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

/// Writes one record with `notes`, as whoever has `token`. It was sent as
/// `json`, in which faults have their places.
async fn apply(
    state: &AppState,
    edit: Edit,
    notes: Vec<Note>,
    token: &Token,
    (kind, json): (Kind, Json),
) -> Result<()> {
    let place =
        move |state: &AppState, fault| record_body::placed(&state.register, &kind, &json, fault);
    write_all(state, vec![edit], notes, token, place).await
}

/// Writes, all or none, with faults as `place` gives them.
async fn write_all(
    state: &AppState,
    edits: Vec<Edit>,
    notes: Vec<Note>,
    token: &Token,
    place: impl Fn(&AppState, Fault) -> Fault + Send + 'static,
) -> Result<()> {
    let (actor, now) = (token.actor(), state.now());
    let write = move |state: &AppState| {
        let checked = References::Checked;
        let applied = state.register.apply_noted(&edits, &notes, checked, &actor, now);
        applied.map_err(|error| error.with_faults(|fault| place(state, fault)))?;
        Ok(())
    };
    state.on_disk(write).await
}

/// The record as it is after a write, where it is, and its new tag.
pub(super) fn confirm(state: &AppState, id: &RecordId, status: StatusCode) -> Result<Response> {
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
