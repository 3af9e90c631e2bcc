//! What operators ask: measures, and who is kept from asking too much.

use jiff::Timestamp;
use kist::journal::{Durability, Scope};
use kist::register::HostClass;
use kist::register::ledger::{
    LinkInState, LinkState, Outcome, Request, RequestKind, Review, ReviewKind, Row as _,
    SourceState,
};
use kist::web::state::Identity;
use serde_json::{Value as Json, json};

use super::harvests;
use super::server::{TestServer, now};

#[tokio::test]
async fn measures_are_for_tokens_and_count_what_was_asked() {
    let server = TestServer::with_categories();
    server.get("/api/v1/assets?limit=1").await;
    server.get("/api/v1/assets.csv?limit=1").await;
    server.get("/nothing/here").await;
    assert_eq!(server.get("/metrics").await.status, 401);
    let bearer = format!("Bearer {}", server.token(Scope::Read));
    let answer = server.get_with("/metrics", "authorization", &bearer).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let newest = server.register.newest().unwrap();
    let records = server.register.index().size().records;
    for expected in [
        "kist_http_requests_total{route=\"/api/v1/assets\",method=\"GET\",status=\"200\"} 2",
        "kist_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1",
        "kist_http_requests_total{route=\"/metrics\",method=\"GET\",status=\"401\"} 1",
        &format!("kist_revision {newest}"),
        "kist_view_lag_revisions{view=\"graph\"} 0",
        "kist_view_lag_revisions{view=\"index\"} 0",
        &format!("kist_index_records {records}"),
    ] {
        assert!(answer.text().lines().any(|line| line == expected), "{expected}\n{answer}");
    }
}

#[tokio::test]
async fn f7_the_ledger_of_the_harvest_is_told_by_source() {
    let server = harvests::harvested();
    let bearer = format!("Bearer {}", server.token(Scope::Read));
    let reviews = [("a", ReviewKind::Term), ("b", ReviewKind::Term), ("a", ReviewKind::Match)];
    let mut notes: Vec<_> = reviews
        .into_iter()
        .map(|(about, kind)| review(kind).put(Review::key(kind, about)))
        .collect();
    notes.push(LinkInState.put(LinkInState::key(LinkState::Dead, "a.scot\nhttps://a.scot/")));
    // A source that is no record any more has no measures.
    notes.push(SourceState { failures: 9, ..SourceState::default() }.put("withdrawn"));
    let asked = Request {
        source: "partner".to_owned(),
        kind: RequestKind::Run,
        at: now() - jiff::SignedDuration::from_secs(90),
        by: "somebody".to_owned(),
    };
    notes.push(asked.put(asked.key()));
    server.register.ledger().write(&notes, Durability::Relaxed).unwrap();
    let activity = server.register.activity();
    activity.asked(HostClass::Public, Some(304));
    activity.asked(HostClass::Public, None);
    activity.received(1_000, 4_000);
    activity.ended(Outcome::BlockedByGuard);
    activity.waiting(Some(now() - jiff::SignedDuration::from_secs(60)), Some(now()));
    let answer = server.get_with("/metrics", "authorization", &bearer).await;
    for expected in [
        "kist_harvest_last_outcome{source=\"partner\",outcome=\"ok-with-errors\"} 1",
        "kist_harvest_last_success_timestamp_seconds{source=\"partner\"} 1795176060",
        "kist_harvest_failures_in_a_row{source=\"partner\"} 0",
        "kist_harvest_items{source=\"partner\"} 2",
        "kist_harvest_sources{state=\"held\"} 1",
        "kist_harvest_sources{state=\"fine\"} 0",
        "kist_harvest_runs_total{outcome=\"blocked-by-guard\"} 1",
        "kist_harvest_runs_total{outcome=\"ok\"} 0",
        "kist_harvest_requests_total{host=\"public\",status=\"3xx\"} 1",
        "kist_harvest_requests_total{host=\"public\",status=\"none\"} 1",
        "kist_harvest_requests_total{host=\"allowed\",status=\"2xx\"} 0",
        "kist_harvest_bytes_total{as=\"wire\"} 1000",
        "kist_harvest_bytes_total{as=\"decoded\"} 4000",
        "kist_harvest_queue_age_seconds{queue=\"due\"} 60",
        "kist_harvest_queue_age_seconds{queue=\"asked\"} 90",
        "kist_harvest_oldest_success_timestamp_seconds 1795262400",
        "kist_reviews_waiting{kind=\"term\"} 2",
        "kist_reviews_waiting{kind=\"match\"} 1",
        "kist_reviews_waiting{kind=\"link\"} 0",
        "kist_links_in_trouble{state=\"dead\"} 1",
        "kist_links_in_trouble{state=\"suspect\"} 0",
    ] {
        assert!(answer.text().lines().any(|line| line == expected), "{expected}\n{answer}");
    }
    assert!(!answer.text().contains("withdrawn\""), "{answer}");
}

fn review(kind: ReviewKind) -> Review {
    Review {
        kind,
        question: "Which category is it?".to_owned(),
        about: Json::Null,
        why: Json::Null,
        since: now(),
    }
}

#[tokio::test]
async fn the_version_and_whom_to_tell_of_a_weakness() {
    let server = TestServer::empty();
    let version = server.json("/version").await;
    assert_eq!(version, json!({"name": "kist", "version": env!("CARGO_PKG_VERSION")}));
    let answer = server.get("/.well-known/security.txt").await;
    insta::assert_snapshot!(answer, @r"
    200 OK text/plain; charset=utf-8
    Contact: mailto:bot@kist.example
    Expires: 2027-05-20T00:00:00Z
    Preferred-Languages: en
    Canonical: https://kist.example/.well-known/security.txt
    ");
    assert!(answer.header("cache-control").starts_with("public, max-age=3600"), "{answer}");
    let expires = answer.text().lines().find_map(|line| line.strip_prefix("Expires: ")).unwrap();
    let left = expires.parse::<Timestamp>().unwrap().duration_since(now());
    let days = left.as_hours() / 24;
    assert!((30..365).contains(&days), "{days} days");
}

#[tokio::test]
async fn without_a_contact_nobody_is_named() {
    let register = TestServer::empty().register;
    let server = TestServer::with_identity(register, Identity::default());
    let answer = server.get("/.well-known/security.txt").await;
    insta::assert_snapshot!(answer, @r#"
    404 Not Found application/problem+json
    {"type":"https://kist.example/problems/not-found","title":"Nothing is registered here","status":404,"detail":"this register has not said whom to tell"}
    "#);
}

#[tokio::test]
async fn a_request_has_the_id_of_the_callers_trace() {
    let server = TestServer::empty();
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for path in ["/healthz", "/api/v1/nothing"] {
        let answer = server.get_with(path, "traceparent", parent).await;
        assert_eq!(answer.header("x-request-id"), "4bf92f3577b34da6a3ce929d0e0e4736");
    }
    let made = server.get("/healthz").await.header("x-request-id");
    assert!(made.len() == 32 && made != server.get("/healthz").await.header("x-request-id"));
}
