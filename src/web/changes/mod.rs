//! What changed, for other registers and for feed readers: each record once, as
//! a whole, by its newest revision.
//!
//! `/changes` is RPDE 1.0 and leads on for ever; `/changes.atom` shows the
//! newest first. The API's own feed of every version of every source is in
//! `api/changes.rs`.

mod atom;
mod rpde;

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderValue, Uri, header};

use crate::record::RecordId;
use crate::web::problem::Result;
use crate::web::reuse::LICENCE;
use crate::web::route::Route;
use crate::web::state::AppState;

/// The licence of what is given, as far as its sources say nothing else.
fn licence(state: &AppState) -> &str {
    state.identity.licence.as_deref().unwrap_or(LICENCE)
}

/// The licences under which the sources of a record give it, when they are
/// others than that of the feed, each once.
fn own_licences(state: &AppState, id: &RecordId) -> Result<Vec<String>> {
    let derived = state.register.derivations(id)?;
    let licences: BTreeSet<String> =
        derived.into_iter().filter_map(|(_, derivation)| derivation.licence).collect();
    Ok(licences.into_iter().filter(|own| own != licence(state)).collect())
}

/// The routes of both forms.
#[must_use]
pub fn routes() -> Vec<Route<AppState>> {
    vec![rpde::route(), atom::route()]
}

/// The address of a request, to the letter, at the public address.
fn requested(state: &AppState, uri: &Uri) -> String {
    let asked = uri.path_and_query().map_or_else(|| uri.path(), |asked| asked.as_str());
    format!("{}{asked}", state.register.base().as_str())
}

/// Names the feed itself, and the hub that tells of its changes (WebSub, 4).
fn link(state: &AppState, address: &str, headers: &mut HeaderMap) {
    let own = Some(format!("<{address}>; rel=\"self\""));
    let hub = state.identity.hub.as_ref().map(|hub| format!("<{hub}>; rel=\"hub\""));
    for link in own.into_iter().chain(hub) {
        if let Ok(link) = HeaderValue::try_from(link) {
            headers.append(header::LINK, link);
        }
    }
}
