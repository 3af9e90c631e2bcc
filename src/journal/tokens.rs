//! The private table of access tokens. Only the hash of a secret is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::JournalError;

/// What a token allows; each scope has those before it in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// To read what is public, with higher limits.
    Read,
    /// To write records.
    Write,
    /// To do everything.
    Admin,
}

impl Scope {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|scope| scope.name() == name)
    }
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// Its public part.
    pub id: String,
    /// SHA-256 of its secret part.
    pub hash: [u8; 32],
    /// What it is for, in the words of whoever made it.
    pub label: String,
    /// What it allows.
    pub scope: Scope,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; `None` is never.
    pub expires: Option<Timestamp>,
    /// Whether it was taken back.
    pub revoked: bool,
}

/// Where tokens are kept.
pub trait TokenStore {
    /// Keeps a new token.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be written.
    fn add_token(&self, token: &StoredToken) -> Result<(), JournalError>;

    /// The token with the public part `id`.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn token(&self, id: &str) -> Result<Option<StoredToken>, JournalError>;

    /// All tokens, oldest first.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be read.
    fn tokens(&self) -> Result<Vec<StoredToken>, JournalError>;

    /// Takes a token back; gives whether there was one.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the database can't be written.
    fn revoke_token(&self, id: &str) -> Result<bool, JournalError>;
}
