//! What is sent again, because no answer came, is registered once (S12).

use futures_util::future::join_all;
use http::Method;
use kist::journal::Scope;

use super::server::{Answer, Sent, TestServer};

const PATH: &str = "/api/v1/organisations";
const RUNNERS: &str = r#"{"name": "Leith Runners"}"#;
const KEY: (&str, &str) = ("idempotency-key", "8e03978e-40d5-43e8-bc93-6894a57f9324");

async fn register(
    server: &TestServer,
    token: &str,
    header: (&str, &str),
    path: &str,
    body: &str,
) -> Answer {
    let media_type = "application/json";
    let sent = Sent { token, media_type, header: Some(header), body: body.as_bytes() };
    server.send(Method::POST, path, sent).await
}

async fn registered(server: &TestServer) -> u64 {
    server.json(PATH).await["total"].as_u64().unwrap()
}

#[tokio::test]
async fn a_request_that_comes_again_has_the_answer_of_the_first() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let first = register(&server, &token, KEY, PATH, RUNNERS).await;
    assert_eq!(first.status, 201, "{first}");
    let quoted = format!("\"{}\"", KEY.1);
    for again in [KEY, (KEY.0, quoted.as_str())] {
        let answer = register(&server, &token, again, PATH, RUNNERS).await;
        assert_eq!(answer.status, 201, "{answer}");
        assert_eq!(answer.header("location"), first.header("location"));
        assert_eq!(answer.json(), first.json());
    }
    assert_eq!(registered(&server).await, 1);
    let other = ("idempotency-key", "another");
    let second = register(&server, &token, other, PATH, RUNNERS).await;
    assert_ne!(second.header("location"), first.header("location"));
    let of_another = register(&server, &server.token(Scope::Admin), KEY, PATH, RUNNERS).await;
    assert_ne!(of_another.header("location"), first.header("location"));
    assert_eq!(registered(&server).await, 3);
}

#[tokio::test]
async fn what_brings_its_own_identity_is_registered_once_too() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let body = r#"{"id": "leith-runners", "name": "Leith Runners"}"#;
    let first = register(&server, &token, KEY, PATH, body).await;
    let again = register(&server, &token, KEY, PATH, body).await;
    assert_eq!((first.status, again.status), (201.try_into().unwrap(), first.status), "{again}");
    let without = register(&server, &token, ("accept", "*/*"), PATH, body).await;
    assert_eq!(without.status, 409, "{without}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_same_request_at_the_same_moment_one_registers_and_all_are_told() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let answers = join_all((0..8).map(|_| register(&server, &token, KEY, PATH, RUNNERS))).await;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{answer}");
        assert_eq!(answer.header("location"), answers[0].header("location"));
    }
    assert_eq!(registered(&server).await, 1);
}

#[tokio::test]
async fn another_request_with_the_same_key_is_refused() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    register(&server, &token, KEY, PATH, RUNNERS).await;
    let body = r#"{"name": "Leith Walkers"}"#;
    let other = register(&server, &token, KEY, PATH, body).await;
    insta::assert_snapshot!(other, @r#"
    422 Unprocessable Entity application/problem+json
    {"type":"https://kist.example/problems/key-reused","title":"The key belongs to another request","status":422,"detail":"Idempotency-Key `8e03978e-40d5-43e8-bc93-6894a57f9324` stood with another request"}
    "#);
    let other = register(&server, &token, KEY, "/api/v1/needs", RUNNERS).await;
    assert_eq!(other.status, 422, "{other}");
    assert_eq!(registered(&server).await, 1);
}

#[tokio::test]
async fn what_was_refused_can_be_sent_again_with_the_same_key() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let refused = register(&server, &token, KEY, PATH, r#"{"name": ""}"#).await;
    assert_eq!(refused.status, 422, "{refused}");
    let then = register(&server, &token, KEY, PATH, RUNNERS).await;
    assert_eq!(then.status, 201, "{then}");
}

#[tokio::test]
async fn what_was_withdrawn_since_does_not_come_back() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let first = register(&server, &token, KEY, PATH, RUNNERS).await;
    let location = first.header("location");
    let path = location.strip_prefix(super::server::BASE).unwrap();
    let sent = Sent { token: &token, ..Sent::default() };
    assert_eq!(server.send(Method::DELETE, path, sent).await.status, 204);
    let again = register(&server, &token, KEY, PATH, RUNNERS).await;
    assert_eq!(again.status, 410, "{again}");
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let long = "k".repeat(256);
    for key in ["", "\"\"", &long, "clé"] {
        let answer = register(&server, &token, (KEY.0, key), PATH, RUNNERS).await;
        assert_eq!(answer.status, 400, "{key}: {answer}");
        assert!(answer.json()["detail"].as_str().unwrap().starts_with("Idempotency-Key "));
    }
    assert_eq!(registered(&server).await, 0);
}
