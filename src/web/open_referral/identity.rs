//! Identifiers: UUIDs here, where the register has IRIs.

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::record::RecordId;
use crate::register::{Found, Register};
use crate::web::members::members;
use crate::web::problem::{Problem, Result};

/// The UUID of a record.
pub(super) fn of(register: &Register, id: &RecordId) -> String {
    register.base().uuid(id).to_string()
}

/// The UUID of what is nested in a record under `key`, by its place from zero.
pub(super) fn nested(register: &Register, id: &RecordId, key: &str, position: usize) -> String {
    register.base().nested_uuid(id, key, position).to_string()
}

/// The UUID of what a record offers at a location, by the place of that in the
/// record; of what it offers online, by the number of its locations.
pub(super) fn at_location(register: &Register, id: &RecordId, position: usize) -> String {
    register.base().site_uuid(id, position).to_string()
}

/// The record of `kind` that `text` names: by its UUID, or by the register's
/// own identifier. Looked up in the index; `None` when nothing is there.
pub(super) fn find(register: &Register, kind: &str, text: &str) -> Option<RecordId> {
    if let Ok(uuid) = Uuid::try_parse(text) {
        if let Ok(id) = RecordId::new(kind, &uuid.to_string())
            && register.summary(&id.to_string()).is_some()
        {
            return Some(id);
        }
        if let Some((id, None)) = register.by_uuid(uuid)
            && id.kind() == kind
        {
            return Some(id);
        }
    }
    let id = RecordId::new(kind, text).ok()?;
    register.summary(&id.to_string()).map(|_| id)
}

/// As [`find`], for the last part of an address.
///
/// # Errors
///
/// 410 when it was withdrawn, 404 when nothing ever was there.
pub(super) fn named(register: &Register, kind: &str, text: &str) -> Result<RecordId> {
    if let Some(id) = find(register, kind, text) {
        return Ok(id);
    }
    let nothing = || Problem::not_found(format!("no {kind} is registered as `{text}`"));
    let id = RecordId::new(kind, &text.to_ascii_lowercase()).map_err(|_| nothing())?;
    match register.get(&id)? {
        Found::Gone { at, .. } => Err(Problem::gone(format!("{id} was withdrawn at {at}"))),
        Found::Here(_) | Found::Nowhere => Err(nothing()),
    }
}

/// The summary of a record; empty when nothing is registered there.
pub(super) fn summary(register: &Register, id: &RecordId) -> Map<String, Json> {
    let bytes = register.summary(&id.to_string());
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Those members of the summary of a record whose names are `wanted`; empty when
/// nothing is registered there.
pub(super) fn part(
    register: &Register,
    id: &RecordId,
    wanted: impl Fn(&str) -> bool,
) -> Map<String, Json> {
    let bytes = register.summary(&id.to_string());
    bytes.and_then(|bytes| members(&bytes, wanted)).unwrap_or_default()
}
