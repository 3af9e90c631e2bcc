//! Registers for the tests: the postcodes of the contract and some services.

use std::sync::OnceLock;

use http::StatusCode;
use kist::gazetteer::{self, Gazetteer};
use serde_json::{Value as Json, json};

use super::super::server::{Answer, TestServer, project};

/// The position of the postcode G2 4AA, from which the cases are asked.
pub(super) const G2_4AA: (f64, f64) = (55.865_291_82, -4.268_441_8);
/// 1,397 metres from there.
pub(super) const G2_9ZZ: (f64, f64) = (55.861_049_46, -4.247_368_92);
/// 12,364 metres from there.
pub(super) const PA8_7WZ: (f64, f64) = (55.905_466_7, -4.453_300_31);
/// Aberdeen, 190 kilometres from there.
pub(super) const AB10_6EJ: (f64, f64) = (57.133_752_56, -2.118_630_86);

pub(super) const GLASGOW: &str = "S12000049";
pub(super) const EDINBURGH: &str = "S12000036";
pub(super) const SCOTLAND: &str = "S92000003";

/// The gazetteer with the whole postcodes of the contract.
fn postcodes() -> Gazetteer {
    static LOADED: OnceLock<Gazetteer> = OnceLock::new();
    let loaded = LOADED.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let file = project("tests/fixtures/aliss/postcodes.csv");
        gazetteer::load(directory.path(), &file, &mut |_| {}).unwrap();
        Gazetteer::open(directory.path()).unwrap()
    });
    loaded.clone()
}

/// A register with categories and these records, which may lack their type and
/// the type of asset.
pub(super) fn server(records: &[Json]) -> TestServer {
    with(TestServer::with_categories(), records)
}

/// The same without any category, which is quicker.
pub(super) fn bare(records: &[Json]) -> TestServer {
    with(TestServer::empty(), records)
}

fn with(server: TestServer, records: &[Json]) -> TestServer {
    server.register.replace_gazetteer(postcodes());
    let records = records.iter().map(|record| {
        let mut record = record.clone();
        let key = record["name"].as_str().unwrap().to_lowercase().replace(' ', "-");
        let fields = record.as_object_mut().unwrap();
        for (name, value) in [("type", "asset"), ("id", key.as_str())] {
            fields.entry(name).or_insert_with(|| json!(value));
        }
        if fields["type"] == "asset" {
            fields.entry("assetType").or_insert_with(|| json!("service"));
        }
        record
    });
    server.load(&records.collect());
    server
}

/// A service at a position.
pub(super) fn at(name: &str, (latitude, longitude): (f64, f64), areas: &[&str]) -> Json {
    let locations = json!([{ "latitude": latitude, "longitude": longitude }]);
    let mut service = json!({ "name": name, "locations": locations });
    if !areas.is_empty() {
        service["areaServed"] = json!(areas);
    }
    service
}

/// A service without a location.
pub(super) fn serving(name: &str, areas: &[&str]) -> Json {
    json!({ "name": name, "areaServed": areas })
}

/// The names of the services that a list has, in order.
pub(super) async fn names(server: &TestServer, path: &str) -> Vec<String> {
    let list = server.json(path).await;
    let rows = list["data"].as_array().unwrap();
    assert_eq!(list["count"], json!(rows.len()), "{path} has one page");
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

/// The status and the body.
pub(super) async fn said(server: &TestServer, path: &str) -> (StatusCode, Json) {
    let answer: Answer = server.get(path).await;
    assert_eq!(answer.header("content-type"), "application/json", "{path}: {answer}");
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    (answer.status, answer.json())
}
