//! On which terms what the register lists may be used again, whom to name, and
//! where to tell of a mistake.
//!
//! A list says so once for what its entries say nothing else of; an entry whose
//! sources have other licences says those. Each record's own page names its
//! sources with their licences and the words in which they want to be credited.

use crate::record::Base;
pub use crate::web::serialise::NOT_STATED;
use crate::web::state::AppState;

/// The licence of what is given, as far as its sources say nothing else.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// The licence of what is given, as far as its sources say nothing else: that
/// of the settings, or else CC BY 4.0.
#[must_use]
pub fn licence(state: &AppState) -> &str {
    state.identity.licence.as_deref().unwrap_or(LICENCE)
}

/// The licences under which the record `key` is given: those of its sources,
/// [`NOT_STATED`] for one without, or that of the register.
#[must_use]
pub fn licences(state: &AppState, key: &str) -> Vec<String> {
    let own = state.register.licences(key).into_iter();
    let mut licences: Vec<String> =
        own.map(|licence| licence.unwrap_or_else(|| NOT_STATED.to_owned())).collect();
    if licences.is_empty() {
        licences.push(licence(state).to_owned());
    }
    licences
}

/// The path of the page on which a mistake can be reported.
pub const REPORT_PATH: &str = "/report";

/// The sentence by which those who use a list again name its origin.
#[must_use]
pub fn attribution(base: &Base) -> String {
    let base = base.as_str();
    format!("From the community register at {base}/ and the sources that each record's page names.")
}

/// Where a mistake in the record with this IRI can be reported; a page for any
/// mistake when it is not of this register.
#[must_use]
pub fn report(base: &Base, iri: &str) -> String {
    let path = format!("{}{REPORT_PATH}", base.as_str());
    match base.record_of(iri) {
        Some(Ok(id)) => format!("{path}?about={id}"),
        _ => path,
    }
}
