//! What is asked and answered: conditions, tries, waits, types.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::super::{Expected, Method, Outcome, Request, RobotsPolicy, Validators};
use super::server::{Act, Server, answer, head};
use super::{came, code, failed, fetcher, now, options, request};

const ETAG: &str = "W/\"caf\u{e9}, 1\"";
const DATE: &str = "Sat, 1 Nov 2025 09:00:00 GMT";

fn validators() -> Validators {
    Validators {
        etag: Some(ETAG.to_owned()),
        last_modified: Some(DATE.to_owned()),
        hash: None,
        whole_at: now(),
    }
}

/// A server that knows its own validators, byte for byte.
async fn conditional() -> Server {
    Server::start(|received| {
        let is_known = received.header("if-none-match") == Some(ETAG)
            && received.header("if-modified-since") == Some(DATE);
        if is_known {
            return answer("304 Not Modified", "Cache-Control: max-age=60\r\n", "");
        }
        let headers = format!("ETag: {ETAG}\r\nLast-Modified: {DATE}\r\n");
        // Each character of the headers is one byte.
        let head: Vec<u8> = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}\r\n")
            .chars()
            .map(|character| u8::try_from(u32::from(character)).unwrap())
            .collect();
        vec![Act::Send([head, b"hello".to_vec()].concat())]
    })
    .await
}

#[tokio::test]
async fn validators_are_echoed_to_the_letter() {
    let server = conditional().await;
    let fetcher = fetcher(options(&server));
    let first = came(fetcher.get(&request(&server, "/"), now()).await);
    assert_eq!(first.validators.etag.as_deref(), Some(ETAG));
    assert_eq!(first.validators.last_modified.as_deref(), Some(DATE));

    let kept = serde_json::to_string(&first.validators).unwrap();
    let kept: Validators = serde_json::from_str(&kept).unwrap();
    let again = request(&server, "/").validators(Some(kept));
    let Outcome::NotModified(answer) = fetcher.get(&again, now()).await else {
        panic!("it has not changed")
    };
    assert_eq!(answer.fresh_for, Some(Duration::from_mins(1)));
}

#[tokio::test]
async fn after_thirty_days_the_whole_is_fetched() {
    let server = conditional().await;
    let fetcher = fetcher(options(&server));
    for (days, expected) in [(29, "not-modified"), (30, "ok")] {
        let old =
            Validators { whole_at: now() - SignedDuration::from_hours(days * 24), ..validators() };
        assert_eq!(code(&fetcher, &request(&server, "/").validators(Some(old))).await, expected);
    }
}

#[tokio::test]
async fn not_modified_without_having_been_asked_is_no_answer() {
    let server = Server::start(|_| answer("304 Not Modified", "", "")).await;
    let fetcher = fetcher(options(&server));
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "unexpected-status");
    // One that only knows the hash asks without condition.
    let hash =
        Validators { etag: None, last_modified: None, hash: Some("0".to_owned()), ..validators() };
    assert_eq!(
        code(&fetcher, &request(&server, "/").validators(Some(hash))).await,
        "unexpected-status"
    );
}

#[tokio::test]
async fn not_modified_with_a_body_is_not_modified() {
    let server =
        Server::start(|_| answer("304 Not Modified", "", "a body that no one wants")).await;
    let request = request(&server, "/").validators(Some(validators()));
    assert_eq!(code(&fetcher(options(&server)), &request).await, "not-modified");
}

#[tokio::test]
async fn the_same_body_under_a_new_etag_each_time_is_the_same() {
    let server = Server::start(|received| {
        let body = if received.earlier < 2 { "hello" } else { "changed" };
        answer("200 OK", &format!("ETag: \"{}\"\r\n", received.earlier), body)
    })
    .await;
    let fetcher = fetcher(options(&server));
    let mut known = None;
    let mut same = Vec::new();
    for _ in 0..3 {
        let whole = came(fetcher.get(&request(&server, "/").validators(known), now()).await);
        same.push(whole.is_same);
        known = Some(whole.validators);
    }
    assert_eq!(same, [false, true, false]);
}

#[tokio::test]
async fn what_may_succeed_is_tried_again_and_nothing_else() {
    for (status, expected, tries) in [
        ("500 Oops", "unavailable", 3),
        ("502 Bad Gateway", "unavailable", 3),
        ("408 Request Timeout", "unavailable", 3),
        ("425 Too Early", "unavailable", 3),
        ("429 Too Many Requests", "too-many-requests", 3),
        ("400 Bad Request", "unexpected-status", 1),
        ("401 Unauthorized", "blocked-or-login", 1),
        ("403 Forbidden", "blocked-or-login", 1),
        ("999 Denied", "blocked-or-login", 1),
        ("404 Not Found", "not-found", 1),
        ("410 Gone", "gone", 1),
        ("418 Teapot", "unexpected-status", 1),
    ] {
        let server = Server::start(move |_| answer(status, "", "")).await;
        let mut options = options(&server);
        options.tries = 3;
        assert_eq!(code(&fetcher(options), &request(&server, "/")).await, expected);
        assert_eq!(server.paths().len(), tries, "{status}");
    }
}

#[tokio::test]
async fn another_try_may_succeed() {
    let server = Server::start(|received| match received.earlier {
        0 => answer("503 Busy", "", ""),
        1 => vec![Act::Send(head("200 OK", "Content-Length: 9\r\n")), Act::Reset],
        _ => answer("200 OK", "", "hello"),
    })
    .await;
    let mut options = options(&server);
    options.tries = 5;
    let whole = came(fetcher(options).get(&request(&server, "/"), now()).await);
    assert_eq!((whole.document.bytes.as_slice(), whole.effort.requests), (&b"hello"[..], 4));
}

#[tokio::test]
async fn a_secure_connection_that_fails_is_not_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let connections = Arc::new(AtomicUsize::new(0));
    let serving = tokio::spawn({
        let connections = Arc::clone(&connections);
        async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::Relaxed);
                stream.write_all(b"HTTP/1.1 400 Speak plainly\r\n\r\n").await.unwrap();
            }
        }
    });
    let server = Server::start(|_| Vec::new()).await;
    let mut options = options(&server);
    options.allowed_hosts = vec![host.clone()];
    options.tries = 3;
    let mut request = Request::new(format!("https://{host}/").parse().unwrap());
    request.robots = RobotsPolicy::Overridden("test".to_owned());
    let error = failed(fetcher(options).get(&request, now()).await);
    assert_eq!((error.code(), connections.load(Ordering::Relaxed)), ("tls", 1), "{error}");
    serving.abort();
}

#[tokio::test]
async fn retry_after_is_obeyed_in_all_its_forms() {
    let past = "Sat, 21 Nov 2026 12:00:00 GMT";
    let future = "Sun, 22 Nov 2026 13:00:00 GMT";
    for (value, code, wait, requests) in [
        ("3600", "too-many-requests", Some(3600), 1),
        (future, "too-many-requests", Some(3600), 1),
        ("1000000000", "too-many-requests", Some(86_400), 1),
        (past, "too-many-requests", Some(0), 2),
        ("soon", "too-many-requests", None, 2),
    ] {
        let headers = format!("Retry-After: {value}\r\n");
        let server = Server::start(move |_| answer("429 Slow down", &headers, "")).await;
        let mut options = options(&server);
        options.tries = 2;
        let error = failed(fetcher(options).get(&request(&server, "/"), now()).await);
        let found = error.retry_after().map(|wait| wait.as_secs());
        // A wait may have begun to pass, as the clock runs.
        let is_near = |found: u64, wait: u64| found <= wait && found + 2 > wait;
        assert!(
            match (found, wait) {
                (Some(found), Some(wait)) => is_near(found, wait),
                (found, wait) => found == wait,
            },
            "{value}: {found:?}"
        );
        assert_eq!((error.code(), server.paths().len()), (code, requests), "{value}");
    }
}

#[tokio::test]
async fn while_a_host_wants_to_be_left_alone_nothing_is_sent() {
    let server = Server::start(|received| match received.path.as_str() {
        "/busy" => answer("503 Busy", "Retry-After: 3600\r\n", ""),
        _ => answer("200 OK", "", "hello"),
    })
    .await;
    let fetcher = fetcher(options(&server));
    assert_eq!(code(&fetcher, &request(&server, "/busy")).await, "unavailable");
    for path in ["/busy", "/other"] {
        let error = failed(fetcher.get(&request(&server, path), now()).await);
        assert_eq!(error.code(), "host-resting");
        assert!(error.is_temporary() && error.retry_after().is_some());
        assert!(error.to_string().contains("status 503"), "{error}");
    }
    assert_eq!(server.paths(), ["/busy"]);
    assert_eq!(fetcher.resting()[0].host, "127.0.0.1");
}

#[tokio::test]
async fn a_redirect_may_ask_to_wait_too() {
    let server = Server::start(|received| match received.path.as_str() {
        "/a" => answer("302 Found", "Location: /b\r\nRetry-After: 3600\r\n", ""),
        _ => answer("200 OK", "", "hello"),
    })
    .await;
    let fetcher = fetcher(options(&server));
    assert_eq!(code(&fetcher, &request(&server, "/a")).await, "host-resting");
    assert_eq!(server.paths(), ["/a"]);
}

#[tokio::test]
async fn after_five_failures_a_host_is_left_alone() {
    let server = Server::start(|_| answer("500 Oops", "", "")).await;
    let mut options = options(&server);
    options.breaker_failures = 5;
    options.tries = 5;
    let fetcher = fetcher(options);
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "unavailable");
    assert_eq!(code(&fetcher, &request(&server, "/")).await, "host-resting");
    assert_eq!(server.paths().len(), 5);
}

#[tokio::test]
async fn a_login_instead_of_data_is_an_obstacle() {
    let page = "<!doctype html><title>Just a moment...</title>";
    let server = Server::start(move |received| match received.path.as_str() {
        "/challenge" => answer("403 Forbidden", "cf-mitigated: challenge\r\n", page),
        _ => answer("200 OK", "Content-Type: application/json\r\nETag: \"a\"\r\n", page),
    })
    .await;
    let fetcher = fetcher(options(&server));
    for (path, accept) in
        [("/feed", "application/json"), ("/feed", "text/html"), ("/challenge", "*/*")]
    {
        let request = request(&server, path).accept(accept);
        assert_eq!(code(&fetcher, &request).await, "blocked-or-login", "{path} {accept}");
    }
}

#[tokio::test]
async fn what_came_is_described_as_it_was_declared() {
    let server = Server::start(|received| match received.path.as_str() {
        "/feed" => answer(
            "200 OK",
            "Content-Type: Application/JSON; charset=\"utf-8\"\r\nDate: Sun, 22 Nov 2026 11:59:00 GMT\r\nLink: </feed?page=2>; rel=next, <https://hub.example/>; rel=hub\r\nCache-Control: max-age=900\r\n",
            "[]",
        ),
        _ => answer("301 Moved", "Location: /feed\r\n", ""),
    })
    .await;
    let whole = came(fetcher(options(&server)).get(&request(&server, "/old"), now()).await);
    assert_eq!(whole.document.media_type.as_deref(), Some("application/json"));
    assert_eq!(whole.document.charset.as_deref(), Some("utf-8"));
    assert_eq!(whole.document.url, server.url("/feed"));
    assert!(whole.document.retrieved_at >= now());
    assert_eq!(whole.link("next"), Some(&server.url("/feed?page=2")));
    assert_eq!(whole.link("hub").unwrap().as_str(), "https://hub.example/");
    assert_eq!(whole.fresh_for, Some(Duration::from_mins(15)));
    assert_eq!(whole.server_date, Some("2026-11-22T11:59:00Z".parse().unwrap()));
    assert_eq!(whole.effort.requests, 3);
}

#[tokio::test]
async fn only_the_headers_are_asked_for_when_that_is_enough() {
    let server = Server::start(|received| {
        assert!(received.head.starts_with("HEAD "));
        vec![Act::Send(head("200 OK", "Content-Length: 99999999999\r\n"))]
    })
    .await;
    let mut request = request(&server, "/");
    request.method = Method::Head;
    request.expected = Expected::Whatever;
    assert_eq!(code(&fetcher(options(&server)), &request).await, "ok");
}

#[tokio::test]
async fn secrets_in_addresses_are_not_told() {
    let server = Server::with_robots(|_| answer("200 OK", "", "User-agent: *\nDisallow: /")).await;
    let error =
        failed(fetcher(options(&server)).get(&request(&server, "/a?api_key=abc"), now()).await);
    assert!(error.to_string().contains("api_key=***"), "{error}");
}
