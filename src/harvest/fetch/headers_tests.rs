//! Tests of [`headers`](super).

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pairs = pairs.iter();
    pairs.map(|(name, text)| (HeaderName::from_static(name), value(text).unwrap())).collect()
}

fn now() -> Timestamp {
    "1994-11-06T08:49:37Z".parse().unwrap()
}

#[test]
fn retry_after_is_read_in_both_forms_and_clamped() {
    for (text, expected) in [
        ("120", Some(120)),
        (" 7 ", Some(7)),
        ("0", Some(1)),
        ("1000000000", Some(86_400)),
        ("99999999999999999999999999", Some(86_400)),
        ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
        ("Sunday, 06-Nov-94 08:51:37 GMT", Some(120)),
        ("Sun Nov  6 08:51:37 1994", Some(120)),
        ("Sat, 05 Nov 1994 08:51:37 GMT", Some(0)),
        ("Mon, 06 Nov 2094 08:51:37 GMT", Some(86_400)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ] {
        let found = retry_after(&headers(&[("retry-after", text)]), now());
        assert_eq!(found, expected.map(Duration::from_secs), "{text}");
    }
    assert_eq!(retry_after(&HeaderMap::new(), now()), None);
}

#[test]
fn freshness_is_max_age_or_else_expires() {
    for (pairs, expected) in [
        (vec![("cache-control", "public, max-age=600")], Some(600)),
        (vec![("cache-control", "max-age=600"), ("age", "100")], Some(500)),
        (vec![("cache-control", "max-age=600"), ("expires", "0")], Some(600)),
        (vec![("cache-control", "no-store, max-age=600")], Some(0)),
        (vec![("cache-control", "max-age=99999999999")], Some(30 * 86_400)),
        (vec![("expires", "Sun, 06 Nov 1994 09:49:37 GMT")], Some(3600)),
        (
            vec![
                ("date", "Sun, 06 Nov 1994 09:49:36 GMT"),
                ("expires", "Sun, 06 Nov 1994 09:49:37 GMT"),
            ],
            Some(1),
        ),
        (vec![("expires", "-1")], Some(0)),
        (vec![("cache-control", "private")], None),
        (vec![], None),
    ] {
        let found = fresh_for(&headers(&pairs), now());
        assert_eq!(found, expected.map(Duration::from_secs), "{pairs:?}");
    }
}

#[test]
fn a_content_type_is_split() {
    for (text, media_type, charset) in [
        ("text/html", Some("text/html"), None),
        ("Text/HTML; Charset=\"UTF-8\"", Some("text/html"), Some("UTF-8")),
        ("text/csv; header=present;charset=windows-1252", Some("text/csv"), Some("windows-1252")),
        ("; charset=", None, None),
    ] {
        let (found_type, found_charset) = content_type(&headers(&[("content-type", text)]));
        assert_eq!((found_type.as_deref(), found_charset.as_deref()), (media_type, charset));
    }
}

#[test]
fn validators_are_kept_byte_for_byte() {
    let all = headers(&[("etag", "W/\"\u{e9}\u{ff} x\"")]);
    let tag = etag(&all).unwrap();
    assert_eq!(value(&tag).unwrap().as_bytes(), all["etag"].as_bytes());
    let long = "x".repeat(2000);
    assert_eq!(etag(&headers(&[("etag", &long)])), None);
}

#[test]
fn a_last_modified_in_the_future_is_not_kept() {
    let kept = |text: &str| last_modified(&headers(&[("last-modified", text)]), now());
    let text = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(kept(text).as_deref(), Some(text));
    assert_eq!(kept("Sun, 06 Nov 2094 08:49:37 GMT"), None);
    assert_eq!(kept("yesterday"), None);
}

#[test]
fn links_are_read_and_completed() {
    let base = "https://example.scot/feeds/a".parse().unwrap();
    let all = headers(&[(
        "link",
        "<https://hub.example/>; rel=\"hub\", </feeds/b?a=1,2>; title=\"x, y\"; rel=next, <>;rel=self, <c>; REL=\"Prev license\", <d>, <e",
    )]);
    let found: Vec<String> =
        links(&all, &base).iter().map(|link| format!("{} {}", link.rel, link.url)).collect();
    assert_eq!(
        found,
        [
            "hub https://hub.example/",
            "next https://example.scot/feeds/b?a=1,2",
            "self https://example.scot/feeds/a",
            "prev https://example.scot/feeds/c",
            "license https://example.scot/feeds/c",
        ]
    );
}

proptest::proptest! {
    #[test]
    fn any_header_can_be_read(text in "[ -~\u{a0}-\u{ff}]{0,60}|<.{0,9}>; *rel=.{0,9}|[A-Z][a-z]{2},? [0-9]{1,2}[ -][A-Z][a-z]{2}[ -][0-9]{2,4} [0-9:]{5,8} GMT") {
        let Some(value) = value(&text) else { return Ok(()) };
        let names = ["retry-after", "cache-control", "expires", "age", "date", "last-modified", "link", "content-type"];
        let all: HeaderMap =
            names.iter().map(|name| (HeaderName::from_static(name), value.clone())).collect();
        drop((retry_after(&all, now()), fresh_for(&all, now()), last_modified(&all, now())));
        drop((links(&all, &"https://a.scot/".parse().unwrap()), content_type(&all)));
    }
}

#[test]
fn a_flood_of_links_is_cut() {
    let base = "https://example.scot/".parse().unwrap();
    let all = headers(&[("link", &"<a>; rel=x,".repeat(5000))]);
    assert_eq!(links(&all, &base).len(), MAX_LINKS);
}
