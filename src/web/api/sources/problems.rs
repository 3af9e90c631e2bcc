//! What a run found wrong, for the publisher and the operator.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use csv::{Terminator, WriterBuilder};
use http::StatusCode;
use serde_json::{Value, json};

use super::{ID, NUMBER, run, validation};
use crate::graph::GraphFormat;
use crate::record::formula;
use crate::register::Register;
use crate::register::ledger::{Finding, Run};
use crate::web::admission::{Class, Scope};
use crate::web::linked_data::document;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{ProblemKind, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

const PARAMETERS: &[Parameter] = &[
    Parameter::choice("severity", &["warning", "error", "broken"], "Only those as grave as this"),
    Parameter::text("code", "Only those of this code, such as `bad-date`").example("bad-date"),
    Parameter::text("key", "Only those of the item with this key"),
    Parameter::integer("offset", 0, 1_000_000, "How many to pass over").default("0"),
    Parameter::integer("limit", 1, 1_000, "How many at most; CSV and RDF have all").default("100"),
];

const COLUMNS: [&str; 11] = [
    "severity",
    "code",
    "what",
    "advice",
    "key",
    "url",
    "at",
    "stage",
    "excerpt",
    "first_seen",
    "runs",
];

/// Which problems are wanted.
#[derive(Debug, Default)]
pub(in crate::web) struct Wanted {
    severity: Option<String>,
    code: Option<String>,
    key: Option<String>,
}

impl Wanted {
    fn has(&self, finding: &Finding) -> bool {
        let fits = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| Some(wanted) == found)
        };
        fits(&self.severity, Some(&finding.severity))
            && fits(&self.code, Some(&finding.code))
            && fits(&self.key, finding.key.as_deref())
    }
}

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
    let found = problems(&state.register, &run, &wanted)?;
    let rdf = match format {
        Format::Csv => return Ok(document(Format::Csv, problems_csv(&found))),
        Format::Turtle => Some(GraphFormat::Turtle),
        Format::JsonLd => Some(GraphFormat::JsonLd),
        _ => None,
    };
    if let Some(rdf) = rdf {
        let base = state.register.base().as_str();
        let address = format!("{base}/api/v1/sources/{}/runs/{}/problems", run.source, run.number);
        return Ok(document(format, validation::report(&address, &found, rdf)));
    }
    let offset = parameters.count("offset").unwrap_or_default();
    let limit = parameters.count("limit").unwrap_or(100);
    let page = found.iter().skip(offset).take(limit);
    let mut json = problems_json(&run, page);
    json["total"] = json!(found.len());
    json["report"] = json!(report_address(&state, &run)?);
    Ok(Json(json).into_response())
}

/// What a run found wrong, as far as it was kept and is wanted, in the order
/// in which it was found.
pub(in crate::web) fn problems(
    register: &Register,
    run: &Run,
    wanted: &Wanted,
) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let prefix = Finding::key(&run.source, run.number, 0);
    let prefix = prefix.trim_end_matches('0');
    register.ledger().each::<Finding>(prefix, |_, finding| {
        if wanted.has(&finding) {
            found.push(finding);
        }
    })?;
    Ok(found)
}

/// How many things of each code a run found wrong, and some of them.
pub(in crate::web) fn problems_json<'a>(
    run: &Run,
    page: impl Iterator<Item = &'a Finding>,
) -> Value {
    let counts: &BTreeMap<String, u64> = &run.codes;
    let items: Vec<&Finding> = page.collect();
    json!({ "source": run.source, "run": run.number, "counts": counts, "items": items })
}

/// Problems as comma-separated values (RFC 4180), what a spreadsheet would
/// run guarded.
pub(in crate::web) fn problems_csv(problems: &[Finding]) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let written = "memory takes any bytes, and every row has the same columns";
    writer.write_record(COLUMNS).expect(written);
    for finding in problems {
        let Finding {
            stage,
            severity,
            code,
            url,
            at,
            what,
            advice,
            key,
            excerpt,
            first_seen,
            runs,
        } = finding.clone();
        let optional = Option::unwrap_or_default;
        let first_seen = first_seen.map(|at| at.to_string());
        let cells = [
            severity,
            code,
            what,
            optional(advice),
            optional(key),
            url,
            at,
            stage,
            optional(excerpt),
            optional(first_seen),
            runs.to_string(),
        ];
        writer.write_record(cells.map(formula::guard)).expect(written);
    }
    writer.into_inner().expect(written)
}

/// The address of the report of a run, which its publisher reads without a
/// token.
///
/// # Errors
///
/// 500 `internal` when it can't be signed.
pub(in crate::web) fn report_address(state: &AppState, run: &Run) -> Result<String> {
    let (source, number) = (&run.source, run.number);
    let key = state.register.signature(&signed_text(source, number))?;
    let base = state.register.base().as_str();
    Ok(format!("{base}/reports/harvest/{source}/{number}?key={key}"))
}

/// What the key of a report is the signature of.
pub(in crate::web) fn signed_text(source: &str, run: u64) -> String {
    format!("harvest report\n{source}\n{run}")
}
