//! Tests of [`hub_signature`](super).

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
