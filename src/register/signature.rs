//! Signed links: who has one may see what it names, without a token.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use uuid::{NoContext, Timestamp, Uuid};

use super::Register;
use crate::journal::{Durability, JournalError, Note};

/// The private table with the secret, and its key there.
const TABLE: &str = "register.secret";
const KEY: &str = "signature";

impl Register {
    /// The signature of `what`, to stand in a link: letters, digits, `-` and
    /// `_`. The same text has the same one as long as the journal lives.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the secret can't be read, or the first one kept.
    pub fn signature(&self, what: &str) -> Result<String, JournalError> {
        Ok(signed(&self.secret()?, what))
    }

    /// Whether `signature` is the one of `what`. How long that takes tells
    /// nothing of how much of it was right.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when the secret can't be read.
    pub fn is_signed(&self, what: &str, signature: &str) -> Result<bool, JournalError> {
        let Some(secret) = self.kept_secret()? else { return Ok(false) };
        Ok(signed(&secret, what).as_bytes().ct_eq(signature.as_bytes()).into())
    }

    fn kept_secret(&self) -> Result<Option<[u8; 32]>, JournalError> {
        let kept = self.journal.note(TABLE, KEY)?;
        let read = |bytes: Vec<u8>| {
            bytes.try_into().map_err(|_| JournalError::Damaged("the secret of links".to_owned()))
        };
        kept.map(read).transpose()
    }

    /// The secret; one is made the first time.
    fn secret(&self) -> Result<[u8; 32], JournalError> {
        if let Some(secret) = self.kept_secret()? {
            return Ok(secret);
        }
        let _writer = self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(secret) = self.kept_secret()? {
            return Ok(secret);
        }
        let secret = random();
        let note = Note { table: TABLE, key: KEY.to_owned(), value: Some(secret.to_vec()) };
        self.journal.put_notes(&[note], Durability::Durable)?;
        Ok(secret)
    }
}

fn signed(secret: &[u8; 32], what: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(blake3::keyed_hash(secret, what.as_bytes()).as_bytes())
}

/// Bytes that nobody can guess: each of these UUIDs has 74 random bits of the
/// system (RFC 9562, 5.7), and the hash spreads those of all.
fn random() -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for _ in 0..4 {
        let moment = Timestamp::from_unix(NoContext, 0, 0);
        hasher.update(Uuid::new_v7(moment).as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
