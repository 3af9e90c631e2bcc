//! Tests of [`embedding`](super).

use http::HeaderValue;

use super::*;

const BASE: &str = "https://kist.example";

#[track_caller]
fn check(route: &str, referer: &'static str, path: &str, expected: (Option<&str>, Option<&str>)) {
    let (referer, uri) = (HeaderValue::from_static(referer), path.parse().unwrap());
    let found = Embedding::of(route, Some(&referer), &uri, BASE);
    assert_eq!((found.origin.as_deref(), found.code.as_deref()), expected, "{referer:?} {path}");
}

#[test]
fn of_an_embed_the_origin_and_the_code_are_told() {
    let page = "https://www.leith.example:8443/people/ann?q=secret#me";
    let origin = Some("https://www.leith.example:8443");
    check("/lists/{id}", page, "/lists/a.geojson?ref=leith-1&q=x", (origin, Some("leith-1")));
    check("/near/{place}", page, "/near/EH6", (origin, None));
    check("/embed/v1/records/{kinds}/{id}", page, "/embed/v1/records/assets/a", (origin, None));
    check("/oembed", page, "/oembed?url=x", (origin, None));
}

#[test]
fn nothing_is_told_of_other_routes_of_the_register_itself_or_of_what_is_no_web_site() {
    check("/search", "https://leith.example/", "/search?ref=a", (None, None));
    check(
        "/embed/v1/asset-list.js",
        "https://leith.example/",
        "/embed/v1/asset-list.js",
        (None, None),
    );
    for referer in ["https://kist.example/lists/a", "about:blank", "data:,x", "file:///a", "x", ""]
    {
        check("/lists/{id}", referer, "/lists/a", (None, None));
    }
}

#[test]
fn a_code_that_could_be_anything_is_not_told() {
    for query in ["ref=ann%40leith.example", "ref=a%0ab", "ref=", "ref=a+b", "other=a"] {
        check("/lists/{id}", "", &format!("/lists/a?{query}"), (None, None));
    }
    check("/lists/{id}", "", &format!("/lists/a?ref={}", "a".repeat(65)), (None, None));
}
