use std::io::Write as _;

use oxigraph::model::{GraphName, NamedNode, Quad};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use url::Url;

use super::*;
use crate::graph::GraphFormat;
use crate::harvest::clean;
use crate::harvest::extraction::{Draft, Severity};
use crate::harvest::format::testing::{self, codes, fixture};
use crate::record::{Base, FromJson, RecordId, from_json, to_triples};
use crate::schema::Schema;

fn document(bytes: impl Into<Vec<u8>>, media_type: &str) -> Document {
    testing::document("https://partner.example/export/all", media_type, bytes)
}

fn extracted(document: &Document) -> Extraction {
    testing::extract(&FORMAT, document)
}

#[track_caller]
fn draft<'a>(extraction: &'a Extraction, key: &str) -> &'a Draft {
    extraction.drafts.iter().find(|draft| draft.key == key).unwrap_or_else(|| {
        panic!("no {key} in {:?}", extraction.drafts.iter().map(|d| &d.key).collect::<Vec<_>>())
    })
}

const KIST: &str = r#"
@prefix kist: <https://w3id.org/kist#> .
@prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://other.example/id/asset/1> a kist:Asset ; schema:name "Tea dance"@en , "Dannsa"@gd ;
    kist:assetType <https://other.example/id/category/activity-asset> ;
    dcterms:subject <https://other.example/id/category/dance> , <https://vocab.example/dancing> ;
    schema:provider <https://other.example/id/organisation/2> ;
    dcterms:modified "2026-04-03T10:00:00Z"^^xsd:dateTime ;
    schema:location <https://other.example/id/asset/1#locations-1> ;
    schema:eventSchedule [ schema:byDay "TU" ; schema:startTime "14:00:00"^^xsd:time ] .
<https://other.example/id/asset/1#locations-1> a schema:Place ; schema:postalCode "EH6 8RG" .
<https://other.example/id/organisation/2> a schema:Organization ; schema:name "Leith Dancers"@en ;
    kist:sector <https://other.example/id/category/third-sector> .
"#;

#[test]
fn records_of_another_register_come_with_their_links_and_terms() {
    let extraction = extracted(&document(KIST, "text/turtle"));
    assert_eq!(codes(&extraction), [""; 0]);
    assert_eq!(extraction.drafts.len(), 2);
    let dance = draft(&extraction, "https://other.example/id/asset/1");
    assert_eq!(
        Json::Object(dance.fields.clone()),
        json!({"name": {"en": "Tea dance", "gd": "Dannsa"}, "assetType": "activity-asset",
            "topics": ["dance"], "locations": [{"postcode": "EH6 8RG"}],
            "schedule": [{"byDay": ["TU"], "startTime": "14:00:00"}]})
    );
    assert_eq!(dance.modified.as_deref(), Some("2026-04-03T10:00:00Z"));
    assert_eq!(dance.links[0].key, "https://other.example/id/organisation/2");
    assert_eq!(dance.terms[0].label, "dancing");
    let organisation = draft(&extraction, "https://other.example/id/organisation/2");
    assert_eq!(organisation.fields["sector"], "third-sector");
}

#[test]
fn every_syntax_gives_the_same_records() {
    let base = Some("https://partner.example/");
    let contexts = crate::graph::input::Contexts::default();
    let options = crate::graph::input::Options::default();
    let quads =
        crate::graph::input::parse(KIST.as_bytes(), GraphFormat::Turtle, base, &contexts, &options);
    let triples: Vec<Triple> = quads.unwrap().into_iter().map(Triple::from).collect();
    let expected = extracted(&document(KIST, "text/turtle"));
    for (format, media_type) in [
        (GraphFormat::Turtle, "text/turtle"),
        (GraphFormat::TriG, "application/trig"),
        (GraphFormat::NTriples, "application/n-triples"),
        (GraphFormat::NQuads, ""),
        (GraphFormat::RdfXml, "application/rdf+xml"),
        (GraphFormat::JsonLd, "application/ld+json"),
    ] {
        let document = document(format.write(&triples), media_type);
        assert!((FORMAT.recognises)(&document) >= 70, "{media_type}");
        let mut drafts = extracted(&document).drafts;
        drafts.sort_by(|a, b| a.key.cmp(&b.key));
        assert_eq!(drafts, expected.drafts, "{media_type}");
    }
}

#[test]
fn gzip_and_zstd_are_told_by_their_first_bytes() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(KIST.as_bytes()).unwrap();
    let zstd = zstd::stream::encode_all(KIST.as_bytes(), 3).unwrap();
    for bytes in [gzip.finish().unwrap(), zstd] {
        assert_eq!(extracted(&document(bytes, "text/turtle")).drafts.len(), 2);
    }
}

#[test]
fn a_gigabyte_of_nothing_in_a_megabyte_is_refused() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        gzip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let extraction = extracted(&document(gzip.finish().unwrap(), "text/turtle"));
    assert_eq!(codes(&extraction), ["archive-too-large"]);
    let zstd = zstd::stream::encode_all(&vec![b' '; 256 << 20][..], 1).unwrap();
    assert_eq!(codes(&extracted(&document(zstd, "text/turtle"))), ["archive-too-large"]);
}

#[test]
fn names_of_graphs_in_a_file_mean_nothing() {
    let trig = format!(
        "@prefix a: <https://a.example/> . {} a:graph {{ a:x a <https://w3id.org/kist#Asset> ; <https://schema.org/name> \"X\" . }}",
        ""
    );
    let quads = trig.replace("a:graph", "<https://kist.example/graph/curated>");
    let extraction = extracted(&document(quads, "application/trig"));
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(extraction.drafts[0].key, "https://a.example/x");
}

#[test]
fn a_thing_without_an_address_is_known_by_what_is_said_of_it() {
    let key = |turtle: &str| {
        let extraction = extracted(&document(turtle, "text/turtle"));
        assert_eq!(codes(&extraction), ["no-address"]);
        extraction.drafts[0].key.clone()
    };
    let prefixes = "@prefix k: <https://w3id.org/kist#> . @prefix s: <https://schema.org/> . ";
    let one = key(&format!(
        "{prefixes} _:a a k:Asset ; s:name 'Tea' ; s:location [ s:postalCode 'EH6 8RG' ] ."
    ));
    let other = key(&format!(
        "{prefixes} _:z s:postalCode 'EH6 8RG' . _:y s:location _:z ; s:name 'Tea' ; a k:Asset ."
    ));
    assert_eq!(one, other);
    assert!(one.starts_with("urn:kist:content:"), "{one}");
    let third = key(&format!(
        "{prefixes} _:a a k:Asset ; s:name 'Tea' ; s:location [ s:postalCode 'EH6 8RR' ] ."
    ));
    assert_ne!(one, third);
}

#[test]
fn blank_nodes_in_a_circle_end() {
    let turtle = "@prefix k: <https://w3id.org/kist#> . @prefix s: <https://schema.org/> .
        _:a a k:Asset ; s:name 'Tea' ; s:location _:b . _:b s:location _:a , _:b ; s:name 'B' .";
    let extraction = extracted(&document(turtle, "text/turtle"));
    assert_eq!(extraction.drafts.len(), 1);
}

#[test]
fn a_value_that_is_wrong_costs_its_field() {
    let turtle = KIST.replace("\"TU\"", "<https://x.example/>");
    let extraction = extracted(&document(turtle, "text/turtle"));
    assert_eq!(codes(&extraction), ["bad-value"]);
    let dance = draft(&extraction, "https://other.example/id/asset/1");
    assert!(!dance.fields.contains_key("schedule") && dance.fields.contains_key("locations"));
}

#[test]
fn schema_org_and_the_organisation_ontology_become_records() {
    let extraction = extracted(&document(fixture("rdf/organisations/input.rdf"), ""));
    assert!(codes(&extraction).is_empty(), "{:?}", extraction.problems);
    let trust = draft(&extraction, "https://trusts.example/id/fife-sports");
    assert_eq!(trust.kind, "organisation");
    assert_eq!(trust.fields["name"], "Fife Sports Trust");
    let extraction =
        extracted(&document(fixture("rdf/services/input.jsonld"), "application/ld+json"));
    assert!(codes(&extraction).is_empty(), "{:?}", extraction.problems);
    let kinds: Vec<&str> = extraction.drafts.iter().map(|draft| draft.kind.as_str()).collect();
    assert!(kinds.contains(&"asset") && kinds.contains(&"organisation"), "{kinds:?}");
}

#[test]
fn a_document_type_in_rdf_xml_is_refused() {
    let xml = r#"<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "b">]>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"#;
    let extraction = extracted(&document(xml, "application/rdf+xml"));
    assert_eq!(codes(&extraction), ["xml-doctype"]);
    assert_eq!(extraction.problems[0].severity, Severity::Broken);
}

#[test]
fn a_remote_context_is_named_and_never_fetched() {
    let json = r#"{"@context": "https://evil.example/context", "@id": "https://a.example/"}"#;
    let extraction = extracted(&document(json, "application/ld+json"));
    assert_eq!(codes(&extraction), ["unknown-context"]);
    assert!(extraction.problems[0].what.contains("https://evil.example/context"));
}

#[test]
fn the_context_of_another_register_is_known_for_its_own_documents_only() {
    let json = r#"{"@context": "https://partner.example/ns/context.jsonld",
        "id": "https://partner.example/id/asset/1", "type": "asset", "name": "Tea"}"#;
    let extraction = extracted(&document(json, "application/ld+json"));
    assert_eq!(codes(&extraction), [""; 0]);
    assert_eq!(extraction.drafts[0].fields["name"], json!({"en": "Tea"}));
    let other = json.replace("https://partner.example/ns", "https://other.example/ns");
    assert_eq!(codes(&extracted(&document(other, "application/ld+json"))), ["unknown-context"]);
}

#[test]
fn json_nested_ten_thousand_deep_is_refused() {
    let json = format!("{}{}", "{\"@context\":[".repeat(10_000), "]}".repeat(10_000));
    assert_eq!(codes(&extracted(&document(json, "application/ld+json"))), ["too-deep"]);
}

#[test]
fn a_fault_in_the_syntax_keeps_what_can_be_read_and_breaks_the_listing() {
    let turtle = format!("{KIST}\n<https://other.example/id/asset/9> a ;;; oops");
    let extraction = extracted(&document(turtle, "text/turtle"));
    assert_eq!(extraction.drafts.len(), 2);
    assert!(extraction.problems.iter().any(|problem| problem.severity == Severity::Broken));
    let endless = "<a> <b ".repeat(10_000);
    assert!(extracted(&document(endless, "text/turtle")).problems.len() <= 101);
}

#[test]
fn addresses_of_other_schemes_cost_their_triple() {
    let turtle =
        KIST.replace("schema:location <", "schema:url <javascript:alert(1)> ; schema:location <");
    let extraction = extracted(&document(turtle, "text/turtle"));
    assert_eq!(codes(&extraction), ["bad-triple"]);
    assert_eq!(extraction.drafts.len(), 2);
}

#[test]
fn html_instead_of_rdf_breaks_the_run() {
    let extraction = extracted(&document("<!DOCTYPE html><p>Log in", "text/turtle"));
    assert_eq!(codes(&extraction), ["unexpected-type"]);
    assert_eq!((FORMAT.recognises)(&document("<!DOCTYPE html>", "text/turtle")), 0);
}

#[test]
fn all_records_of_the_seeds_survive_a_dump_and_its_harvest() {
    let schema = Schema::standard();
    let base = Base::new("https://other.example").unwrap();
    let partner = Url::parse("https://other.example/").unwrap();
    let kist = env!("CARGO_MANIFEST_DIR");
    let context = FromJson { schema: &schema, base: &base, keys_of: Some("seeds") };
    let mut checked = 0;
    for file in ["libraries.json", "organisations.json", "case-studies.json", "partnerships.json"] {
        let bytes = std::fs::read(format!("{kist}/seeds/{file}")).unwrap();
        let seeds: Json = serde_json::from_slice(&bytes).unwrap();
        let records = seeds.as_array().or_else(|| seeds["records"].as_array()).unwrap();
        for record in records.iter().take(60) {
            let kind = schema.kind(record["type"].as_str().unwrap()).unwrap();
            let record = from_json(context, kind, None, record).unwrap();
            let graph = GraphName::from(NamedNode::new_unchecked("https://other.example/graph/x"));
            let quads: Vec<String> = to_triples(&schema, &base, &record)
                .into_iter()
                .map(|triple| {
                    format!(
                        "{} .",
                        Quad::new(triple.subject, triple.predicate, triple.object, graph.clone())
                    )
                })
                .collect();
            let extraction = extracted(&document(quads.join("\n"), "application/n-quads"));
            assert_eq!(codes(&extraction), [""; 0], "{}", record.id);
            let mut draft = extraction.drafts.into_iter().next().unwrap();
            let problems = clean::clean(&mut draft, &schema, &partner, clean::Manner::plain("en"));
            assert!(problems.is_empty(), "{}: {problems:?}", record.id);
            let id = RecordId::new(kind.name.as_str(), record.id.id()).unwrap();
            let mut json = Json::Object(draft.fields);
            // Terms are mapped later; here they are put back.
            for term in draft.terms {
                json[&term.field] = json!(term.code);
            }
            let harvested = from_json(context, kind, Some(&id), &json).unwrap();
            assert_eq!(harvested, record);
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_change_of_bytes_makes_the_readers_of_rdf_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)
    ) {
        for (path, media_type) in [
            ("rdf/organisations/input.rdf", "application/rdf+xml"),
            ("rdf/services/input.jsonld", "application/ld+json"),
            ("rdf/register/input.trig", "application/trig"),
        ] {
            let mut bytes = fixture(path);
            for (index, byte) in &changes {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
            extracted(&document(bytes, media_type));
        }
    }
}
