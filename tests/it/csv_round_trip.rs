//! A table that one register exports, another takes in without being told what
//! the columns are, and then exports in the same words.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::program::{Server, get, run, run_with};

/// What is carried over, in the order in which records name each other.
const KINDS: &[&str] = &[
    "organisations",
    "assets",
    "partnerships",
    "resources",
    "case-studies",
    "offers",
    "needs",
    "collections",
];

/// How much of a kind is carried over: all but of assets, of which the first
/// are as good as all.
fn query(kind: &str) -> &'static str {
    if kind == "assets" { "sort=name&limit=300" } else { "sort=name&limit=1000" }
}

/// Every record of a list by its IRI, as lists show it.
fn records(address: SocketAddr, kind: &str) -> BTreeMap<String, Value> {
    let list = get(address, &format!("/api/v1/{kind}.json?{}", query(kind))).json();
    let items = list["items"].as_array().unwrap();
    let entry = |item: &Value| {
        let mut item = item.clone();
        if let Some(url) = item.get("url").and_then(Value::as_str) {
            item["url"] = normal(url).into();
        }
        // Those of its source, which is another one here.
        for of_source in ["sourceLicence", "sourceAttribution"] {
            item.as_object_mut().unwrap().shift_remove(of_source);
        }
        (item["id"].as_str().unwrap().to_owned(), item)
    };
    items.iter().map(entry).collect()
}

/// The rows of a table, in order.
fn table(address: SocketAddr, kind: &str) -> Vec<BTreeMap<String, String>> {
    let answer = get(address, &format!("/api/v1/{kind}.csv?{}", query(kind)));
    assert_eq!(answer.status, 200, "{kind}");
    let mut reader = csv::Reader::from_reader(answer.body.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| {
        let mut row = row.unwrap();
        if let Some(url) = row.get_mut("url").filter(|url| !url.is_empty()) {
            *url = normal(url);
        }
        // A register names its own sources and their licences, and who takes a
        // table in has one more.
        row.remove("attribution").unwrap();
        row.remove("licence").unwrap();
        row
    });
    rows.collect()
}

/// An address as every import writes it: `https://a.example` has a slash at its
/// end (RFC 3986, 6.2.3). All else is the same to the letter.
fn normal(url: &str) -> String {
    url::Url::parse(url).unwrap().to_string()
}

#[test]
fn a_table_that_was_exported_is_imported_unchanged() {
    let first = tempdir().unwrap();
    let publisher = Server::start(first.path(), &["--seed"]);
    let second = tempdir().unwrap();
    let settings = second.path().join("kist.toml");
    let address = publisher.address();
    let text = format!(
        "[harvest.fetch]\nallowed_hosts = [\"{address}\"]\n[harvest.fetch.pace]\ndelay = \"0s\"\n\
         [harvest.fetch.address_pace]\ndelay = \"0s\"\n"
    );
    std::fs::write(&settings, text).unwrap();
    let data = second.path().join("data");
    let kist = |line: &str| run_with(line, &[Path::new("--config"), &settings], &data);
    let mut carried = Vec::new();
    for kind in KINDS {
        let expected = records(address, kind);
        if expected.is_empty() {
            continue;
        }
        let url = format!("http://{address}/api/v1/{kind}.csv?{}", query(kind));
        let licence = "https://creativecommons.org/licenses/by/4.0/";
        kist(&format!(
            "harvest add {url} --id {kind} --format csv --identities keep --licence {licence}"
        ))
        .with(0);
        let run = kist(&format!("harvest run {kind}")).with(0).stdout;
        assert!(run.contains(&format!("{} new", expected.len())), "{kind}: {run}");
        carried.push((kind, expected, table(address, kind)));
    }
    assert!(carried.len() >= 5, "the seeds have fewer kinds than were thought");
    run("check", &data).with(0);
    let reader = Server::start(&data, &[]);
    for (kind, expected, csv) in carried {
        let found = records(reader.address(), kind);
        let changed: Vec<_> = expected
            .iter()
            .filter(|(id, record)| found.get(*id) != Some(record))
            .map(|(id, record)| format!("{record}\n  became {:?}", found.get(id)))
            .collect();
        assert!(
            changed.is_empty(),
            "{kind}: {} of {}\n{}",
            changed.len(),
            expected.len(),
            changed.join("\n")
        );
        assert_eq!(found.len(), expected.len());
        let again = table(reader.address(), kind);
        for (row, expected) in again.iter().zip(&csv) {
            assert_eq!(row, expected, "{kind}");
        }
        assert_eq!(again.len(), csv.len());
    }
}
