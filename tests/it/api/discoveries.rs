//! What can be harvested at an address, as people ask it by the API.

use http::Method;
use insta::assert_snapshot;
use jiff::SignedDuration;
use kist::journal::{Durability, Scope};
use kist::register::ledger::{Discovered, Discovery, DiscoveryResult, Row as _};
use serde_json::json;

use super::server::{Answer, Sent, TestServer, now};

const PATH: &str = "/api/v1/discoveries";
const HOME: &str = "https://partner.example/";

async fn ask(server: &TestServer, scope: Scope, body: &str) -> Answer {
    let token = server.token(scope);
    let media_type = "application/json";
    let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
    server.send(Method::POST, PATH, sent).await
}

async fn ask_for(server: &TestServer, url: &str) -> Answer {
    ask(server, Scope::Admin, &json!({ "url": url }).to_string()).await
}

async fn find(server: &TestServer, url: &str) -> Answer {
    let token = server.token(Scope::Admin);
    let path = format!("{PATH}/{}", Discovery::id(url));
    server.get_with(&path, "authorization", &format!("Bearer {token}")).await
}

/// The harvester has looked, so many hours ago.
fn look(server: &TestServer, url: &str, hours: i64) {
    let found = Discovered {
        url: format!("{url}events.ics"),
        format: "ical".to_owned(),
        label: "Our calendar".to_owned(),
        how: "linked".to_owned(),
        records: 12,
        documents: 0,
        announced: None,
        licence: None,
    };
    let ended = now() - SignedDuration::from_hours(hours);
    let result = DiscoveryResult { ended, reason: None, found: vec![found], passed_over: 3 };
    let (url, by) = (url.to_owned(), "token:a".to_owned());
    let done = Discovery { url, at: ended, by, result: Some(result) };
    server.register.ledger().write(&[done.put(done.key())], Durability::Durable).unwrap();
}

fn waiting(server: &TestServer) -> u64 {
    server.register.ledger().count::<Discovery>(Discovery::WAITING).unwrap()
}

#[tokio::test]
async fn what_is_asked_waits_once_for_the_harvester_and_says_where_the_answer_will_be() {
    let server = TestServer::empty();
    let asked = ask_for(&server, HOME).await;
    assert_eq!(asked.status, 202, "{asked}");
    let location = asked.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(location, format!("https://kist.example{PATH}/{}", Discovery::id(HOME)));
    let mut json = asked.json();
    assert!(json["by"].as_str().unwrap().starts_with("token:"));
    json["by"] = json!("…");
    let at = "2026-11-21T12:00:00Z";
    let waits = json!({ "self": location, "state": "waiting", "url": HOME, "at": at, "by": "…" });
    assert_eq!(json, waits);
    ask_for(&server, HOME).await;
    assert_eq!(waiting(&server), 1);
    assert_eq!(find(&server, HOME).await.json()["state"], "waiting");
}

#[tokio::test]
async fn what_was_found_is_told_for_a_day_and_asked_anew_when_somebody_asks() {
    let server = TestServer::empty();
    look(&server, HOME, 2);
    assert_snapshot!(find(&server, HOME).await, @r#"
    200 OK application/json
    {"self":"https://kist.example/api/v1/discoveries/e382a1b78b857d79601a601ec52e1dcb","state":"done","url":"https://partner.example/","at":"2026-11-21T10:00:00Z","by":"token:a","ended":"2026-11-21T10:00:00Z","found":[{"url":"https://partner.example/events.ics","format":"ical","label":"Our calendar","how":"linked","records":12,"documents":0,"announced":null,"licence":null}],"passedOver":3}
    "#);
    assert_eq!(ask_for(&server, HOME).await.json()["state"], "waiting");
    assert_eq!(find(&server, HOME).await.json()["state"], "waiting");
    look(&server, "https://other.example/", 25);
    assert_eq!(find(&server, "https://other.example/").await.status, 404);
}

#[tokio::test]
async fn who_may_not_ask_and_what_is_no_address_is_refused() {
    let server = TestServer::empty();
    assert_eq!(server.get(&format!("{PATH}/{}", Discovery::id(HOME))).await.status, 401);
    let body = json!({ "url": HOME }).to_string();
    assert_eq!(ask(&server, Scope::Write, &body).await.status, 403);
    for url in ["", "partner", "ftp://partner.example/", "https://me:secret@partner.example/"] {
        let refused = ask_for(&server, url).await;
        assert_eq!(refused.status, 422, "{url}: {refused}");
        assert_eq!(refused.json()["errors"][0]["pointer"], "/url", "{url}");
        assert!(!refused.to_string().contains("secret"));
    }
    for body in ["{}", r#"{"url": 7}"#, r#"{"url": "https://a.example/", "depth": 3}"#, "["] {
        let refused = ask(&server, Scope::Admin, body).await;
        assert!((400..=422).contains(&refused.status.as_u16()), "{body}: {refused}");
    }
    assert_eq!(waiting(&server), 0);
}

#[tokio::test]
async fn only_so_many_addresses_wait() {
    let server = TestServer::empty();
    for number in 0..20 {
        let asked = ask_for(&server, &format!("https://p{number}.example/")).await;
        assert_eq!(asked.status, 202, "{asked}");
    }
    assert_eq!(ask_for(&server, "https://one-more.example/").await.status, 409);
    assert_eq!(ask_for(&server, "https://p7.example/").await.status, 202, "it waits already");
}
