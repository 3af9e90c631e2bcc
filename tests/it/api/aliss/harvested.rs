//! What we serve as ALISS, our own harvester of ALISS reads back.

use std::collections::BTreeMap;

use kist::harvest::document::Document;
use kist::harvest::extraction::{Draft, Role};
use kist::harvest::format::{Reading, named};
use serde_json::{Value as Json, json};

use super::super::server::{BASE, TestServer, now};

/// All drafts of a list, page by page as the harvester goes on.
async fn harvest(server: &TestServer, path: &str) -> Vec<Draft> {
    let format = named("aliss").unwrap();
    let (mut drafts, mut address) = (Vec::new(), format!("{BASE}{path}"));
    for _ in 0..100 {
        let answer = server.get(address.strip_prefix(BASE).unwrap()).await;
        assert_eq!(answer.status, http::StatusCode::OK, "{address}");
        let document = Document {
            url: address.parse().unwrap(),
            media_type: Some("application/json".to_owned()),
            charset: None,
            bytes: answer.body.to_vec(),
            retrieved_at: now(),
        };
        assert!((format.recognises)(&document) >= 85, "{address}");
        let extraction = (format.extract)(&document, &Reading::plain(now()));
        assert_eq!(extraction.problems, [], "{address}");
        assert!(extraction.about.licence.is_some() && extraction.about.attribution.is_some());
        drafts.extend(extraction.drafts);
        let mut next = extraction.follow.into_iter().filter(|follow| follow.role == Role::Next);
        match next.next() {
            Some(follow) => address = follow.url.to_string(),
            None => return drafts,
        }
    }
    panic!("{path} has no end");
}

fn assets(drafts: &[Draft]) -> BTreeMap<&str, &Draft> {
    let assets = drafts.iter().filter(|draft| draft.kind == "asset");
    assets.map(|draft| (draft.key.as_str(), draft)).collect()
}

#[tokio::test]
async fn every_import_is_read_back_whole() {
    let server = TestServer::seeded();
    let total = server.json("/api/v1/assets?limit=1").await["total"].as_u64().unwrap();
    for path in [
        "/aliss/api/v4/import/",
        "/aliss/api/v4/import/?page_size=400",
        "/aliss/v5/import?page_size=250",
    ] {
        let drafts = harvest(&server, path).await;
        assert_eq!(assets(&drafts).len() as u64, total, "{path}");
    }
}

#[tokio::test]
async fn what_a_record_says_is_read_back() {
    let server = TestServer::seeded();
    let found = server.json("/api/v1/assets?q=leith+library&type=library-venue&limit=1").await;
    let id = found["items"][0]["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let record = server.json(&format!("/assets/{id}.json")).await;
    let text = |json: &Json| match json {
        Json::Object(languages) => languages["en"].clone(),
        other => other.clone(),
    };
    for version in ["v4", "v5"] {
        let path = format!("/aliss/{version}/services?postcode=EH6+8RG&q=leith+library");
        let drafts = harvest(&server, &path).await;
        let draft = assets(&drafts)[id.as_str()];
        assert_eq!(draft.fields["name"], text(&record["name"]));
        assert_eq!(draft.fields["url"], record["url"]);
        let (ours, theirs) = (&record["locations"][0], &draft.fields["locations"][0]);
        for key in
            ["streetAddress", "locality", "region", "postcode", "country", "latitude", "longitude"]
        {
            assert_eq!(theirs[key], ours[key], "{key} of {version}");
        }
        let topics: Vec<&str> = draft
            .terms
            .iter()
            .filter(|term| term.field == "topics")
            .filter_map(|term| term.code.as_deref())
            .collect();
        assert_eq!(topics.len(), record["topics"].as_array().unwrap().len(), "{topics:?}");
        let provider = &draft.links[0];
        let organisation = drafts.iter().find(|other| other.key == provider.key).unwrap();
        assert_eq!(organisation.kind, "organisation");
        assert_eq!(draft.fields["sameAs"], json!([format!("{BASE}/aliss/services/{id}")]));
    }
}

#[tokio::test]
async fn a_service_without_an_organisation_is_no_problem() {
    let server = TestServer::seeded();
    let drafts = harvest(&server, "/aliss/v5/services?q=chiropody").await;
    assert!(!drafts.is_empty() && drafts.iter().any(|draft| draft.links.is_empty()));
}
