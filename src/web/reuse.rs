//! On which terms what the register lists may be used again, whom to name, and
//! where to tell of a mistake.
//!
//! A list says so once; each record's own page names its sources with their
//! own licences and the words in which they want to be credited.

use crate::record::Base;

/// The licence of what is given, as far as its sources say nothing else.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

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
