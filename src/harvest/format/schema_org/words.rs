//! Texts, addresses and terms of a thing, as a draft has them.

use serde_json::{Map, Value as Json, json};
use url::Url;

use super::graph::{Graph, Node, Value, local};
use crate::harvest::extraction::{Draft, Term};

/// Characters of a text that are kept; the longest field has 20,000, and this
/// leaves room for markup.
const MOST_CHARACTERS: usize = 100_000;
/// Terms of one field that are kept.
const MOST_TERMS: usize = 100;

/// A text in its languages: plain when it has none or the source's own.
pub(super) fn text(values: &[Value], language: &str) -> Option<Json> {
    let own = primary(language);
    let mut by_language = Map::new();
    for value in values {
        let Some(words) = value.words() else { continue };
        let tag = match value {
            Value::Text(_, Some(tag)) => primary(tag),
            _ => own.clone(),
        };
        by_language.entry(tag).or_insert_with(|| cut(words).into());
    }
    if by_language.len() == 1 && by_language.contains_key(&own) {
        return by_language.remove(&own);
    }
    (!by_language.is_empty()).then_some(Json::Object(by_language))
}

fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or(tag).to_lowercase()
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARACTERS).map_or(text, |(end, _)| &text[..end])
}

/// Sets a text field from the first of `properties` that is there.
pub(super) fn set_text(
    draft: &mut Draft,
    field: &str,
    node: &Node,
    properties: &[&str],
    language: &str,
) {
    let found = properties.iter().find_map(|property| text(node.all(property), language));
    if let Some(found) = found {
        draft.set(field, found);
    }
}

/// The words by which a value is called: its text, or the name of the thing.
pub(super) fn called<'a>(graph: &'a Graph, value: &'a Value) -> Option<&'a str> {
    match graph.node(value).and_then(|node| graph.nodes.get(node)) {
        Some(node) => node.text("name").or_else(|| node.text("headline")),
        None => value.words(),
    }
}

/// Complete addresses of a property, of the web only.
pub(super) fn addresses(graph: &Graph, node: &Node, property: &str, base: &Url) -> Vec<Url> {
    let values = node.all(property).iter();
    values.filter_map(|value| address(graph, value, base)).collect()
}

/// All values of a property as they are written: themselves, or the addresses
/// of the things that they are.
pub(super) fn written<'a>(graph: &'a Graph, node: &'a Node, property: &str) -> Vec<&'a str> {
    node.all(property).iter().filter_map(|value| said(graph, value)).collect()
}

fn said<'a>(graph: &'a Graph, value: &'a Value) -> Option<&'a str> {
    value.words().or_else(|| {
        let node = graph.nodes.get(graph.node(value)?)?;
        node.text("contentUrl").or_else(|| node.text("url")).or(node.address.as_deref())
    })
}

/// A value as an address: its own, or that of the thing that it is.
pub(super) fn address(graph: &Graph, value: &Value, base: &Url) -> Option<Url> {
    let words = said(graph, value)?;
    let url = base.join(words).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Adds the publisher's terms of a property, for a field.
pub(super) fn add_terms(
    draft: &mut Draft,
    field: &str,
    graph: &Graph,
    node: &Node,
    property: &str,
) {
    for value in node.all(property) {
        if draft.terms.len() >= MOST_TERMS {
            return;
        }
        let thing = graph.node(value).and_then(|node| graph.nodes.get(node));
        let scheme = thing.and_then(|thing| thing.text("inDefinedTermSet")).map(ToOwned::to_owned);
        let code = match (thing, value) {
            (Some(thing), _) => thing
                .text("termCode")
                .or_else(|| thing.text("codeValue"))
                .or(thing.address.as_deref())
                .map(ToOwned::to_owned),
            (None, Value::Address(address)) => Some(address.clone()),
            (None, _) => None,
        };
        let Some(words) = called(graph, value) else { continue };
        let words = local(words);
        // Keywords stand in one text, with commas between.
        let labels: Vec<&str> = match value {
            Value::Text(..) if property == "keywords" => words.split([',', ';', '\n']).collect(),
            _ => vec![words],
        };
        let labels = labels.into_iter().map(str::trim).filter(|label| !label.is_empty());
        for label in labels.take(MOST_TERMS) {
            let term = Term {
                field: field.to_owned(),
                scheme: scheme.clone(),
                code: code.clone(),
                label: label.chars().take(200).collect(),
            };
            if draft.terms.len() < MOST_TERMS && !draft.terms.contains(&term) {
                draft.terms.push(term);
            }
        }
    }
}

/// An e-mail address without `mailto:`.
pub(super) fn email(written: &str) -> Option<&str> {
    let bare = written.strip_prefix("mailto:").unwrap_or(written);
    let bare = bare.split('?').next().unwrap_or(bare).trim();
    bare.contains('@').then_some(bare)
}

/// A telephone number without `tel:`.
pub(super) fn telephone(written: &str) -> &str {
    written.strip_prefix("tel:").unwrap_or(written).trim()
}

/// Languages as BCP 47 tags: written so, or by their English names.
pub(super) fn languages(graph: &Graph, node: &Node) -> Vec<String> {
    const NAMES: &[(&str, &str)] = &[
        ("arabic", "ar"),
        ("bengali", "bn"),
        ("british sign language", "bfi"),
        ("bsl", "bfi"),
        ("cantonese", "yue"),
        ("english", "en"),
        ("farsi", "fa"),
        ("french", "fr"),
        ("gaelic", "gd"),
        ("german", "de"),
        ("gujarati", "gu"),
        ("gàidhlig", "gd"),
        ("hindi", "hi"),
        ("italian", "it"),
        ("latvian", "lv"),
        ("lithuanian", "lt"),
        ("mandarin", "cmn"),
        ("polish", "pl"),
        ("portuguese", "pt"),
        ("punjabi", "pa"),
        ("romanian", "ro"),
        ("russian", "ru"),
        ("scots", "sco"),
        ("scottish gaelic", "gd"),
        ("slovak", "sk"),
        ("somali", "so"),
        ("spanish", "es"),
        ("turkish", "tr"),
        ("ukrainian", "uk"),
        ("urdu", "ur"),
    ];
    let mut tags = Vec::new();
    let values = ["inLanguage", "availableLanguage"].iter().flat_map(|name| node.all(name));
    for value in values {
        let thing = graph.node(value).and_then(|node| graph.nodes.get(node));
        let written = match thing {
            Some(thing) => thing.text("alternateName").or_else(|| thing.text("name")),
            None => value.words(),
        };
        let Some(written) = written else { continue };
        let lower = written.to_lowercase();
        let named = NAMES.iter().find(|(name, _)| *name == lower);
        let Some(tag) = named.map(|(_, tag)| (*tag).to_owned()).or_else(|| tag(written)) else {
            continue;
        };
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// A BCP 47 tag as written, with its language in lower case.
fn tag(written: &str) -> Option<String> {
    let mut parts = written.split(['-', '_']);
    let first = parts.next().unwrap_or_default().to_lowercase();
    let is_tag =
        (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let whole = || std::iter::once(first.as_str()).chain(parts).collect::<Vec<_>>().join("-");
    is_tag.then(whole)
}

/// Pictures as nodes of `media`.
pub(super) fn pictures(graph: &Graph, node: &Node, property: &str, base: &Url) -> Vec<Json> {
    const MOST: usize = 20;
    let one = |value: &Value| {
        let url = address(graph, value, base)?;
        let thing = graph.node(value).and_then(|node| graph.nodes.get(node));
        let words =
            thing.and_then(|thing| thing.text("caption").or_else(|| thing.text("description")));
        Some(match words {
            Some(words) => json!({"contentUrl": url.as_str(), "alternativeText": words}),
            None => json!({"contentUrl": url.as_str()}),
        })
    };
    node.all(property).iter().filter_map(one).take(MOST).collect()
}
