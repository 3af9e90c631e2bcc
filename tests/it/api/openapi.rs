//! The OpenAPI document: locked, without faults, and true of the records.

use insta::assert_snapshot;
use kist::schema::Schema;
use kist::web::{audit, routes};
use regex::Regex;
use serde_json::{Map, Value as Json};

use super::server::{BASE, TestServer};

#[tokio::test]
async fn the_document_is_as_it_was() {
    let server = TestServer::empty();
    let document = server.json("/api/openapi.json").await;
    assert_snapshot!("openapi", serde_json::to_string_pretty(&shortened(document)).unwrap());
}

/// The document with each parameter and each answer written once: lists of
/// all kinds share theirs.
fn shortened(mut document: Json) -> Json {
    let mut once = Map::new();
    let mut share = |json: &mut Json, name: &str| {
        let same = |(known, of): (&String, &Json)| known.starts_with(name) && of == json;
        let known =
            once.iter().find(|(known, of)| same((known, of))).map(|(known, _)| known.clone());
        let known = known.unwrap_or_else(|| {
            let number = once.keys().filter(|known| known.starts_with(name)).count();
            let name = format!("{name} {number}");
            once.insert(name.clone(), json.clone());
            name
        });
        *json = Json::from(known);
    };
    for operation in document["paths"]
        .as_object_mut()
        .unwrap()
        .values_mut()
        .flat_map(|path| path.as_object_mut().unwrap().values_mut())
    {
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let name = format!(
                "{} {}",
                parameter["in"].as_str().unwrap(),
                parameter["name"].as_str().unwrap()
            );
            share(parameter, &name);
        }
        for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
            share(response, status);
        }
    }
    document["once"] = Json::Object(once);
    document
}

#[test]
fn the_table_and_the_document_have_no_faults() {
    let schema = Schema::standard();
    assert_eq!(audit::table_faults(&routes(&schema)), Vec::<String>::new());
    let document = kist::web::api::document(routes, &schema, BASE);
    assert_eq!(audit::document_faults(&document), Vec::<String>::new());
}

#[tokio::test]
async fn a_client_that_has_the_document_gets_nothing_again() {
    let server = TestServer::empty();
    let tag = server.get("/api/openapi.json").await.header("etag");
    let again = server.get_with("/api/openapi.json", "if-none-match", &tag).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn every_get_of_the_document_is_answered_as_it_says() {
    let server = TestServer::seeded();
    let document = server.json("/api/openapi.json").await;
    let named = Regex::new(r"\{[a-z]+\}").unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let Some(get) = operations.get("get") else { continue };
        // One that nothing is registered under.
        let asked = named.replace_all(path, "nothing-here");
        let status = server.get(&asked).await.status.as_u16();
        let declared = get["responses"].as_object().unwrap();
        assert!(declared.contains_key(&status.to_string()), "{path}: {status} is not declared");
    }
}

#[tokio::test]
async fn every_record_of_the_seeds_keeps_its_schema() {
    let server = TestServer::seeded();
    let document = server.json("/api/openapi.json").await;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let (mut since, mut seen) = (0, 0);
    loop {
        let page = server.json(&format!("/api/v1/changes?since={since}&limit=1000")).await;
        let items = page["items"].as_array().unwrap();
        let Some(last) = items.last() else { break };
        since = last["revision"].as_u64().unwrap();
        for item in items {
            let name = component(item["type"].as_str().unwrap());
            let mut faults = Vec::new();
            check(
                schemas,
                &schemas[&name],
                &item["record"],
                &item["record"]["id"].to_string(),
                &mut faults,
            );
            assert_eq!(faults, Vec::<String>::new());
            seen += 1;
        }
    }
    assert!(seen > 2_000, "{seen}");
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let document = kist::web::api::document(routes, &Schema::standard(), BASE);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (record, expected) in [
        (serde_json::json!({ "type": "organisation" }), "/: name is missing"),
        (serde_json::json!({ "name": 7 }), "/name: fits none"),
        (serde_json::json!({ "name": "a", "zzz": 1 }), "/zzz: is not declared"),
        (serde_json::json!({ "name": "a", "url": 1 }), "/url: is no string"),
        (serde_json::json!({ "name": "a", "slug": "A B" }), "/slug: does not match"),
    ] {
        let mut faults = Vec::new();
        check(schemas, &schemas["Organisation"], &record, "", &mut faults);
        assert!(
            faults.iter().any(|fault| fault.contains(expected.split(": ").nth(1).unwrap())),
            "{faults:?}"
        );
    }
}

/// `case-study` → `CaseStudy`.
fn component(kind: &str) -> String {
    kind.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// What is wrong with `json` by the parts of JSON Schema that our documents
/// use.
fn check(
    schemas: &Map<String, Json>,
    schema: &Json,
    json: &Json,
    at: &str,
    faults: &mut Vec<String>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        return check(schemas, &schemas[name], json, at, faults);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = |choice: &Json| {
            let mut faults = Vec::new();
            check(schemas, choice, json, at, &mut faults);
            faults.is_empty()
        };
        if !choices.iter().any(fits) {
            faults.push(format!("{at}: fits none: {json}"));
        }
    }
    let mut wrong = |what: &str| faults.push(format!("{at}: {what}: {json}"));
    let has_type = match schema["type"].as_str() {
        Some("string") => json.is_string(),
        Some("integer") => json.is_i64(),
        Some("number") => json.is_number(),
        Some("boolean") => json.is_boolean(),
        Some("array") => json.is_array(),
        Some("object") => json.is_object(),
        _ => true,
    };
    if !has_type {
        return wrong(&format!("is no {}", schema["type"].as_str().unwrap()));
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(json)) {
        wrong("is none of the values");
    }
    if schema.get("const").is_some_and(|only| only != json) {
        wrong("is another value");
    }
    if let Some(text) = json.as_str() {
        if schema["pattern"]
            .as_str()
            .is_some_and(|pattern| !Regex::new(pattern).unwrap().is_match(text))
        {
            wrong("does not match");
        }
        let length = text.chars().count() as u64;
        if schema["maxLength"].as_u64().is_some_and(|most| length > most) {
            wrong("is too long");
        }
    }
    if let Some(number) = json.as_f64()
        && (schema["minimum"].as_f64().is_some_and(|low| number < low)
            || schema["maximum"].as_f64().is_some_and(|high| number > high))
    {
        wrong("is out of range");
    }
    if let Some(items) = json.as_array().filter(|_| schema.get("items").is_some()) {
        for (position, item) in items.iter().enumerate() {
            check(schemas, &schema["items"], item, &format!("{at}/{position}"), faults);
        }
    }
    if let Some(object) = json.as_object() {
        check_object(schemas, schema, object, at, faults);
    }
}

fn check_object(
    schemas: &Map<String, Json>,
    schema: &Json,
    object: &Map<String, Json>,
    at: &str,
    faults: &mut Vec<String>,
) {
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        if !object.contains_key(key) {
            faults.push(format!("{at}: {key} is missing"));
        }
    }
    for (key, value) in object {
        let at = format!("{at}/{key}");
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(declared), _) => check(schemas, declared, value, &at, faults),
            (None, Json::Bool(false)) => faults.push(format!("{at}: is not declared")),
            (None, Json::Object(_)) => {
                check(schemas, &schema["additionalProperties"], value, &at, faults);
            }
            _ => {}
        }
    }
}
