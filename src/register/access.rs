//! Access tokens: made once, shown once, kept only as a hash.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::Register;
use crate::journal::{JournalError, Scope, StoredToken, TokenStore};

/// What every token begins with, so that scanners for secrets know it.
const PREFIX: &str = "kist";

/// A token that was just made. It can't be shown again.
pub struct NewToken {
    /// Its public part, by which it is revoked.
    pub id: String,
    /// What the client sends.
    pub secret: String,
}

/// A token that was presented and is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its public part.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// What it allows.
    pub scope: Scope,
}

impl Token {
    /// Whoever has it, as the history of records names them.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("token:{}", self.id)
    }
}

/// Why a token is not good.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AccessError {
    /// It is not known, was revoked, or has ended. Which of these is not said.
    #[error("the token is not valid")]
    Invalid,
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Makes a token for `label`, with `random` bytes of the system, and keeps it
/// in `store`: that of the register, or the journal beside it.
///
/// # Errors
///
/// [`JournalError`] when it can't be kept.
pub fn create_token(
    store: &(impl TokenStore + ?Sized),
    label: &str,
    scope: Scope,
    expires: Option<Timestamp>,
    now: Timestamp,
    random: [u8; 40],
) -> Result<NewToken, JournalError> {
    let (id, secret) = random.split_at(8);
    let id = hexadecimal(id);
    let secret = BASE64_URL_SAFE_NO_PAD.encode(secret);
    let token = StoredToken {
        id: id.clone(),
        hash: Sha256::digest(secret.as_bytes()).into(),
        label: label.to_owned(),
        scope,
        created: now,
        expires,
        revoked: false,
    };
    store.add_token(&token)?;
    Ok(NewToken { secret: format!("{PREFIX}_{id}_{secret}"), id })
}

impl Register {
    /// Where tokens are kept: to make, list and revoke them.
    #[must_use]
    pub fn token_store(&self) -> &dyn TokenStore {
        self.journal.as_ref()
    }

    /// Checks a token that a client sent.
    ///
    /// # Errors
    ///
    /// [`AccessError::Invalid`] when it is not good at `now`.
    pub fn check_token(&self, presented: &str, now: Timestamp) -> Result<Token, AccessError> {
        let mut parts = presented.splitn(3, '_');
        let (Some(PREFIX), Some(id), Some(secret)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(AccessError::Invalid);
        };
        let Some(stored) = self.journal.token(id)? else { return Err(AccessError::Invalid) };
        let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        let good = bool::from(hash.ct_eq(&stored.hash))
            && !stored.revoked
            && stored.expires.is_none_or(|end| now < end);
        if good {
            Ok(Token { id: stored.id, label: stored.label, scope: stored.scope })
        } else {
            Err(AccessError::Invalid)
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}
