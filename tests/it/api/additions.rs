//! An operator's shapes: a property of their own is as good as any other.

use http::Method;
use kist::journal::Scope;
use kist::schema::Schema;
use serde_json::{Value as Json, json};

use super::server::{Sent, TestServer};

const SHAPES: &str = r#"
@prefix kist: <https://w3id.org/kist#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

kist:OrganisationShape sh:property [
    sh:path <https://council.example/terms#wardNumber> ; sh:name "wardNumber" ;
    sh:description "The number of the ward, for the council's own lists."@en ;
    sh:group kist:group-identity ; sh:maxCount 1 ; sh:datatype xsd:integer ;
    sh:minInclusive 1 ; sh:maxInclusive 30 ; sh:order 900 ] .
"#;

const GROUP: &str = "/api/v1/organisations/o";

struct Writer {
    server: TestServer,
    token: String,
}

impl Writer {
    fn new() -> Self {
        let schema = Schema::with_additions(&[SHAPES]).unwrap();
        let server = TestServer::with_schema(schema);
        let token = server.token(Scope::Write);
        Self { server, token }
    }

    async fn put(&self, media_type: &str, body: &str) -> super::server::Answer {
        let sent = Sent { token: &self.token, media_type, header: None, body: body.as_bytes() };
        self.server.send(Method::PUT, GROUP, sent).await
    }
}

#[tokio::test]
async fn a_property_of_an_operator_is_checked_and_kept_as_json_and_rdf() {
    let writer = Writer::new();
    let wrong = writer.put("application/json", r#"{"name": "O", "wardNumber": 31}"#).await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.json()["errors"][0]["pointer"]),
        (422, &"/wardNumber".into())
    );
    let put = writer.put("application/json", r#"{"name": "O", "wardNumber": 7}"#).await;
    assert_eq!((put.status.as_u16(), &put.json()["wardNumber"]), (201, &json!(7)));
    for (suffix, media_type) in
        [("ttl", "text/turtle"), ("rdf", "application/rdf+xml"), ("jsonld", "application/ld+json")]
    {
        let document = writer.server.get(&format!("/organisations/o.{suffix}")).await;
        assert!(document.text().contains("wardNumber"), "{suffix}: {document}");
        let back = writer.put(media_type, document.text()).await;
        assert_eq!(
            (back.status.as_u16(), &back.json()["wardNumber"]),
            (200, &json!(7)),
            "{suffix}: {back}"
        );
    }
}

#[tokio::test]
async fn a_property_of_an_operator_stands_in_the_documents() {
    let server = Writer::new().server;
    let document = server.json("/api/openapi.json").await;
    let property = &document["components"]["schemas"]["Organisation"]["properties"]["wardNumber"];
    assert_eq!(
        (&property["type"], &property["maximum"]),
        (&"integer".into(), &json!(30)),
        "{property}"
    );
    let context = server.json("/ns/context.jsonld").await;
    assert_ne!(context["@context"]["wardNumber"], Json::Null);
    for format in ["ttl", "nt", "rdf", "jsonld"] {
        let shapes = server.get(&format!("/ns/shapes.{format}")).await;
        for term in ["wardNumber", "OrganisationShape"] {
            assert!(shapes.text().contains(term), "{format} {term}");
        }
    }
    let standard = TestServer::empty();
    for path in ["/api/openapi.json", "/ns/context.jsonld", "/ns/shapes"] {
        assert_ne!(
            server.get(path).await.header("etag"),
            standard.get(path).await.header("etag"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_the_shapes_the_property_is_unknown() {
    let server = TestServer::empty();
    let token = server.token(Scope::Write);
    let body = br#"{"name": "O", "wardNumber": 7}"#;
    let sent = Sent { token: &token, media_type: "application/json", header: None, body };
    assert_eq!(server.send(Method::PUT, GROUP, sent).await.status, 422);
}
