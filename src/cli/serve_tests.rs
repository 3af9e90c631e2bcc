//! Tests of [`serve`](super).

use super::*;

#[test]
fn the_address_to_open_is_one_of_this_machine() {
    let cases = [
        ("127.0.0.1:80", "http://127.0.0.1:80"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::]:8080", "http://127.0.0.1:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
    ];
    for (listening, expected) in cases {
        assert_eq!(address(listening.parse().unwrap()), expected);
    }
}
