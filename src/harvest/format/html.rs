//! A page with structured data: JSON-LD, microdata, `RDFa`, and Open Graph for
//! what these leave out.
//!
//! The key of a record is its own address, or that of its page. A page without
//! any structured data is a resource when its head describes it, and nothing
//! otherwise. The feeds of a data set site (`OpenActive`) are parts of it.

use serde_json::{Value as Json, json};
use url::Url;

use super::schema_org;
use super::{Format, Listing, Reading};
use crate::harvest::clean::date;
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role, Term};
use crate::harvest::markup::inventory::{self, File};
use crate::harvest::markup::open_graph::{self, About};
use crate::harvest::markup::{self, Page};

const NAME: &str = "html";
/// Terms of one page that are kept.
const MOST_TERMS: usize = 50;
/// Problems of one page that are told.
const MOST_PROBLEMS: usize = 1_000;
/// Hubs of one page that are kept.
const MOST_HUBS: usize = 5;

/// Pages of the web.
pub(super) const FORMAT: Format = Format {
    name: NAME,
    label: "Web page with structured data",
    specification: "https://schema.org/docs/full.html",
    accept: "text/html, application/xhtml+xml;q=0.9",
    listing: Listing::Window,
    recognises,
    extract,
};

fn recognises(document: &Document) -> u8 {
    let head = document.head().to_ascii_lowercase();
    let starts = |with: &[&str]| with.iter().any(|start| head.starts_with(start.as_bytes()));
    let has = |parts: &[&str]| parts.iter().any(|part| contains(&head, part.as_bytes()));
    // XHTML has a declaration before it, and some pages a comment.
    let looks_so = starts(&["<!doctype html", "<html"])
        || (starts(&["<?xml", "<!--"]) && has(&["<html"]) && !has(&["<rss", "<feed", "<rdf:rdf"]));
    match (document.is_declared(&["text/html", "application/xhtml+xml"]), looks_so) {
        (true, true) => 70,
        (false, true) => 60,
        (true, false) => 30,
        (false, false) => 0,
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let decoded = encoding::decode(document);
    let mut extraction = Extraction { problems: decoded.warnings, ..Extraction::default() };
    let mut page = markup::read(&decoded.text, &document.url);
    extraction.problems.append(&mut page.problems);
    let head = open_graph::about(&page);
    let canonical = canonical(&head, &document.url, &mut extraction.problems);
    let mut said = schema_org::read(&page, &canonical, reading);
    extraction.problems.append(&mut said.problems);
    extraction.drafts = said.drafts;
    complete(&mut extraction.drafts, &head, &canonical);
    follow_feeds(&page, &document.url, &mut extraction.follow);
    let has_record = extraction.drafts.iter().any(|draft| draft.kind != "organisation");
    let is_article = head.kind.as_deref() == Some("article");
    if !has_record && (extraction.drafts.is_empty() || is_article) && !said.is_list {
        if head.is_described && head.title.is_some() {
            extraction.drafts.push(resource(&page, &head, &canonical));
        } else if extraction.drafts.is_empty() && extraction.follow.is_empty() {
            extraction.problems.push(
                Problem::warning("no-structured-data", "", "the page describes nothing")
                    .advice("Describe what the page is about by JSON-LD with schema.org."),
            );
        }
    }
    if page.base.as_str() != without_fragment(&document.url).as_str() {
        for draft in &mut extraction.drafts {
            draft.base = Some(page.base.clone());
        }
    }
    if said.is_list {
        let next = page.outline.links.iter().find(|link| link.is("next"));
        let next = next.and_then(|link| page.base.join(&link.href).ok());
        extraction.follow.extend(
            next.filter(|next| is_web(next) && *next != document.url).map(|url| Follow {
                url,
                role: Role::Next,
                format: Some(NAME),
            }),
        );
        let parts = said.listed.into_iter();
        extraction.follow.extend(parts.map(|url| Follow {
            url,
            role: Role::Part,
            format: Some(NAME),
        }));
    }
    extraction.problems.truncate(MOST_PROBLEMS);
    extraction.about.title = head.site.or(head.title);
    extraction.about.licence = head.licence.map(String::from).or(said.licence);
    extraction.about.language = head.language;
    extraction.about.hubs = page
        .outline
        .links
        .iter()
        .filter(|link| !link.is_in_text && link.is("hub"))
        .filter_map(|link| page.base.join(&link.href).ok())
        .filter(is_web)
        .take(MOST_HUBS)
        .collect();
    extraction.about.own = Some(canonical);
    extraction
}

/// Follows the feeds of `OpenActive` that the page names as the files of its
/// data set.
fn follow_feeds(page: &Page, own: &Url, follow: &mut Vec<Follow>) {
    let feeds = inventory::files(page).into_iter().filter(File::is_feed_of_openactive);
    for mut url in feeds.map(|file| file.url).filter(is_web) {
        url.set_fragment(None);
        if url != *own && !follow.iter().any(|known| known.url == url) {
            follow.push(Follow { url, role: Role::Part, format: Some("rpde") });
        }
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn without_fragment(address: &Url) -> Url {
    let mut address = address.clone();
    address.set_fragment(None);
    address
}

/// The page's own address. A page that names the home page as itself is set
/// up wrong, and would be one with all others that do.
fn canonical(head: &About, address: &Url, problems: &mut Vec<Problem>) -> Url {
    let own = without_fragment(address);
    let Some(mut declared) = head.canonical.clone() else { return own };
    declared.set_fragment(None);
    let is_home = |url: &Url| url.path() == "/" && url.query().is_none();
    if is_home(&declared) && !is_home(&own) {
        problems.push(
            Problem::warning(
                "bad-canonical",
                "head",
                format!("the page names {declared} as its own address"),
            )
            .advice("Name the page itself by rel=canonical and og:url."),
        );
        return own;
    }
    declared
}

/// What only the head says of the one thing that the page is about.
fn complete(drafts: &mut [Draft], head: &About, canonical: &Url) {
    let mut about: Vec<&mut Draft> =
        drafts.iter_mut().filter(|draft| draft.kind != "organisation").collect();
    let [draft] = about.as_mut_slice() else { return };
    if !draft.fields.contains_key("url") {
        draft.set("url", canonical.as_str());
    }
    let is_page = |text: &str| text.split('#').next() == Some(canonical.as_str());
    let is_meant =
        is_page(&draft.key) || draft.fields.get("url").and_then(Json::as_str).is_some_and(is_page);
    if !is_meant {
        return;
    }
    if let Some(description) = &head.description
        && !draft.fields.contains_key("description")
        && !draft.fields.contains_key("summary")
    {
        draft.set("description", description.as_str());
    }
    if draft.kind == "asset"
        && !draft.fields.contains_key("media")
        && let Some((url, words)) = &head.image
    {
        draft.set("media", vec![picture(url, words.as_deref())]);
    }
}

fn picture(url: &Url, words: Option<&str>) -> Json {
    match words {
        Some(words) => json!({"contentUrl": url.as_str(), "alternativeText": words}),
        None => json!({"contentUrl": url.as_str()}),
    }
}

/// The page itself as a resource, from its head.
fn resource(page: &Page, head: &About, canonical: &Url) -> Draft {
    let mut draft = Draft::new("resource", canonical.as_str(), "head");
    draft.set("name", head.title.clone().unwrap_or_default());
    draft.set("description", head.description.clone().unwrap_or_default());
    draft.set("url", canonical.as_str());
    let is_article = head.kind.as_deref() == Some("article");
    draft.set("resourceType", if is_article { "article" } else { "website" });
    if let Some(published) = head.published.as_deref().and_then(|it| date::partial_date(it).ok()) {
        draft.set("published", published);
    }
    let tags = head.language.iter().chain(head.languages.iter().map(|(tag, _)| tag));
    let mut languages: Vec<String> = Vec::new();
    for tag in tags.filter(|tag| *tag != "x-default") {
        let language = tag.split('-').next().unwrap_or(tag).to_lowercase();
        if (2..=3).contains(&language.len()) && !languages.contains(&language) {
            languages.push(language);
        }
    }
    draft.set("languages", languages);
    if let Some(licence) = &head.licence {
        draft.set("licence", licence.as_str());
    }
    draft.set("mediaType", "text/html");
    draft.modified.clone_from(&head.modified);
    for meta in &page.outline.metas {
        let is_topic = matches!(meta.name.as_str(), "article:tag" | "article:section");
        if is_topic && draft.terms.len() < MOST_TERMS {
            draft.terms.push(Term {
                field: "topics".to_owned(),
                label: meta.content.trim().to_owned(),
                ..Term::default()
            });
        }
    }
    draft
}
