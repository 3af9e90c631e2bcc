//! What changed, for other registers and for feed readers: each record once, as
//! a whole, by its newest revision.
//!
//! `/changes` is RPDE 1.0 and leads on for ever; `/changes.atom` shows the
//! newest first. The API's own feed of every version of every source is in
//! `api/changes.rs`.

mod atom;
mod rpde;

use http::{HeaderMap, HeaderValue, Uri, header};

use crate::web::route::Route;
use crate::web::state::AppState;

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
