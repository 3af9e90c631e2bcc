//! Things, their documents, and the formats of these.

use std::collections::BTreeSet;

use axum::body::Body;
use http::Method;
use insta::assert_snapshot;
use kist::graph::input::{self, Contexts, Options};
use kist::graph::{Graph, GraphFormat, NamedGraph};
use kist::journal::Scope;
use kist::model::Revision;
use kist::record::RecordId;
use kist::register::Found;
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::{Dataset, GraphName, NamedNode, Quad, Triple};

use super::server::{BASE, Sent, TestServer};

/// Suffix, media type and parser of each RDF format of a document.
const FORMATS: &[(&str, &str, GraphFormat)] = &[
    ("ttl", "text/turtle", GraphFormat::Turtle),
    ("nt", "application/n-triples", GraphFormat::NTriples),
    ("rdf", "application/rdf+xml", GraphFormat::RdfXml),
    ("nq", "application/n-quads", GraphFormat::NQuads),
    ("trig", "application/trig", GraphFormat::TriG),
    ("jsonld", "application/ld+json", GraphFormat::JsonLd),
];

/// The record behind an alias.
fn record(server: &TestServer, kind: &str, slug: &str) -> RecordId {
    server.register.by_slug(kind, slug).unwrap().unwrap()
}

/// What the graph holds of a record, by source.
fn quads(server: &TestServer, id: &RecordId) -> Vec<Quad> {
    let Found::Here(version) = server.register.get(id).unwrap() else {
        panic!("{id} is not there")
    };
    server.register.quads(&version.merged).unwrap()
}

async fn parsed(server: &TestServer, path: &str, format: GraphFormat) -> Vec<Quad> {
    let answer = server.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {answer}");
    let context = server.json("/ns/context.jsonld").await.to_string();
    let address = format!("{BASE}/ns/context.jsonld");
    let contexts = Contexts::new([(address.as_str(), context.as_str())]);
    input::parse(&answer.body, format, None, &contexts, &Options::default())
        .unwrap_or_else(|error| panic!("{path}: {error}\n{answer}"))
}

/// How the properties begin that are made from others.
const DERIVED: &[&str] = &[
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "http://www.opengis.net/ont/geosparql#",
    "http://www.w3.org/ns/prov#",
    "https://w3id.org/kist#revision",
];

/// Quads as a store gives them back: it writes numbers its own way.
fn stored(quads: Vec<Quad>) -> Vec<Quad> {
    let graph = Graph::in_memory().unwrap();
    let name = NamedNode::new(format!("{BASE}/graph/test/asset/a")).unwrap();
    let triples = quads.into_iter().map(Triple::from).collect();
    let named = NamedGraph { name: name.clone(), triples };
    graph.replace(vec![named], Revision(1)).unwrap();
    let triples = graph.triples(name.as_ref()).unwrap();
    triples.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)).collect()
}

/// A set of quads that doesn't depend on the names of blank nodes.
fn canonical(quads: impl IntoIterator<Item = Quad>) -> BTreeSet<String> {
    let mut dataset: Dataset = quads.into_iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset.iter().map(|quad| quad.to_string()).collect()
}

fn without_graphs(quads: Vec<Quad>) -> Vec<Quad> {
    quads.into_iter().map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad }).collect()
}

#[tokio::test]
async fn a_thing_points_to_its_document() {
    let server = TestServer::seeded();
    let id = record(&server, "asset", "leith-library");
    for path in [format!("/id/{id}"), "/id/asset/leith-library".to_owned()] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(answer.header("location"), format!("{BASE}/assets/{}", id.id()), "{path}");
        let gaelic = server.get(&format!("{path}?lang=gd")).await;
        let page = format!("{BASE}/assets/{}?lang=gd", id.id());
        assert_eq!((gaelic.status.as_u16(), gaelic.header("location")), (303, page), "{path}");
        let head = server.ask(Method::HEAD, &path, &[], Body::empty()).await;
        assert_eq!(head.status, 303, "{path}");
    }
}

#[tokio::test]
async fn every_format_says_what_the_graph_holds() {
    let server = TestServer::seeded();
    for (kind, slug) in [
        ("asset", "leith-library"),
        ("organisation", "city-of-edinburgh-libraries"),
        ("asset", "mobile-library-bank-road-maud"),
    ] {
        let id = record(&server, kind, slug);
        let held = quads(&server, &id);
        assert!(held.len() > 8, "{id}: {held:?}");
        for (suffix, _, format) in FORMATS {
            let path = format!("/{kind}s/{}.{suffix}", id.id());
            let found = parsed(&server, &path, *format).await;
            match format {
                GraphFormat::NQuads | GraphFormat::TriG => {
                    assert_eq!(canonical(found), canonical(held.clone()), "{path}");
                }
                // The JSON is the record itself, without what is derived from
                // it and what is said of its graph.
                GraphFormat::JsonLd => {
                    let said = |quad: &Quad| {
                        !DERIVED.iter().any(|name| quad.predicate.as_str().starts_with(name))
                    };
                    let held = without_graphs(held.clone()).into_iter().filter(said);
                    let found = stored(found).into_iter().filter(said);
                    assert_eq!(canonical(found), canonical(held), "{path}");
                }
                _ => {
                    let held = canonical(without_graphs(held.clone()));
                    assert_eq!(canonical(found), held, "{path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_graph_of_a_quad_names_its_source() {
    let server = TestServer::seeded();
    let id = record(&server, "asset", "leith-library");
    let found = parsed(&server, &format!("/assets/{}.nq", id.id()), GraphFormat::NQuads).await;
    let graphs: BTreeSet<String> = found.iter().map(|quad| quad.graph_name.to_string()).collect();
    assert_eq!(graphs, [format!("<{BASE}/graph/libraries-hacked/{id}>")].into());
}

#[tokio::test]
async fn a_document_is_negotiated_or_pinned_and_says_where_its_others_are() {
    let server = TestServer::seeded();
    let id = record(&server, "asset", "leith-library");
    let document = format!("/assets/{}", id.id());
    for (suffix, media_type, _) in FORMATS {
        let negotiated = server.get_with(&document, "accept", media_type).await;
        let pinned = server.get(&format!("{document}.{suffix}")).await;
        assert!(negotiated.header("content-type").starts_with(media_type), "{suffix}");
        assert_eq!(negotiated.body, pinned.body, "{suffix}");
        assert_eq!(negotiated.header("content-location"), format!("{BASE}{document}.{suffix}"));
        let links = negotiated.header("link");
        assert!(links.contains(&format!("<{BASE}/id/{id}>; rel=\"describes\"")), "{links}");
        let data = format!("<{BASE}{document}.jsonld>; rel=\"describedby\"");
        let licence = "<http://rightsstatements.org/vocab/CNE/1.0/>; rel=\"license\"";
        assert!(links.contains(&data) && links.contains(licence), "{links}");
        for (other, media_type, _) in FORMATS {
            let link =
                format!("<{BASE}{document}.{other}>; rel=\"alternate\"; type=\"{media_type}\"");
            assert!(links.contains(&link), "{suffix} {other}: {links}");
        }
        let tag = negotiated.header("etag");
        let headers = [("accept", *media_type), ("if-none-match", &tag)];
        let again = server.ask(Method::GET, &document, &headers, Body::empty()).await;
        assert_eq!(again.status, 304, "{suffix}");
    }
    let preferred = "text/turtle;q=0.5, application/rdf+xml;q=0.9, text/html;q=0.1";
    let answer = server.get_with(&document, "accept", preferred).await;
    assert_eq!(answer.header("content-type"), "application/rdf+xml");
}

#[tokio::test]
async fn a_format_that_is_not_there_is_answered_with_those_that_are() {
    let server = TestServer::seeded();
    let id = record(&server, "asset", "leith-library");
    let answer = server.get_with(&format!("/assets/{}", id.id()), "accept", "image/png").await;
    assert_snapshot!(answer);
    assert_eq!(server.get(&format!("/assets/{}.xlsx", id.id())).await.status, 404);
}

#[tokio::test]
async fn what_was_withdrawn_is_gone_in_every_format() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let path = "/api/v1/organisations/o";
    let sent = Sent {
        token: &token,
        media_type: "application/json",
        header: None,
        body: br#"{"name": "O"}"#,
    };
    assert_eq!(server.send(Method::PUT, path, sent).await.status, 201);
    assert_eq!(
        server.send(Method::DELETE, path, Sent { token: &token, ..Sent::default() }).await.status,
        204
    );
    for (suffix, ..) in FORMATS {
        let answer = server.get(&format!("/organisations/o.{suffix}")).await;
        assert_eq!(answer.status, 410, "{suffix}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{suffix}");
    }
    assert_eq!(server.get("/organisations/never.ttl").await.status, 404);
}

#[tokio::test]
async fn turtle_that_was_given_is_taken_back() {
    let seeded = TestServer::seeded();
    let id = record(&seeded, "organisation", "city-of-edinburgh-libraries");
    let server = TestServer::with_categories();
    server.register.apply_places("test", super::server::now()).unwrap();
    let token = server.token(Scope::Write);
    for (suffix, media_type, _) in
        FORMATS.iter().filter(|(suffix, ..)| !["nq", "trig"].contains(suffix))
    {
        let document = seeded.get(&format!("/organisations/{}.{suffix}", id.id())).await;
        let sent = Sent { token: &token, media_type, header: None, body: &document.body };
        let answer =
            server.send(Method::PUT, &format!("/api/v1/organisations/{}", id.id()), sent).await;
        assert!(answer.status.is_success(), "{suffix}: {answer}");
        let expected = seeded.json(&format!("/api/v1/organisations/{}", id.id())).await;
        assert_eq!(answer.json(), expected, "{suffix}");
    }
}
