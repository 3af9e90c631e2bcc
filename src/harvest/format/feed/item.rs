//! One item of a feed → one draft.

use feedparser_rs::Entry;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use url::Url;

use super::base::{Base, Written};
use super::event::{Event, Item};
use crate::harvest::clean::date::{self, Order};
use crate::harvest::extraction::{Draft, Problem, Term};
use crate::harvest::format::location;
use crate::harvest::format::occurrence::{self, Clock};
use crate::harvest::licence;
use crate::model::TermsOfUse;

/// The longest summary that a record has; a longer one is a description.
const LONGEST_SUMMARY: usize = 200;
/// Authors and terms that are taken of one item.
const MOST_PARTS: usize = 50;

/// Where an item stands, the clock of its times, and what its addresses are
/// completed with.
pub(super) struct Place<'a> {
    pub(super) at: &'a str,
    pub(super) clock: &'a Clock,
    /// The base of the feed.
    pub(super) base: &'a Base,
    /// The address of the feed.
    pub(super) url: &'a Url,
}

/// The draft of `entry`, whose page is at `link`; `None`, with a problem, when
/// it has no key.
pub(super) fn draft(
    entry: &Entry,
    said: Option<&Item>,
    link: Option<&str>,
    place: &Place<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Draft> {
    let event = said.and_then(|item| item.event.as_ref());
    let Some(key) = key(entry, link) else {
        let problem = Problem::error("no-key", place.at, "the item has neither a guid nor a link");
        problems.push(problem.advice("Give each item a guid that never changes, and a link."));
        return None;
    };
    let kind = if event.is_some() { "asset" } else { "resource" };
    let mut draft = Draft::new(kind, key, place.at);
    draft.modified = entry.updated_str.clone().or_else(|| entry.published_str.clone());
    draft.base = said.map_or(&place.base.url, |item| &item.base).clone().into();
    if draft.base.as_ref() == Some(&Base::of(place.url).url) {
        draft.base = None;
    }
    draft.use_terms = use_terms(entry, said);
    draft.set("name", entry.title.as_deref().map(str::trim));
    draft.set("url", address(entry, link));
    texts(entry, &mut draft);
    for tag in entry.tags.iter().take(MOST_PARTS) {
        let label = tag.label.as_deref().unwrap_or(&tag.term).trim();
        if label.is_empty() {
            continue;
        }
        draft.terms.push(Term {
            field: "topics".to_owned(),
            scheme: tag.scheme.as_deref().map(str::to_owned),
            code: (tag.term.as_str() != label).then(|| tag.term.to_string()),
            label: label.to_owned(),
        });
    }
    match event {
        Some(event) => take_place(event, entry, place, &mut draft, problems),
        None => publish(entry, place, &mut draft, problems),
    }
    Some(draft)
}

/// What an item says of its own use: its licence and its rights, by address or
/// in words.
fn use_terms(entry: &Entry, said: Option<&Item>) -> Option<TermsOfUse> {
    let linked = entry.links.iter().filter(|link| link.rel.as_deref() == Some("license"));
    let linked = linked.map(|link| link.href.to_string());
    // The crate knows no links of RSS but the page's, nor licences of theirs.
    let own = said.into_iter().flat_map(|item| &item.links).filter(|link| link.is_licence);
    let licences = linked.chain(entry.license.clone()).chain(own.map(|link| link.url.clone()));
    let licences =
        licences.filter(|text| text.starts_with("http")).filter_map(|it| licence::read(&it));
    let rights = [entry.rights.as_deref(), entry.dc_rights.as_deref()];
    licence::terms(licences.chain(rights.into_iter().flatten().filter_map(licence::read)))
}

/// When the publisher last changed what a draft says, for choosing between
/// two of the same key.
pub(super) fn changed(draft: &Draft) -> Option<Timestamp> {
    date::moment(draft.modified.as_deref()?, &TimeZone::UTC).ok()
}

/// The address of the page of `entry`, whole.
pub(super) fn link(entry: &Entry, said: Option<&Item>, place: &Place<'_>) -> Option<String> {
    let written = entry.link.as_deref().map(str::trim).unwrap_or_default();
    let links = said.map_or(&[][..], |item| &item.links);
    // The crate leaves addresses of one's own network out.
    let is_meant = |link: &&super::base::Linked| match written {
        "" => link.is_page && !link.url.is_empty(),
        written => link.written == written,
    };
    if let Some(link) = links.iter().find(is_meant) {
        return Some(link.url.clone());
    }
    (!written.is_empty()).then(|| place.base.complete(written, Written::Text))
}

/// The guid, or else the address of the page.
fn key(entry: &Entry, link: Option<&str>) -> Option<String> {
    let id = entry.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    id.or(link).map(str::to_owned)
}

fn address(entry: &Entry, link: Option<&str>) -> Option<String> {
    let id = entry.id.as_deref().map(str::trim);
    // A guid passes as a link (RSS 2.0, `isPermaLink`), also when it is none.
    let link = link.filter(|link| Some(*link) != id || link.starts_with("http"));
    link.or_else(|| id.filter(|id| id.starts_with("http"))).map(str::to_owned)
}

/// The content is the description and a short summary the summary; with one
/// text only, it is the description.
fn texts(entry: &Entry, draft: &mut Draft) {
    let content = entry.content.iter().map(|content| content.value.trim());
    let content = content.max_by_key(|text| text.len()).filter(|text| !text.is_empty());
    let summary = entry.summary.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match (content, summary) {
        (Some(content), Some(summary)) if content != summary => {
            draft.set("description", content);
            if visible_length(summary) <= LONGEST_SUMMARY {
                draft.set("summary", summary);
            }
        }
        (content, summary) => draft.set("description", content.or(summary)),
    }
}

/// How many characters stand outside of tags.
fn visible_length(text: &str) -> usize {
    let mut is_tag = false;
    text.chars()
        .filter(|character| {
            match character {
                '<' => is_tag = true,
                '>' if is_tag => {
                    is_tag = false;
                    return false;
                }
                _ => {}
            }
            !is_tag
        })
        .count()
}

/// What an item says as a publication.
fn publish(entry: &Entry, place: &Place<'_>, draft: &mut Draft, problems: &mut Vec<Problem>) {
    draft.set("resourceType", "article");
    let mut names: Vec<&str> = Vec::new();
    let written = entry.authors.iter().filter_map(|author| author.name.as_deref());
    for name in written.chain(entry.author.as_deref()).chain(entry.dc_creator.as_deref()) {
        let name = name.trim();
        // An address of a mailbox is no name, and not ours to pass on.
        if !name.is_empty() && !name.contains('@') && !names.contains(&name) {
            names.push(name);
        }
    }
    if !entry.authors.is_empty() {
        // The flat forms repeat the list, joined or with an address.
        names.truncate(entry.authors.len());
    }
    let authors = names.iter().take(MOST_PARTS).map(|name| json!({"name": name}));
    draft.set("authors", authors.collect::<Vec<Json>>());
    if let Some(language) = entry.language.as_deref().map(str::trim)
        && (2..=3).contains(&language.len())
    {
        draft.set("languages", json!([language.to_ascii_lowercase()]));
    }
    let said = entry.published_str.as_deref().or(entry.updated_str.as_deref()).map(str::trim);
    let Some(said) = said.filter(|said| !said.is_empty()) else { return };
    let day =
        date::written(said, Order::DayFirst).and_then(|written| written.date_in(&place.clock.zone));
    match day {
        Ok(day) => draft.set("published", day.to_string()),
        Err(error) => {
            let problem = Problem::error("bad-date", place.at, error.to_string());
            problems.push(
                problem
                    .advice("Write dates as `Sun, 22 Nov 2026 09:00:00 +0000`.")
                    .of(draft.key.clone()),
            );
        }
    }
}

/// What an item says as an event.
fn take_place(
    event: &Event,
    entry: &Entry,
    place: &Place<'_>,
    draft: &mut Draft,
    problems: &mut Vec<Problem>,
) {
    draft.set("assetType", "event");
    let before = problems.len();
    let read = |text: &str, problems: &mut Vec<Problem>| {
        occurrence::read(text.trim(), place.clock, place.at, problems)
    };
    if let Some(start) = event.start.as_deref().and_then(|text| read(text, problems)) {
        let end = event.end.as_deref().and_then(|text| read(text, problems));
        let node = occurrence::once(start, end, place.at, problems);
        draft.set("schedule", json!([node]));
    }
    for problem in &mut problems[before..] {
        problem.key = Some(draft.key.clone());
    }
    let said = event.location.as_deref().map(location::of_text).unwrap_or_default();
    if said.is_online {
        draft.set("online", true);
        draft.set("accessMode", "remote");
    }
    let mut node = said.location.unwrap_or_default();
    if let Some((latitude, longitude)) = position(entry) {
        node.insert("latitude".to_owned(), json!(latitude));
        node.insert("longitude".to_owned(), json!(longitude));
    }
    if !node.is_empty() {
        draft.set("locations", json!([node]));
    }
}

/// The point of `GeoRSS`, or of the older pair of elements.
fn position(entry: &Entry) -> Option<(f64, f64)> {
    let of_georss = entry.r#where.as_deref().and_then(|place| match place.coordinates.as_slice() {
        [point] => Some(*point),
        _ => None,
    });
    let number = |text: &Option<String>| text.as_deref()?.trim().parse::<f64>().ok();
    let (latitude, longitude) =
        of_georss.or_else(|| Some((number(&entry.geo_lat)?, number(&entry.geo_long)?)))?;
    location::position(latitude, longitude)
}
