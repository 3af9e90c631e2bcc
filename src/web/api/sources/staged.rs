//! What a preview, or a run that is held, would change.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::{ID, NUMBER, listed, run};
use crate::record::{FromJson, from_json};
use crate::register::ledger::{Rekey, Staged};
use crate::web::admission::{Class, Scope};
use crate::web::api::cursor;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::runs;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] =
    &[cursor::CURSOR, Parameter::integer("limit", 1, 500, "How many at most").default("50")];

pub(super) fn route() -> Route<AppState> {
    let path = "/api/v1/sources/{id}/runs/{number}/changes";
    Route::get(Scope::Read, path, "listStagedChanges", list_staged)
        .summary("Gives what a preview, or a run that is held, would change")
        .description("`before` and `after` are hashes of what the source says of the record; `differs` names the properties that change. Approved is just this. `rekey` of a new item is the known one that it seems to be under another key.")
        .tag("harvest")
        .class(Class::Store)
        .path_parameter(ID)
        .path_parameter(NUMBER)
        .parameters(PARAMETERS)
        .formats(&[Format::Json])
        .problems(&[ProblemKind::Gone])
        .answer(StatusCode::OK, None, "The changes, and where to go on")
}

async fn list_staged(State(state): State<AppState>, parameters: Parameters) -> Result<Response> {
    let run = run(&state, &parameters)?;
    let newest = runs::newest(&state.register, &run.source)?;
    let is_newest = newest.is_some_and(|newest| newest.number == run.number);
    if !is_newest || !run.waits_for_somebody() {
        let what = format!("run {} of {} has nothing that waits", run.number, run.source);
        return Err(Problem::not_found(what));
    }
    let limit = parameters.count("limit").unwrap_or(50);
    let after = cursor::read(&parameters)?;
    let prefix = format!("{}\n", run.source);
    let after = after.map(|after| format!("{prefix}{after}")).unwrap_or_default();
    let rows = state.register.ledger().rows::<Staged>(&prefix, &after, limit)?;
    let mut items = Vec::with_capacity(rows.len());
    for (key, staged) in &rows {
        items.push(item(&state, &run.source, &key[prefix.len()..], staged)?);
    }
    let mut json = json!({
        "source": run.source,
        "run": run.number,
        "held": run.held,
        "counts": {
            "create": run.counts.created + run.counts.republished,
            "update": run.counts.changed,
            "withdraw": run.counts.withdrawn + run.counts.missing,
        },
        "items": items,
    });
    if !run.rekeys.is_none() {
        json["rekeys"] = json!(run.rekeys);
    }
    if let Some((key, _)) = rows.last().filter(|_| rows.len() == limit) {
        let cursor = cursor::written(&key[prefix.len()..]);
        let address = listed::address(&state, &run.source);
        let path = format!("{address}/runs/{}/changes", run.number);
        json["next"] = json!(format!("{path}?cursor={cursor}&limit={limit}"));
    }
    Ok(Json(json).into_response())
}

fn item(state: &AppState, source: &str, key: &str, staged: &Staged) -> Result<Value> {
    let Staged { id, record, hash, modified, url, retrieved_at, format, before, .. } = staged;
    let change = match (record, before) {
        (None, _) => "withdraw",
        (Some(_), None) => "create",
        (Some(_), Some(before)) if before == hash => "restore",
        (Some(_), Some(_)) => "update",
    };
    let (_, key) = key.split_once('\n').unwrap_or(("", key));
    let mut json = json!({
        "change": change,
        "id": state.register.base().thing(id).as_str(),
        "type": id.kind(),
        "key": key,
        "before": before,
        "after": (!hash.is_empty()).then_some(hash),
        "url": url,
        "retrievedAt": retrieved_at,
    });
    if let Some(modified) = modified {
        json["modified"] = json!(modified);
    }
    if !format.is_empty() {
        json["format"] = json!(format);
    }
    if staged.is_absent {
        json["isAbsent"] = json!(true);
    }
    if let Some(Rekey { from, id, likelihood, is_sure }) = &staged.rekey {
        let (_, from) = from.split_once('\n').unwrap_or(("", from));
        json["rekey"] = json!({
            "key": from,
            "id": state.register.base().thing(id).as_str(),
            "likelihood": likelihood,
            "isSure": is_sure,
        });
    }
    if let Some(record) = record {
        let record = record.json();
        if change == "update" {
            json["differs"] = json!(differing(state, source, staged, &record)?);
        }
        json["record"] = record;
    }
    Ok(json)
}

/// The keys of the properties that are not as the source says them now.
fn differing(
    state: &AppState,
    source: &str,
    staged: &Staged,
    wanted: &Value,
) -> Result<Vec<String>> {
    let (schema, base) = (state.register.schema(), state.register.base());
    let said = state.register.by_source(&staged.id)?;
    let now = said.into_iter().find(|(speaker, _)| speaker == source);
    let kind = schema.kind(staged.id.kind());
    let context = FromJson { schema, base, keys_of: None };
    let wanted = kind.and_then(|kind| from_json(context, kind, Some(&staged.id), wanted).ok());
    let (Some((_, now)), Some(wanted)) = (now, wanted) else { return Ok(Vec::new()) };
    let keys: BTreeSet<&String> = now.fields.keys().chain(wanted.fields.keys()).collect();
    let differs = keys.into_iter().filter(|key| now.values(key) != wanted.values(key));
    Ok(differs.cloned().collect())
}
