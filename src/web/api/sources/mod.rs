//! How sources are harvested: the state of each, its runs, what they found
//! wrong and what they would change, and what the harvester is asked to do.
//!
//! The sources themselves are records, in `records.rs`. Nothing here harvests:
//! what is asked is written down, and the harvester takes it.

mod problems;
mod requests;
mod runs;
mod staged;
mod state;
mod validation;

use crate::register::Register;
use crate::register::ledger::{Run, SourceState};
use crate::web::api::records::{self, Named};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::{Problem, Result};
use crate::web::route::Route;
use crate::web::state::AppState;

pub(in crate::web) use problems::{Wanted, problems, problems_csv, problems_json, signed_text};
pub(in crate::web) use staged::rekeys;

/// The name of the source in the path.
const ID: Parameter = Parameter::text("id", "The source's identifier or its slug");
/// The number of the run in the path.
const NUMBER: Parameter = Parameter::integer("number", 1, i64::MAX, "The number of the run");

pub(super) fn routes() -> Vec<Route<AppState>> {
    let mut routes = vec![state::route()];
    routes.extend(runs::routes());
    routes.extend([problems::route(), staged::route()]);
    routes.extend(requests::routes());
    routes
}

/// The source that the path names.
///
/// # Errors
///
/// 404 when there never was such a source, 410 when it was withdrawn.
fn source(state: &AppState, parameters: &Parameters) -> Result<String> {
    let text = parameters.text("id").unwrap_or_default();
    let id = match records::named(state, "source", &text)? {
        Named::Id(id) | Named::Alias(id) => id,
    };
    records::here(state, &id)?;
    Ok(id.id().to_owned())
}

/// The run that the path names.
fn run(state: &AppState, parameters: &Parameters) -> Result<Run> {
    let source = source(state, parameters)?;
    let number = parameters.integer("number").and_then(|number| u64::try_from(number).ok());
    numbered(&state.register, &source, number.unwrap_or_default())
}

/// The run of a source with this number.
///
/// # Errors
///
/// 404 when there was none, or it is long forgotten.
pub(in crate::web) fn numbered(register: &Register, source: &str, number: u64) -> Result<Run> {
    let run: Option<Run> = register.ledger().get(&Run::key(source, number))?;
    run.ok_or_else(|| Problem::not_found(format!("no run {number} of {source} is kept")))
}

/// The newest run of a source.
fn newest(register: &Register, source: &str) -> Result<Option<Run>> {
    let ledger = register.ledger();
    let state: Option<SourceState> = ledger.get(source)?;
    let Some(state) = state.filter(|state| state.last_run > 0) else { return Ok(None) };
    Ok(ledger.get(&Run::key(source, state.last_run))?)
}

/// Runs of a source, the newest first, before the one with the number
/// `before`, `limit` at most; and the number to go on before, when there are
/// more.
pub(in crate::web) fn newest_runs(
    register: &Register,
    source: &str,
    before: Option<u64>,
    limit: usize,
) -> Result<(Vec<Run>, Option<u64>)> {
    let ledger = register.ledger();
    let state: Option<SourceState> = ledger.get(source)?;
    let last = state.map_or(0, |state| state.last_run);
    let end = before.unwrap_or(u64::MAX).min(last.saturating_add(1));
    let begin = end.saturating_sub(limit as u64).max(1);
    // Numbers have no gaps, but the oldest runs are forgotten.
    let prefix = format!("{source}\n");
    let rows = ledger.rows::<Run>(&prefix, &Run::key(source, begin - 1), limit)?;
    let mut runs: Vec<Run> =
        rows.into_iter().map(|(_, run)| run).filter(|run| run.number < end).collect();
    runs.reverse();
    let older = runs.last().map(|run| run.number).filter(|number| *number > 1);
    Ok((runs, older))
}
