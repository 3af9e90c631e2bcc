//! How sources are harvested: the state of each, its runs, what they found
//! wrong and what they would change, and what the harvester is asked to do.
//!
//! The sources themselves are records, in `records.rs`. Nothing here harvests:
//! what is asked is written down, and the harvester takes it.

mod erasures;
mod listed;
mod problems;
mod requests;
mod staged;
mod state;

use crate::register::ledger::Run;
use crate::web::named::{self, Named};
use crate::web::parameter::Parameter;
use crate::web::parameters::Parameters;
use crate::web::problem::Result;
use crate::web::route::Route;
use crate::web::runs;
use crate::web::state::AppState;

/// The name of the source in the path.
const ID: Parameter = Parameter::text("id", "The source's identifier or its slug");
/// The number of the run in the path.
const NUMBER: Parameter = Parameter::integer("number", 1, i64::MAX, "The number of the run");

pub(super) fn routes() -> Vec<Route<AppState>> {
    let mut routes = vec![state::route()];
    routes.extend(listed::routes());
    routes.extend([problems::route(), staged::route()]);
    routes.extend(requests::routes());
    routes.extend(erasures::routes());
    routes
}

/// The source that the path names.
///
/// # Errors
///
/// 404 when there never was such a source, 410 when it was withdrawn.
fn source(state: &AppState, parameters: &Parameters) -> Result<String> {
    let text = parameters.text("id").unwrap_or_default();
    let id = match named::named(state, "source", &text)? {
        Named::Id(id) | Named::Alias(id) => id,
    };
    named::here(state, &id)?;
    Ok(id.id().to_owned())
}

/// The run that the path names.
fn run(state: &AppState, parameters: &Parameters) -> Result<Run> {
    let source = source(state, parameters)?;
    let number = parameters.integer("number").and_then(|number| u64::try_from(number).ok());
    runs::numbered(&state.register, &source, number.unwrap_or_default())
}
