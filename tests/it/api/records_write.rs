//! Writing records: who may, what is checked, and what is there afterwards.

use std::sync::Arc;

use http::Method;
use insta::assert_snapshot;
use kist::journal::Scope;
use kist::register::create_token;
use serde_json::{Value as Json, json};

use super::server::{Answer, BASE, Sent, TestServer};

const GROUPS: &str = "/api/v1/organisations";
const GROUP: &str = "/api/v1/organisations/o";

fn if_match(tag: &str) -> (&str, &str) {
    ("if-match", tag)
}

/// A register with categories, and a token that may write to it.
struct Writer {
    server: TestServer,
    token: String,
}

impl Writer {
    fn new() -> Self {
        let server = TestServer::with_categories();
        let token = server.token(Scope::Write);
        Self { server, token }
    }

    async fn write(&self, method: Method, path: &str, json: &Json) -> Answer {
        self.write_if(method, path, None, json).await
    }

    async fn write_if(
        &self,
        method: Method,
        path: &str,
        header: Option<(&str, &str)>,
        json: &Json,
    ) -> Answer {
        let body = json.to_string();
        let sent = Sent {
            token: &self.token,
            media_type: "application/json",
            header,
            body: body.as_bytes(),
        };
        self.server.send(method, path, sent).await
    }

    async fn withdraw(&self, path: &str) -> Answer {
        let sent = Sent { token: &self.token, ..Sent::default() };
        self.server.send(Method::DELETE, path, sent).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.server.get(path).await
    }
}

/// A number that several clients count up, each from what it has read.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_writes_at_the_same_time_none_is_lost() {
    const CLIENTS: usize = 4;
    const EACH: usize = 100;
    let writer = Arc::new(Writer::new());
    let group = |count: usize| json!({ "name": "O", "description": count.to_string() });
    assert_eq!(writer.write(Method::PUT, GROUP, &group(0)).await.status, 201);
    let client = |writer: Arc<Writer>| async move {
        let (mut written, mut refused) = (0, 0);
        while written < EACH {
            let read = writer.get(GROUP).await;
            let count: usize = read.json()["description"].as_str().unwrap().parse().unwrap();
            let tag = read.header("etag");
            let header = Some(if_match(&tag));
            let answer = writer.write_if(Method::PUT, GROUP, header, &group(count + 1)).await;
            match answer.status.as_u16() {
                200 => written += 1,
                412 => refused += 1,
                _ => panic!("{answer}"),
            }
        }
        refused
    };
    let clients: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(client(Arc::clone(&writer)))).collect();
    let mut refused = 0;
    for client in clients {
        refused += client.await.unwrap();
    }
    let count = writer.get(GROUP).await.json()["description"].clone();
    assert_eq!(count, json!((CLIENTS * EACH).to_string()), "{refused} were refused");
}

#[tokio::test]
async fn only_a_token_that_may_write_writes() {
    let server = TestServer::empty();
    let [read, write, admin] =
        [Scope::Read, Scope::Write, Scope::Admin].map(|scope| server.token(scope));
    let forged = format!("{}x", &write[..write.len() - 1]);
    let tokens: &[(&str, u16)] =
        &[("", 401), ("nonsense", 401), (&forged, 401), (&read, 403), (&write, 201), (&admin, 428)];
    for (token, expected) in tokens {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("content-type", "application/json")];
        headers.extend((!token.is_empty()).then_some(("authorization", bearer.as_str())));
        let answer = server.ask(Method::PUT, GROUP, &headers, r#"{"name": "O"}"#).await;
        assert_eq!(answer.status.as_u16(), *expected, "{token}: {answer}");
        if *expected == 401 {
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{token}");
        }
    }
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let path = if method == Method::POST { GROUPS } else { GROUP };
        let headers = [("content-type", "application/json")];
        let answer = server.ask(method.clone(), path, &headers, "{}").await;
        assert_eq!(answer.status, 401, "{method}");
    }
}

#[tokio::test]
async fn a_token_that_was_revoked_or_has_ended_writes_no_more() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let id = token.split('_').nth(1).unwrap();
    assert!(server.register.token_store().revoke_token(id).unwrap());
    let sent = Sent { token: &token, media_type: "application/json", header: None, body: b"{}" };
    assert_eq!(server.send(Method::POST, GROUPS, sent).await.status, 401);
    let now = super::server::now();
    let tokens = server.register.token_store();
    let ended = create_token(tokens, "t", Scope::Write, Some(now), now, [9; 40]).unwrap();
    let sent = Sent { token: &ended.secret, ..sent };
    assert_eq!(server.send(Method::POST, GROUPS, sent).await.status, 401);
}

#[tokio::test]
async fn a_new_record_gets_an_address_and_is_found_at_once() {
    let writer = Writer::new();
    let group = json!({ "name": "Leith Walkers", "slug": "leith-walkers" });
    let created = writer.write(Method::POST, GROUPS, &group).await;
    assert_eq!(created.status, 201);
    let location = created.header("location");
    let path = location.strip_prefix(BASE).unwrap();
    let found = writer.get(path).await;
    assert_eq!(found.json(), created.json());
    assert_eq!(found.header("etag"), created.header("etag"));
    assert_eq!(created.json()["id"], location.replace("/api/v1/organisations", "/id/organisation"));
    let list = writer.server.json("/api/v1/search?q=leith+walkers").await;
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&1.into(), &created.json()["id"]));
    let id = uuid::Uuid::parse_str(path.rsplit('/').next().unwrap()).unwrap();
    assert_eq!(id.get_version_num(), 7);
}

#[tokio::test]
async fn what_is_there_already_is_not_registered_again() {
    let writer = Writer::new();
    let group = json!({ "id": "organisation/o", "name": "O", "slug": "the-o" });
    assert_eq!(writer.write(Method::POST, GROUPS, &group).await.status, 201);
    assert_snapshot!(writer.write(Method::POST, GROUPS, &group).await, @r#"
    409 Conflict application/problem+json
    {"type":"https://kist.example/problems/conflict","title":"This is at odds with the register","status":409,"detail":"organisation/o is registered already; use PUT to replace it"}
    "#);
    let other = json!({ "name": "P", "slug": "the-o" });
    assert_snapshot!(writer.write(Method::POST, GROUPS, &other).await, @r#"
    409 Conflict application/problem+json
    {"type":"https://kist.example/problems/conflict","title":"This is at odds with the register","status":409,"detail":"the slug `the-o` belongs to organisation/o already"}
    "#);
    let put = writer.write(Method::PUT, "/api/v1/organisations/p", &other).await;
    assert_eq!(put.status, 409);
}

#[tokio::test]
async fn put_registers_and_then_replaces() {
    let writer = Writer::new();
    let first =
        writer.write(Method::PUT, GROUP, &json!({ "name": "O", "email": "o@o.example" })).await;
    assert_eq!((first.status.as_u16(), first.header("location")), (201, format!("{BASE}{GROUP}")));
    let second = writer.write(Method::PUT, GROUP, &json!({ "name": "O two" })).await;
    assert_eq!((second.status.as_u16(), second.header("location")), (200, String::new()));
    let found = writer.get(GROUP).await.json();
    assert_eq!((&found["name"], &found["email"]), (&"O two".into(), &Json::Null));
}

#[tokio::test]
async fn saying_the_same_again_is_no_new_version() {
    let writer = Writer::new();
    let group = json!({ "name": "O" });
    let first = writer.write(Method::PUT, GROUP, &group).await.header("etag");
    let second = writer.write(Method::PUT, GROUP, &group).await.header("etag");
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_change_of_another_version_than_the_client_saw_is_refused() {
    let writer = Writer::new();
    let first = writer.write(Method::PUT, GROUP, &json!({ "name": "O" })).await.header("etag");
    let two = json!({ "name": "O two" });
    assert_eq!(writer.write_if(Method::PUT, GROUP, Some(if_match(&first)), &two).await.status, 200);
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = writer.write_if(method.clone(), GROUP, Some(if_match(&first)), &two).await;
        assert_eq!(refused.status, 412, "{method}");
        assert_eq!(refused.header("etag"), writer.get(GROUP).await.header("etag"), "{method}");
    }
    assert_eq!(writer.write_if(Method::PUT, GROUP, Some(if_match("*")), &two).await.status, 200);
    let nowhere = "/api/v1/organisations/nowhere";
    assert_eq!(writer.write_if(Method::PUT, nowhere, Some(if_match("*")), &two).await.status, 412);
    let weak = format!("W/{}", writer.get(GROUP).await.header("etag"));
    assert_eq!(writer.write_if(Method::PUT, GROUP, Some(if_match(&weak)), &two).await.status, 412);
}

#[tokio::test]
async fn a_record_that_must_be_new_does_not_go_over_another() {
    let writer = Writer::new();
    let group = json!({ "name": "O" });
    let new = Some(("if-none-match", "*"));
    assert_eq!(writer.write_if(Method::PUT, GROUP, new, &group).await.status, 201);
    assert_eq!(writer.write_if(Method::PUT, GROUP, new, &json!({ "name": "X" })).await.status, 412);
    assert_eq!(writer.get(GROUP).await.json()["name"], "O");
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_takes_away() {
    let writer = Writer::new();
    let group = json!({ "name": { "en": "O", "gd": "Ò" }, "email": "o@o.example" });
    writer.write(Method::PUT, GROUP, &group).await;
    let patch =
        json!({ "name": { "gd": null, "sco": "Oo" }, "email": null, "telephone": "0131 496 0000" });
    let patched = writer.write(Method::PATCH, GROUP, &patch).await;
    assert_eq!(patched.status, 200, "{patched}");
    let json = patched.json();
    assert_eq!(json["name"], json!({ "en": "O", "sco": "Oo" }));
    assert_eq!((&json["email"], &json["telephone"]), (&Json::Null, &"0131 496 0000".into()));
    assert_snapshot!(writer.write(Method::PATCH, GROUP, &json!({ "name": null })).await, @r#"
    422 Unprocessable Entity application/problem+json
    {"type":"https://kist.example/problems/invalid-record","title":"The record has faults","status":422,"detail":"name is missing; it must be a text (English), or an object of texts by language such as {\"en\": \"…\", \"gd\": \"…\"}","errors":[{"pointer":"/name","detail":"name is missing; it must be a text (English), or an object of texts by language such as {\"en\": \"…\", \"gd\": \"…\"}"}]}
    "#);
    assert_snapshot!(writer.write(Method::PATCH, GROUP, &json!(["name"])).await, @r#"
    422 Unprocessable Entity application/problem+json
    {"type":"https://kist.example/problems/invalid-record","title":"The record has faults","status":422,"detail":"a record must be a JSON object","errors":[{"pointer":"","detail":"a record must be a JSON object"}]}
    "#);
    let nowhere = writer.write(Method::PATCH, "/api/v1/organisations/nowhere", &json!({})).await;
    assert_eq!(nowhere.status, 404);
}

/// Takes what the source `feed` says of one organisation; gives its address.
async fn feed(writer: &Writer, record: Json) -> String {
    let mut record = record;
    record["type"] = json!("organisation");
    record["id"] = json!("g");
    writer.server.load(&json!({
        "source": { "id": "feed", "type": "source", "name": "Feed", "trust": 100 },
        "records": [record],
    }));
    let list = writer.server.json("/api/v1/organisations").await;
    let id = list["items"][0]["id"].as_str().unwrap().replace(BASE, "");
    id.replace("/id/organisation", GROUPS)
}

#[tokio::test]
async fn what_is_not_patched_goes_on_following_its_source() {
    let writer = Writer::new();
    let path = feed(&writer, json!({ "name": "G", "email": "g@g.example" })).await;
    let change = json!({ "name": "G", "email": "new@g.example" });
    let patched = writer.write(Method::PATCH, &path, &change).await;
    assert_eq!(patched.status, 200, "{patched}");
    assert_eq!(patched.json()["email"], "new@g.example");
    assert_eq!(patched.json().get("partial"), None);
    feed(&writer, json!({ "name": "Better", "email": "late@g.example", "telephone": "1" })).await;
    let now = writer.get(&path).await.json();
    assert_eq!(
        (&now["name"], &now["email"], &now["telephone"]),
        (&json!("Better"), &json!("new@g.example"), &json!("1"))
    );
    let history = writer.server.json(&format!("{path}/history")).await;
    let said = &history["items"][1];
    assert_eq!((&said["source"], &said["record"]["name"]), (&json!("local"), &Json::Null));
    assert_eq!(said["record"]["partial"], true);
}

#[tokio::test]
async fn what_a_source_says_can_be_withheld_and_shown_again() {
    let writer = Writer::new();
    let path = feed(&writer, json!({ "name": "G", "email": "g@g.example" })).await;
    let withheld = writer.write(Method::PATCH, &path, &json!({ "email": null })).await;
    assert_eq!(withheld.status, 200, "{withheld}");
    let shown = writer.get(&path).await.json();
    assert_eq!((&shown["email"], &shown["withholds"]), (&Json::Null, &json!(["email"])));
    feed(&writer, json!({ "name": "G", "email": "other@g.example" })).await;
    assert_eq!(writer.get(&path).await.json()["email"], Json::Null);
    let again = writer.write(Method::PATCH, &path, &json!({ "email": "other@g.example" })).await;
    assert_eq!((again.status.as_u16(), &again.json()["withholds"]), (200, &Json::Null));
    feed(&writer, json!({ "name": "G", "email": "third@g.example" })).await;
    assert_eq!(writer.get(&path).await.json()["email"], "third@g.example");
    writer.write(Method::PATCH, &path, &json!({ "email": null })).await;
    let open = writer.write(Method::PATCH, &path, &json!({ "withholds": null })).await;
    assert_eq!(open.json()["email"], "third@g.example");
}

#[tokio::test]
async fn a_part_after_which_a_record_would_not_be_valid_is_refused() {
    let writer = Writer::new();
    let path = feed(&writer, json!({ "name": "G", "email": "g@g.example" })).await;
    let part = json!({ "partial": true, "email": "a@g.example" });
    for (method, path, body, pointer) in [
        (Method::PATCH, path.as_str(), json!({ "name": null }), "/name"),
        (Method::PATCH, &path, json!({ "withholds": ["nothing"] }), "/withholds"),
        (Method::PUT, &path, json!({ "name": "H", "withholds": ["id"] }), "/withholds"),
        (Method::PUT, "/api/v1/organisations/nobody", part.clone(), "/partial"),
        (Method::POST, GROUPS, part.clone(), "/partial"),
    ] {
        let refused = writer.write(method, path, &body).await;
        assert_eq!(refused.status, 422, "{body} {refused}");
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{refused}");
    }
    let put = writer.write(Method::PUT, &path, &part).await;
    assert_eq!((put.status.as_u16(), &put.json()["name"]), (200, &json!("G")));
    assert_eq!(put.json()["email"], "a@g.example");
}

#[tokio::test]
async fn what_is_withdrawn_leaves_a_tombstone_and_can_come_back() {
    let writer = Writer::new();
    writer.write(Method::PUT, GROUP, &json!({ "name": "O", "slug": "the-o" })).await;
    assert_eq!(writer.withdraw(GROUP).await.status, 204);
    for path in [GROUP, "/organisations/o.ttl", "/organisations/o.json"] {
        assert_eq!(writer.get(path).await.status, 410, "{path}");
    }
    assert_eq!(writer.server.json("/api/v1/organisations").await["total"], 0);
    assert_eq!(writer.withdraw(GROUP).await.status, 410);
    assert_eq!(writer.withdraw("/api/v1/organisations/nowhere").await.status, 404);
    // The slug is free again.
    let other = json!({ "name": "P", "slug": "the-o" });
    assert_eq!(writer.write(Method::PUT, "/api/v1/organisations/p", &other).await.status, 201);
    let back = writer.write(Method::PUT, GROUP, &json!({ "name": "O again" })).await;
    assert_eq!(back.status, 201);
    assert_eq!(writer.get(GROUP).await.json()["name"], "O again");
    let history = writer.server.json(&format!("{GROUP}/history")).await;
    let names: Vec<&Json> =
        history["items"].as_array().unwrap().iter().map(|step| &step["record"]["name"]).collect();
    assert_eq!(names, [&json!("O again"), &Json::Null, &json!("O")]);
}

#[tokio::test]
async fn a_change_of_a_name_shows_in_the_lists_of_others() {
    let writer = Writer::new();
    writer.write(Method::PUT, GROUP, &json!({ "name": "Old" })).await;
    let walk =
        json!({ "name": "Walk", "assetType": "activity-asset", "provider": "o", "online": true });
    assert_eq!(writer.write(Method::PUT, "/api/v1/assets/walk", &walk).await.status, 201);
    writer.write(Method::PATCH, GROUP, &json!({ "name": "New" })).await;
    let list = writer.server.json("/api/v1/assets?organisation=o").await;
    assert_eq!(list["items"][0]["provider"]["name"], "New");
}

#[tokio::test]
async fn what_was_written_is_told_in_the_feed_of_changes() {
    let writer = Writer::new();
    let newest = writer.server.json("/api/v1/changes?limit=1").await["newest"].as_u64().unwrap();
    writer.write(Method::PUT, GROUP, &json!({ "name": "O" })).await;
    writer.withdraw(GROUP).await;
    let changes = writer.server.json(&format!("/api/v1/changes?since={newest}")).await;
    let states: Vec<&Json> =
        changes["items"].as_array().unwrap().iter().map(|item| &item["state"]).collect();
    assert_eq!(states, ["updated", "deleted"]);
}

#[tokio::test]
async fn what_others_are_sorted_and_believed_by_needs_the_scope_admin() {
    let server = TestServer::empty();
    let [write, admin] = [Scope::Write, Scope::Admin].map(|scope| server.token(scope));
    let records = [
        ("/api/v1/places/S12000036", r#"{"name": "A", "code": "S12000036", "level": "council"}"#),
        ("/api/v1/schemes/topic", r#"{"prefLabel": "A"}"#),
        ("/api/v1/categories/walks", r#"{"prefLabel": "A", "inScheme": "topic"}"#),
        ("/api/v1/sources/feed", r#"{"name": "A", "trust": 100}"#),
    ];
    for (path, body) in records {
        for (token, expected) in [(&write, 403), (&admin, 201)] {
            let bearer = format!("Bearer {token}");
            let headers = [("content-type", "application/json"), ("authorization", &bearer)];
            let answer = server.ask(Method::PUT, path, &headers, body).await;
            assert_eq!(answer.status.as_u16(), expected, "{path}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_part_with_which_the_ages_of_a_feed_are_nobodys_is_refused() {
    let writer = Writer::new();
    writer.server.load(&json!({
        "source": { "id": "feed", "type": "source", "name": "Feed" },
        "records": [{
            "type": "asset", "id": "class", "name": "Class", "online": true, "maximumAge": 16,
            "assetType": "https://example.org/class",
        }],
    }));
    let list = writer.server.json("/api/v1/assets").await;
    let id = list["items"][0]["id"].as_str().unwrap().replace(BASE, "");
    let path = id.replace("/id/asset", "/api/v1/assets");
    for (ages, status) in [
        (json!({ "minimumAge": 70 }), 422),
        (json!({ "minimumAge": 12 }), 200),
        (json!({ "maximumAge": 11 }), 422),
        (json!({ "minimumAge": 70, "maximumAge": 90 }), 200),
        (json!({ "name": "Another name" }), 200),
    ] {
        let answer = writer.write(Method::PATCH, &path, &ages).await;
        assert_eq!(answer.status, status, "{ages}: {answer}");
        assert!(status == 200 || answer.text().contains("nobody has that age"), "{answer}");
    }
}

#[tokio::test]
async fn an_asset_of_which_is_only_said_that_it_is_not_online_has_no_place() {
    let writer = Writer::new();
    let mut class =
        json!({ "name": "Class", "assetType": "https://example.org/class", "online": false });
    let refused = writer.write(Method::PUT, "/api/v1/assets/class", &class).await;
    assert_eq!(refused.status, 422, "{refused}");
    assert!(refused.text().contains("at least one of locations, areaServed, online"), "{refused}");
    class["online"] = json!(true);
    assert_eq!(writer.write(Method::PUT, "/api/v1/assets/class", &class).await.status, 201);
}

#[tokio::test]
async fn nothing_is_wider_than_itself_and_what_is_wider_is_of_the_same_scheme() {
    let writer = Writer::new();
    let token = writer.server.token(Scope::Admin);
    writer.server.register.apply_places("test", super::server::now()).unwrap();
    for (path, record, status) in [
        ("categories/a", json!({ "prefLabel": "A", "inScheme": "topic" }), 201),
        ("categories/b", json!({ "prefLabel": "B", "inScheme": "topic", "broader": ["a"] }), 201),
        ("categories/c", json!({ "prefLabel": "C", "inScheme": "topic", "broader": ["b"] }), 201),
        ("categories/a", json!({ "prefLabel": "A", "inScheme": "topic", "broader": ["c"] }), 422),
        ("categories/a", json!({ "prefLabel": "A", "inScheme": "topic", "broader": ["a"] }), 422),
        ("categories/d", json!({ "prefLabel": "D", "inScheme": "sector", "broader": ["a"] }), 422),
        (
            "places/S12000036",
            json!({ "code": "S12000036", "name": "X", "level": "council", "parent": "S12000036" }),
            422,
        ),
    ] {
        let body = record.to_string();
        let media_type = "application/json";
        let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
        let answer = writer.server.send(Method::PUT, &format!("/api/v1/{path}"), sent).await;
        assert_eq!(answer.status, status, "{record}: {answer}");
        let pointer = if path.starts_with("places") { "/parent" } else { "/broader" };
        assert!(status == 201 || answer.text().contains(pointer), "{answer}");
    }
}
