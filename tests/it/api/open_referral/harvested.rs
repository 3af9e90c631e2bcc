//! A register that harvested an Open Referral feed publishes it again, and both
//! specifications are kept.

use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use kist::register::ledger::Outcome;
use tokio::net::TcpListener;

use super::validator::check;
use super::{list, names};
use crate::api::server::{TestServer, project};
use crate::federation::{harvest, harvester_of};

/// The services of the fixtures, with their ids.
const SERVICES: &[(&str, &str)] = &[
    ("uk-3-service", "ac148810-d857-441c-9679-408f346de14b"),
    ("hsds-3-service", "0b6b2d9e-6a5b-4d0a-9c41-5a3f7c6d1e10"),
    ("uk-1-service", "101"),
];

fn fixture(name: &str) -> String {
    let path = format!("tests/fixtures/harvest/open-referral/{name}/input.json");
    fs::read_to_string(project(&path)).unwrap()
}

/// A feed whose list has the services of the fixtures in short.
async fn feed() -> std::net::SocketAddr {
    let mut router = Router::new();
    let root = fixture("uk-3-root");
    router = router.route("/feed/", get(move || std::future::ready(root.clone())));
    let mut rows = Vec::new();
    for (name, id) in SERVICES {
        let text = fixture(name);
        let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(whole["id"].to_string().trim_matches('"'), *id);
        rows.push(serde_json::json!({
            "id": id, "name": whole["name"], "status": "active", "organization_id": whole["organization"]["id"],
        }));
        let answer = move || std::future::ready(text.clone());
        router = router.route(&format!("/feed/services/{id}"), get(answer));
    }
    let page = serde_json::json!({
        "total_items": rows.len(), "total_pages": 1, "page_number": 1, "size": rows.len(),
        "first_page": true, "last_page": true, "empty": false, "contents": rows,
    });
    let page = page.to_string();
    router = router.route("/feed/services", get(move || std::future::ready(page.clone())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_harvested_feed_is_published_again_by_both_specifications() {
    let harvester = harvester_of(feed().await, "open-referral", "/feed/");
    harvest(&harvester, Outcome::Ok).await;
    let server = TestServer::new(Arc::clone(harvester.register()));
    assert_eq!(names(&server, "/services").await.len(), SERVICES.len());
    let organizations = list(&server, "/organizations").await;
    assert!(organizations["total_items"].as_u64().unwrap() >= 2, "{organizations}");
    for specification in ["website-openapi-3.0.json", "validator/open_api.json"] {
        assert_eq!(check(&server, specification).await, Vec::<String>::new(), "{specification}");
    }
}
