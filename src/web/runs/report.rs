//! The report of a run for its publisher, who reads it by a signed address.

use crate::register::ledger::Run;
use crate::web::problem::Result;
use crate::web::state::AppState;

/// The address of the report of a run, which its publisher reads without a
/// token.
///
/// # Errors
///
/// 500 `internal` when it can't be signed.
pub(in crate::web) fn address(state: &AppState, run: &Run) -> Result<String> {
    let (source, number) = (&run.source, run.number);
    let key = state.register.signature(&signed_text(source, number))?;
    let base = state.register.base().as_str();
    Ok(format!("{base}/reports/harvest/{source}/{number}?key={key}"))
}

/// What the key of a report is the signature of.
pub(in crate::web) fn signed_text(source: &str, run: u64) -> String {
    format!("harvest report\n{source}\n{run}")
}
