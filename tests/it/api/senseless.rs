//! Records that can't be true of anything: refused when people write them,
//! kept when a harvest or a file brings them.

use http::Method;
use kist::journal::Scope;
use serde_json::{Value as Json, json};

use super::server::{Answer, Sent, TestServer};

async fn put(server: &TestServer, token: &str, json: &Json) -> Answer {
    let body = json.to_string();
    let media_type = "application/json";
    let sent = Sent { token, media_type, header: None, body: body.as_bytes() };
    server.send(Method::PUT, "/api/v1/assets/class", sent).await
}

fn class(more: &Json) -> Json {
    let mut class =
        json!({ "name": "Class", "assetType": "https://example.org/class", "online": true });
    for (key, value) in more.as_object().unwrap() {
        class[key] = value.clone();
    }
    class
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_place_when_somebody_writes_it() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    for (said, pointer) in [
        (json!({ "telephone": "abc" }), Some("/telephone")),
        (json!({ "telephone": "12" }), Some("/telephone")),
        (json!({ "telephone": "111" }), None),
        (json!({ "telephone": "+44 (0)131 496 0000, ext. 5" }), None),
        (
            json!({ "schedule": [
                { "byDay": ["MO"], "startDate": "2026-03-01", "endDate": "2026-03-01" },
                { "byDay": ["TU"], "startDate": "2026-03-02", "endDate": "2026-03-01" },
            ] }),
            Some("/schedule/1/endDate"),
        ),
        (
            json!({ "schedule": [
                { "byDay": ["MO"], "startDate": "2026-03-01", "endDate": "2026-03-01" },
                { "byDay": ["TU"], "endDate": "2026-03-01" },
            ] }),
            None,
        ),
        (json!({ "languages": ["en", "xx-yy-zz"] }), Some("/languages/1")),
        (json!({ "languages": ["en-gb", "gd"] }), None),
        (json!({ "name": { "en": "Class", "xx-yy-zz": "C" } }), Some("/name")),
    ] {
        let answer = put(&server, &token, &class(&said)).await;
        assert_eq!(answer.status.is_success(), pointer.is_none(), "{said}: {answer}");
        let told = answer.json()["errors"][0]["pointer"].clone();
        assert!(pointer.is_none_or(|pointer| told == pointer), "{said}: {answer}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_in_a_feed_costs_neither_its_record_nor_a_change_of_something_else() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    server.load(&json!({
        "source": { "id": "feed", "type": "source", "name": "Feed" },
        "records": [{
            "type": "asset", "id": "class", "name": "Class", "online": true, "telephone": "abc",
            "assetType": "https://example.org/class",
            "schedule": [{ "byDay": ["TU"], "startDate": "2026-03-02", "endDate": "2026-03-01" }],
        }],
    }));
    let list = server.json("/api/v1/assets").await;
    let path = list["items"][0]["id"].as_str().unwrap().replace("https://kist.example", "");
    let path = path.replace("/id/asset", "/api/v1/assets");
    let media_type = "application/merge-patch+json";
    for (patch, status) in [(r#"{"summary": "A class"}"#, 200), (r#"{"telephone": "none"}"#, 422)] {
        let sent = Sent { token: &token, media_type, header: None, body: patch.as_bytes() };
        let answer = server.send(Method::PATCH, &path, sent).await;
        assert_eq!(answer.status, status, "{patch}: {answer}");
    }
}
