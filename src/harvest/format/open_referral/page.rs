//! Pages of services, organisations or services at locations, and how to come
//! to the next one.
//!
//! Totals of real servers are wrong or move, and some give none. They are
//! believed where they say that there is more. That this is all is believed
//! where the page calls itself the last, or the number of rows agrees;
//! otherwise pages are asked for until one is empty, is not there, or is the
//! same as the one before, which the pipeline sees.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;
use url::Url;

use super::NAME;
use super::below;
use super::organisation;
use super::service;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role};
use crate::harvest::format::json::{Item, MAX_ITEMS, Notes, with_parameter, within_limit};

/// Numbers of rows at which a bare list is probably a page and not all: what
/// programmers choose as the size of a page.
const PAGE_SIZES: &[usize] = &[10, 20, 25, 30, 50, 100, 200, 250, 500, 1_000];

/// How many locations one service may get from rows of its own: a chain has
/// some hundred branches.
const MAX_LOCATIONS: usize = 1_000;

/// Rows, with what is said of them.
#[derive(Debug)]
pub(super) struct List<'a> {
    rows: &'a [Json],
    /// Pointer of the list; `None` when rows are lines.
    at: Option<&'static str>,
    lines: Option<&'a [usize]>,
    envelope: Option<Envelope>,
}

/// What a page says of itself.
#[derive(Debug, Clone, Copy, Default)]
struct Envelope {
    items: Option<u64>,
    pages: Option<u64>,
    number: Option<u64>,
    is_first: Option<bool>,
    is_last: Option<bool>,
}

impl<'a> List<'a> {
    /// A list without an envelope, or lines.
    pub(super) fn bare(rows: &'a [Json], lines: Option<&'a [usize]>) -> Self {
        Self { rows, at: lines.is_none().then_some(""), lines, envelope: None }
    }

    /// The list under `name` of an envelope of 3.0 or 1.0.
    pub(super) fn of_envelope(root: &Item<'a>, name: &'static str) -> Self {
        let count = |names: &[&str]| names.iter().find_map(|name| root.count(name));
        let truth = |names: &[&str]| names.iter().find_map(|name| root.truth(name));
        let envelope = Envelope {
            items: count(&["total_items", "totalElements", "total"]),
            pages: count(&["total_pages", "totalPages"]),
            number: count(&["page_number", "number", "page"]),
            is_first: truth(&["first_page", "first"]),
            is_last: truth(&["last_page", "last"]),
        };
        let rows = match root.get(name) {
            Some(Json::Array(rows)) => rows.as_slice(),
            Some(Json::Null) | None => &[],
            Some(_) => {
                root.unread(name, "bad-list", "this is not a list");
                &[]
            }
        };
        let at = if name == "content" { "/content" } else { "/contents" };
        Self { rows, at: Some(at), lines: None, envelope: Some(envelope) }
    }

    fn place(&self, position: usize) -> String {
        match (self.at, self.lines.and_then(|lines| lines.get(position))) {
            (_, Some(line)) => format!("line {line}"),
            (at, None) => format!("{}/{position}", at.unwrap_or_default()),
        }
    }
}

/// Reads the rows of a page.
pub(super) fn read(list: &List<'_>, url: &Url, notes: &Notes, extraction: &mut Extraction) {
    extraction.announced = list.envelope.and_then(|envelope| envelope.items);
    let limit = within_limit(list.rows.len(), &mut extraction.problems);
    for (position, json) in list.rows.iter().take(limit).enumerate() {
        let at = list.place(position);
        match Item::new(json, at.as_str(), notes) {
            Some(row) => read_row(&row, url, Depth::Row, extraction),
            None => notes.add(Problem::error("bad-row", at, "this is not an object")),
        }
    }
    settle(&mut extraction.drafts, &mut extraction.follow);
    follow_pages(list, url, extraction);
}

/// Reads a document of one record.
pub(super) fn read_one(root: &Item<'_>, url: &Url, extraction: &mut Extraction) {
    read_row(root, url, Depth::Whole, extraction);
    settle(&mut extraction.drafts, &mut extraction.follow);
}

/// Whether a record stands in a list, where it may be short, or alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Row,
    Whole,
}

fn read_row(row: &Item<'_>, url: &Url, depth: Depth, extraction: &mut Extraction) {
    let collection = collection_of(url);
    if row.has("location") && (row.has("service") || row.has("service_id")) {
        read_at_location(row, url, extraction);
    } else if is_organisation(row, collection) {
        extraction.drafts.extend(organisation::draft(row));
        let provider = organisation::key(row);
        for nested in row.items("services") {
            if extraction.drafts.len() > MAX_ITEMS {
                within_limit(extraction.drafts.len(), &mut extraction.problems);
                break;
            }
            read_service(&nested, provider.as_deref(), url, Depth::Row, extraction);
        }
    } else if matches!(collection, Some("taxonomies" | "taxonomy_terms" | "vocabularies")) {
        row.unread("", "no-record", "a term is no record of the register");
    } else {
        read_service(row, None, url, depth, extraction);
    }
}

/// Reads a service; where its row is short, its own document is followed, and
/// its organisation left to that, since a short one would replace a whole one.
fn read_service(
    row: &Item<'_>,
    provider: Option<&str>,
    url: &Url,
    depth: Depth,
    extraction: &mut Extraction,
) {
    let Some(mut draft) = service::draft(row) else { return };
    if let Some(provider) = provider
        && draft.links.is_empty()
    {
        draft.links.push(organisation::link(provider));
    }
    if depth == Depth::Row && !service::is_whole(row) {
        let key = draft.key.clone();
        extraction.follow.extend(detail(url, &key));
    } else {
        let provider = row.item("organization").map(|item| item.of(&draft.key));
        extraction.drafts.extend(provider.and_then(|row| organisation::draft(&row)));
    }
    extraction.drafts.push(draft);
}

/// A service at one location: the service in short, with the location.
fn read_at_location(row: &Item<'_>, url: &Url, extraction: &mut Extraction) {
    let inner = row.item("service");
    let key = inner.as_ref().and_then(|service| service.text("id"));
    let Some(key) = key.or_else(|| row.text("service_id")) else {
        row.unread("", "no-key", "this names no service");
        return;
    };
    let draft = inner.as_ref().and_then(service::draft);
    let mut draft = draft.unwrap_or_else(|| Draft::new("asset", key.as_str(), row.at.as_str()));
    service::add_location(&mut draft, row);
    extraction.follow.extend(detail(url, &key));
    extraction.drafts.push(draft);
}

/// The document of one service.
fn detail(url: &Url, key: &str) -> Option<Follow> {
    let mut base = url.clone();
    let position = url.path_segments()?.position(is_collection)?;
    let depth = url.path_segments()?.count();
    for _ in position..depth {
        base.path_segments_mut().ok()?.pop();
    }
    // These two mean a folder in an address, and not a record.
    let is_step = !matches!(key, "." | "..");
    let url = below(&base, &["services", key]).filter(|_| is_step)?;
    Some(Follow { url, role: Role::Detail(key.to_owned()), format: Some(NAME) })
}

fn is_collection(segment: &str) -> bool {
    matches!(
        segment,
        "services"
            | "organizations"
            | "organisations"
            | "service_at_locations"
            | "taxonomies"
            | "taxonomy_terms"
            | "vocabularies"
    )
}

fn collection_of(url: &Url) -> Option<&str> {
    url.path_segments()?.find(|segment| is_collection(segment))
}

fn is_organisation(row: &Item<'_>, collection: Option<&str>) -> bool {
    let has_marks =
        ["organization_identifiers", "parent_organization_id", "legal_status", "website"]
            .into_iter()
            .any(|name| row.has(name));
    let is_service =
        ["status", "organization", "organization_id", "service_at_locations", "schedules"]
            .into_iter()
            .any(|name| row.has(name));
    let is_listed = matches!(collection, Some("organizations" | "organisations"));
    !is_service && (has_marks || is_listed)
}

/// Joins what several rows say of the same record: the services of a page
/// share organisations, and the rows of services at locations share services.
fn settle(drafts: &mut Vec<Draft>, follow: &mut Vec<Follow>) {
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut places = HashMap::new();
    for draft in drafts.drain(..) {
        let name = (draft.kind.clone(), draft.key.clone());
        if let Some(&place) = places.get(&name) {
            // Another row of the same service that differs is the pipeline's
            // matter, unless it only adds a location.
            merge(&mut kept, place, draft);
        } else {
            places.insert(name, kept.len());
            kept.push(draft);
        }
    }
    *drafts = kept;
    let mut seen = HashSet::new();
    follow.retain(|follow| seen.insert(follow.url.clone()));
}

fn merge(kept: &mut Vec<Draft>, place: usize, draft: Draft) {
    let Some(first) = kept.get_mut(place) else { return };
    if draft.kind == "organisation" {
        if draft.fields.len() > first.fields.len() {
            *first = draft;
        }
        return;
    }
    if !differ_by_place(first, &draft) {
        kept.push(draft);
        return;
    }
    let Some(Json::Array(more)) = draft.fields.get("locations") else { return };
    match first.fields.get_mut("locations") {
        Some(Json::Array(locations)) => {
            for location in more {
                if locations.len() < MAX_LOCATIONS && !locations.contains(location) {
                    locations.push(location.clone());
                }
            }
        }
        _ => first.set("locations", more.clone()),
    }
}

/// Whether two drafts say the same but for where it is.
fn differ_by_place(first: &Draft, second: &Draft) -> bool {
    let is_other = |(field, _): &(&String, &Json)| *field != "locations";
    (first.state, &first.modified, &first.links) == (second.state, &second.modified, &second.links)
        && first.fields.iter().filter(is_other).eq(second.fields.iter().filter(is_other))
}

/// Follows the next page, unless this is certainly the last.
fn follow_pages(list: &List<'_>, url: &Url, extraction: &mut Extraction) {
    if list.rows.is_empty() || list.lines.is_some() {
        return;
    }
    let asked = parameter(url, &["page"]);
    let per_page = parameter(url, &["per_page", "perPage"]);
    let Some(envelope) = list.envelope else {
        let count = list.rows.len();
        let is_paged = asked.is_some() || PAGE_SIZES.contains(&count);
        if is_paged {
            extraction.follow.push(page(url, asked.unwrap_or(1).saturating_add(1), Role::Perhaps));
        }
        return;
    };
    if asked == Some(1) && envelope.number == Some(1) && envelope.is_first == Some(false) {
        extraction.problems.push(
            Problem::warning("pages-from-zero", "/number", "pages are counted from 0 here")
                .advice("Count pages from 1."),
        );
        extraction.follow.push(page(url, 0, Role::Part));
    }
    let current = asked.or(envelope.number).unwrap_or(1);
    let rows = list.rows.len() as u64;
    // Page 0 is the first where pages are counted from 0.
    let before = match (current, per_page) {
        (0 | 1, _) => Some(0),
        (_, Some(size)) => Some((current - 1).saturating_mul(size)),
        (_, None) => None,
    };
    let listed = before.map(|before| before.saturating_add(rows));
    // Fewer than the total, just as many, or more; `None` when nobody knows.
    let to_total = envelope.items.zip(listed).map(|(items, listed)| listed.cmp(&items));
    if envelope.pages.is_some_and(|pages| current > pages && asked.is_some()) {
        let what = format!(
            "page {current} has records, and {} pages are announced",
            envelope.pages.unwrap_or_default()
        );
        extraction.problems.push(disagree(what));
    }
    let reaches_pages = envelope.pages.is_some_and(|pages| current >= pages);
    let says_last = envelope.is_last == Some(true) || reaches_pages;
    let role = match (says_last, to_total) {
        (true, Some(Ordering::Less)) => {
            let what = format!(
                "the page says that it is the last, but {} records are announced and {} were listed so far",
                envelope.items.unwrap_or_default(),
                listed.unwrap_or_default()
            );
            extraction.problems.push(disagree(what));
            Some(Role::Next)
        }
        (false, Some(Ordering::Less)) => Some(Role::Next),
        _ if envelope.is_last == Some(true) => None,
        // The total is reached just so, and nothing says otherwise.
        (_, Some(Ordering::Equal))
            if envelope.is_last.is_none() && (reaches_pages || envelope.pages.is_none()) =>
        {
            None
        }
        (true, _) => Some(Role::Perhaps),
        (false, _) if envelope.is_last.is_none() && envelope.pages.is_none() => Some(Role::Perhaps),
        (false, _) => Some(Role::Next),
    };
    if let Some(role) = role {
        extraction.follow.push(page(url, current.saturating_add(1), role));
    }
}

fn disagree(what: String) -> Problem {
    Problem::warning("totals-disagree", "", what).advice("Correct the totals of the page.")
}

fn parameter(url: &Url, names: &[&str]) -> Option<u64> {
    let (_, value) = url.query_pairs().find(|(name, _)| names.contains(&name.as_ref()))?;
    value.parse().ok()
}

fn page(url: &Url, number: u64, role: Role) -> Follow {
    let url = with_parameter(url, "page", &number.to_string());
    Follow { url, role, format: Some(NAME) }
}
