//! The published specifications, with their references resolved from the
//! fixtures, and the faults that they find in an answer.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::api::server::project;

const FIXTURES: &str = "tests/fixtures/open-referral";

/// Where the published addresses are here.
const MAPS: &[(&str, &str)] = &[
    ("https://raw.githubusercontent.com/openreferral/uk-profile/main/schema/", "uk-profile/"),
    (
        "https://raw.githubusercontent.com/tpximpact/OpenReferralApi/refs/heads/main/OpenReferralApi/Schemas/V3.0-UK/",
        "validator/",
    ),
];

/// A file of the fixtures, with every reference in it replaced by what it leads
/// to.
pub(super) fn resolved(name: &str) -> Json {
    let path = project(FIXTURES).join(name);
    let document = read(&path);
    resolve(&document, &document, &path)
}

fn read(path: &Path) -> Json {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn resolve(node: &Json, document: &Json, path: &Path) -> Json {
    match node {
        Json::Array(list) => list.iter().map(|node| resolve(node, document, path)).collect(),
        Json::Object(object) => {
            let Some(reference) = object.get("$ref").and_then(Json::as_str) else {
                let fields = object.iter();
                return fields
                    .map(|(key, node)| (key.clone(), resolve(node, document, path)))
                    .collect();
            };
            let mut target = follow(reference, document, path);
            if let Some(fields) = target.as_object_mut() {
                for (key, value) in object.iter().filter(|(key, _)| *key != "$ref") {
                    fields.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            target
        }
        other => other.clone(),
    }
}

fn follow(reference: &str, document: &Json, path: &Path) -> Json {
    if let Some(pointer) = reference.strip_prefix('#') {
        return resolve(document.pointer(pointer).unwrap(), document, path);
    }
    let mapped = MAPS.iter().find_map(|(address, folder)| {
        Some(project(FIXTURES).join(folder).join(reference.strip_prefix(address)?))
    });
    let file: PathBuf = mapped.unwrap_or_else(|| path.parent().unwrap().join(reference));
    let document = read(&file);
    resolve(&document, &document, &file)
}

/// What the schema finds wrong with `answer`, formats included.
pub(super) fn faults(schema: &Json, answer: &Json) -> Vec<String> {
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(schema)
        .unwrap();
    let faults = validator.iter_errors(answer);
    faults.map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

#[test]
fn the_published_example_of_what_is_wrong_is_found_to_be_wrong() {
    let schema = resolved("uk-profile/compiled/service.json");
    let service = serde_json::json!({
        "id": "7c9e6679-7425-5de2-944b-e07fc1f90a01", "name": "Tea", "status": "active",
    });
    assert_eq!(faults(&schema, &service), Vec::<String>::new());
    for (key, wrong) in [
        ("id", serde_json::json!("tea")),
        ("status", serde_json::json!("Active")),
        ("url", serde_json::json!("")),
        ("email", serde_json::json!(null)),
        ("minimum_age", serde_json::json!("16")),
        ("last_modified", serde_json::json!("2026-11-22T10:00:00")),
        (
            "schedules",
            serde_json::json!([{"id": "7c9e6679-7425-5de2-944b-e07fc1f90a01", "freq": "DAILY"}]),
        ),
    ] {
        let mut service = service.clone();
        service[key] = wrong;
        assert!(!faults(&schema, &service).is_empty(), "{key}");
    }
}
