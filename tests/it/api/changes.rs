//! The changes for other registers, as RPDE and as Atom.

use std::collections::BTreeMap;

use http::Method;
use insta::assert_snapshot;
use kist::journal::Scope;
use kist::record::RecordId;
use kist::register::References;
use serde_json::{Value as Json, json};

use super::harvests::say;
use super::server::{BASE, Sent, TestServer, now};

/// A register in which a library was named anew, and a need was withdrawn.
fn changed() -> TestServer {
    let server = TestServer::with_categories();
    let feed = |id: &str, json: Json| say(&server, "feed", &id.parse().unwrap(), &json, None);
    feed("source/feed", json!({ "name": "Feed" }));
    feed("asset/library", library("Library"));
    feed("need/van", json!({ "name": "A van", "by": "organisation/o" }));
    feed("organisation/o", json!({ "name": { "en": "O <1>", "gd": "Ò" } }));
    feed("asset/library", library("Central Library"));
    withdraw(&server, "need/van", "feed");
    server
}

fn library(name: &str) -> Json {
    json!({
        "name": name, "assetType": "category/library-venue", "online": true,
        "summary": "Books & papers.", "provider": "organisation/o",
    })
}

fn withdraw(server: &TestServer, id: &str, source: &str) {
    let id: RecordId = id.parse().unwrap();
    let mut edits = server.register.withdrawal(&id, None).unwrap();
    edits.retain(|edit| edit.source == source);
    server.register.apply(edits, References::Kept, "test", now()).unwrap();
}

/// All items, by following `next` to the end; and the address of the end.
async fn follow(server: &TestServer, start: &str) -> (Vec<Json>, String) {
    let (mut items, mut path) = (Vec::new(), start.to_owned());
    loop {
        let page = server.json(&path).await;
        let next = page["next"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
        let found = page["items"].as_array().unwrap();
        if found.is_empty() {
            assert_eq!(next, path, "the end names itself to the letter");
            return (items, path);
        }
        assert_ne!(next, path);
        items.extend(found.iter().cloned());
        path = next;
    }
}

#[tokio::test]
async fn each_record_comes_once_at_its_newest_change() {
    let server = changed();
    let page = server.json("/changes").await;
    assert_snapshot!("changes", serde_json::to_string_pretty(&page).unwrap());
}

#[tokio::test]
async fn pages_of_any_length_lead_to_the_same_end() {
    let server = changed();
    let whole = server.json("/changes").await["items"].clone();
    for start in ["/changes", "/changes?limit=1", "/changes?afterChangeNumber=0&limit=2"] {
        let (items, _) = follow(&server, start).await;
        assert_eq!(Json::from(items), whole, "{start}");
    }
}

#[tokio::test]
async fn what_changes_later_is_behind_the_address_of_the_end() {
    let server = changed();
    let (_, end) = follow(&server, "/changes?limit=2").await;
    let tag = server.get(&end).await.header("etag");
    assert_eq!(server.get_with(&end, "if-none-match", &tag).await.status, 304);
    let late = "asset/late".parse().unwrap();
    say(&server, "feed", &late, &library("Late"), None);
    let later = server.get_with(&end, "if-none-match", &tag).await.json();
    assert_eq!(later["items"][0]["data"]["name"], "Late");
    withdraw(&server, "asset/late", "feed");
    let (gone, _) = follow(&server, &end).await;
    assert_eq!((gone.len(), &gone[0]["state"]), (1, &json!("deleted")));
}

#[tokio::test]
async fn an_empty_register_is_at_its_end() {
    let server = TestServer::empty();
    for path in ["/changes", "/changes?afterChangeNumber=7", "/changes?limit=3&afterChangeNumber=0"]
    {
        let page = server.json(path).await;
        assert_eq!(page["items"], json!([]), "{path}");
        assert_eq!(page["next"], format!("{BASE}{path}"));
    }
}

#[tokio::test]
async fn a_record_is_deleted_only_when_no_source_speaks_of_it() {
    let server = changed();
    let id: RecordId = "organisation/o".parse().unwrap();
    say(&server, "second", &id, &json!({ "name": "O" }), None);
    let state = async |server: &TestServer| {
        let (items, _) = follow(server, "/changes").await;
        let states: BTreeMap<String, Json> = items
            .iter()
            .map(|item| (item["id"].as_str().unwrap().to_owned(), item["state"].clone()))
            .collect();
        assert_eq!(states.len(), items.len(), "none comes twice");
        states[&format!("{BASE}/id/organisation/o")].clone()
    };
    withdraw(&server, "organisation/o", "feed");
    assert_eq!(state(&server).await, "updated");
    withdraw(&server, "organisation/o", "second");
    assert_eq!(state(&server).await, "deleted");
}

#[tokio::test]
async fn what_is_changed_here_over_a_source_comes_as_part_of_the_whole() {
    let server = changed();
    let token = server.token(Scope::Write);
    let body = br#"{ "summary": null, "telephone": "0131 555 0100" }"#;
    let sent = Sent { token: &token, media_type: "application/json", header: None, body };
    let answer = server.send(Method::PATCH, "/api/v1/assets/library", sent).await;
    assert_eq!(answer.status, 200, "{answer}");
    let (items, _) = follow(&server, "/changes").await;
    let data = &items.last().unwrap()["data"];
    assert_eq!(
        (&data["name"], &data["telephone"]),
        (&json!("Central Library"), &json!("0131 555 0100"))
    );
    for key in ["summary", "partial", "withholds"] {
        assert_eq!(data.get(key), None, "{key}");
    }
}

#[tokio::test]
async fn the_newest_changes_are_a_feed_with_tombstones() {
    let server = changed();
    assert_snapshot!("changes_atom", server.get("/changes.atom").await);
    let first = server.get("/changes.atom?limit=1").await;
    let older = first.text().split("before=").nth(1).unwrap().split('&').next().unwrap();
    let second = server.get(&format!("/changes.atom?limit=1&before={older}")).await;
    assert!(first.text().contains("deleted-entry") && second.text().contains("Central Library"));
}

#[tokio::test]
async fn both_name_themselves_and_the_hub() {
    let server = TestServer::empty();
    for path in ["/changes", "/changes.atom?limit=7"] {
        assert_eq!(
            server.get(path).await.header("link"),
            format!("<{BASE}{path}>; rel=\"self\", <https://hub.example/>; rel=\"hub\"")
        );
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_told() {
    let server = TestServer::empty();
    assert_snapshot!(
        server
            .all(&[
                "/changes?afterChangeNumber=-1",
                "/changes?afterTimestamp=1",
                "/changes?limit=0",
                "/changes.atom?before=x",
            ])
            .await
    );
}
