//! Tests of [`token`](super).

use super::*;

#[track_caller]
fn check(span: &str, expected: Option<&str>) {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let end = end(now, span.parse().unwrap()).ok().map(|end| end.to_string());
    assert_eq!(end.as_deref(), expected);
}

#[test]
fn a_token_ends_after_its_time() {
    check("90d", Some("2027-02-19T12:00:00Z"));
    check("1y", Some("2027-11-21T12:00:00Z"));
    check("36h", Some("2026-11-23T00:00:00Z"));
    check("-1d", None);
    check("0s", None);
    check("9000y", None);
}

#[test]
fn no_two_tokens_are_the_same() {
    assert_ne!(random().unwrap(), random().unwrap());
}
