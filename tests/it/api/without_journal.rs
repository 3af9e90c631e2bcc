//! Lists answer from the index alone: not from the journal, nor from the graph.

use std::sync::Arc;

use http::StatusCode;
use kist::record::Base;
use kist::register::{Place, References, Register};
use kist::schema::Schema;
use serde_json::json;

use super::server::{BASE, TestServer, now, project};

/// A list of each face, and of each generation of it.
const LISTS: &[&str] = &[
    "/api/v1/search?near=EH6+8RG",
    "/api/v1/assets?q=library",
    "/api/v1/search.geojson?near=EH6+8RG",
    "/aliss/v3/search/?postcode=EH6+8RG",
    "/aliss/v3/categories/",
    "/aliss/v3/service-areas/",
    "/aliss/v4/services/?postcode=EH6+8RG",
    "/aliss/v4/import/?page_size=1000",
    "/aliss/v4/organisations",
    "/aliss/v4/categories/",
    "/aliss/v4/service-areas/",
    "/aliss/v5/services?q=library",
    "/aliss/v5/import?page_size=1000",
    "/aliss/v5/organisations",
    "/aliss/v5/searchAggregations",
    "/aliss/v5/categories",
    "/aliss/v5/categories-flat",
    "/aliss/v5/community-groups",
    "/aliss/v5/community-groups-flat",
    "/aliss/v5/accessibility-features",
    "/aliss/v5/service-areas",
    "/open-referral/v3/services?search=library",
    "/open-referral/v3/services?minimal=true",
    "/open-referral/v3/services?format=ndjson",
    "/open-referral/v3/service_at_locations?postcode=EH6+8RG",
    "/open-referral/v3/organizations",
    "/open-referral/v3/taxonomies",
    "/open-referral/v3/taxonomy_terms?top_only=true",
    "/search?q=library",
    "/assets",
    "/knowledge-bank",
    "/lists/all",
    "/lists/all.fragment.html",
];

/// What case studies found, across all of them.
const FINDINGS: &str = "/knowledge-bank/findings?of=helped";

#[tokio::test]
async fn no_list_reads_the_journal() {
    let directory = tempfile::tempdir().unwrap();
    let place = Place::Directory(directory.path());
    let register = Register::open(Schema::standard(), Base::new(BASE).unwrap(), place, now());
    let server = TestServer::new(Arc::new(register.unwrap()));
    let categories = std::fs::read(project("ontology/categories/accessibility.ttl")).unwrap();
    let limits = kist::graph::input::Options::default();
    let format = kist::graph::GraphFormat::Turtle;
    let read = server.register.read_rdf(&categories, format, "kist", &limits).unwrap();
    server.register.apply(read.drafts, References::Kept, "test", now()).unwrap();
    server.load(&json!([
        { "id": "source/feed", "type": "source", "name": "Feed", "attribution": "By the feed" },
        { "id": "organisation/council", "type": "organisation", "name": "Council" },
        {
            "id": "asset/leith-library", "type": "asset", "assetType": "library-venue",
            "name": "Leith library", "description": "Books. ".repeat(600),
            "provider": "organisation/council", "accessibility": ["free-wifi"],
            "locations": [{ "postcode": "EH6 8RG", "latitude": 55.97, "longitude": -3.17 }],
        },
        {
            "id": "case-study/kitchen", "type": "case-study", "name": "The kitchen",
            "helped": [
                { "text": "One named person.", "topics": ["free-wifi"] },
                { "text": { "gd": "Ùine." } },
            ],
        },
    ]));
    let expected = "Books. ".repeat(600);
    // Each time in other words, so that no kept answer is given.
    let described = async |words: &str| {
        let path = format!("/aliss/v4/services/?postcode=EH6+8RG&source={words}");
        let answer = server.json(&path).await;
        answer["data"][0]["description"].as_str().unwrap().trim().to_owned()
    };
    assert_eq!(described("before").await, expected.trim());
    // When the newest change was is read once for each revision.
    assert_eq!(server.get("/lists/all?q=before").await.status, StatusCode::OK);
    // What has been handed to the disk is read from there.
    server.register.index().flush().unwrap();
    let journal = rusqlite::Connection::open(directory.path().join("journal.sqlite")).unwrap();
    journal.execute_batch("ALTER TABLE version RENAME TO gone").unwrap();
    let record = server.get("/api/v1/assets/leith-library").await;
    assert_eq!(record.status, StatusCode::INTERNAL_SERVER_ERROR, "the journal can be read");
    for path in LISTS {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {answer}");
    }
    assert_eq!(described("after").await, expected.trim());
    let findings = server.get(FINDINGS).await;
    for expected in ["2 findings", "One named person.", "lang=\"gd\">Ùine.", "The kitchen"] {
        assert!(findings.text().contains(expected), "{expected} is not in {findings}");
    }
    let of_topic = server.get(&format!("{FINDINGS}&topic=free-wifi")).await;
    assert!(of_topic.text().contains("One named person."), "{of_topic}");
    assert!(!of_topic.text().contains("Ùine."), "{of_topic}");
}
