//! What somebody asks to have erased from a source: it is withdrawn at once,
//! and not taken again until that is taken back.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{ID, source};
use crate::register::{EraseError, ItemOf, Token};
use crate::web::admission::{Class, Scope};
use crate::web::extract::{BodyRule, Json};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Fault, Problem, ProblemKind, Result};
use crate::web::route::Route;
use crate::web::runs;
use crate::web::state::AppState;

const PATH: &str = "/api/v1/sources/{id}/erasures";

/// Which item is no longer to be asked for.
const ITEM: &[Parameter] = &[
    Parameter::text("key", "The publisher's own key of the item").example("befriender-17"),
    Parameter::text("kind", "The kind of its record").default("asset"),
];

/// What is to be erased.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ErasureBody {
    /// The publisher's own key.
    key: String,
    #[serde(default = "asset")]
    kind: String,
    /// A reference to the request.
    #[serde(default)]
    reason: String,
}

fn asset() -> String {
    "asset".to_owned()
}

pub(super) fn routes() -> [Route<AppState>; 2] {
    let common = |route: Route<AppState>| {
        route
            .tag("harvest")
            .class(Class::Store)
            .path_parameter(ID)
            .problems(&[ProblemKind::Gone, ProblemKind::Conflict])
    };
    [
        common(
            Route::post(Scope::Admin, PATH, "eraseItem", erase_item)
                .summary("Withdraws a record of a source, and never takes it again")
                .description("For requests to erase what is said of a person. The copies of the source's documents are thrown away, and the key is kept as a hash. Versions of the record stay in the journal. While the source is harvested it is a 409: stop the run first.")
                .body(BodyRule::default(), Some("ErasureRequest"), "Which item")
                .answer(StatusCode::OK, None, "It is withdrawn, if it was there, and not taken again"),
        ),
        common(
            Route::delete(Scope::Admin, PATH, "permitItem", permit_item)
                .summary("Takes an erasure back: the next run takes the item again")
                .parameters(ITEM)
                .answer(StatusCode::NO_CONTENT, None, "The item may be taken again"),
        ),
    ]
}

async fn erase_item(
    State(state): State<AppState>,
    Extension(token): Extension<Token>,
    parameters: Parameters,
    Json(body): Json<ErasureBody>,
) -> Result<Response> {
    let source = source(&state, &parameters)?;
    let ErasureBody { key, kind, reason } = body;
    if state.register.schema().kind(&kind).is_none() {
        let fault = Fault::pointer("/kind", format!("there is no kind of record `{kind}`"));
        return Err(Problem::invalid_record(vec![fault]));
    }
    if runs::newest(&state.register, &source)?.is_some_and(|run| run.ended.is_none()) {
        let detail = format!("a run of {source} is under way; stop it, or ask again after it");
        return Err(Problem::conflict(detail));
    }
    let (by, now) = (token.actor(), state.now());
    let erase = move |state: &AppState| {
        let item = ItemOf { source: &source, kind: &kind, key: &key };
        let withdrawn = state.register.erase(item, &by, &reason, now).map_err(problem)?;
        Ok(json!({ "source": source, "kind": kind, "key": key, "withdrawn": withdrawn }))
    };
    Ok(axum::Json(state.on_disk(erase).await?).into_response())
}

async fn permit_item(State(state): State<AppState>, parameters: Parameters) -> Result<StatusCode> {
    let source = source(&state, &parameters)?;
    let key = parameters.text("key").unwrap_or_default();
    let kind = parameters.text("kind").unwrap_or_else(asset);
    let permit = move |state: &AppState| {
        if state.register.permit(ItemOf { source: &source, kind: &kind, key: &key })? {
            return Ok(StatusCode::NO_CONTENT);
        }
        Err(Problem::not_found(format!("{kind} {key} of {source} was not erased")))
    };
    state.on_disk(permit).await
}

fn problem(error: EraseError) -> Problem {
    match error {
        EraseError::Ledger(error) => error.into(),
        EraseError::Apply(error) => error.into(),
    }
}
