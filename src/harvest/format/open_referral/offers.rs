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
#[path = "offers_tests.rs"]
mod tests;
