//! Whether an API gives all services at once, a line each, by the description
//! that its root names (`openapi_url`; contract F24).

use serde_json::Value as Json;
use url::Url;

use super::super::json::read;
use crate::harvest::document::Document;

/// Where the root of an API, `document`, says that it is described: at its own
/// host.
pub(in crate::harvest::format) fn description(document: &Document) -> Option<Url> {
    let json = read(document, &mut Vec::new())?.json;
    json.get("version").filter(|_| json.get("contents").is_none())?;
    let url = document.url.join(json.get("openapi_url")?.as_str()?).ok()?;
    (url.origin() == document.url.origin()).then_some(url)
}

/// The address of all services at once below `root`, when the `description` of
/// its API says that there is one: the list of services takes a `format`, and
/// `ndjson` is one.
pub(in crate::harvest::format) fn at_once(root: &Url, description: &Document) -> Option<Url> {
    let json = read(description, &mut Vec::new())?.json;
    let paths = json.get("paths")?.as_object()?;
    let (_, path) =
        paths.iter().find(|(path, _)| path.trim_end_matches('/').ends_with("/services"))?;
    let lists = [path.get("parameters"), path.pointer("/get/parameters")];
    let mut parameters = lists.into_iter().flatten().filter_map(Json::as_array).flatten();
    let is_offered = parameters.any(|parameter| {
        let parameter = parameter
            .get("$ref")
            .and_then(Json::as_str)
            .map_or(Some(parameter), |to| json.pointer(to.strip_prefix('#')?));
        parameter.is_some_and(takes_ndjson)
    });
    let mut url = root.clone();
    url.query_pairs_mut().append_pair("format", "ndjson");
    is_offered.then_some(url)
}

/// Whether a parameter chooses the format, and lines of JSON are one: by the
/// values that it takes, or where it lists none by what is said of it.
fn takes_ndjson(parameter: &Json) -> bool {
    let text = |value: &Json| value.as_str().is_some_and(|it| it.eq_ignore_ascii_case("ndjson"));
    let is_format = parameter.get("name").and_then(Json::as_str) == Some("format");
    let values = parameter.pointer("/schema/enum").or_else(|| parameter.get("enum"));
    let is_taken = match values.and_then(Json::as_array) {
        Some(values) => values.iter().any(text),
        None => ["description", "example"]
            .iter()
            .filter_map(|key| parameter.get(*key).and_then(Json::as_str))
            .any(|told| told.to_ascii_lowercase().contains("ndjson")),
    };
    is_format && is_taken
}

#[cfg(test)]
mod tests {
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
}
