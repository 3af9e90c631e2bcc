//! Signatures of what hubs deliver: HMAC (RFC 2104) over the hash functions
//! that WebSub names.

use sha1::Digest as _;
use sha2::Digest as _;
use subtle::ConstantTimeEq as _;

/// Bytes of a block of SHA-1 and SHA-256.
const SHORT_BLOCK: usize = 64;
/// Bytes of a block of SHA-384 and SHA-512.
const LONG_BLOCK: usize = 128;

/// Whether `header` (`sha256=` and hexadecimal digits) is the signature of
/// `body` by whoever knows `secret`. How long it takes tells nothing of the
/// right signature. A method that is not known signs nothing.
#[must_use]
pub(super) fn is_signed(header: &str, secret: &[u8], body: &[u8]) -> bool {
    let Some((method, digits)) = header.trim().split_once('=') else { return false };
    let Some(given) = bytes(digits.trim()) else { return false };
    let right = match method.trim().to_ascii_lowercase().as_str() {
        "sha1" => hmac(sha1, SHORT_BLOCK, secret, body),
        "sha256" => hmac(sha256, SHORT_BLOCK, secret, body),
        "sha384" => hmac(sha384, LONG_BLOCK, secret, body),
        "sha512" => hmac(sha512, LONG_BLOCK, secret, body),
        _ => return false,
    };
    right.ct_eq(&given).into()
}

/// The hash of parts, one after the other.
type Hash = fn(&[&[u8]]) -> Vec<u8>;

fn hmac(hash: Hash, block: usize, secret: &[u8], body: &[u8]) -> Vec<u8> {
    let mut key = if secret.len() > block { hash(&[secret]) } else { secret.to_vec() };
    key.resize(block, 0);
    let pad = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = hash(&[&pad(0x36), body]);
    hash(&[&pad(0x5C), &inner])
}

fn sha1(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = sha1::Sha1::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

fn sha384(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = sha2::Sha384::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

fn sha512(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = sha2::Sha512::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// The bytes of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}

#[cfg(test)]
#[path = "hub_signature_tests.rs"]
mod tests;
