//! Tests of [`offers`](super).

use super::*;
use serde_json::json;

fn document(json: &Json) -> Document {
    Document {
        url: "https://partner.example/oruk/".parse().unwrap(),
        media_type: Some("application/json".to_owned()),
        charset: None,
        bytes: json.to_string().into_bytes(),
        retrieved_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

#[track_caller]
fn check(parameters: &Json, is_offered: bool) {
    let description = document(&json!({
        "openapi": "3.1.0",
        "paths": { "/services/{id}": { "get": {} }, "/services": { "get": { "parameters": parameters } } },
        "components": { "parameters": { "format": { "name": "format", "schema": { "enum": ["ndjson"] } } } },
    }));
    let root: Url = "https://partner.example/oruk/".parse().unwrap();
    let found = at_once(&root, &description);
    let expected = is_offered.then_some("https://partner.example/oruk/?format=ndjson");
    assert_eq!(found.as_ref().map(Url::as_str), expected, "{parameters}");
}

#[test]
fn all_at_once_is_found_where_the_description_offers_it() {
    let of = |schema: Json| json!([{ "name": "page" }, { "name": "format", "schema": schema }]);
    check(&of(json!({ "enum": ["json", "ndjson"] })), true);
    check(&of(json!({ "enum": ["json", "csv"] })), false);
    check(&json!([{ "$ref": "#/components/parameters/format" }]), true);
    check(&json!([{ "$ref": "https://other.example/format" }]), false);
    check(&json!([{ "name": "format", "description": "`ndjson` gives all" }]), true);
    check(&json!([{ "name": "q", "description": "ndjson" }]), false);
    check(&json!([]), false);
}

#[test]
fn the_description_is_asked_for_at_the_host_of_the_api_alone() {
    let root =
        |address: &str| document(&json!({ "version": "HSDS-UK-3.0", "openapi_url": address }));
    let found = |address: &str| description(&root(address)).map(String::from);
    assert_eq!(found("openapi.json").unwrap(), "https://partner.example/oruk/openapi.json");
    assert_eq!(found("http://localhost/openapi.json"), None);
    assert_eq!(description(&document(&json!({ "contents": [], "version": "3" }))), None);
}
