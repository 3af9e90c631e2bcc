//! Tests of [`sources`](super).

use super::*;

#[test]
fn a_source_is_the_same_under_http_and_https_with_a_slash_or_without() {
    let same = |one: &str, other: &str| {
        essence(&Url::parse(one).unwrap()) == essence(&Url::parse(other).unwrap())
    };
    let url = "https://partner.example/feed";
    for other in [
        "http://partner.example/feed",
        "https://PARTNER.example/feed/",
        "https://www.partner.example/feed",
        "https://partner.example.:443/feed",
    ] {
        assert!(same(url, other), "{other}");
    }
    for other in [
        "https://partner.example/feeds",
        "https://partner.example/feed?page=2",
        "https://partner.example:8443/feed",
        "https://other.example/feed",
    ] {
        assert!(!same(url, other), "{other}");
    }
}
