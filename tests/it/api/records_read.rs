//! One record by its address: JSON, JSON-LD, aliases, what caches are told.

use insta::assert_snapshot;
use serde_json::Value as Json;

use super::server::{BASE, TestServer};

const LEITH_LIBRARY: &str = "/api/v1/assets/leith-library";

/// The path of Leith Library under its identifier.
async fn library() -> (TestServer, String) {
    let server = TestServer::seeded();
    let alias = server.get(LEITH_LIBRARY).await;
    assert_eq!(alias.status, 308);
    let path = alias.header("location").strip_prefix(BASE).unwrap().to_owned();
    (server, path)
}

#[tokio::test]
async fn a_record_has_all_that_is_known_and_its_context() {
    let (server, path) = library().await;
    let answer = server.get(&path).await;
    assert_snapshot!("leith_library", answer);
    let page = path.replace("/api/v1", "");
    assert_eq!(
        answer.header("link"),
        format!(
            "<{BASE}{page}>; rel=\"alternate\"; type=\"text/html\", <{}>; rel=\"describes\", \
             <https://w3id.org/kist#Asset>; rel=\"type\", \
             <http://rightsstatements.org/vocab/CNE/1.0/>; rel=\"license\"",
            answer.json()["id"].as_str().unwrap()
        )
    );
    assert_eq!(answer.header("last-modified"), "Sat, 21 Nov 2026 12:00:00 GMT");
    assert_eq!(answer.header("cache-control"), "public, no-cache");
    assert_eq!(answer.header("vary"), "accept, accept-encoding");
}

#[tokio::test]
async fn json_and_json_ld_are_the_same_text() {
    let (server, path) = library().await;
    let json = server.get(&path).await;
    for answer in [
        server.get_with(&path, "accept", "application/ld+json").await,
        server.get(&format!("{path}.jsonld")).await,
    ] {
        assert_eq!(answer.header("content-type"), "application/ld+json");
        assert_eq!(answer.body, json.body);
    }
    assert_eq!(server.get(&format!("{path}.json")).await.body, json.body);
    assert_eq!(server.get_with(&path, "accept", "text/turtle").await.status, 406);
}

#[tokio::test]
async fn an_alias_leads_to_the_record_and_keeps_suffix_and_query() {
    let server = TestServer::seeded();
    for (alias, end) in [
        (LEITH_LIBRARY, ""),
        ("/api/v1/assets/leith-library.jsonld", ".jsonld"),
        ("/assets/leith-library.ttl", ".ttl"),
        ("/assets/leith-library?lang=gd", "?lang=gd"),
    ] {
        let answer = server.get(alias).await;
        assert_eq!(answer.status, 308, "{alias}");
        assert!(answer.header("location").ends_with(end), "{alias}: {}", answer.header("location"));
        assert!(answer.header("cache-control").contains("max-age=300"), "{alias}");
        let found = server.get(answer.header("location").strip_prefix(BASE).unwrap()).await;
        assert_eq!(found.status, 200, "{alias}");
    }
}

#[tokio::test]
async fn a_client_that_has_the_record_gets_nothing_again() {
    let (server, path) = library().await;
    let tag = server.get(&path).await.header("etag");
    for sent in [tag.as_str(), &format!("\"1-other\", {tag}"), &format!("W/{tag}"), "*"] {
        let answer = server.get_with(&path, "if-none-match", sent).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{sent}");
        assert_eq!(answer.header("etag"), tag);
    }
    assert_eq!(server.get_with(&path, "if-none-match", "\"1-other\"").await.status, 200);
}

#[tokio::test]
async fn every_record_of_every_kind_can_be_read() {
    let server = TestServer::seeded();
    for kind in server.register.schema().kinds() {
        let list = server.json(&format!("/api/v1/{}?per_page=25", kind.path)).await;
        for item in list["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let key = id.rsplit('/').next().unwrap();
            let record = server.json(&format!("/api/v1/{}/{key}", kind.path)).await;
            assert_eq!(
                (&record["id"], &record["type"]),
                (&item["id"], &Json::from(kind.name.as_str()))
            );
        }
    }
}

#[tokio::test]
async fn the_history_tells_who_said_what_and_when() {
    let (server, path) = library().await;
    let history = server.json(&format!("{path}/history")).await;
    let step = &history["items"][0];
    assert_eq!((&step["source"], &step["actor"]), (&"libraries-hacked".into(), &"test".into()));
    assert_eq!(step["record"], server.json(&path).await);
    assert_eq!(server.get("/api/v1/assets/nothing/history").await.status, 404);
}
