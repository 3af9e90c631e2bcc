//! What a run found wrong, for the publisher and the operator.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::{ID, NUMBER, run};
use crate::graph::GraphFormat;
use crate::register::validation;
use crate::web::admission::{Class, Scope};
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{ProblemKind, Result};
use crate::web::representation;
use crate::web::route::Route;
use crate::web::runs::problems::{self, Wanted};
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::choice("severity", &["warning", "error", "broken"], "Only those as grave as this"),
    Parameter::text("code", "Only those of this code, such as `bad-date`").example("bad-date"),
    Parameter::text("key", "Only those of the item with this key"),
    Parameter::integer("offset", 0, 1_000_000, "How many to pass over").default("0"),
    Parameter::integer("limit", 1, 1_000, "How many at most; CSV and RDF have all").default("100"),
];

pub(super) fn route() -> Route<AppState> {
    let path = "/api/v1/sources/{id}/runs/{number}/problems";
    Route::get(Scope::Read, path, "listProblems", list_problems)
        .summary("Gives what a run found wrong, with what the publisher can do")
        .description("Of each code a thousand are kept; `counts` has all. `report` is the address of the same for the publisher, who needs no token there. As RDF it is a validation report of SHACL.")
        .tag("harvest")
        .class(Class::Store)
        .path_parameter(ID)
        .path_parameter(NUMBER)
        .parameters(PARAMETERS)
        .formats(&[Format::Json, Format::Csv, Format::Turtle, Format::JsonLd])
        .problems(&[ProblemKind::Gone])
        .answer(StatusCode::OK, None, "What was found wrong")
}

async fn list_problems(
    State(state): State<AppState>,
    parameters: Parameters,
    format: Format,
) -> Result<Response> {
    let run = run(&state, &parameters)?;
    let wanted = Wanted {
        severity: parameters.text("severity"),
        code: parameters.text("code"),
        key: parameters.text("key"),
    };
    let found = problems::of(&state.register, &run, &wanted)?;
    let rdf = match format {
        Format::Csv => return Ok(representation::of(Format::Csv, problems::csv(&found))),
        Format::Turtle => Some(GraphFormat::Turtle),
        Format::JsonLd => Some(GraphFormat::JsonLd),
        _ => None,
    };
    if let Some(rdf) = rdf {
        let base = state.register.base().as_str();
        let address = format!("{base}/api/v1/sources/{}/runs/{}/problems", run.source, run.number);
        return Ok(representation::of(format, validation::report(&address, &found, rdf)));
    }
    let offset = parameters.count("offset").unwrap_or_default();
    let limit = parameters.count("limit").unwrap_or(100);
    let page = found.iter().skip(offset).take(limit);
    let mut json = problems::json(&run, page);
    json["total"] = json!(found.len());
    json["report"] = json!(state.register.report_address(&run.source, run.number)?);
    Ok(Json(json).into_response())
}
