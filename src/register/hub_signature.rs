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
mod tests {
    use super::*;

    /// RFC 2202 and RFC 4231, test case 2.
    const SIGNED: &[&str] = &[
        "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ];

    #[test]
    fn the_signatures_of_the_standards_are_right() {
        for header in SIGNED {
            assert!(is_signed(header, b"Jefe", b"what do ya want for nothing?"), "{header}");
            assert!(is_signed(&header.to_uppercase(), b"Jefe", b"what do ya want for nothing?"));
            assert!(!is_signed(header, b"Jefe", b"what do ya want for nothing!"), "{header}");
            assert!(!is_signed(header, b"jefe", b"what do ya want for nothing?"), "{header}");
        }
    }

    #[test]
    fn a_secret_longer_than_a_block_is_hashed_first() {
        // RFC 4231, test case 6.
        let header = "sha256=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
        let body = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert!(is_signed(header, &[0xAA; 131], body));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let body = b"what do ya want for nothing?";
        for header in [
            "",
            "sha256",
            "sha256=",
            "sha256=zz",
            "md5=750c783e6ab0b503eaa86e310a5db738",
            "=5bdcc146",
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38",
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec384",
            "sha1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "sha256=éé",
        ] {
            assert!(!is_signed(header, b"Jefe", body), "{header}");
        }
    }
}
