//! The seeds, counted against their sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value as Json;

use super::server::{TestServer, project};

fn counts() -> Json {
    serde_json::from_str(&fs::read_to_string(project("tests/fixtures/seeds/counts.json")).unwrap())
        .unwrap()
}

/// Every record of a kind, whole.
async fn records(kind: &str) -> Vec<Json> {
    let server = TestServer::seeded();
    let path = &server.register.schema().kind(kind).unwrap().path.clone();
    let list = server.json(&format!("/api/v1/{path}?limit=1000")).await;
    assert_eq!(list["next"], Json::Null, "{kind}: there are more than a thousand");
    let mut records = Vec::new();
    for item in list["items"].as_array().unwrap() {
        let key = item["id"].as_str().unwrap().rsplit('/').next().unwrap();
        records.push(server.json(&format!("/api/v1/{path}/{key}")).await);
    }
    records
}

/// The strings of a property that is one, a list, or a text by language.
fn strings(json: &Json) -> Vec<&str> {
    match json {
        Json::String(text) => vec![text],
        Json::Array(items) => items.iter().flat_map(strings).collect(),
        Json::Object(object) => object.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

fn listed_under(records: &[Json], wanted: &str) -> BTreeMap<String, u64> {
    let mut headings = BTreeMap::new();
    for record in records {
        for heading in strings(&record["listedUnder"]) {
            if let Some(heading) = heading.strip_prefix(wanted) {
                *headings.entry(heading.to_owned()).or_default() += 1;
            }
        }
    }
    headings
}

fn numbers(json: &Json) -> BTreeMap<String, u64> {
    json.as_object()
        .unwrap()
        .iter()
        .map(|(key, count)| (key.clone(), count.as_u64().unwrap()))
        .collect()
}

#[tokio::test]
async fn every_entry_of_both_appendices_is_there_under_its_heading() {
    let (counts, resources) = (counts(), records("resource").await);
    assert_eq!(listed_under(&resources, "Appendix II: "), numbers(&counts["appendix-ii"]));
    assert_eq!(listed_under(&resources, "Appendix III: "), numbers(&counts["appendix-iii"]));
    let of_two = |record: &&Json| {
        strings(&record["listedUnder"]).iter().any(|heading| heading.starts_with("Appendix II: "))
    };
    let with_link =
        resources.iter().filter(of_two).filter(|record| record["url"].is_string()).count();
    assert_eq!(with_link as u64, counts["appendix-ii-with-link"]);
}

#[tokio::test]
async fn every_interview_and_the_framework_is_a_case_study_with_its_findings() {
    let (counts, studies) = (counts(), records("case-study").await);
    let listed = |heading: &str| {
        let is = |study: &&Json| {
            strings(&study["listedUnder"]).iter().any(|under| under.eq_ignore_ascii_case(heading))
        };
        let found: Vec<&Json> = studies.iter().filter(is).collect();
        assert_eq!(found.len(), 1, "{heading}");
        found[0].clone()
    };
    let findings = counts["findings"].as_object().unwrap();
    assert_eq!(
        findings.len() as u64,
        counts["interviews"].as_u64().unwrap() + counts["frameworks"].as_u64().unwrap()
    );
    for (name, expected) in findings {
        let heading = if name == "framework" { "Case study" } else { &name.replace('-', " ") };
        let study = listed(heading);
        let sizes: Vec<usize> = ["challenges", "helped", "hindered", "needs"]
            .map(|key| study[key].as_array().map_or(0, Vec::len))
            .into();
        assert_eq!(Json::from(sizes), *expected, "{name}");
    }
}

#[tokio::test]
async fn each_source_has_as_many_records_of_each_kind_as_were_counted() {
    let server = TestServer::seeded();
    for (source, kinds) in counts()["records"].as_object().unwrap() {
        let list =
            server.json(&format!("/api/v1/search?source={source}&facets=kind&limit=1")).await;
        let mut found: BTreeMap<String, u64> = list["facets"]["kind"]
            .as_array()
            .unwrap()
            .iter()
            .map(|count| {
                (count["value"].as_str().unwrap().to_owned(), count["count"].as_u64().unwrap())
            })
            .collect();
        found.remove("source");
        assert_eq!(found, numbers(kinds), "{source}");
    }
}

#[tokio::test]
async fn every_organisation_that_is_named_is_registered_under_that_name() {
    let mut names = BTreeSet::new();
    for record in records("organisation").await {
        for key in ["name", "alternateName"] {
            names.extend(strings(&record[key]).into_iter().map(folded));
        }
    }
    for (source, named) in counts()["organisations-named"].as_object().unwrap() {
        for name in named.as_array().unwrap() {
            assert!(names.contains(&folded(name.as_str().unwrap())), "{source}: {name}");
        }
    }
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests must know what was not tested")]
fn skip(why: &str) {
    println!("skipped: {why}");
}

/// Small letters, one space between words.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without any white space: the sources break their lines inside addresses.
fn packed(text: &str) -> String {
    text.to_lowercase().chars().filter(|character| !character.is_whitespace()).collect()
}

#[tokio::test]
async fn every_title_and_address_of_the_appendices_stands_in_the_report() {
    let Ok(report) =
        fs::read_to_string(project("../shared/sources/acosvo-partnership-report-2013.txt"))
    else {
        skip("the report is not here");
        return;
    };
    let report = packed(&report);
    let mut missing = Vec::new();
    for record in records("resource").await {
        if !strings(&record["listedUnder"]).iter().any(|heading| heading.starts_with("Appendix I"))
        {
            continue;
        }
        let name = record["name"].as_str().unwrap();
        if !report.contains(&packed(name)) {
            missing.push(name.to_owned());
        }
        if let Some(url) = record["url"].as_str() {
            let bare = url.trim_start_matches("http://").trim_end_matches('/');
            if !report.contains(&packed(url)) && !report.contains(&packed(bare)) {
                missing.push(url.to_owned());
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[tokio::test]
async fn the_lists_have_as_many_assets_as_their_readme_says() {
    let server = TestServer::seeded();
    let list = server.json("/api/v1/search?kind=asset&facets=type,source&limit=1").await;
    assert_eq!(list["total"], 481 + 523 + 265, "libraries, stops, hospitals");
    let types: BTreeMap<&str, u64> = list["facets"]["type"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| (count["value"].as_str().unwrap(), count["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        (types["mobile-library-stop"], types["hospital"], types["health-centre"]),
        (523, 180, 85)
    );
}
