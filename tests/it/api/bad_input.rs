//! Bodies that are no records: each is refused with what is wrong and where,
//! and nothing is written.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;
use insta::assert_snapshot;
use kist::journal::Scope;
use serde_json::json;

use super::server::{Answer, Sent, TestServer};

const GROUPS: &str = "/api/v1/organisations";

struct Writer {
    server: TestServer,
    token: String,
}

impl Writer {
    fn new() -> Self {
        let server = TestServer::with_categories();
        let token = server.token(Scope::Write);
        Self { server, token }
    }

    async fn post(&self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        self.post_with(path, media_type, None, body).await
    }

    async fn post_with(
        &self,
        path: &str,
        media_type: &str,
        header: Option<(&str, &str)>,
        body: &[u8],
    ) -> Answer {
        let before = self.server.register.newest().unwrap();
        let sent = Sent { token: &self.token, media_type, header, body };
        let answer = self.server.send(Method::POST, path, sent).await;
        if !answer.status.is_success() {
            assert_eq!(self.server.register.newest().unwrap(), before, "{answer}");
        }
        answer
    }

    /// The answers to several bodies, for a snapshot.
    async fn all(&self, path: &str, media_type: &str, bodies: &[&str]) -> String {
        let mut text = String::new();
        for body in bodies {
            let answer = self.post(path, media_type, body.as_bytes()).await;
            writeln!(text, "{body}\n{answer}\n").unwrap();
        }
        text
    }
}

#[tokio::test]
async fn malformed_json_is_told_by_line_and_column() {
    let writer = Writer::new();
    let bodies = [
        "",
        "{",
        "{\"name\": \"a\",\n \"url\" }",
        "{\"name\": 'a'}",
        "[1, 2",
        "{\"name\": \"a\"} x",
        "nul",
    ];
    assert_snapshot!(writer.all(GROUPS, "application/json", &bodies).await);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let writer = Writer::new();
    for media_type in [
        "application/json",
        "application/ld+json",
        "text/turtle",
        "application/rdf+xml",
        "application/n-triples",
    ] {
        for body in [&b"{\"name\": \"\xff\xfe\"}"[..], b"{\"name\": \"a\0b\"}"] {
            let answer = writer.post(GROUPS, media_type, body).await;
            assert_eq!(answer.status, 400, "{media_type}: {answer}");
        }
    }
    let escaped = writer.post(GROUPS, "application/json", br#"{"name": "a\u0000b"}"#).await;
    assert_eq!(escaped.status, 400, "{escaped}");
    let surrogate = writer.post(GROUPS, "application/json", br#"{"name": "a\ud800b"}"#).await;
    assert_eq!(surrogate.status, 400, "{surrogate}");
}

#[tokio::test]
async fn each_fault_of_a_record_is_told_with_its_pointer() {
    let writer = Writer::new();
    assert_snapshot!(
        writer
            .all("/api/v1/assets", "application/json", &[
                "{}",
                "[]",
                "7",
                r#"{"type": "person", "name": "a"}"#,
                r#"{"type": "organisation", "name": "a"}"#,
                r#"{"name": 7, "assetType": "activity-asset", "online": "yes"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "telephon": "1", "zzz": 1}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "url": "https://a b.example/"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "url": "javascript:alert(1)"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "lastReviewed": "2026-02-30"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "minimumAge": 200}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "accessMode": "flying"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "slug": "No Slug"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "languages": ["english"]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "languages": ["en", "english"]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "minimumAge": 90, "maximumAge": 10}"#,
                r#"{"name": "a\u0007", "summary": "", "assetType": "activity-asset", "online": true}"#,
                r#"{"name": {"gd": "a\u0007"}, "assetType": "activity-asset", "online": true}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "cost": {"amount": "123456789012345678901234567890.12"}}"#,
                r#"{"name": {"xx!": "a"}, "assetType": "activity-asset", "online": true}"#,
                r#"{"name": "a", "assetType": "activity-asset", "locations": [{"latitude": 91, "longitude": 0}]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "locations": [{"latitude": 56, "longitud": 0}]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "locations": [{"latitude": 56}]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "locations": [{"latitude": 0, "longitude": 0}]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "locations": [{}, {"latitude": -3.17, "longitude": 55.97}]}"#,
                r#"{"name": "  ", "assetType": "activity-asset", "online": true}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "schedule": [{"startTime": "25:00"}]}"#,
                r#"{"@context": "https://evil.example/c", "name": "a", "assetType": "activity-asset", "online": true}"#,
                r#"{"id": "a b", "name": "a", "assetType": "activity-asset", "online": true}"#,
                r#"{"id": "organisation/a", "name": "a", "assetType": "activity-asset", "online": true}"#,
            ])
            .await
    );
}

#[tokio::test]
async fn a_reference_to_nothing_or_to_another_kind_is_a_fault() {
    let writer = Writer::new();
    assert_snapshot!(
        writer
            .all("/api/v1/assets", "application/json", &[
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "provider": "nobody"}"#,
                r#"{"name": "a", "assetType": "no-such-type", "online": true}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "provider": "category/activity"}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "areaServed": ["S99999999"], "topics": ["walking", "nothing"]}"#,
            ])
            .await
    );
}

#[tokio::test]
async fn a_category_of_another_scheme_is_a_fault_that_says_which_is_right() {
    let writer = Writer::new();
    assert_snapshot!(
        writer
            .all("/api/v1/assets", "application/json", &[
                r#"{"name": "a", "assetType": "activity", "online": true}"#,
                r#"{"name": "a", "assetType": "reading", "online": true}"#,
                r#"{"name": "a", "assetType": "activity-asset", "online": true, "topics": ["older-adults", "walking", "library-venue"]}"#,
                r#"{"name": "a", "assetType": "activity-asset", "locations": [{"postcode": "EH6 6AA"}, {"postcode": "EH6 6AB", "accessibility": ["walking"]}]}"#,
            ])
            .await
    );
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_also_when_it_was_packed() {
    let writer = Writer::new();
    let long = json!({ "name": "a".repeat(10 << 20) }).to_string();
    let answer = writer.post(GROUPS, "application/json", long.as_bytes()).await;
    assert_snapshot!(answer, @r#"
    413 Payload Too Large application/problem+json
    {"type":"https://kist.example/problems/payload-too-large","title":"The body is too large","status":413,"detail":"the body may have 262144 bytes at most"}
    "#);
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(long.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 100_000);
    let gzip = Some(("content-encoding", "gzip"));
    let answer = writer.post_with(GROUPS, "application/json", gzip, &packed).await;
    assert_eq!(answer.status, 413);
    let answer = writer.post_with(GROUPS, "application/json", gzip, b"not gzip").await;
    assert_eq!(answer.status, 400);
    let answer =
        writer.post_with(GROUPS, "application/json", Some(("content-encoding", "br")), b"x").await;
    assert_eq!(answer.status, 415);
}

#[tokio::test]
async fn a_packed_body_is_read() {
    let writer = Writer::new();
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(br#"{"name": "Packed"}"#).unwrap();
    let gzip = Some(("content-encoding", "gzip"));
    let answer =
        writer.post_with(GROUPS, "application/json", gzip, &packed.finish().unwrap()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["name"]), (201, &"Packed".into()));
}

#[tokio::test]
async fn a_media_type_that_is_not_read_is_answered_with_those_that_are() {
    let writer = Writer::new();
    for media_type in [
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "application/vnd.groups+json",
        "application/merge-patch+json",
        "application/trig",
    ] {
        let answer = writer.post(GROUPS, media_type, br#"{"name": "a"}"#).await;
        assert_eq!(answer.status, 415, "{media_type}");
        assert!(answer.header("accept").contains("text/turtle"), "{media_type}");
    }
    let media_type = "application/json-patch+json";
    let sent = Sent { token: &writer.token, media_type, header: None, body: b"[]" };
    let answer = writer.server.send(Method::PATCH, &format!("{GROUPS}/a"), sent).await;
    assert_eq!(answer.status, 415, "{answer}");
    assert_eq!(answer.header("accept-patch"), "application/merge-patch+json, application/json");
}

#[tokio::test]
async fn json_that_is_nested_deeply_is_refused() {
    let writer = Writer::new();
    for media_type in ["application/json", "application/ld+json"] {
        let deep = "[".repeat(100_000);
        let answer = writer.post(GROUPS, media_type, deep.as_bytes()).await;
        assert_eq!(answer.status, 400, "{media_type}: {answer}");
    }
}

#[tokio::test]
async fn records_come_as_rdf_too_and_the_bytes_are_kept() {
    let turtle = "@prefix s: <https://schema.org/> .\n[] a s:Organization ; s:name \"Còisir\"@gd , \"Choir\"@en .\n";
    let json_ld = r#"{"@context": "https://kist.example/ns/context.jsonld", "type": "organisation", "name": {"en": "Choir", "gd": "Còisir"}}"#;
    let rdf_xml = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:s=\"https://schema.org/\">\
        <s:Organization><s:name xml:lang=\"gd\">Còisir</s:name><s:name xml:lang=\"en\">Choir</s:name></s:Organization></rdf:RDF>";
    let triples = "_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/Organization> .\n\
        _:a <https://schema.org/name> \"Choir\"@en .\n_:a <https://schema.org/name> \"Còisir\"@gd .\n";
    let writer = Writer::new();
    for (media_type, body) in [
        ("text/turtle", turtle),
        ("application/ld+json", json_ld),
        ("application/rdf+xml", rdf_xml),
        ("application/n-triples", triples),
    ] {
        let answer = writer.post(GROUPS, media_type, body.as_bytes()).await;
        assert_eq!(answer.status, 201, "{media_type}: {answer}");
        assert_eq!(answer.json()["name"], json!({ "en": "Choir", "gd": "Còisir" }), "{media_type}");
        let register = &writer.server.register;
        let original = register.original(register.newest().unwrap()).unwrap().unwrap();
        assert_eq!(
            (original.media_type.as_str(), original.bytes.as_slice()),
            (media_type, body.as_bytes())
        );
    }
}

#[tokio::test]
async fn the_bytes_of_json_are_kept_where_a_value_is_kept_in_another_way() {
    let writer = Writer::new();
    let register = &writer.server.register;
    let path = "/api/v1/assets";
    let kept = async |body: &str| {
        let answer = writer.post(path, "application/json", body.as_bytes()).await;
        assert_eq!(answer.status, 201, "{answer}");
        let original = register.original(register.newest().unwrap()).unwrap();
        original.map(|original| {
            assert_eq!(original.media_type, "application/json");
            String::from_utf8(original.bytes).unwrap()
        })
    };
    let asset = |more: &str| {
        format!(
            r#"{{"name": "A", "assetType": "https://kist.example/id/category/activity-asset", "online": true{more}}}"#
        )
    };
    for more in [
        r#", "cost": {"currency": "GBP", "amount": "5.10"}"#,
        r#", "languages": ["gd", "en"]"#,
        r#", "topics": ["walking"]"#,
    ] {
        assert_eq!(kept(&asset(more)).await, Some(asset(more)));
    }
    // What is written as it is kept needs no second copy.
    assert_eq!(kept(&asset(r#", "languages": ["en", "gd"]"#)).await, None);

    let new = writer.post(path, "application/json", asset("").as_bytes()).await;
    let address = new.header("location").replace("https://kist.example", "");
    let change = br#"{"cost": {"currency": "GBP", "amount": "007.50"}}"#;
    let sent = Sent {
        token: &writer.token,
        media_type: "application/merge-patch+json",
        header: None,
        body: change,
    };
    let answer = writer.server.send(Method::PATCH, &address, sent).await;
    assert_eq!(answer.status, 200, "{answer}");
    let original = register.original(register.newest().unwrap()).unwrap().unwrap();
    assert_eq!(original.media_type, "application/merge-patch+json");
    assert_eq!(original.bytes, change);
}

#[tokio::test]
async fn rdf_that_is_no_record_is_refused() {
    let writer = Writer::new();
    assert_snapshot!(
        writer
            .all(GROUPS, "text/turtle", &[
                "",
                "<a> <b",
                "<a b> a <https://schema.org/Organization> .",
                "[] a <https://schema.org/Organisation> .",
                "[] a <https://schema.org/Organization> .",
                "[] a <https://schema.org/Organization> ; <https://schema.org/name> \"a\"@en ; <https://schema.org/telephon> \"1\" , \"2\" ; <https://x.example/p> 1 .",
                "<https://a.example/1> a <https://schema.org/Organization> ; <https://schema.org/name> \"a\"@en . <https://a.example/2> a <https://w3id.org/kist#Asset> .",
                "[] a <https://schema.org/Organization> ; <https://schema.org/name> \"a\"@en . <https://a.example/2> <https://schema.org/name> \"b\"@en .",
                "[] a <https://w3id.org/kist#Asset> ; <https://schema.org/name> \"a\"@en .",
                "<https://kist.example/id/asset/a> a <https://schema.org/Organization> ; <https://schema.org/name> \"a\"@en .",
                "[] a <https://schema.org/Organization> ; <https://schema.org/name> <https://a.example/> .",
                "[] a <https://schema.org/Organization> ; <https://schema.org/name> \"a\"@en ; <https://schema.org/url> <javascript:alert(1)> .",
            ])
            .await
    );
}

#[tokio::test]
async fn a_class_that_would_be_lost_is_a_fault_and_one_that_is_written_again_is_none() {
    let writer = Writer::new();
    let group = |classes: &str| {
        format!(
            "@prefix schema: <https://schema.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . \
             [] a schema:Organization {classes} ; schema:name \"A\"@en ."
        )
    };
    let json_ld = |class: &str| {
        json!({ "@context": "https://schema.org/", "@type": ["Organization", class],
            "name": { "@value": "A", "@language": "en" } })
        .to_string()
    };
    for (media_type, body, lost) in [
        ("text/turtle", group(", <https://x.example/Foo>"), Some("<https://x.example/Foo>")),
        ("text/turtle", group(", schema:SportsClub"), Some("<https://schema.org/SportsClub>")),
        ("text/turtle", group(", \"Club\""), Some("\\\"Club\\\"")),
        ("application/ld+json", json_ld("SportsClub"), Some("<https://schema.org/SportsClub>")),
        ("text/turtle", group(", schema:Thing , owl:NamedIndividual"), None),
        ("text/turtle", group(", <http://www.w3.org/ns/org#Organization>"), None),
        ("application/ld+json", json_ld("Thing"), None),
    ] {
        let answer = writer.post(GROUPS, media_type, body.as_bytes()).await;
        assert_eq!(answer.status, if lost.is_some() { 422 } else { 201 }, "{body}: {answer}");
        let told = format!("and {} would not be kept", lost.unwrap_or_default());
        assert!(lost.is_none() || answer.text().contains(&told), "{body}: {answer}");
    }
    let asset = "@prefix schema: <https://schema.org/> . @prefix kist: <https://w3id.org/kist#> . \
        [] a kist:Asset , schema:Service ; schema:name \"A\"@en ; kist:online true ; \
        kist:assetType <https://kist.example/id/category/activity-asset> .";
    let answer = writer.post("/api/v1/assets", "text/turtle", asset.as_bytes()).await;
    assert_eq!(answer.status, 201, "{answer}");
}

#[tokio::test]
async fn rdf_xml_with_a_document_type_is_refused() {
    let writer = Writer::new();
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>\
        <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>";
    assert_snapshot!(writer.post(GROUPS, "application/rdf+xml", bomb.as_bytes()).await, @r#"
    400 Bad Request application/problem+json
    {"type":"https://kist.example/problems/malformed-rdf","title":"The body is not RDF","status":400,"detail":"line 1, column 22: document types and entities are not taken"}
    "#);
}

#[tokio::test]
async fn a_context_of_another_site_is_never_fetched() {
    let writer = Writer::new();
    let body = br#"{"@context": "https://evil.example/c.jsonld", "@type": "Organization"}"#;
    assert_snapshot!(writer.post(GROUPS, "application/ld+json", body).await, @r#"
    422 Unprocessable Entity application/problem+json
    {"type":"https://kist.example/problems/unknown-context","title":"The JSON-LD context is not one that is kept here","status":422,"detail":"the context `https://evil.example/c.jsonld` is not kept here, and none is fetched","pointer":"/@context"}
    "#);
}

#[tokio::test]
async fn hostile_turtle_is_refused_in_no_time() {
    let writer = Writer::new();
    let deep = format!("<a> <https://schema.org/name> {}", "[ <b> ".repeat(30_000));
    let list = format!("<a> <https://schema.org/name> {}", "(".repeat(100_000));
    let literal = format!(
        "[] a <https://schema.org/Organization> ; <https://schema.org/name> \"{}\"@en .",
        "a".repeat(200_000)
    );
    let iri = format!(
        "<https://a.example/{}> a <https://schema.org/Organization> .",
        "a".repeat(100_000)
    );
    let open = format!("<a> <b> \"\"\"{}", "a".repeat(200_000));
    for body in [deep, list, literal, iri, open] {
        let answer = writer.post(GROUPS, "text/turtle", body.as_bytes()).await;
        assert_eq!(answer.status, 400, "{}: {answer}", &body[..60]);
    }
}

#[tokio::test]
async fn a_long_text_within_the_limits_of_the_body_is_a_fault_of_the_record_or_kept_whole() {
    let writer = Writer::new();
    let name = "a".repeat(60_000);
    let answer = writer
        .post(GROUPS, "application/json", json!({ "name": name }).to_string().as_bytes())
        .await;
    assert_eq!(answer.status, 422, "{}", &answer.to_string()[..300]);
    let text = "word ".repeat(4_000);
    let group = json!({ "name": "A", "description": text });
    let answer = writer.post(GROUPS, "application/json", group.to_string().as_bytes()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["description"]), (201, &text.into()));
}

#[tokio::test]
async fn addresses_that_name_nothing_are_not_found() {
    let server = TestServer::seeded();
    for path in [
        "/api/v1/nothing",
        "/api/v1/persons/a",
        "/api/v1/assets/nothing",
        "/api/v1/assets/a%20b",
        "/api/v1/assets/%ff",
        "/api/v1/assets/..%2f..%2fetc",
        "/id/person/a",
        "/assets/nothing",
        "/api/v1/assets/nothing/history",
        "/api/v2/search",
        "/id/asset/%00",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {answer}");
    }
}
