//! Records of several sources that speak of one thing: listed once, shown
//! together, each at its own address.

use insta::assert_snapshot;
use kist::journal::Scope;
use kist::record::{FromJson, RecordId, from_json};
use kist::register::{Edit, MATCHES_SOURCE, References};
use serde_json::{Value as Json, json};

use super::server::{Sent, TestServer, now};

const MEMBERS: [&str; 3] = ["feed-a", "feed-b", "feed-c"];

/// What `source` says of the asset with the same name.
pub(super) fn says(server: &TestServer, source: &str, id: &str, json: Option<&Json>) {
    let register = &server.register;
    let id = RecordId::new("asset", id).unwrap();
    let kind = register.schema().kind("asset").unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let edit = Edit {
        source: source.to_owned(),
        record: json.map(|json| from_json(context, kind, Some(&id), json).unwrap()),
        id,
        original: None,
        expected: None,
        derivation: None,
    };
    register.apply(vec![edit], References::Kept, "test", now()).unwrap();
}

/// Says that all of `members` are one thing, for which the first stands.
fn link(server: &TestServer, members: &[&str]) {
    for id in members {
        let others = members.iter().filter(|other| *other != id);
        let iris: Vec<String> =
            others.map(|other| format!("https://kist.example/id/asset/{other}")).collect();
        let mut json = json!({ "partial": true, "sameAs": iris });
        if *id != members[0] {
            json["canonical"] = json!(format!("asset/{}", members[0]));
        }
        says(server, MATCHES_SOURCE, id, Some(&json));
    }
}

/// A library of which three sources speak, the second the most trusted, and a
/// club that stands alone.
fn server() -> TestServer {
    let server = TestServer::with_categories();
    server.load(&json!([
        { "id": "source/feed-a", "type": "source", "name": "A", "trust": 50 },
        { "id": "source/feed-b", "type": "source", "name": "B", "trust": 70 },
        { "id": "source/feed-c", "type": "source", "name": "C", "trust": 30 },
    ]));
    let library = |more: Json| {
        let mut json = json!({ "name": "Leith Library", "assetType": "library-venue",
            "locations": [{ "postcode": "EH6 4AE" }] });
        json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json
    };
    says(
        &server,
        "feed-a",
        "feed-a",
        Some(&library(json!({ "slug": "leith-library", "telephone": "0131 496 0001" }))),
    );
    says(
        &server,
        "feed-b",
        "feed-b",
        Some(&library(json!({
        "name": "Library of Leith", "telephone": "0131 496 0002", "email": "library@partner.example" }))),
    );
    says(
        &server,
        "feed-c",
        "feed-c",
        Some(&library(json!({
        "telephone": "0131 496 0003", "description": "With a kiln in the cellar.", "topics": ["walking"] }))),
    );
    says(&server, "feed-a", "club", Some(&library(json!({ "name": "Chess club" }))));
    link(&server, &MEMBERS);
    server
}

async fn found(server: &TestServer, query: &str) -> (u64, Vec<String>) {
    let page = server.json(&format!("/api/v1/assets?{query}")).await;
    let items = page["items"].as_array().unwrap().iter();
    let id = |item: &Json| item["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (page["total"].as_u64().unwrap(), items.map(id).collect())
}

#[tokio::test]
async fn a_thing_is_listed_once_and_found_by_whatever_any_record_says() {
    let server = server();
    let check = async |query: &str, expected: &[&str]| {
        let (total, ids) = found(&server, query).await;
        assert_eq!(
            (ids, total),
            (expected.iter().map(ToString::to_string).collect(), expected.len() as u64),
            "{query}"
        );
    };
    check("sort=name", &["club", "feed-a"]).await;
    check("sort=name&duplicates=hide", &["club", "feed-a"]).await;
    check("sort=name&duplicates=show", &["club", "feed-c", "feed-a", "feed-b"]).await;
    check("near=EH6+4AE&within=1km&sort=name", &["club", "feed-a"]).await;
    check("near=EH6+4AE", &["club", "feed-a"]).await;
    for only in
        ["q=kiln", "q=leith", "source=feed-c", "topic=walking", "bbox=-3.2,55.9,-3.1,56.0&q=leith"]
    {
        check(only, &["feed-a"]).await;
    }
    check("source=feed-c&duplicates=show&sort=name", &["feed-c", "feed-a"]).await;
    // The facets count what is listed, and the pages lead through it.
    let counted = server.json("/api/v1/assets?facets=source&limit=1").await;
    let counts = counted["facets"].to_string();
    assert!(counts.contains("\"count\":2") && !counts.contains("\"count\":3"), "{counts}");
    let next = counted["next"].as_str().unwrap().strip_prefix("https://kist.example").unwrap();
    assert_eq!(server.json(next).await["items"].as_array().unwrap().len(), 1);
    let suggested = server.json("/api/v1/suggest?q=lib").await;
    let records = suggested["records"].as_array().unwrap().iter();
    let assets: Vec<_> = records.filter(|record| record["type"] == "asset").collect();
    assert_eq!(assets.len(), 1, "{assets:?}");
}

#[tokio::test]
async fn the_record_that_stands_for_a_thing_shows_what_all_say_and_who() {
    let server = server();
    let json = server.json("/api/v1/assets/feed-a").await;
    assert_snapshot!("cluster_record", serde_json::to_string_pretty(&json).unwrap());
    assert_eq!(server.get("/assets/feed-a.json").await.json(), json);
    let summary = server.json("/api/v1/assets?q=kiln").await;
    assert_eq!(summary["items"][0]["email"], json!("library@partner.example"));
    let page = server.get("/assets/feed-a.html").await;
    for expected in [
        "0131 496 0002",
        "With a kiln",
        "What these records say of the same thing",
        "/assets/feed-b",
        "in its record",
    ] {
        assert!(page.text().contains(expected), "{expected} is not in {page}");
    }
    assert!(!page.text().contains("0131 496 0003"), "{page}");
    // RDF has each record by itself, and the links between them.
    let turtle = server.get("/assets/feed-a.nt").await;
    assert!(turtle.text().contains("owl#sameAs") && !turtle.text().contains("kiln"), "{turtle}");
}

#[tokio::test]
async fn the_other_records_stay_at_their_addresses_and_name_the_one_that_stands_for_them() {
    let server = server();
    let answer = server.get("/api/v1/assets/feed-b").await;
    let json = answer.json();
    assert_eq!(json["canonical"], "https://kist.example/id/asset/feed-a");
    assert_eq!((&json["telephone"], &json["valuesFrom"]), (&json!("0131 496 0002"), &Json::Null));
    let links = answer.headers.get_all("link").iter().map(|link| link.to_str().unwrap());
    let links: Vec<&str> = links.collect();
    assert!(
        links.contains(&"<https://kist.example/assets/feed-a>; rel=\"canonical\""),
        "{links:?}"
    );
    let page = server.get("/assets/feed-b.html").await;
    assert!(page.text().contains("<link rel=\"canonical\" href=\"/assets/feed-a\">"), "{page}");
    assert!(page.text().contains("has another record"), "{page}");
    let canonical = server.get("/api/v1/assets/feed-a").await;
    assert!(
        !canonical
            .headers
            .get_all("link")
            .iter()
            .any(|link| link.to_str().unwrap().contains("rel=\"canonical\""))
    );
    assert_eq!(server.get("/assets/leith-library").await.status, 308);
}

#[tokio::test]
async fn what_changes_in_one_record_shows_in_the_one_that_stands_for_it_at_once() {
    let server = server();
    let before = server.get("/api/v1/assets/feed-a").await;
    let tag = before.header("etag");
    let unchanged = server.get_with("/api/v1/assets/feed-a", "if-none-match", &tag).await;
    assert_eq!(unchanged.status, 304);
    let library = json!({ "name": "Leith Library", "assetType": "library-venue", "online": true,
        "email": "new@partner.example" });
    says(&server, "feed-b", "feed-b", Some(&library));
    let after = server.get_with("/api/v1/assets/feed-a", "if-none-match", &tag).await;
    assert_eq!(
        (after.status.as_u16(), &after.json()["email"]),
        (200, &json!("new@partner.example"))
    );
    assert_eq!(found(&server, "q=leith").await.1, ["feed-a"]);
    // A record that its source withdraws is in it no more.
    says(&server, "feed-b", "feed-b", None);
    let json = server.json("/api/v1/assets/feed-a").await;
    assert_eq!((&json["email"], &json["telephone"]), (&Json::Null, &json!("0131 496 0001")));
    assert_eq!(found(&server, "q=leith").await.1, ["feed-a"]);
    // When the one that stands for them goes, the others are there again.
    says(&server, "feed-a", "feed-a", None);
    assert_eq!(found(&server, "q=leith").await.1, ["feed-c"]);
    says(&server, "feed-a", "feed-a", Some(&library));
    assert_eq!(found(&server, "q=leith").await.1, ["feed-a"]);
    // And when they are one no longer, each is listed.
    for id in MEMBERS {
        says(&server, MATCHES_SOURCE, id, None);
    }
    assert_eq!(found(&server, "q=leith&sort=name").await.1, ["feed-a", "feed-c"]);
    let json = server.json("/api/v1/assets/feed-a").await;
    assert_eq!((&json["valuesFrom"], &json["sameAs"]), (&Json::Null, &Json::Null));
    // An index that is made again says the same.
    link(&server, &["feed-c", "feed-a"]);
    let listed = found(&server, "sort=name").await;
    server.register.rebuild(now(), &mut |_| {}).unwrap();
    assert_eq!(found(&server, "sort=name").await, listed);
    assert_eq!(listed.1, ["club", "feed-c"]);
}

#[tokio::test]
async fn what_was_shown_with_a_record_can_be_sent_back_and_changes_nothing_of_the_cluster() {
    let server = server();
    let token = server.token(Scope::Write);
    let answer = server.get("/api/v1/assets/feed-b").await;
    let (mut json, tag) = (answer.json(), answer.header("etag"));
    json["email"] = json!("desk@partner.example");
    json["canonical"] = json!("https://kist.example/id/asset/club");
    let body = json.to_string();
    let sent = Sent {
        token: &token,
        media_type: "application/json",
        header: Some(("if-match", &tag)),
        body: body.as_bytes(),
    };
    let answer = server.send(http::Method::PUT, "/api/v1/assets/feed-b", sent).await;
    assert_eq!(answer.status, 200, "{answer}");
    let patch = json!({ "summary": "A library." }).to_string();
    let sent = Sent {
        token: &token,
        media_type: "application/merge-patch+json",
        header: None,
        body: patch.as_bytes(),
    };
    let answer = server.send(http::Method::PATCH, "/api/v1/assets/feed-b", sent).await;
    assert_eq!(answer.status, 200, "{answer}");
    let json = server.json("/api/v1/assets/feed-b").await;
    assert_eq!(json["canonical"], "https://kist.example/id/asset/feed-a");
    assert_eq!(json["withholds"], Json::Null);
    let whole = server.json("/api/v1/assets/feed-a").await;
    assert_eq!(whole["email"], "desk@partner.example");
    assert_eq!(found(&server, "q=leith").await.1, ["feed-a"]);
}

async fn patch(server: &TestServer, token: &str, id: &str, patch: &Json) -> super::server::Answer {
    let body = patch.to_string();
    let sent = Sent {
        token,
        media_type: "application/merge-patch+json",
        header: None,
        body: body.as_bytes(),
    };
    server.send(http::Method::PATCH, &format!("/api/v1/assets/{id}"), sent).await
}

#[tokio::test]
async fn what_another_record_of_the_thing_says_is_taken_away_there_and_a_409_names_it() {
    let server = server();
    let token = server.token(Scope::Write);
    let newest = server.register.newest().unwrap();
    let refused = patch(&server, &token, "feed-a", &json!({ "email": null })).await;
    assert_snapshot!(refused);
    // Its own is no better off while others say theirs.
    let refused = patch(&server, &token, "feed-a", &json!({ "telephone": null })).await;
    assert_eq!(refused.status, 409);
    let detail = refused.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("assets/feed-b") && detail.contains("assets/feed-c"), "{detail}");
    assert_eq!(server.register.newest().unwrap(), newest);
    for id in ["feed-b", "feed-c", "feed-a"] {
        let answer = patch(&server, &token, id, &json!({ "telephone": null })).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
    let json = server.json("/api/v1/assets/feed-a").await;
    assert_eq!((&json["telephone"], &json["name"]), (&Json::Null, &json!("Library of Leith")));
}

#[tokio::test]
async fn what_is_set_in_the_record_that_stands_for_others_goes_before_what_they_say() {
    let server = server();
    let token = server.token(Scope::Write);
    let library = json!({ "name": "Library of Leith", "assetType": "library-venue", "online": true,
        "cost": { "free": true, "note": "Prints cost 10p." } });
    says(&server, "feed-b", "feed-b", Some(&library));
    let change = json!({ "email": "desk@partner.example", "cost": { "note": "Prints are free." } });
    let set = patch(&server, &token, "feed-a", &change).await;
    assert_eq!(set.status, 200, "{set}");
    let json = server.json("/api/v1/assets/feed-a").await;
    assert_eq!(json["email"], "desk@partner.example");
    // Of an object the patch changes what it names, as it is shown.
    assert_eq!(
        (&json["cost"]["free"], &json["cost"]["note"]),
        (&json!(true), &json!("Prints are free."))
    );
}

#[tokio::test]
async fn open_referral_gives_one_service_as_it_lists_it() {
    let server = server();
    let at = |path: &str| format!("/open-referral/v3/{path}");
    for list in ["services", "service_at_locations"] {
        let rows = server.json(&at(list)).await["contents"].as_array().unwrap().clone();
        let is_library = |row: &&Json| row.to_string().contains("Library of Leith");
        let row = rows.iter().find(is_library).unwrap_or_else(|| panic!("{rows:?}"));
        let id = row["id"].as_str().unwrap();
        let one = server.json(&at(&format!("{list}/{id}"))).await;
        let (row, one) = match list {
            "services" => (row, &one),
            _ => (&row["service"], &one["service"]),
        };
        // A row has only the beginning of a description.
        let is_whole = |key: &str| !["kist_assumed", "description"].contains(&key);
        for (key, value) in row.as_object().unwrap().iter().filter(|(key, _)| is_whole(key)) {
            assert_eq!(&one[key], value, "{list}: {key}");
        }
        assert_eq!(one["email"], "library@partner.example");
        assert_eq!(one["description"], "With a kiln in the cellar.");
        assert!(one.to_string().contains("0131 496 0002"), "{one}");
        assert!(!one.to_string().contains("0131 496 0001"), "{one}");
    }
}
