//! Tests of [`admin`](super).

use super::*;

#[test]
fn a_place_is_an_address_or_none() {
    for text in ["127.0.0.1:9090", "[::1]:0", "none"] {
        assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
    }
    let error = "here".parse::<Place>().unwrap_err();
    let expected = "`here` is neither an address such as 127.0.0.1:9090 nor `none`";
    assert_eq!(error.to_string(), expected);
}
