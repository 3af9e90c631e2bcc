//! Records as they lie in the journal: canonical JSON that doesn't depend on
//! the register's public address, so that the address may change.

use std::sync::LazyLock;

use crate::journal::{JournalError, Payload, Version};
use crate::record::{Base, FromJson, Record, from_json, to_json};
use crate::schema::Schema;

/// The source of what is written here, and not harvested or seeded.
pub const LOCAL_SOURCE: &str = "local";

/// The source that says which records are of one thing.
pub const MATCHES_SOURCE: &str = "matches";

/// The register's own sources, which may say a part of a record.
pub(super) const PARTIAL_SOURCES: &[&str] = &[LOCAL_SOURCE, MATCHES_SOURCE];

/// Stands for the register's address within the journal.
static INSIDE: LazyLock<Base> =
    LazyLock::new(|| Base::new("https://register.invalid").expect("it is an address"));

/// The payload of `record`.
pub(super) fn write(schema: &Schema, record: &Record) -> Payload {
    Payload::compress(to_json(schema, &INSIDE, record).to_string().as_bytes())
}

/// The record of a version; `None` when it is a tombstone.
///
/// Properties that the schema no longer has are left out: a shapes file that
/// an operator took away must not make records unreadable.
///
/// # Errors
///
/// [`JournalError::Damaged`] when the payload is no record of the schema.
pub(super) fn read(schema: &Schema, version: &Version) -> Result<Option<Record>, JournalError> {
    let Some(payload) = &version.payload else { return Ok(None) };
    let damaged = |reason: String| JournalError::Damaged(format!("{}: {reason}", version.id));
    let mut json: serde_json::Value =
        serde_json::from_slice(&payload.json()?).map_err(|error| damaged(error.to_string()))?;
    let kind = schema
        .kind(version.id.kind())
        .ok_or_else(|| damaged("its kind is not in the schema".to_owned()))?;
    if let Some(object) = json.as_object_mut() {
        let own = ["@context", "id", "type"];
        object.retain(|key, _| own.contains(&key.as_str()) || kind.shape.field(key).is_some());
    }
    let context = FromJson { schema, base: &INSIDE, keys_of: None };
    from_json(context, kind, Some(&version.id), &json).map(Some).map_err(|faults| {
        damaged(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })
}
