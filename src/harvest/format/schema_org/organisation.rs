//! Organisations, and what all records say of themselves alike.

use serde_json::{Value as Json, json};

use super::Context;
use super::asset::key_of;
use super::graph::{Graph, Node};
use super::{place, words};
use crate::harvest::extraction::{Draft, Link, Problem};

/// The longest summary that a record has.
const LONGEST_SUMMARY: usize = 200;
/// Contacts of one organisation.
const MOST_CONTACTS: usize = 30;
/// Addresses of one thing elsewhere; more are a flood (contract C12).
const MOST_LINKS: usize = 30;

/// Hosts of social networks: what is there is a page of the organisation.
const SOCIAL: &[&str] = &[
    "bsky.app",
    "facebook.com",
    "fb.com",
    "flickr.com",
    "instagram.com",
    "linkedin.com",
    "mastodon.scot",
    "mastodon.social",
    "meetup.com",
    "nextdoor.co.uk",
    "pinterest.com",
    "soundcloud.com",
    "spotify.com",
    "threads.net",
    "tiktok.com",
    "twitter.com",
    "vimeo.com",
    "whatsapp.com",
    "x.com",
    "youtube.com",
    "youtu.be",
];
/// Hosts of registers: what is there is the same thing.
const REGISTERS: &[&str] = &[
    "aliss.org",
    "beta.companieshouse.gov.uk",
    "find-and-update.company-information.service.gov.uk",
    "oscr.org.uk",
    "wikidata.org",
    "openstreetmap.org",
];

/// Fills the draft of an organisation.
pub(super) fn fill(
    draft: &mut Draft,
    graph: &Graph,
    node: &Node,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) {
    set_identity(draft, graph, node, context);
    draft.set("identifiers", identifiers(graph, node));
    if let Some(logo) = words::pictures(graph, node, "logo", context.base).into_iter().next() {
        draft.set("logo", logo);
    }
    let mut found = place::of(graph, node, &["location"], context, problems);
    let mut own = place::site(graph, node, context, problems);
    // Its own name is not the name of the place.
    own.remove("name");
    if !own.is_empty() {
        found.sites.insert(0, Json::Object(own));
    }
    draft.set("locations", found.sites);
    place::set_areas(draft, graph, node);
    let contacts: Vec<Json> = graph
        .nodes_of(node, "contactPoint")
        .filter_map(|point| contact(point, context))
        .take(MOST_CONTACTS)
        .collect();
    draft.set("contactPoints", contacts);
    for property in ["keywords", "knowsAbout", "category"] {
        words::add_terms(draft, "topics", graph, node, property);
    }
    for value in node.all("memberOf") {
        if let Some(key) = key_of(graph, value, context) {
            draft.links.push(Link {
                field: "memberOf".to_owned(),
                kind: "organisation".to_owned(),
                key,
            });
        }
    }
}

/// Names, texts, addresses and numbers, which all kinds have alike.
pub(super) fn set_identity(draft: &mut Draft, graph: &Graph, node: &Node, context: &Context<'_>) {
    let language = context.language;
    words::set_text(draft, "name", node, &["name", "headline", "legalName"], language);
    words::set_text(draft, "description", node, &["description", "articleBody"], language);
    words::set_text(draft, "summary", node, &["disambiguatingDescription", "abstract"], language);
    keep_short(draft);
    let others: Vec<Json> = ["alternateName", "legalName", "alternativeHeadline"]
        .iter()
        .flat_map(|property| node.all(property))
        .filter(|other| other.words() != node.text("name"))
        .filter_map(|other| words::text(std::slice::from_ref(other), language))
        .take(20)
        .collect();
    draft.set("alternateName", others);
    let page = words::addresses(graph, node, "url", context.base).into_iter().next();
    let page = page.or_else(|| {
        let mut pages = node.all("mainEntityOfPage").iter();
        pages.find_map(|value| words::address(graph, value, context.base))
    });
    match page {
        Some(url) => draft.set("url", url.as_str()),
        // What has the page as its key is on the page.
        None if draft.key.split('#').next() == Some(context.canonical.as_str())
            && draft.kind != "organisation" =>
        {
            draft.set("url", context.canonical.as_str());
        }
        None => {}
    }
    if let Some(email) = node.text("email").and_then(words::email) {
        draft.set("email", email);
    }
    if let Some(telephone) = node.text("telephone") {
        draft.set("telephone", words::telephone(telephone));
    }
    let (mut social, mut same) = (Vec::new(), Vec::new());
    for url in words::addresses(graph, node, "sameAs", context.base).into_iter().take(MOST_LINKS) {
        let host = url.host_str().unwrap_or_default();
        let is_at = |hosts: &[&str]| {
            hosts.iter().any(|known| {
                host == *known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'))
            })
        };
        if is_at(SOCIAL) {
            social.push(Json::from(url.as_str()));
        } else if is_at(REGISTERS) {
            same.push(Json::from(url.as_str()));
        }
    }
    draft.set("socialLinks", social);
    draft.set("sameAs", same);
    draft.modified = node.text("dateModified").map(ToOwned::to_owned);
}

/// A summary that is too long is the description, when there is none.
fn keep_short(draft: &mut Draft) {
    let is_long = |text: &str| text.chars().count() > LONGEST_SUMMARY;
    let long = draft.fields.get("summary").is_some_and(|summary| match summary {
        Json::String(text) => is_long(text),
        Json::Object(texts) => texts.values().filter_map(Json::as_str).any(is_long),
        _ => false,
    });
    if long && let Some(summary) = draft.fields.remove("summary") {
        draft.fields.entry("description").or_insert(summary);
    }
}

/// A contact by its role; a person's name is never taken.
fn contact(point: &Node, context: &Context<'_>) -> Option<Json> {
    let mut contact = serde_json::Map::new();
    if let Some(role) = words::text(point.all("contactType"), context.language) {
        contact.insert("role".to_owned(), role);
    }
    if let Some(telephone) = point.text("telephone") {
        contact.insert("telephone".to_owned(), words::telephone(telephone).into());
    }
    if let Some(email) = point.text("email").and_then(words::email) {
        contact.insert("email".to_owned(), email.into());
    }
    if let Some(url) = point.text("url").and_then(|url| context.base.join(url).ok()) {
        contact.insert("url".to_owned(), url.as_str().into());
    }
    (contact.len() > usize::from(contact.contains_key("role"))).then_some(Json::Object(contact))
}

/// Its numbers in official registers.
fn identifiers(graph: &Graph, node: &Node) -> Vec<Json> {
    let mut found = Vec::new();
    for value in node.all("identifier") {
        let thing = graph.node(value).and_then(|thing| graph.nodes.get(thing));
        let (register, number) = match thing {
            Some(thing) => {
                let register = thing.text("propertyID").or_else(|| thing.text("name"));
                (register, thing.text("value"))
            }
            None => (None, value.words()),
        };
        let Some(number) = number else { continue };
        if let Some(register) = register_of(register, number) {
            let identifier = json!({"register": register, "value": number});
            if !found.contains(&identifier) {
                found.push(identifier);
            }
        }
    }
    found
}

/// The register as a prefix of org-id.guide: as it says, or by its name, or
/// by the form that only Scottish charity numbers have.
fn register_of(written: Option<&str>, number: &str) -> Option<String> {
    let digits = number.strip_prefix("SC").unwrap_or_default();
    let is_charity = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let Some(written) = written else { return is_charity.then(|| "GB-SC".to_owned()) };
    let lower = written.to_lowercase();
    if lower.contains("oscr")
        || lower.contains("scottish charity")
        || (lower.contains("charity") && is_charity)
    {
        return Some("GB-SC".to_owned());
    }
    if lower.contains("companies house") || lower.contains("company number") {
        return Some("GB-COH".to_owned());
    }
    let is_prefix = written.contains('-')
        && written
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    is_prefix.then(|| written.to_owned())
}
