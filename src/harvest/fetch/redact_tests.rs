//! Tests of [`redact`](super).

use super::*;

#[track_caller]
fn check(address: &str, expected: &str) {
    assert_eq!(url(&address.parse().unwrap()), expected);
}

#[test]
fn secrets_in_addresses_are_masked() {
    check("https://a.scot/b?page=2", "https://a.scot/b?page=2");
    check("https://a.scot/b?api_key=abc&page=2", "https://a.scot/b?api_key=***&page=2");
    check("https://a.scot/b?X-Amz-Signature=abc", "https://a.scot/b?X-Amz-Signature=***");
    check("https://a.scot/b?access%5Ftoken=abc", "https://a.scot/b?access%5Ftoken=***");
    check("https://a.scot/b?keywords=walking&q", "https://a.scot/b?keywords=walking&q");
    check("https://me:secret@a.scot/?token=1", "https://***@a.scot/?token=***");
}

#[test]
fn a_parameter_with_a_secret_is_named() {
    let named = |address: &str| secret_parameter(&address.parse().unwrap());
    assert_eq!(named("https://a.scot/b?page=2&api_key=abc").as_deref(), Some("api_key"));
    assert_eq!(named("https://a.scot/b?page=2&keywords=walks&token="), None);
}

#[test]
fn secrets_of_addresses_in_texts_are_masked() {
    assert_eq!(
        text("see <https://a.scot/?token=1> and http://me:x@b.scot/, or \"http://c.scot\""),
        "see <https://a.scot/?token=***> and http://***@b.scot/, or \"http://c.scot/\""
    );
    assert_eq!(text("https://"), "***");
}

#[test]
fn secrets_of_what_is_no_address_are_masked_too() {
    assert_eq!(written("ftp://me:x@a.scot/b@c"), "ftp://***@a.scot/b@c");
    assert_eq!(written("me:x@[a.scot"), "***@[a.scot");
    assert_eq!(written("http://a.scot/?q=1"), "http://a.scot/?q=1");
}

#[test]
fn a_secret_does_not_show_itself() {
    assert_eq!(format!("{:?}", SecretString::new("abc")), "***");
}
