//! Articles, reports and other works → resources.

use serde_json::{Value as Json, json};

use super::Context;
use super::asset::key_of;
use super::graph::{Graph, Node};
use super::{organisation, words};
use crate::harvest::clean::date;
use crate::harvest::extraction::{Draft, Link};

/// Authors of one work.
const MOST_AUTHORS: usize = 50;

/// Fills the draft of a resource of type `slug`.
pub(super) fn fill(
    draft: &mut Draft,
    slug: &str,
    graph: &Graph,
    node: &Node,
    context: &Context<'_>,
) {
    organisation::set_identity(draft, graph, node, context);
    // These fields are not of resources.
    for field in ["alternateName", "email", "telephone", "socialLinks"] {
        draft.fields.remove(field);
    }
    draft.set("resourceType", slug);
    if !draft.fields.contains_key("url") {
        draft.set("url", context.canonical.as_str());
    }
    let authors: Vec<Json> = node
        .all("author")
        .iter()
        .chain(node.all("creator"))
        .filter_map(|author| words::called(graph, author))
        .filter(|name| !name.starts_with("http"))
        .map(|name| json!({"name": name}))
        .take(MOST_AUTHORS)
        .collect();
    draft.set("authors", authors);
    if let Some(key) = node.all("publisher").iter().find_map(|value| key_of(graph, value, context))
    {
        draft.links.push(Link {
            field: "publisher".to_owned(),
            kind: "organisation".to_owned(),
            key,
        });
    }
    let published = node.text("datePublished").or_else(|| node.text("dateCreated"));
    if let Some(published) = published.and_then(|written| date::partial_date(written).ok()) {
        draft.set("published", published);
    }
    if let Some(format) = node.text("encodingFormat").filter(|format| is_media_type(format)) {
        draft.set("mediaType", format);
    }
    draft.set("languages", words::languages(graph, node));
    if let Some(licence) = words::addresses(graph, node, "license", context.base).into_iter().next()
    {
        draft.set("licence", licence.as_str());
    }
    for property in ["keywords", "about", "articleSection", "genre"] {
        words::add_terms(draft, "topics", graph, node, property);
    }
}

fn is_media_type(written: &str) -> bool {
    written.split_once('/').is_some_and(|(kind, rest)| {
        !kind.is_empty()
            && kind.bytes().all(|byte| byte.is_ascii_lowercase())
            && !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte))
    })
}
