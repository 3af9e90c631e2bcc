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
async fn a_partnership_ends_when_it_has_begun_as_far_as_both_are_told() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let (media_type, path) = ("application/json", "/api/v1/partnerships/p");
    for (start, end, is_taken) in [
        ("2024", "2023", false),
        ("2024-05", "2024-04-30", false),
        ("2024-05-02", "2024-05-01", false),
        ("2024-05-02", "2024", true),
        ("2024", "2024-01", true),
        ("2024-05", "2024-05", true),
    ] {
        let body = json!({ "name": "P", "start": start, "end": end }).to_string();
        let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
        let answer = server.send(Method::PUT, path, sent).await;
        assert_eq!(answer.status.is_success(), is_taken, "{start} to {end}: {answer}");
        if !is_taken {
            assert_eq!(answer.json()["errors"][0]["pointer"], "/end", "{answer}");
        }
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

#[tokio::test]
async fn a_change_of_something_else_mends_nothing_that_made_no_sense_before() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    // As a register has it that was written to before these were refused.
    let class = json!({
        "type": "asset", "id": "class", "name": "Class", "online": true, "telephone": "abc",
        "assetType": "https://example.org/class", "languages": ["en", "xx-yy-zz"],
        "minimumAge": 12, "maximumAge": 5,
        "schedule": [
            { "byDay": ["MO"] },
            { "byDay": ["TU"], "startDate": "2026-03-02", "endDate": "2026-03-01" },
        ],
    });
    server.load(&json!([class]));
    let media_type = "application/merge-patch+json";
    for (patch, fault) in [
        (json!({ "summary": "A class" }), None),
        (json!({ "languages": ["xx-yy-zz"] }), None),
        (json!({ "languages": ["gd", "aa-bb-cc-dd"] }), Some("/languages/1")),
        (json!({ "telephone": "abcd" }), Some("/telephone")),
        (json!({ "minimumAge": 11 }), Some("/minimumAge")),
        (json!({ "telephone": "0131 496 0000", "maximumAge": 15 }), None),
        (json!({ "telephone": "abc" }), Some("/telephone")),
    ] {
        let body = patch.to_string();
        let sent = Sent { token: &token, media_type, header: None, body: body.as_bytes() };
        let answer = server.send(Method::PATCH, "/api/v1/assets/class", sent).await;
        assert_eq!(answer.status.is_success(), fault.is_none(), "{patch}: {answer}");
        if let Some(pointer) = fault {
            let faults = answer.json()["errors"].clone();
            assert_eq!(faults.as_array().map(Vec::len), Some(1), "{patch}: {answer}");
            assert_eq!(faults[0]["pointer"], pointer, "{patch}: {answer}");
        }
    }
    // Nor has one who sends the whole of it.
    let mut whole = server.json(&server.place_of("/api/v1/assets/class").await).await;
    whole["name"] = json!("Class of Tuesday");
    whole["schedule"].as_array_mut().unwrap().rotate_left(1);
    let answer = put(&server, &token, &whole).await;
    assert_eq!(answer.status, 200, "{answer}");
}
