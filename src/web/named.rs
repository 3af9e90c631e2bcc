//! The record that a path names, by its identifier or an alias.

use axum::response::{IntoResponse, Redirect, Response};
use http::{Uri, header};

use crate::record::RecordId;
use crate::register::{Found, Version};
use crate::web::cache::Freshness;
use crate::web::negotiate::Format;
use crate::web::parameter::Parameter;
use crate::web::problem::{Problem, Result};
use crate::web::state::AppState;

/// The last part of the path of a record.
pub(in crate::web) const ID: Parameter =
    Parameter::text("id", "The record's identifier or its slug");

/// The identity that the path names.
pub(in crate::web) enum Named {
    /// By its identifier.
    Id(RecordId),
    /// By its alias: where it really is.
    Alias(RecordId),
}

/// Reads the last part of a path: an identifier, or the alias of a record.
///
/// # Errors
///
/// 404 when it can't be an identifier.
pub(in crate::web) fn named(state: &AppState, kind: &str, text: &str) -> Result<Named> {
    let id = RecordId::new(kind, text).map_err(Problem::not_found)?;
    if state.register.summary(&id.to_string()).is_none()
        && let Some(owner) = state.register.by_slug(kind, text)?
        && owner != id
    {
        return Ok(Named::Alias(owner));
    }
    Ok(Named::Id(id))
}

/// The record `id`.
///
/// # Errors
///
/// 404 when nothing was ever registered there, 410 when it was withdrawn.
pub(in crate::web) fn here(state: &AppState, id: &RecordId) -> Result<Version> {
    match state.register.get(id)? {
        Found::Here(version) => Ok(*version),
        Found::Gone { at, .. } => Err(Problem::gone(format!("{id} was withdrawn at {at}"))),
        Found::Nowhere => Err(Problem::not_found(format!("nothing is registered as {id}"))),
    }
}

/// From an alias to `address`, with the suffix and the query of the request.
/// An alias may be given to another record some day, so caches ask again.
pub(in crate::web) fn redirect(address: &str, uri: &Uri, format: Format) -> Response {
    let mut address = address.to_owned();
    let suffix = format!(".{}", format.suffix());
    if uri.path().ends_with(&suffix) {
        address.push_str(&suffix);
    }
    if let Some(query) = uri.query() {
        address.push('?');
        address.push_str(query);
    }
    let fresh = [(header::CACHE_CONTROL, Freshness::Seconds(300).to_header())];
    (fresh, Redirect::permanent(&address)).into_response()
}
