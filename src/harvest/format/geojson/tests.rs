use jiff::Timestamp;
use serde_json::json;
use url::Url;

use super::FORMAT;
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Severity};
use crate::harvest::format::Reading;
use crate::harvest::mapping::Mapping;

macro_rules! fixture {
    ($case:literal) => {
        include_bytes!(concat!(
            "../../../../tests/fixtures/harvest/geojson/",
            $case,
            "/input.geojson"
        ))
        .as_slice()
    };
}

fn document(bytes: &[u8]) -> Document {
    Document {
        url: Url::parse("https://maps.example/places.geojson").unwrap(),
        media_type: Some("application/json".to_owned()),
        charset: None,
        bytes: bytes.to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

fn extract(bytes: &[u8], mapping: Option<&Mapping>) -> Extraction {
    let reading = Reading { mapping, ..Reading::plain(Timestamp::UNIX_EPOCH) };
    (FORMAT.extract)(&document(bytes), &reading)
}

fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.problems.iter().map(|problem| problem.code.as_str()).collect()
}

#[test]
fn points_and_properties_become_assets() {
    let extraction = extract(fixture!("places"), None);
    let keys: Vec<&str> = extraction.drafts.iter().map(|draft| draft.key.as_str()).collect();
    assert_eq!(keys, ["7", "8", "9", "10"]);
    assert_eq!(
        serde_json::Value::Object(extraction.drafts[0].fields.clone()),
        json!({
            "assetType": "venue",
            "name": "Community garden",
            "description": "Raised beds and a pond.",
            "url": "https://garden.example",
            "telephone": "0131 496 0400",
            "locations": [{ "postcode": "EH1 1YZ", "latitude": 55.9533, "longitude": -3.1883 }],
        })
    );
    assert_eq!(extraction.drafts[0].terms[0].label, "Garden");
    let middle = &extraction.drafts[1].fields["locations"][0];
    assert_eq!(middle["positionFrom"], "outline");
    assert!((middle["latitude"].as_f64().unwrap() - 55.9333).abs() < 0.001, "{middle}");
    assert_eq!(extraction.drafts[2].fields["locations"], json!([{ "postcode": "EH2 2BB" }]));
    assert_eq!(codes(&extraction), ["mapping-guessed", "place-derived", "no-key", "no-point"]);
}

#[test]
fn a_page_of_features_leads_to_the_next() {
    let extraction = extract(fixture!("features-page"), None);
    assert_eq!(extraction.announced, Some(41));
    assert_eq!(
        extraction.follow[0].url.as_str(),
        "https://features.example/collections/toilets/items?limit=1&offset=1"
    );
    assert_eq!(
        extraction.drafts[0].fields["locations"],
        json!([{ "locality": "Aberdeen", "postcode": "AB11 6DA", "latitude": 57.1497, "longitude": -2.0943 }])
    );
    assert_eq!(extraction.drafts[0].fields["name"], json!("Bon Accord Gardens"));
}

#[test]
fn a_mapping_names_properties_or_paths() {
    let mapping: Mapping = serde_json::from_value(json!({
        "kind": "place",
        "key": ["name"],
        "fields": {
            "prefLabel": { "from": ["/properties/name"], "then": ["lower-case"] },
            "note": { "from": ["description", "$.properties.telephone"] },
        },
    }))
    .unwrap();
    let extraction = extract(fixture!("places"), Some(&mapping));
    assert_eq!(extraction.drafts[0].key, "Community garden");
    assert_eq!(extraction.drafts[0].fields["prefLabel"], json!("community garden"));
    assert_eq!(extraction.drafts[0].fields["note"], json!("Raised beds and a pond. 0131 496 0400"));
    assert_eq!(extraction.drafts[2].key, "No id");
}

#[test]
fn positions_of_another_system_are_left_out_and_told() {
    let bytes = json!({
        "type": "FeatureCollection",
        "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::27700" } },
        "features": [{ "type": "Feature", "id": 1, "geometry": { "type": "Point", "coordinates": [3.0, 5.0] }, "properties": { "name": "Hall" } }],
    });
    let extraction = extract(bytes.to_string().as_bytes(), None);
    assert!(codes(&extraction).contains(&"unknown-crs"));
    assert!(!extraction.drafts[0].fields.contains_key("locations"));
}

#[test]
fn what_is_no_geojson_is_broken() {
    for bytes in [&br#"{"type": "Topology"}"#[..], b"<html>", br#"{"type": "FeatureCollection"}"#] {
        let extraction = extract(bytes, None);
        assert_eq!(extraction.problems[0].severity, Severity::Broken);
    }
}

#[test]
fn geojson_is_told_from_json() {
    assert_eq!((FORMAT.recognises)(&document(fixture!("places"))), 85);
    assert_eq!((FORMAT.recognises)(&document(br#"{"features": []}"#)), 0);
}
