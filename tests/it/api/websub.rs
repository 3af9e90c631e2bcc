//! Hubs ask back and deliver.

use http::Method;
use jiff::SignedDuration;
use kist::journal::Durability;
use kist::register::ledger::{Pending, Request, Row as _, Subscription, SubscriptionState};

use super::server::{TestServer, now};

const TOPIC: &str = "https://partner.scot/feed";

/// HMAC of RFC 4231, test case 2, by the key `Jefe`.
const BODY: &str = "what do ya want for nothing?";
const SIGNATURE: &str = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

fn server(pending: Option<Pending>, state: SubscriptionState) -> TestServer {
    let server = TestServer::empty();
    let subscription = Subscription {
        source: "partner".to_owned(),
        hub: "https://hub.scot/".to_owned(),
        topic: TOPIC.to_owned(),
        secret: "Jefe".to_owned(),
        pending,
        state,
        due: now(),
        refusals: 0,
        reason: None,
        delivered: None,
        deliveries: 0,
        forgeries: 0,
        judged: None,
        missed: 0,
    };
    server.register.ledger().write(&[subscription.put("t0ken")], Durability::Durable).unwrap();
    server
}

fn kept(server: &TestServer) -> Subscription {
    server.register.ledger().get("t0ken").unwrap().unwrap()
}

fn asked(mode: &str) -> String {
    format!(
        "/websub/t0ken?hub.mode={mode}&hub.topic=https%3A%2F%2Fpartner.scot%2Ffeed\
         &hub.challenge=a%2Bb&hub.lease_seconds=864000&hub.more=x"
    )
}

#[tokio::test]
async fn a_challenge_is_answered_to_the_letter_once() {
    let server = server(Some(Pending::Subscribe), SubscriptionState::Inactive);
    let answer = server.get(&asked("subscribe")).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, "a+b"));
    assert!(answer.header("content-type").starts_with("text/plain"));
    let until = now() + SignedDuration::from_hours(240);
    assert_eq!(kept(&server).state, SubscriptionState::Active { until });
    assert_eq!(server.get(&asked("subscribe")).await.status.as_u16(), 404);
}

#[tokio::test]
async fn what_was_not_asked_is_not_confirmed() {
    let server = server(Some(Pending::Subscribe), SubscriptionState::Inactive);
    let other = asked("subscribe").replace("feed", "other");
    let without = asked("subscribe").replace("hub.challenge", "challenge");
    let guess = asked("subscribe").replace("t0ken", "guess");
    for path in [&asked("unsubscribe"), &other, &without, &guess, "/websub/t0ken"] {
        assert_eq!(server.get(path).await.status.as_u16(), 404, "{path}");
    }
    assert_eq!(kept(&server).pending, Some(Pending::Subscribe));
}

async fn deliver(server: &TestServer, path: &str, headers: &[(&str, &str)], body: &str) -> u16 {
    server.ask(Method::POST, path, headers, body.to_owned()).await.status.as_u16()
}

#[tokio::test]
async fn a_delivery_becomes_a_request_whatever_is_in_it() {
    let server = server(None, SubscriptionState::Active { until: now() });
    let own = ("link", "<https://partner.scot/feed>; rel=\"self\"");
    let signed = ("x-hub-signature", SIGNATURE);
    assert_eq!(deliver(&server, "/websub/t0ken", &[signed, own], BODY).await, 202);
    let rows = server.register.ledger().rows::<Request>("", "", 10).unwrap();
    assert_eq!((rows.len(), rows[0].1.source.as_str()), (1, "partner"));
    assert_eq!(kept(&server).deliveries, 1);
}

#[tokio::test]
async fn a_forged_delivery_is_answered_alike_and_does_nothing() {
    let server = server(None, SubscriptionState::Active { until: now() });
    for headers in [&[][..], &[("x-hub-signature", "sha256=00")]] {
        assert_eq!(deliver(&server, "/websub/t0ken", headers, BODY).await, 202);
    }
    let signed = [("x-hub-signature", SIGNATURE)];
    assert_eq!(deliver(&server, "/websub/t0ken", &signed, "another body").await, 202);
    assert_eq!(deliver(&server, "/websub/guess", &signed, BODY).await, 404);
    assert_eq!(server.register.ledger().rows::<Request>("", "", 10).unwrap().len(), 0);
    assert_eq!(kept(&server).forgeries, 3);
}

#[tokio::test]
async fn a_subscription_that_is_over_and_a_body_without_end_are_refused() {
    let ended = server(None, SubscriptionState::Ended);
    let signed = [("x-hub-signature", SIGNATURE)];
    assert_eq!(deliver(&ended, "/websub/t0ken", &signed, BODY).await, 410);
    let active = server(None, SubscriptionState::Active { until: now() });
    let long = "a".repeat((5 << 20) + 1);
    assert_eq!(deliver(&active, "/websub/t0ken", &signed, &long).await, 413);
}
