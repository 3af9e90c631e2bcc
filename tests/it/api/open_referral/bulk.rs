//! Everything in one file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use serde_json::Value as Json;

use super::{ROOT, list, rich};
use crate::api::server::TestServer;

/// The tables of a package by the names of their files, each row by its
/// columns.
async fn tables(server: &TestServer) -> (Json, BTreeMap<String, Vec<BTreeMap<String, String>>>) {
    let answer = server.get(&format!("{ROOT}/datapackage.zip")).await;
    assert_eq!(answer.headers["content-type"], "application/zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
    let mut described = Json::Null;
    let mut tables = BTreeMap::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == "datapackage.json" {
            described = serde_json::from_slice(&bytes).unwrap();
            continue;
        }
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let rows = reader.deserialize().map(Result::unwrap).collect();
        tables.insert(name, rows);
    }
    (described, tables)
}

#[tokio::test]
async fn the_package_has_the_tables_that_it_describes_and_its_ids_lead_to_rows() {
    let (described, tables) = tables(&TestServer::seeded()).await;
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let resources = described["resources"].as_array().unwrap();
    for resource in resources {
        let rows = &tables[resource["path"].as_str().unwrap()];
        let own: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
        assert_eq!(own.len(), rows.len(), "{}: an id comes twice", resource["name"]);
        ids.insert(resource["name"].as_str().unwrap(), own);
    }
    assert_eq!(ids["service"].len(), 1_269);
    assert_eq!(resources.len(), tables.len());
    for resource in resources {
        let name = resource["name"].as_str().unwrap();
        for key in resource["schema"]["foreignKeys"].as_array().unwrap() {
            let column = key["fields"].as_str().unwrap();
            let target = match key["reference"]["resource"].as_str().unwrap() {
                "" => name,
                other => other,
            };
            for row in &tables[resource["path"].as_str().unwrap()] {
                let id = row[column].as_str();
                assert!(id.is_empty() || ids[target].contains(id), "{name}.{column} {id}");
            }
        }
    }
}

#[tokio::test]
async fn a_row_says_what_the_object_does() {
    let server = rich();
    let (_, tables) = tables(&server).await;
    let page = list(&server, "/services?full=true").await;
    let services = page["contents"].as_array().unwrap();
    assert_eq!(tables["services.csv"].len(), services.len());
    for service in services {
        let mut rows = tables["services.csv"].iter();
        let row = rows.find(|row| row["id"] == service["id"].as_str().unwrap()).unwrap();
        for (column, cell) in row {
            let expected = match &service[column.as_str()] {
                Json::String(text) => text.clone(),
                Json::Number(number) => number.to_string(),
                _ => String::new(),
            };
            assert_eq!(*cell, expected, "{column}");
        }
    }
    let schedules: usize =
        services.iter().map(|service| service["schedules"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(tables["schedule.csv"].len(), schedules);
}

#[tokio::test]
async fn the_export_is_a_list_of_all_services_in_full() {
    let server = rich();
    let export = server.get(&format!("{ROOT}/export.json")).await;
    let page = list(&server, "/services?full=true").await;
    assert_eq!(export.json(), page["contents"]);
    let empty = TestServer::empty();
    assert_eq!(empty.json(&format!("{ROOT}/export.json")).await, serde_json::json!([]));
}
