//! Several who write the same record at the same moment: what one has written
//! is not lost to another (S12).

use futures_util::future::join_all;
use http::Method;
use kist::journal::Scope;
use serde_json::json;

use super::server::{Answer, Sent, TestServer};

const PATH: &str = "/api/v1/organisations/counter";
const CLIENTS: usize = 4;
const INCREMENTS: u64 = 25;

/// A register with a record that counts in its name, and a token.
async fn counter() -> (TestServer, String) {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let written = write(&server, &token, Method::PUT, ("if-none-match", "*"), 0).await;
    assert_eq!(written.status, 201, "{written}");
    (server, token)
}

async fn write(
    server: &TestServer,
    token: &str,
    method: Method,
    header: (&str, &str),
    count: u64,
) -> Answer {
    let body = json!({ "name": format!("n{count}") }).to_string();
    let media_type = "application/json";
    let sent = Sent { token, media_type, header: Some(header), body: body.as_bytes() };
    server.send(method, PATH, sent).await
}

fn count(answer: &Answer) -> u64 {
    answer.json()["name"].as_str().unwrap()[1..].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_of_those_who_saw_the_same_version_one_writes_and_the_others_are_told() {
    let (server, token) = counter().await;
    for (round, method) in (1..=INCREMENTS).zip([Method::PUT, Method::PATCH].iter().cycle()) {
        let tag = server.get(PATH).await.header("etag");
        let all =
            (0..CLIENTS).map(|_| write(&server, &token, method.clone(), ("if-match", &tag), round));
        let answers = join_all(all).await;
        let of = |status: u16| answers.iter().filter(|it| it.status == status).count();
        assert_eq!((of(200), of(412)), (1, CLIENTS - 1), "round {round}");
    }
    assert_eq!(count(&server.get(PATH).await), INCREMENTS);
}

#[tokio::test]
async fn a_change_that_does_not_say_which_version_it_means_is_refused() {
    let (server, token) = counter().await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = server.ask(method.clone(), PATH, &headers, r#"{"name": "n7"}"#).await;
        assert_eq!(answer.status, 428, "{method}: {answer}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("If-Match"), "{answer}");
        let whatever = write(&server, &token, method.clone(), ("if-match", "*"), 1).await;
        assert!(whatever.status.is_success(), "{method}: {whatever}");
    }
    assert_eq!(server.get(PATH).await.status, 410);
}
