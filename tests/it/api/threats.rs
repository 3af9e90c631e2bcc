//! What people try who mean harm, through the whole router: each attempt is
//! refused by name, and none is an error of the server.

use std::convert::Infallible;

use axum::body::Body;
use futures_util::stream;
use http::Method;
use kist::journal::Scope;
use regex::Regex;
use serde_json::json;

use super::server::{Answer, Sent, TestServer};

const GROUP: &str = "/api/v1/organisations/o";
const JSON: (&str, &str) = ("content-type", "application/json");

/// Each operation of the document: method, address of nothing, scope.
async fn operations(server: &TestServer) -> Vec<(Method, String, String)> {
    let document = server.json("/api/openapi.json").await;
    let named = Regex::new(r"\{[a-z]+\}").unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = named.replace_all(path, "nothing-here");
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            let scope = operation["x-scope"].as_str().unwrap().to_owned();
            operations.push((method, path.to_string(), scope));
        }
    }
    operations
}

#[tokio::test]
async fn each_operation_is_open_to_the_scope_that_it_declares_and_to_no_less() {
    let server = TestServer::empty();
    let scopes = [("", None), ("read", Some(Scope::Read)), ("write", Some(Scope::Write))];
    let tokens = scopes.map(|(name, scope)| (name, scope.map(|scope| server.token(scope))));
    let rank = |scope: &str| ["", "read", "write", "admin"].iter().position(|it| *it == scope);
    let operations = operations(&server).await;
    let closed: Vec<_> = operations.into_iter().filter(|(_, _, scope)| scope != "public").collect();
    assert!(closed.len() > 60, "{}", closed.len());
    for (method, path, scope) in closed {
        assert!(rank(&scope).is_some(), "{method} {path}: {scope}");
        for (has, token) in &tokens {
            let bearer = token.as_ref().map(|token| format!("Bearer {token}"));
            let mut headers = vec![JSON];
            headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
            let answer = server.ask(method.clone(), &path, &headers, "{}").await;
            let refused = [401, 403].contains(&answer.status.as_u16());
            let expected = rank(has) < rank(&scope);
            assert_eq!(refused, expected, "{method} {path} ({scope}) with `{has}`: {answer}");
            assert!(!refused || (answer.status == 401) == has.is_empty(), "{path}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_alone() {
    let server = TestServer::empty();
    let token = server.token(Scope::Admin);
    let basic = format!("Basic {token}");
    let cookie = format!("token={token}; __Host-sid={token}");
    for header in [
        ("cookie", cookie.as_str()),
        ("authorization", &basic),
        ("authorization", &token),
        ("x-api-key", &token),
        ("x-http-method-override", "PUT"),
    ] {
        let answer = server.ask(Method::PUT, GROUP, &[JSON, header], r#"{"name": "O"}"#).await;
        assert_eq!(answer.status, 401, "{header:?}: {answer}");
        assert!(!answer.text().contains(&token), "{answer}");
    }
    for name in ["token", "access_token", "api_key", "key", "authorization"] {
        for (method, path) in [(Method::GET, "/api/v1/search"), (Method::PUT, GROUP)] {
            let path = format!("{path}?{name}={token}");
            let answer = server.ask(method.clone(), &path, &[JSON], r#"{"name": "O"}"#).await;
            assert!([400, 401].contains(&answer.status.as_u16()), "{method} {name}: {answer}");
            assert!(!answer.text().contains(&token), "{method} {name}: {answer}");
        }
    }
    assert_eq!(server.get(GROUP).await.status, 404);
}

/// With and without a length that is told before.
#[tokio::test]
async fn the_limits_of_a_request_hold_at_their_very_byte() {
    const MOST: usize = 256 * 1024;
    let server = TestServer::empty();
    let bearer = format!("Bearer {}", server.token(Scope::Write));
    let headers = [JSON, ("authorization", bearer.as_str()), ("if-match", "*")];
    for (length, status) in [(MOST, 200), (MOST + 1, 413)] {
        let small = r#"{"name": "O"}"#;
        let body = format!("{small}{}", " ".repeat(length - small.len()));
        server.ask(Method::PUT, GROUP, &headers[..2], small).await;
        let whole = server.ask(Method::PUT, GROUP, &headers, body.clone()).await;
        assert_eq!(whole.status, status, "{length}: {whole}");
        let parts: Vec<_> = body.as_bytes().chunks(5_000).map(<[u8]>::to_vec).collect();
        let parts = stream::iter(parts.into_iter().map(Ok::<_, Infallible>));
        let chunked = server.ask(Method::PUT, GROUP, &headers, Body::from_stream(parts)).await;
        assert_eq!(chunked.status, status, "{length} in chunks: {chunked}");
    }
    for (depth, status) in [(31, 422), (32, 400), (100_000, 400)] {
        let body = format!("{{\"name\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let answer = server.ask(Method::PUT, GROUP, &headers, body).await;
        assert_eq!(answer.status, status, "{depth} deep: {answer}");
    }
    for (length, status) in [(7_000, 400), (9_000, 414)] {
        let answer = server.get(&format!("/api/v1/search?q={}", "a".repeat(length))).await;
        assert_eq!(answer.status, status, "an address of {length}: {answer}");
    }
}

#[tokio::test]
async fn only_addresses_that_people_can_follow_are_taken() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let put = async |url: &str| -> Answer {
        let body = json!({ "name": "O", "url": url, "socialLinks": [url] }).to_string();
        let (media_type, header) = ("application/json", None);
        let sent = Sent { token: &token, media_type, header, body: body.as_bytes() };
        server.send(Method::PUT, GROUP, sent).await
    };
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "blob:https://a.example/x",
        "//evil.example/a",
        "/a",
        "https:",
        "https://",
        "https://a b.example/",
        "https://a.example/\" onclick=\"x",
        "https://a.example/<script>",
        "http://[::1",
    ] {
        let answer = put(url).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{url:?}: {answer}");
    }
    for url in ["https://a.example/b?c=d&e=%22#f", "http://xn--a-ecp.example/", "https://a.example"]
    {
        let answer = put(url).await;
        assert!(answer.status.is_success(), "{url:?}: {answer}");
    }
}

#[tokio::test]
async fn no_address_leads_to_a_file_or_to_an_error_of_the_server() {
    let server = TestServer::seeded();
    for before in [
        "/",
        "/api/v1/assets/",
        "/api/v1/postcodes/",
        "/api/v1/categories/trees/",
        "/assets/",
        "/id/asset/",
        "/lists/",
        "/embed/",
        "/problems/",
        "/ns/",
        "/places/",
        "/static/",
        "/tiles/",
        "/graph/local/asset/",
        "/.well-known/",
    ] {
        for after in [
            "../../etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e/%2e%2e/etc/passwd",
            "..%5c..%5cboot.ini",
            "..%c0%af..%c0%afetc%c0%afpasswd",
            "%252e%252e%252f",
            "%00",
            "a%00.json",
            "a%0d%0aSet-Cookie:%20a=b",
            "a%0aLocation:%20https://evil.example/",
            "%ff%fe",
            "%ed%a0%80",
            "%e2%80%ae",
            "%",
            "%zz",
            "a;b=c",
            "a..json",
            ".json",
            "%7b%7b7*7%7d%7d",
            "'%20OR%201=1--",
        ] {
            let path = format!("{before}{after}");
            let answer = server.get(&path).await;
            let status = answer.status.as_u16();
            assert!((300..500).contains(&status), "{path}: {answer}");
            for name in ["set-cookie", "location"] {
                let value = answer.header(name);
                assert!(!value.contains("evil") && !value.contains("a=b"), "{path}: {value}");
            }
            assert!(!answer.text().contains("root:"), "{path}");
        }
    }
}

#[tokio::test]
async fn what_proxies_are_told_to_say_changes_no_byte() {
    let server = TestServer::seeded();
    for path in
        ["/", "/api/v1/assets?limit=2", "/api/v1/search.atom?limit=2", "/sitemap.xml", "/ns"]
    {
        let plain = server.get(path).await;
        assert!(plain.status.is_success(), "{path}: {plain}");
        for (name, value) in [
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "ftp"),
            ("x-forwarded-prefix", "/evil"),
            ("x-original-url", "/evil"),
            ("x-rewrite-url", "/evil"),
            ("forwarded", "host=evil.example;proto=ftp"),
            ("x-http-method-override", "DELETE"),
        ] {
            let answer = server.get_with(path, name, value).await;
            assert_eq!(answer.status, plain.status, "{path} {name}");
            assert_eq!(answer.body, plain.body, "{path} {name}");
            assert_eq!(answer.header("etag"), plain.header("etag"), "{path} {name}");
        }
    }
}
