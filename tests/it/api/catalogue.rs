//! The descriptions of the register as a whole, and the dumps.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::GzDecoder;
use kist::graph::GraphFormat;
use kist::graph::input::{self, Contexts, Options};
use oxigraph::model::{Quad, Term};

use super::server::{Answer, BASE, TestServer};

fn parsed(answer: &Answer, format: GraphFormat) -> Vec<Quad> {
    assert_eq!(answer.status, 200, "{answer}");
    let none = Contexts::new([]);
    input::parse(&answer.body, format, None, &none, &Options::default())
        .unwrap_or_else(|error| panic!("{error}\n{answer}"))
}

#[tokio::test]
async fn void_and_the_catalogue_are_the_same_in_every_format() {
    let server = TestServer::seeded();
    for path in ["/.well-known/void", "/catalogue"] {
        let turtle = parsed(&server.get(path).await, GraphFormat::Turtle);
        assert!(turtle.len() > 15, "{path}");
        for (suffix, format) in [
            ("ttl", GraphFormat::Turtle),
            ("nt", GraphFormat::NTriples),
            ("rdf", GraphFormat::RdfXml),
            ("jsonld", GraphFormat::JsonLd),
        ] {
            let other = parsed(&server.get(&format!("{path}.{suffix}")).await, format);
            assert_eq!(other.len(), turtle.len(), "{path}.{suffix}");
            let again = server.get(&format!("{path}.{suffix}")).await;
            assert_eq!(again.body, server.get(&format!("{path}.{suffix}")).await.body, "{suffix}");
        }
        assert_eq!(server.get_with(path, "accept", "image/png").await.status, 406, "{path}");
    }
}

#[tokio::test]
async fn every_address_of_ours_that_is_named_is_there() {
    let server = TestServer::seeded();
    let mut addresses = BTreeSet::new();
    for path in ["/.well-known/void", "/catalogue"] {
        for quad in parsed(&server.get(path).await, GraphFormat::Turtle) {
            if let Term::NamedNode(node) = quad.object {
                let address = node.into_string();
                addresses.extend(
                    address
                        .split('#')
                        .next()
                        .filter(|part| part.starts_with(BASE))
                        .map(str::to_owned),
                );
            }
        }
    }
    assert!(addresses.len() > 8, "{addresses:?}");
    for address in addresses {
        // SPARQL runs in processes of its own, which there are none of here;
        // the first page has its own tests.
        if [format!("{BASE}/sparql"), format!("{BASE}/")].contains(&address) {
            continue;
        }
        let path = address.strip_prefix(BASE).unwrap();
        let status = server.get(path).await.status.as_u16();
        assert!(matches!(status, 200 | 303), "{path}: {status}");
    }
}

#[tokio::test]
async fn the_numbers_of_void_are_those_of_the_register() {
    let server = TestServer::seeded();
    let triples = parsed(&server.get("/.well-known/void").await, GraphFormat::Turtle);
    let number = |predicate: &str| -> Vec<String> {
        let is = |quad: &&Quad| {
            quad.predicate.as_str() == format!("http://rdfs.org/ns/void#{predicate}")
        };
        triples.iter().filter(is).map(|quad| quad.object.to_string()).collect()
    };
    let held = server.register.graph().len().unwrap();
    assert_eq!(
        number("triples"),
        [format!("\"{held}\"^^<http://www.w3.org/2001/XMLSchema#integer>")]
    );
    let entities: u64 = number("entities")
        .iter()
        .map(|text| text.split('"').nth(1).unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(entities, server.json("/api/v1/search?limit=1").await["total"].as_u64().unwrap());
}

#[tokio::test]
async fn the_catalogue_names_every_source() {
    let server = TestServer::seeded();
    let answer = server.get("/catalogue").await;
    let sources = server.json("/api/v1/sources?limit=100").await;
    let sources = sources["items"].as_array().unwrap();
    assert!(sources.len() > 5);
    for source in sources {
        assert!(answer.text().contains(source["id"].as_str().unwrap()), "{source}");
    }
}

#[tokio::test]
async fn the_dump_is_the_graph_packed_or_not() {
    let server = TestServer::seeded();
    let mut expected = Vec::new();
    server.register.graph().dump(&mut expected).unwrap();
    let plain = server.get("/dumps/kist.nq").await;
    assert_eq!(plain.header("content-type"), "application/n-quads");
    assert!(plain.body == expected, "{} and {} bytes", plain.body.len(), expected.len());
    let packed = server.get("/dumps/kist.nq.gz").await;
    assert_eq!(packed.header("content-type"), "application/gzip");
    assert_eq!(packed.header("content-disposition"), "attachment; filename=\"kist.nq.gz\"");
    let mut text = Vec::new();
    GzDecoder::new(&*packed.body).read_to_end(&mut text).unwrap();
    assert!(text == expected, "{} and {} bytes", text.len(), expected.len());
}
