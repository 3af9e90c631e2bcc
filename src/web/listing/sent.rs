//! How an answer of a list is sent, whatever it is drawn as: anew only when the
//! register or the day has changed, with the moment at which it last did, and
//! for pages of any origin.

use axum::response::{IntoResponse, Response};
use http::header;

use crate::web::cache::{self, Conditions, EntityTag, Freshness};
use crate::web::problem::Result;
use crate::web::sharing;
use crate::web::state::AppState;

/// Sends what `build` makes, or 304 when the client has it; `variant` tells it
/// from all other answers.
///
/// # Errors
///
/// What `build` gives; 500 when the journal can't be read.
pub fn send<T: IntoResponse>(
    state: &AppState,
    conditions: &Conditions,
    variant: &[&str],
    build: impl FnOnce() -> Result<T>,
) -> Result<Response> {
    let today = state.today().to_string();
    let revision = state.register.index().revision();
    let mut parts = vec![env!("CARGO_PKG_VERSION"), &today];
    parts.extend_from_slice(variant);
    let tag = EntityTag::new(revision, &parts);
    let mut response = cache::respond(conditions, &tag, Freshness::Embedded, build)?;
    let headers = response.headers_mut();
    cache::vary(headers, header::ACCEPT_LANGUAGE);
    let committed = state.register.committed_at(revision)?;
    if let Some(modified) = committed.and_then(cache::last_modified) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    sharing::share(headers);
    Ok(response)
}
