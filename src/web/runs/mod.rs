//! The runs of a source as the ledger has them, for all who show them.
//!
//! Nothing here harvests, and nothing is written.

pub(in crate::web) mod problems;
pub(in crate::web) mod rekeys;

use crate::register::Register;
use crate::register::ledger::{Request, RequestKind, Run, SourceState};
use crate::web::problem::{Problem, Result};

/// The run of a source with this number.
///
/// # Errors
///
/// 404 when there was none, or it is long forgotten.
pub(in crate::web) fn numbered(register: &Register, source: &str, number: u64) -> Result<Run> {
    let run: Option<Run> = register.ledger().get(&Run::key(source, number))?;
    run.ok_or_else(|| Problem::not_found(format!("no run {number} of {source} is kept")))
}

/// The newest run of a source; `None` when it was never harvested.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(in crate::web) fn newest(register: &Register, source: &str) -> Result<Option<Run>> {
    let ledger = register.ledger();
    let state: Option<SourceState> = ledger.get(source)?;
    let Some(state) = state.filter(|state| state.last_run > 0) else { return Ok(None) };
    Ok(ledger.get(&Run::key(source, state.last_run))?)
}

/// What the harvester was asked to do with a source, and has not taken yet.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(in crate::web) fn requested(register: &Register, source: &str) -> Result<Vec<Request>> {
    let mut found = Vec::new();
    for kind in RequestKind::ALL {
        found.extend(register.ledger().get::<Request>(&Request::key_of(source, kind))?);
    }
    Ok(found)
}

/// Runs of a source, the newest first, before the one with the number
/// `before`, `limit` at most; and the number to go on before, when there are
/// more.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(in crate::web) fn newest_before(
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
