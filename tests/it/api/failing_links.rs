//! Links that did not work, on records and in searches, without a revision.

use jiff::Timestamp;
use kist::journal::Durability;
use kist::record::RecordId;
use kist::register::ledger::{
    Citation, Cited, CitedAt, Link, LinkInState, LinkState, Row as _, Table,
};
use serde_json::{Value as Json, json};

use super::clusters::says;
use super::server::{TestServer, now};

fn server() -> TestServer {
    let server = TestServer::with_categories();
    for (id, name) in [("walks", "Walks"), ("talks", "Talks"), ("chess", "Chess")] {
        says(&server, "local", id, Some(&activity(id, name)));
    }
    server
}

fn activity(id: &str, name: &str) -> Json {
    json!({ "name": name, "assetType": "category/activity-asset", "online": true,
        "url": format!("https://a.scot/{id}") })
}

/// The link of `asset` is so from now on.
fn turns(server: &TestServer, asset: &str, before: LinkState, state: LinkState) {
    let url = format!("https://a.scot/{asset}");
    let (key, id) = (Link::key(&url), RecordId::new("asset", asset).unwrap());
    let checked: Timestamp = "2026-03-12T09:00:00Z".parse().unwrap();
    let link = Link {
        state,
        checked: Some(checked),
        archived: Some("https://web.archive.org/web/2020/https://a.scot/".to_owned()),
        ..Link::new(&url, "2026-02-01T09:00:00Z".parse().unwrap(), now())
    };
    let cited = CitedAt { pointer: "/url".to_owned(), source: "local".to_owned() };
    let notes = [
        Table::LinkInState.forget(&LinkInState::key(before, &key)),
        LinkInState.put(LinkInState::key(state, &key)),
        link.put(key.clone()),
        Citation { at: vec![cited] }.put(Citation::key(&key, &id)),
        Cited { urls: vec![url] }.put(id.to_string()),
    ];
    server.register.ledger().write(&notes, Durability::Relaxed).unwrap();
    server.register.note_links(&[id].into()).unwrap();
}

async fn found(server: &TestServer, query: &str) -> Vec<String> {
    let page = server.json(&format!("/api/v1/assets?sort=name&{query}")).await;
    let items = page["items"].as_array().unwrap().iter();
    let names: Vec<String> = items.map(|item| item["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(page["total"], names.len());
    names
}

#[tokio::test]
async fn a_record_shows_the_links_that_did_not_work_and_when() {
    let server = server();
    let before = server.get("/api/v1/assets/walks").await;
    let revision = server.register.newest().unwrap();
    assert_eq!((before.status.as_u16(), &before.json()["failingLinks"]), (200, &Json::Null));
    turns(&server, "walks", LinkState::Unknown, LinkState::Suspect);
    // No revision, and yet another representation.
    assert_eq!(server.register.newest().unwrap(), revision);
    let tag = before.header("etag");
    let after = server.get_with("/api/v1/assets/walks", "if-none-match", &tag).await;
    assert_eq!(
        after.json()["failingLinks"],
        json!([{ "url": "https://a.scot/walks", "state": "suspect",
            "since": "2026-02-01T09:00:00Z", "checked": "2026-03-12T09:00:00Z",
            "archivedCopy": "https://web.archive.org/web/2020/https://a.scot/" }])
    );
    let page = server.get("/assets/walks.html").await;
    for expected in [
        "This link did not work when last checked on 12 March 2026:",
        "https://web.archive.org/",
        "archived copy",
    ] {
        assert!(page.text().contains(expected), "{expected} is not in {page}");
    }
    turns(&server, "walks", LinkState::Suspect, LinkState::Dead);
    let page = server.get("/assets/walks.html").await;
    let expected = "This link has not worked since 1 February 2026, last checked on 12 March 2026:";
    assert!(page.text().contains(expected), "{page}");
    turns(&server, "walks", LinkState::Dead, LinkState::Alive);
    assert_eq!(server.json("/api/v1/assets/walks").await["failingLinks"], Json::Null);
    assert!(!server.get("/assets/walks.html").await.text().contains("last checked"));
}

#[tokio::test]
async fn searches_can_ask_for_what_has_links_that_do_not_work() {
    let server = server();
    assert_eq!(found(&server, "links=broken").await, [""; 0]);
    turns(&server, "walks", LinkState::Unknown, LinkState::Dead);
    turns(&server, "talks", LinkState::Unknown, LinkState::Suspect);
    assert_eq!(found(&server, "links=broken").await, ["Walks"]);
    assert_eq!(found(&server, "links=failing").await, ["Talks", "Walks"]);
    assert_eq!(found(&server, "links=failing&q=talks").await, ["Talks"]);
    assert_eq!(found(&server, "").await, ["Chess", "Talks", "Walks"]);
    // A change of the record, and an index that is made again, keep it.
    says(&server, "local", "walks", Some(&activity("walks", "Long walks")));
    assert_eq!(found(&server, "links=broken").await, ["Long walks"]);
    server.register.rebuild(now(), &mut |_| {}).unwrap();
    assert_eq!(found(&server, "links=failing").await, ["Long walks", "Talks"]);
    turns(&server, "talks", LinkState::Suspect, LinkState::Alive);
    assert_eq!(found(&server, "links=failing").await, ["Long walks"]);
    let answer = server.get("/api/v1/assets?links=dead").await.to_string();
    assert!(answer.starts_with("400") && answer.contains("\"parameter\":\"links\""), "{answer}");
}
