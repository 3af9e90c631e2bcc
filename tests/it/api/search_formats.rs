//! One search, many serialisations; and what caches and browsers are told.

use std::collections::BTreeSet;
use std::io::Read;

use axum::body::Body;
use flate2::read::GzDecoder;
use http::Method;
use insta::assert_snapshot;
use serde_json::Value as Json;

use super::server::{BASE, TestServer};

const QUERY: &str = "near=Portree&type=library-venue&limit=2";

/// Suffix and media type of each format of a list.
const FORMATS: &[(&str, &str)] = &[
    ("json", "application/json"),
    ("jsonld", "application/ld+json"),
    ("geojson", "application/geo+json"),
    ("csv", "text/csv"),
    ("rss", "application/rss+xml"),
    ("atom", "application/atom+xml"),
    ("feed.json", "application/feed+json"),
    ("ttl", "text/turtle"),
    ("ics", "text/calendar"),
];

#[tokio::test]
async fn suffix_and_accept_give_the_same_representation() {
    let server = TestServer::seeded();
    for (suffix, media_type) in FORMATS {
        let pinned = server.get(&format!("/api/v1/search.{suffix}?{QUERY}")).await;
        let negotiated =
            server.get_with(&format!("/api/v1/search?{QUERY}"), "accept", media_type).await;
        assert_eq!(pinned.status, 200, "{suffix}");
        assert!(pinned.header("content-type").starts_with(media_type), "{suffix}");
        assert_eq!(pinned.header("content-type"), negotiated.header("content-type"));
        assert_eq!(pinned.body, negotiated.body, "{suffix}");
        assert_eq!(pinned.header("etag"), negotiated.header("etag"), "{suffix}");
        assert!(negotiated.header("vary").contains("accept"), "{suffix}");
    }
}

#[tokio::test]
async fn every_format_shows_the_same_records() {
    let server = TestServer::seeded();
    let list = server.json(&format!("/api/v1/search.json?{QUERY}")).await;
    let ids: BTreeSet<&str> =
        list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    for (suffix, _) in FORMATS.iter().filter(|(suffix, _)| *suffix != "ics") {
        let answer = server.get(&format!("/api/v1/search.{suffix}?{QUERY}")).await;
        for id in &ids {
            assert!(answer.text().contains(id), "{suffix} {id}");
        }
    }
}

#[tokio::test]
async fn geojson_has_longitude_first_and_the_distance() {
    let server = TestServer::seeded();
    let json = server.json(&format!("/api/v1/assets.geojson?{QUERY}")).await;
    let feature = &json["features"][0];
    assert_eq!(json["type"], "FeatureCollection");
    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([-6.2036, 57.41279]));
    assert_eq!(feature["properties"]["name"], "Portree Community Library");
    assert_eq!(feature["properties"]["distance"], 538);
}

#[tokio::test]
async fn csv_has_a_header_and_a_row_for_each_record() {
    let server = TestServer::seeded();
    let answer = server.get(&format!("/api/v1/assets.csv?{QUERY}")).await;
    let mut reader = csv::Reader::from_reader(answer.text().as_bytes());
    let header = reader.headers().unwrap().clone();
    let name = header.iter().position(|column| column == "name").unwrap();
    let names: Vec<String> =
        reader.records().map(|row| row.unwrap().get(name).unwrap().to_owned()).collect();
    assert_eq!(names[0], "Portree Community Library");
    assert_eq!(names.len(), 2);
}

#[tokio::test]
async fn feeds_and_calendars_are_as_they_were() {
    let server = TestServer::seeded();
    for suffix in ["rss", "atom", "ics"] {
        let path = format!("/api/v1/assets.{suffix}?near=Maud&type=mobile-library-stop&limit=1");
        assert_snapshot!(suffix, server.get(&path).await);
    }
}

#[tokio::test]
async fn links_lead_to_the_other_pages_of_the_same_format() {
    let server = TestServer::seeded();
    let answer = server.get("/api/v1/assets.csv?type=library-venue&per_page=10&page=2").await;
    let address = format!("{BASE}/api/v1/assets.csv?type=library-venue&per_page=10");
    assert_eq!(
        answer.header("link"),
        format!(
            "<{address}>; rel=\"first\", <{address}&page=1>; rel=\"prev\", <{address}&page=3>; rel=\"next\""
        )
    );
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again() {
    let server = TestServer::seeded();
    let path = format!("/api/v1/search?{QUERY}");
    let first = server.get(&path).await;
    let tag = first.header("etag");
    let again = server.get_with(&path, "if-none-match", &tag).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.header("cache-control"), "public, max-age=60, stale-while-revalidate=600");
    let other = server.get_with(&format!("{path}&q=hospital"), "if-none-match", &tag).await;
    assert_eq!(other.status, 200);
    let problem = server.get("/api/v1/search?limit=0").await;
    assert_eq!(problem.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_list_has_another_tag_when_the_register_changes() {
    let server = TestServer::empty();
    let before = server.get("/api/v1/organisations").await.header("etag");
    server.load(&serde_json::json!([{"type": "organisation", "id": "a", "name": "A"}]));
    let after = server.get_with("/api/v1/organisations", "if-none-match", &before).await;
    assert_eq!(after.status, 200);
    assert_ne!(after.header("etag"), before);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = TestServer::seeded();
    let path = format!("/api/v1/search?{QUERY}");
    let get = server.get(&path).await;
    let head = server.ask(Method::HEAD, &path, &[], Body::empty()).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    for name in ["content-type", "etag", "link", "cache-control", "content-length"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[tokio::test]
async fn any_site_may_read() {
    let server = TestServer::seeded();
    let origin = ("origin", "https://other.example");
    let answer = server.ask(Method::GET, "/api/v1/search?limit=1", &[origin], Body::empty()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-expose-headers").contains("link"));
    let headers = [origin, ("access-control-request-method", "GET")];
    let preflight = server.ask(Method::OPTIONS, "/api/v1/search", &headers, Body::empty()).await;
    assert_eq!(preflight.status, 204);
}

#[tokio::test]
async fn a_method_that_is_not_there_is_answered_with_those_that_are() {
    let server = TestServer::seeded();
    for (method, path, allow) in [
        (Method::POST, "/api/v1/search", "GET, HEAD, OPTIONS"),
        (Method::DELETE, "/api/v1/assets", "GET, HEAD, POST, OPTIONS"),
        (Method::POST, "/api/v1/assets/a", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        (Method::PUT, "/catalogue", "GET, HEAD, OPTIONS"),
        (Method::DELETE, "/id/asset/a", "GET, HEAD, OPTIONS"),
    ] {
        let answer = server.ask(method.clone(), path, &[], Body::empty()).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn a_format_that_is_not_there_is_answered_with_those_that_are() {
    let server = TestServer::seeded();
    // Who takes HTML is told so on a page.
    let page = server.get_with("/api/v1/search", "accept", "image/png, text/html").await;
    assert_eq!(page.status, 406);
    let answer = server.get_with("/api/v1/search", "accept", "image/png").await;
    assert_eq!(answer.status, 406);
    let available: Vec<Json> =
        FORMATS.iter().map(|(_, media_type)| Json::from(*media_type)).collect();
    let offered = answer.json()["available"].as_array().unwrap().clone();
    assert!(available.iter().all(|media_type| offered.contains(media_type)), "{offered:?}");
    assert_eq!(server.get("/api/v1/search.xlsx").await.status, 404);
}

#[tokio::test]
async fn a_long_list_is_compressed_on_the_way() {
    let server = TestServer::seeded();
    let path = "/api/v1/assets?limit=100";
    let plain = server.get(path).await;
    let packed = server.get_with(path, "accept-encoding", "gzip").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 4 < plain.body.len());
    let mut text = Vec::new();
    GzDecoder::new(&*packed.body).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
    let headers = [("accept-encoding", "gzip"), ("if-none-match", &packed.header("etag"))];
    let again = server.ask(Method::GET, path, &headers, Body::empty()).await;
    assert_eq!(again.status, 304);
}
