//! The JSON is JSON-LD: read under its context it says what the graph holds.

use kist::graph::GraphFormat;
use kist::graph::input::{self, Contexts, Options};
use oxigraph::model::Quad;

use super::server::{BASE, TestServer};

async fn read(server: &TestServer, path: &str) -> Vec<Quad> {
    let context = server.json("/ns/context.jsonld").await.to_string();
    let address = format!("{BASE}/ns/context.jsonld");
    let contexts = Contexts::new([(address.as_str(), context.as_str())]);
    let answer = server.get(path).await;
    assert_eq!(answer.status, 200, "{answer}");
    input::parse(&answer.body, GraphFormat::JsonLd, None, &contexts, &Options::default())
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn says(quads: &[Quad], subject: &str, predicate: &str, object: &str) -> bool {
    quads.iter().any(|quad| {
        quad.subject.to_string() == format!("<{subject}>")
            && quad.predicate.as_str() == predicate
            && quad.object.to_string() == object
    })
}

#[tokio::test]
async fn a_list_names_its_records_and_what_they_point_to() {
    let server = TestServer::seeded();
    let path = "/api/v1/assets.jsonld?q=leith+library&limit=1";
    let quads = read(&server, path).await;
    let list = server.json(path).await;
    let item = &list["items"][0];
    let (id, provider) = (item["id"].as_str().unwrap(), item["provider"]["id"].as_str().unwrap());
    assert!(says(&quads, id, "https://schema.org/name", "\"Leith Library\"@en"), "{quads:#?}");
    assert!(
        says(&quads, id, "https://schema.org/provider", &format!("<{provider}>")),
        "{quads:#?}"
    );
    let name = format!("\"{}\"@en", item["provider"]["name"].as_str().unwrap());
    assert!(says(&quads, provider, "https://schema.org/name", &name), "{quads:#?}");
}

#[tokio::test]
async fn every_format_of_a_list_that_is_json_is_json_ld() {
    let server = TestServer::seeded();
    for path in
        ["/api/v1/search.json?limit=3&kind=asset", "/api/v1/search.jsonld?limit=3&kind=asset"]
    {
        assert!(read(&server, path).await.len() > 20, "{path}");
    }
}
