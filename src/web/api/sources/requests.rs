//! What the harvester is asked to do with a source. A request is written down
//! and answered with 202; whoever harvests takes it.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use super::{ID, listed, source};
use crate::journal::{Durability, Note};
use crate::record::{RecordId, texts};
use crate::register::ledger::{Phase, Request, RequestKind, Row as _, Run, RunKind, Table};
use crate::register::{Stopping, Token};
use crate::web::admission::{Class, Scope};
use crate::web::extract::{BodyRule, Json};
use crate::web::named;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::runs;
use crate::web::state::AppState;

/// How many runs are looked at for one that wrote something: all that are
/// kept by default.
const MOST_RUNS: usize = 100;

/// What kind of run is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunBody {
    kind: RunKind,
}

/// What is decided of a run that waits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalBody {
    decision: ApprovalDecision,
    /// The run that was looked at; any when left out.
    run: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ApprovalDecision {
    Approve,
    Rekey,
    Dismiss,
}

pub(super) fn routes() -> [Route<AppState>; 4] {
    let asked = |route: Route<AppState>| {
        route
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(ID)
            .problems(&[ProblemKind::Gone, ProblemKind::Conflict])
            .answer(StatusCode::ACCEPTED, None, "It is written down for the harvester")
    };
    let path = |rest: &str| format!("/api/v1/sources/{{id}}/{rest}");
    [
        asked(
            Route::post(Scope::Admin, path("runs"), "requestRun", request_run)
                .summary("Asks for a harvest, a preview, or a replay of the kept documents")
                .body(BodyRule::default(), Some("RunRequest"), "What kind of run"),
        ),
        asked(
            Route::post(Scope::Admin, path("runs/newest/approval"), "decideRun", decide_run)
                .summary("Lets what the newest run would change be written, or forgotten")
                .description("Of a preview, or of a run that is held for review. What is written is what `changes` of the run shows. `rekey`, when the publisher has changed its keys, has the items that `changes` calls sure keep their records, and leaves what else is missing its time of grace.")
                .body(BodyRule::default(), Some("RunApproval"), "Approve, re-key or dismiss"),
        ),
        asked(
            Route::post(Scope::Admin, path("runs/newest/cancellation"), "cancelRun", cancel_run)
                .summary("Asks to stop the newest run, and takes back what would begin one"),
        ),
        asked(
            Route::post(Scope::Admin, path("undo"), "undoRun", undo_run)
                .summary("Asks to undo the newest run that wrote something")
                .description("What it changed is as it was before it. The source is paused, or its next run would bring the same again."),
        ),
    ]
}

async fn request_run(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    parameters: Parameters,
    Json(body): Json<RunBody>,
) -> Result<Response> {
    let source = source(&state, &parameters)?;
    if is_retired(&state, &source)? {
        return Err(Problem::conflict(format!("{source} is retired, and not harvested any more")));
    }
    let kind = match body.kind {
        RunKind::Harvest => RequestKind::Run,
        RunKind::Preview => RequestKind::Preview,
        RunKind::Replay => RequestKind::Replay,
    };
    ask(&state, &source, kind, &token).await
}

async fn decide_run(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    parameters: Parameters,
    Json(body): Json<ApprovalBody>,
) -> Result<Response> {
    let source = source(&state, &parameters)?;
    let held = runs::newest(&state.register, &source)?.filter(Run::waits_for_somebody);
    let Some(held) = held else {
        return Err(Problem::conflict(format!("the newest run of {source} waits for nobody")));
    };
    if let Some(looked_at) = body.run.filter(|number| *number != held.number) {
        let newest = held.number;
        let detail = format!("run {looked_at} is not the newest any more: that is {newest}");
        return Err(Problem::conflict(detail));
    }
    let kind = match body.decision {
        ApprovalDecision::Approve => RequestKind::Approve,
        ApprovalDecision::Rekey if held.rekeys.sure == 0 => {
            let detail = format!(
                "no new item of run {} is surely a known one under another key",
                held.number
            );
            return Err(Problem::conflict(detail));
        }
        ApprovalDecision::Rekey => RequestKind::Rekey,
        ApprovalDecision::Dismiss => RequestKind::Dismiss,
    };
    ask(&state, &source, kind, &token).await
}

async fn cancel_run(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    parameters: Parameters,
) -> Result<Response> {
    let source = source(&state, &parameters)?;
    let under_way = runs::newest(&state.register, &source)?.filter(|run| run.ended.is_none());
    // Who writes is told at once, and not by the journal, which is busy.
    let stopping = match &under_way {
        Some(run) if run.phase == Phase::Applying => state.register.stop_writing(&source),
        _ => Stopping::Nobody,
    };
    if let (Stopping::TooLate, Some(run)) = (stopping, &under_way) {
        let what = "is being written to its end: it is done in moments, and can be undone";
        return Err(Problem::conflict(format!("run {} of {source} {what}", run.number)));
    }
    let is_under_way = under_way.is_some();
    let beginning: Vec<Note> = runs::requested(&state.register, &source)?
        .iter()
        .filter(|request| request.kind.begins_run())
        .map(|request| Table::Request.forget(&request.key()))
        .collect();
    if !is_under_way && beginning.is_empty() {
        return Err(Problem::conflict(format!("no run of {source} is under way or asked for")));
    }
    write(&state, beginning).await?;
    // Between fetching and writing, or after a crash, the next step reads this.
    if is_under_way && stopping == Stopping::Nobody {
        return ask(&state, &source, RequestKind::Cancel, &token).await;
    }
    let request = request(&state, &source, RequestKind::Cancel, &token);
    Ok(accepted(&state, &request))
}

async fn undo_run(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    parameters: Parameters,
) -> Result<Response> {
    let source = source(&state, &parameters)?;
    let (found, _) = runs::newest_before(&state.register, &source, None, MOST_RUNS)?;
    if found.first().is_some_and(|run| run.ended.is_none()) {
        return Err(Problem::conflict(format!("a run of {source} is under way")));
    }
    match found.iter().find(|run| run.has_written()) {
        None => Err(Problem::conflict(format!("no run of {source} has written anything"))),
        Some(run) if run.is_undone() => {
            let what = "was undone already, and it is the newest that has written anything";
            Err(Problem::conflict(format!("run {} of {source} {what}", run.number)))
        }
        Some(_) => ask(&state, &source, RequestKind::Undo, &token).await,
    }
}

fn request(state: &AppState, source: &str, kind: RequestKind, token: &Token) -> Request {
    Request { source: source.to_owned(), kind, at: state.now(), by: token.actor() }
}

/// Writes a request down, unless the same waits already: asking twice is
/// asking once.
async fn ask(state: &AppState, source: &str, kind: RequestKind, token: &Token) -> Result<Response> {
    if let Some(waiting) = state.register.ledger().get::<Request>(&Request::key_of(source, kind))? {
        return Ok(accepted(state, &waiting));
    }
    let request = request(state, source, kind, token);
    write(state, vec![request.put(request.key())]).await?;
    Ok(accepted(state, &request))
}

async fn write(state: &AppState, notes: Vec<Note>) -> Result<()> {
    let write =
        move |state: &AppState| Ok(state.register.ledger().write(&notes, Durability::Durable)?);
    state.on_disk(write).await
}

/// 202, with where to see what comes of it.
fn accepted(state: &AppState, request: &Request) -> Response {
    let address = format!("{}/state", listed::address(state, &request.source));
    let body = axum::Json(json!(request));
    let mut response = (StatusCode::ACCEPTED, body).into_response();
    if let Ok(location) = HeaderValue::try_from(address) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn is_retired(state: &AppState, source: &str) -> Result<bool> {
    let id = RecordId::new("source", source).map_err(Problem::not_found)?;
    let version = named::here(state, &id)?;
    Ok(texts(version.merged.record.values("harvesting")).any(|state| state == "retired"))
}
