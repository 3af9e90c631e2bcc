//! The ontology, the shapes, the context and the constants name the same
//! terms, and are served.

use std::collections::BTreeSet;
use std::fs;

use kist::graph::GraphFormat;
use kist::graph::input::{self, Contexts, Options};
use kist::schema::{CONTEXT_PATH, Schema, ValueType, context};
use kist::vocab;
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use serde_json::Value as Json;

use super::server::{TestServer, project};

const KIST: &str = "https://w3id.org/kist#";

fn turtle(bytes: &[u8]) -> Vec<Quad> {
    let none = Contexts::new([]);
    input::parse(
        bytes,
        GraphFormat::Turtle,
        Some("https://kist.example/"),
        &none,
        &Options::default(),
    )
    .unwrap()
}

/// The terms of our own that the ontology declares: those with a type and a
/// definition.
fn declared() -> BTreeSet<String> {
    let quads = turtle(kist::web::ontology::ONTOLOGY.as_bytes());
    let subjects = quads.iter().filter_map(|quad| match &quad.subject {
        NamedOrBlankNode::NamedNode(node) if node.as_str().starts_with(KIST) => {
            Some(node.as_str().to_owned())
        }
        _ => None,
    });
    subjects.collect()
}

#[test]
fn every_constant_is_a_term_of_the_ontology() {
    let declared = declared();
    assert!(declared.len() > 20, "{declared:?}");
    for term in vocab::kist::ALL {
        assert!(declared.contains(term.as_str()), "{term} is not in kist.ttl");
    }
}

#[test]
fn every_term_that_the_shapes_use_is_in_the_ontology() {
    let declared = declared();
    let schema = Schema::standard();
    let shapes = schema.kinds().map(|kind| &kind.shape).chain(schema.nested_shapes());
    let mut missing = Vec::new();
    for shape in shapes {
        let classes = std::iter::once(shape.class.as_str());
        for term in classes.chain(shape.fields.iter().map(|field| field.path.as_str())) {
            if term.starts_with(KIST) && !declared.contains(term) {
                missing.push(term.to_owned());
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_term_of_the_ontology_is_defined_in_english() {
    let quads = turtle(kist::web::ontology::ONTOLOGY.as_bytes());
    for term in declared() {
        for property in [
            "http://www.w3.org/2000/01/rdf-schema#label",
            "http://www.w3.org/2004/02/skos/core#definition",
        ] {
            let said = quads.iter().any(|quad| {
                quad.subject.to_string() == format!("<{term}>")
                    && quad.predicate.as_str() == property
                    && matches!(&quad.object, Term::Literal(text) if text.language() == Some("en"))
            });
            assert!(said, "{term} has no {property}");
        }
    }
}

#[test]
fn the_context_that_is_checked_in_is_made_from_the_shapes() {
    let kept = fs::read_to_string(project("ontology/context.jsonld")).unwrap();
    let kept: Json = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept, context(&Schema::standard()), "write ontology/context.jsonld again");
}

#[tokio::test]
async fn the_ontology_and_the_shapes_are_served_in_every_format() {
    let server = TestServer::seeded();
    for (path, expected) in [
        ("/ns", turtle(kist::web::ontology::ONTOLOGY.as_bytes()).len()),
        ("/ns/shapes", turtle(kist::schema::STANDARD_SHAPES.as_bytes()).len()),
    ] {
        for (suffix, media_type, format) in [
            ("ttl", "text/turtle", GraphFormat::Turtle),
            ("nt", "application/n-triples", GraphFormat::NTriples),
            ("rdf", "application/rdf+xml", GraphFormat::RdfXml),
            ("jsonld", "application/ld+json", GraphFormat::JsonLd),
        ] {
            let negotiated = server.get_with(path, "accept", media_type).await;
            let pinned = server.get(&format!("{path}.{suffix}")).await;
            assert!(negotiated.header("content-type").starts_with(media_type), "{path} {suffix}");
            assert_eq!(negotiated.body, pinned.body, "{path} {suffix}");
            let none = Contexts::new([]);
            let quads =
                input::parse(&pinned.body, format, None, &none, &Options::default()).unwrap();
            assert_eq!(quads.len(), expected, "{path} {suffix}");
        }
        assert_eq!(server.get_with(path, "accept", "image/png").await.status, 406, "{path}");
    }
}

#[tokio::test]
async fn the_context_is_served_with_a_tag_of_its_content() {
    let server = TestServer::seeded();
    let answer = server.get(CONTEXT_PATH).await;
    assert_eq!(answer.header("content-type"), "application/ld+json");
    assert_eq!(answer.json(), context(&Schema::standard()));
    let again = server.get_with(CONTEXT_PATH, "if-none-match", &answer.header("etag")).await;
    assert_eq!(again.status, 304);
}

#[test]
fn no_shape_has_two_fields_of_one_property() {
    let schema = Schema::standard();
    for shape in schema.kinds().map(|kind| &kind.shape).chain(schema.nested_shapes()) {
        let paths: BTreeSet<&str> = shape.fields.iter().map(|field| field.path.as_str()).collect();
        let keys: BTreeSet<&str> = shape.fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(
            (paths.len(), keys.len()),
            (shape.fields.len(), shape.fields.len()),
            "{}",
            shape.label
        );
        for field in &shape.fields {
            if let ValueType::Node(nested) = &field.value {
                assert!(schema.nested(nested).is_some(), "{nested}");
            }
        }
    }
}
