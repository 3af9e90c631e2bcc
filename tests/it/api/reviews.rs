//! What waits for an editor, and what editors decide.

use http::Method;
use insta::assert_snapshot;
use kist::journal::Scope;
use kist::register::ledger::{Decision, Review, ReviewKind, Row};
use serde_json::{Value as Json, json};

use super::harvests::{harvested, write};
use super::server::{Answer, Sent, TestServer, now};

const REVIEWS: &str = "/api/v1/reviews";

/// A register where something of each kind is asked.
fn asked() -> TestServer {
    let server = harvested();
    let review = |kind: ReviewKind, about: &str, json: Json| {
        let question = format!("What of {kind:?}?");
        let review = Review { kind, question, about: json, why: Json::Null, since: now() };
        review.put(Review::key(kind, about))
    };
    let why = json!({ "suggestions": ["walking"] });
    let term = Review {
        kind: ReviewKind::Term,
        question: "Which category is “Hill strolls” of partner?".to_owned(),
        about: json!({ "key": "name:hill strolls", "source": "partner" }),
        why,
        since: now(),
    };
    write(
        &server,
        &[
            term.put(Review::key(ReviewKind::Term, "name:hill strolls")),
            review(ReviewKind::Match, "asset/a\nasset/b/ü?", json!({ "fingerprint": "f00" })),
            review(
                ReviewKind::Moved,
                "partner",
                json!({ "source": "partner", "url": "https://new.example/all.json" }),
            ),
            review(ReviewKind::Curated, "asset/a name", json!({})),
        ],
    );
    server
}

async fn read(server: &TestServer, path: &str) -> Answer {
    let token = server.token(Scope::Admin);
    server.get_with(path, "authorization", &format!("Bearer {token}")).await
}

async fn decide(server: &TestServer, path: &str, answer: &str) -> Answer {
    let token = server.token(Scope::Admin);
    let body = json!({ "answer": answer }).to_string();
    let media_type = "application/json";
    let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
    server.send(Method::POST, path, sent).await
}

/// The path of the only review of a kind.
async fn path_of(server: &TestServer, kind: &str) -> String {
    let page = read(server, &format!("{REVIEWS}?kind={kind}")).await.json();
    let url = page["items"][0]["url"].as_str().unwrap();
    url.strip_prefix("https://kist.example").unwrap().to_owned()
}

fn decision(server: &TestServer, key: &str) -> Decision {
    server.register.ledger().get(key).unwrap().unwrap()
}

#[tokio::test]
async fn what_is_asked_is_listed_by_keys_that_can_stand_in_an_address() {
    let server = asked();
    let all = read(&server, REVIEWS).await;
    assert_snapshot!("reviews", serde_json::to_string_pretty(&all.json()).unwrap());
    let (mut kinds, mut path) = (Vec::new(), format!("{REVIEWS}?limit=1"));
    loop {
        let page = read(&server, &path).await.json();
        kinds.extend(page["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = next.strip_prefix("https://kist.example").unwrap().to_owned();
    }
    assert_eq!(Json::from(kinds), json!(["curated", "match", "moved", "term"]));
    for item in all.json()["items"].as_array().unwrap() {
        let path = item["url"].as_str().unwrap().strip_prefix("https://kist.example").unwrap();
        assert_eq!(read(&server, path).await.json(), *item);
    }
}

#[tokio::test]
async fn a_term_means_a_category_or_nothing() {
    let server = asked();
    let path = path_of(&server, "term").await;
    assert_snapshot!(decide(&server, &path, "no-such-category").await, @r#"
    422 Unprocessable Entity application/problem+json
    {"type":"https://kist.example/problems/invalid-record","title":"The record has faults","status":422,"detail":"`no-such-category` is neither a category nor `ignore`","errors":[{"pointer":"/answer","detail":"`no-such-category` is neither a category nor `ignore`"}]}
    "#);
    let decided = decide(&server, &path, "category/walking").await;
    assert_eq!((decided.status.as_u16(), &decided.json()["answer"]), (200, &json!("walking")));
    assert_eq!(decision(&server, "term\nname:hill strolls").answer, "walking");
    assert_eq!(read(&server, &path).await.status, 404);
    assert_eq!(decide(&server, &path, "ignore").await.status, 404);
}

#[tokio::test]
async fn an_area_that_is_served_means_a_place_or_nothing() {
    let key = "areaServed||narnia";
    for (answer, expected) in [
        ("S12000036", Some("S12000036")),
        ("place/S12000036", Some("S12000036")),
        ("https://kist.example/id/place/S12000036", Some("S12000036")),
        ("s12000036", Some("S12000036")),
        ("ignore", Some("ignore")),
        ("walking", None),
        ("category/walking", None),
        ("S99999999", None),
        ("", None),
    ] {
        let server = asked();
        let review = Review {
            kind: ReviewKind::Term,
            question: "Which area is “Narnia” of partner?".to_owned(),
            about: json!({ "term": { "field": "areaServed", "label": "Narnia" }, "key": key }),
            why: json!({ "suggestions": [] }),
            since: now(),
        };
        write(&server, &[review.put(Review::key(ReviewKind::Term, key))]);
        let path = path_of(&server, "term").await;
        let decided = decide(&server, &path, answer).await;
        if let Some(expected) = expected {
            assert_eq!(decided.status, 200, "{answer}: {decided}");
            assert_eq!(decision(&server, &format!("term\n{key}")).answer, expected);
        } else {
            assert_eq!(decided.status, 422, "{answer}");
            let detail = decided.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains("is neither a place"), "{detail}");
        }
    }
}

#[tokio::test]
async fn two_records_are_the_same_or_different_for_ever() {
    let server = asked();
    let path = path_of(&server, "match").await;
    assert_eq!(decide(&server, &path, "maybe").await.status, 422);
    assert_eq!(decide(&server, &path, "different").await.status, 200);
    let decided = decision(&server, "match\nasset/a\nasset/b/ü?");
    assert_eq!((decided.answer.as_str(), decided.fingerprint.as_str()), ("different", "f00"));
    assert!(decided.by.starts_with("token:"));
}

#[tokio::test]
async fn a_source_that_has_moved_gets_its_new_address() {
    let server = asked();
    let path = path_of(&server, "moved").await;
    assert_eq!(decide(&server, &path, "accept").await.status, 200);
    let source = server.json("/api/v1/sources/partner").await;
    assert_eq!(source["url"], "https://new.example/all.json");
    assert_eq!(source["licence"], "https://creativecommons.org/licenses/by/4.0/");
    assert_eq!(decision(&server, "moved\npartner").fingerprint, "https://new.example/all.json");
}

#[tokio::test]
async fn what_is_not_asked_or_not_for_everybody_is_refused() {
    let server = asked();
    assert_eq!(server.get(REVIEWS).await.status, 401);
    let token = server.token(Scope::Write);
    let refused = server.get_with(REVIEWS, "authorization", &format!("Bearer {token}")).await;
    assert_eq!(refused.status, 403);
    let mut text = String::new();
    for path in ["?kind=other", "?cursor=!", "?limit=x", "/match/YQ", "/other/YQ", "/match/!"] {
        let answer = read(&server, &format!("{REVIEWS}{path}")).await;
        text = format!("{text}{path}\n{answer}\n\n");
    }
    assert_snapshot!("reviews_refused", text);
}
