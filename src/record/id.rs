//! The identity of a record within the register.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// The name space in which identifiers are made from keys.
const KEYS: Uuid = Uuid::from_u128(0x6b69_7374_6b69_5374_8b69_7374_6b69_7374);

/// Kinds that are a register's own affair, or that every register has by itself:
/// no register takes them from another by its changes and tables.
pub const OWN_KINDS: [&str; 5] = ["place", "category", "scheme", "source", "run"];

/// Kind and identifier of a record: `asset/0190…`, `place/S12000036`.
///
/// The identifier is a UUID (version 7 when made here, version 5 when made
/// from a source's own key), an official code or a slug.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId {
    kind: String,
    id: String,
}

/// Why a text is no identity of a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordIdError {
    /// There is no slash between kind and identifier.
    #[error("`{0}` is not `kind/identifier`")]
    Syntax(String),
    /// The identifier has characters that are not allowed, or is too long.
    #[error(
        "`{0}` is not an identifier: letters, digits, `-`, `.`, `_` and `~` are allowed, 128 at most, the first a letter or digit"
    )]
    Identifier(String),
}

impl RecordId {
    /// The record of `kind` with the identifier `id`.
    ///
    /// # Errors
    ///
    /// [`RecordIdError::Identifier`] when `id` is empty, longer than 128
    /// characters or has others than letters, digits and `-._~`.
    pub fn new(kind: &str, id: &str) -> Result<Self, RecordIdError> {
        if is_identifier(id) && is_identifier(kind) {
            Ok(Self { kind: kind.to_owned(), id: id.to_owned() })
        } else {
            Err(RecordIdError::Identifier(id.to_owned()))
        }
    }

    /// The record of `kind` that a source knows by `key`: the same on every
    /// machine and on every run (UUID version 5, RFC 9562).
    #[must_use]
    pub fn from_key(kind: &str, source: &str, key: &str) -> Self {
        let name = format!("{kind}\n{source}\n{key}");
        let id = Uuid::new_v5(&KEYS, name.as_bytes());
        Self { kind: kind.to_owned(), id: id.to_string() }
    }

    /// Name of the kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Identifier within the kind.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

fn is_identifier(text: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (1..=128).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text.bytes().all(allowed)
}

impl fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind, self.id)
    }
}

impl FromStr for RecordId {
    type Err = RecordIdError;

    fn from_str(text: &str) -> Result<Self, RecordIdError> {
        let (kind, id) =
            text.split_once('/').ok_or_else(|| RecordIdError::Syntax(text.to_owned()))?;
        Self::new(kind, id)
    }
}

impl TryFrom<String> for RecordId {
    type Error = RecordIdError;

    fn try_from(text: String) -> Result<Self, RecordIdError> {
        text.parse()
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        id.to_string()
    }
}
