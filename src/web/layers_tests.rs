//! The layers around a router with a few handlers.

use std::collections::BTreeSet;
use std::io::Read;

use axum::body::Body;
use axum::routing::get;
use axum::routing::post;
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::telemetry::tests::Log;

fn server(surroundings: Surroundings) -> Router {
    let long = || async {
        ([(header::ETAG, "\"7-ab\""), (header::CONTENT_TYPE, "text/turtle")], "a ".repeat(2_000))
    };
    let router = Router::new()
        .route("/long", get(long))
        .route("/short", get(|| async { "short" }))
        .route("/image", get(|| async { ([(header::CONTENT_TYPE, "image/png")], vec![0; 5_000]) }))
        .route("/page", get(|| async { Html("<p>Hello") }))
        .route("/write", post(|| async { "written" }))
        .route("/panic", get(panics))
        .fallback(|| async { Problem::not_found("nothing") });
    wrap(compress(router), surroundings)
}

async fn panics() -> &'static str {
    panic!("the secret is in /var/lib")
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    ask_of(server(Surroundings::default()), method, path, headers).await
}

async fn ask_of(router: Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn bytes(response: Response) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

async fn json(response: Response) -> Value {
    serde_json::from_slice(&bytes(response).await).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_is_protected_and_has_an_id() {
    let mut ids = BTreeSet::new();
    for (path, policy) in [("/short", DATA_POLICY), ("/page", PAGE_POLICY), ("/none", DATA_POLICY)]
    {
        let response = ask("GET", path, &[]).await;
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&response, "content-security-policy"), Some(policy), "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
        ids.insert(header(&response, "x-request-id").unwrap().to_owned());
    }
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn a_problem_names_the_request_and_the_address_of_the_register() {
    let base = "https://kist.example".to_owned();
    let router = server(Surroundings { base, ..Surroundings::default() });
    let response = ask_of(router, "GET", "/none", &[("host", "evil.example")]).await;
    let id = header(&response, "x-request-id").unwrap().to_owned();
    let problem = json(response).await;
    assert_eq!(problem["instance"], format!("urn:request:{id}"));
    assert_eq!(problem["type"], "https://kist.example/problems/not-found");
}

#[tokio::test]
async fn a_browser_gets_the_page_of_a_problem() {
    let page: fn(&Met<'_>) -> ProblemPage =
        |met| ProblemPage { html: format!("<h1>{}", met.problem.detail()), policy: None };
    let surroundings = || Surroundings { problem_page: Some(page), ..Surroundings::default() };
    let accept = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let response = ask_of(server(surroundings()), "GET", "/none", &accept).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&response, "content-security-policy"), Some(PAGE_POLICY));
    assert_eq!(bytes(response).await, b"<h1>nothing");
    let response = ask_of(server(surroundings()), "GET", "/none", &[("accept", "*/*")]).await;
    assert_eq!(json(response).await["status"], 404);
}

#[tokio::test]
async fn a_panic_is_a_problem_that_tells_nothing() {
    let response = ask("GET", "/panic", &[]).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let text = String::from_utf8(bytes(response).await).unwrap();
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn an_address_or_headers_over_the_limit_are_refused() {
    let path = |length: usize| format!("/short?{}", "a".repeat(length - 7));
    assert_eq!(ask("GET", &path(MOST_ADDRESS), &[]).await.status(), StatusCode::OK);
    let long = ask("GET", &path(MOST_ADDRESS + 1), &[]).await;
    assert_eq!(long.status(), StatusCode::URI_TOO_LONG);
    let headers = |number| vec![("x-a", "b"); number];
    assert_eq!(ask("GET", "/short", &headers(64)).await.status(), StatusCode::OK);
    let many = ask("GET", "/short", &headers(65)).await;
    assert_eq!(many.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let large = "b".repeat(MOST_HEADER_BYTES - 2);
    let large = ask("GET", "/short", &[("x-a", &large)]).await;
    assert_eq!(large.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn only_the_named_hosts_are_served_when_there_are_names() {
    let server = || {
        let allowed_hosts = vec!["kist.example".to_owned()];
        server(Surroundings { allowed_hosts, ..Surroundings::default() })
    };
    let ours = ask_of(server(), "GET", "/short", &[("host", "KIST.example")]).await;
    assert_eq!(ours.status(), StatusCode::OK);
    for headers in [&[("host", "evil.example")][..], &[]] {
        let other = ask_of(server(), "GET", "/short", headers).await;
        assert_eq!(other.status(), StatusCode::MISDIRECTED_REQUEST);
    }
}

#[tokio::test]
async fn other_sites_may_read_but_not_write() {
    let origin = ("origin", "https://other.example");
    let preflight =
        ask("OPTIONS", "/write", &[origin, ("access-control-request-method", "POST")]).await;
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    assert_eq!(header(&preflight, "access-control-allow-methods"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(header(&preflight, "access-control-allow-credentials"), None);
    let write = ask("POST", "/write", &[origin]).await;
    assert_eq!(header(&write, "access-control-allow-origin"), None);
}

#[tokio::test]
async fn long_text_is_compressed_under_a_tag_of_its_own() {
    let response = ask("GET", "/long", &[("accept-encoding", "gzip")]).await;
    assert_eq!(header(&response, "content-encoding"), Some("gzip"));
    assert_eq!(header(&response, "etag"), Some("\"7-ab-gzip\""));
    assert!(header(&response, "vary").unwrap().contains("accept-encoding"));
    let mut text = String::new();
    let body = bytes(response).await;
    GzDecoder::new(body.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, "a ".repeat(2_000));
    for coding in ["br", "zstd"] {
        let response = ask("GET", "/long", &[("accept-encoding", coding)]).await;
        assert_eq!(header(&response, "content-encoding"), Some(coding));
    }
}

#[tokio::test]
async fn what_is_short_or_compressed_already_is_left_alone() {
    for path in ["/short", "/image"] {
        let response = ask("GET", path, &[("accept-encoding", "gzip, br, zstd")]).await;
        assert_eq!(header(&response, "content-encoding"), None, "{path}");
    }
}

#[tokio::test]
async fn the_log_has_no_word_of_the_address_or_the_client() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let logging = tracing::subscriber::set_default(subscriber);
    let response = ask("GET", "/short?near=EH6+8RG", &[("user-agent", "a@b.example")]).await;
    drop(logging);
    let id = header(&response, "x-request-id").unwrap();
    let log = log.text();
    assert!(log.contains(id) && log.contains("status=200"), "{log}");
    for personal in ["EH6", "short", "example"] {
        assert!(!log.contains(personal), "{log}");
    }
}

#[tokio::test]
async fn the_host_named_by_a_client_changes_nothing_in_an_answer() {
    let mut seen = BTreeSet::new();
    for headers in [
        &[][..],
        &[("host", "evil.example")],
        &[("x-forwarded-host", "evil.example")],
        &[("x-original-url", "/short")],
    ] {
        let response = ask("GET", "/page", headers).await;
        seen.insert(bytes(response).await);
    }
    assert_eq!(seen.len(), 1);
}
