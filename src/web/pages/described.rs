//! A record in the words of schema.org, for the head of its page.

use serde_json::Map;
use serde_json::Value as Json;

use crate::record::RecordId;
use crate::web::html::content;
use crate::web::html::site::Site;
use crate::web::html::structured;
use crate::web::html::structured::Listed;
use crate::web::html::structured::Subject;
use crate::web::reuse;

/// The record in the words of schema.org. A collection is the list of what is
/// on it.
pub(super) fn describe(site: Site<'_>, id: &RecordId, json: &Map<String, Json>) -> Option<Json> {
    let base = site.state.register.base().as_str();
    let page = format!("{base}{}", site.path(id.kind(), id.id()));
    if id.kind() == "collection" {
        return Some(collected(site, json, &page));
    }
    let summary = site.summary(id.kind(), id.id());
    let credits = site.state.register.credits(&id.to_string());
    let licences = reuse::licences(site.state, &credits);
    structured::describe(&Subject {
        licences: &licences,
        today: site.state.today(),
        kind: id.kind(),
        record: json,
        summary: summary.as_ref().unwrap_or(json),
        page: &page,
        language: site.language,
    })
}

fn collected(site: Site<'_>, json: &Map<String, Json>, page: &str) -> Json {
    let base = site.state.register.base().as_str();
    let items = json.get("items").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let listed: Vec<Listed> = items
        .iter()
        .filter_map(|item| {
            let iri = item.get("item").unwrap_or(item).as_str()?;
            let (kind, id) = content::thing(iri, base)?;
            let name = site.name(kind, id)?.text;
            Some((name, format!("{base}{}", site.path(kind, id))))
        })
        .enumerate()
        .map(|(place, (name, page))| Listed { name, page, position: place + 1 })
        .collect();
    let name = content::first_text(json, &["name"], site.language).map(|name| name.text);
    let about =
        content::first_text(json, &["summary", "description"], site.language).map(|text| text.text);
    let total = listed.len() as u64;
    structured::list(&name.unwrap_or_default(), page, about.as_deref(), total, &listed)
}
