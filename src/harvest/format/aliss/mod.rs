//! ALISS, A Local Information System for Scotland: v4, v5 and the shapes of v3:
//! <https://www.aliss.org/api/v4/services/>.
//!
//! Shape: `{"meta", "count", "next", "previous", "data": [service]}`, with
//! `results` in place of `data` in v3. Pages are counted by parameter: the
//! `next` of ALISS loses the last page where it divides whole numbers, lacks
//! signs in others, and goes on past the end. What is fixed about ALISS stops
//! in this folder.

mod organisation;
mod service;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::Value as Json;
use url::Url;

use super::json::{Item, MAX_ITEMS, Notes, read, with_parameter, within_limit};
use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role};

const NAME: &str = "aliss";

/// How many items a page has without the parameter: of searches, and of
/// `/import` and `/organisations`.
const PAGE_SIZE: u64 = 10;
const LONG_PAGE_SIZE: u64 = 20;

pub(super) const FORMAT: Format = Format {
    name: NAME,
    label: "ALISS",
    specification: "https://www.aliss.org/api/v4/services/",
    accept: "application/json",
    listing: Listing::Complete,
    recognises,
    extract,
};

fn recognises(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let has = |name: &str| head.contains(name);
    let is_at_aliss = document
        .url
        .host_str()
        .is_some_and(|host| host == "aliss.org" || host.ends_with(".aliss.org"));
    let is_marked = has("\"aliss_url\"")
        || has("\"alissUrl\"")
        || has("Contains contributions from ALISS users");
    let is_alike = has("\"is_claimed\"") && has("\"permalink\"");
    let is_page = has("\"data\"") || has("\"results\"");
    match head.starts_with(['{', '[']) {
        true if is_marked => 95,
        true if is_alike || (is_at_aliss && is_page) => 85,
        _ => 0,
    }
}

fn extract(document: &Document, _reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let Some(json) = read(document, &mut extraction.problems) else { return extraction };
    let notes = Notes::default();
    match &json.json {
        Json::Array(rows) => {
            read_rows(rows, "", document, &notes, &mut extraction);
        }
        root => match Item::new(root, "", &notes) {
            Some(root) => read_root(&root, document, &notes, &mut extraction),
            None => extraction.problems.push(not_this("this is neither an object nor a list")),
        },
    }
    extraction.problems.extend(notes.into_problems());
    extraction
}

fn read_root(root: &Item<'_>, document: &Document, notes: &Notes, extraction: &mut Extraction) {
    if let Some(meta) = root.item("meta") {
        extraction.about.licence = meta.first_text(&["licence", "license"]);
        extraction.about.attribution = attribution(&meta);
    }
    if let Some(error) = root.text("error") {
        extraction.problems.push(
            Problem::broken("refused", "/error", format!("ALISS answers: {error}"))
                .advice("Correct the address: its postcode or one of its parameters is wrong."),
        );
        return;
    }
    let name = if root.has("data") { "data" } else { "results" };
    match root.get(name) {
        Some(Json::Array(rows)) => {
            read_rows(rows, name, document, notes, extraction);
            let rows = rows.len() as u64;
            follow_pages(root, rows, &document.url, extraction);
        }
        Some(Json::Object(_)) => {
            if let Some(row) = root.item(name) {
                read_row(&row, &document.url, extraction);
            }
            settle(extraction);
        }
        Some(Json::Null) | None if root.has("id") => {
            read_row(root, &document.url, extraction);
            settle(extraction);
        }
        _ => extraction.problems.push(not_this("there is neither `data` nor `results`")),
    }
}

fn read_rows(
    rows: &[Json],
    name: &str,
    document: &Document,
    notes: &Notes,
    extraction: &mut Extraction,
) {
    let limit = within_limit(rows.len(), &mut extraction.problems);
    for (position, json) in rows.iter().take(limit).enumerate() {
        let at =
            if name.is_empty() { format!("/{position}") } else { format!("/{name}/{position}") };
        match Item::new(json, at.as_str(), notes) {
            Some(row) => read_row(&row, &document.url, extraction),
            None => notes.add(Problem::error("bad-row", at, "this is not an object")),
        }
    }
    settle(extraction);
}

fn read_row(row: &Item<'_>, url: &Url, extraction: &mut Extraction) {
    let is_organisation = row.has("services") || row.has("alissUrl") || row.has("last_edited");
    if !is_organisation {
        if let Some(draft) = service::draft(row, url) {
            // A mirror may know of no organisation, and say so by empty texts.
            let provider = row
                .item("organisation")
                .filter(|item| item.text("id").is_some() || item.text("name").is_some());
            let provider = provider.map(|item| item.of(&draft.key));
            extraction.drafts.extend(provider.and_then(|row| organisation::draft(&row, url)));
            extraction.drafts.push(draft);
        }
        return;
    }
    let Some(draft) = organisation::draft(row, url) else { return };
    let key = draft.key.clone();
    extraction.drafts.push(draft);
    // The services of an organisation are short: they have no locations.
    for nested in row.items("services") {
        if extraction.drafts.len() > MAX_ITEMS {
            within_limit(extraction.drafts.len(), &mut extraction.problems);
            break;
        }
        let Some(mut draft) = service::draft(&nested, url) else { continue };
        draft.links.push(organisation::link(&key));
        extraction.follow.extend(detail(url, &draft.key));
        extraction.drafts.push(draft);
    }
}

/// The document of one service, beside the organisations of the same API.
fn detail(url: &Url, key: &str) -> Option<Follow> {
    let steps: Vec<&str> = url.path_segments()?.collect();
    let position = steps.iter().position(|step| *step == "organisations")?;
    let has_slash = steps.last() == Some(&"");
    let mut whole: Vec<&str> = steps.get(..position)?.to_vec();
    whole.extend(["services", key]);
    if has_slash {
        whole.push("");
    }
    let mut address = url.clone();
    address.set_query(None);
    address.path_segments_mut().ok()?.clear().extend(whole);
    Some(Follow { url: address, role: Role::Detail(key.to_owned()), format: Some(NAME) })
}

/// The services of a page share organisations: each is said once.
fn settle(extraction: &mut Extraction) {
    let mut seen = HashSet::new();
    extraction
        .drafts
        .retain(|draft: &Draft| draft.kind != "organisation" || seen.insert(draft.key.clone()));
}

/// Follows the next page by its number, unless the count says that all were
/// listed and `next` does not contradict. The Django generation, whose pages
/// have no `error`, tells the last page truly, and asks for no page beyond.
fn follow_pages(root: &Item<'_>, rows: u64, url: &Url, extraction: &mut Extraction) {
    extraction.announced = root.count("count");
    let Some(count) = extraction.announced.filter(|_| rows > 0) else { return };
    if !root.has("error") && root.has("next") && root.text("next").is_none() {
        return;
    }
    let parameter = |name: &str| {
        url.query_pairs()
            .find(|(known, _)| known == name)?
            .1
            .parse::<u64>()
            .ok()
            .filter(|number| *number > 0)
    };
    let page = parameter("page").unwrap_or(1);
    let has_long_pages = ["/import", "/organisations"].iter().any(|step| url.path().contains(step));
    let usual = if has_long_pages { LONG_PAGE_SIZE } else { PAGE_SIZE };
    let size = parameter("page_size").unwrap_or(usual).max(rows);
    let seen = (page - 1).saturating_mul(size).saturating_add(rows);
    let goes_on = root.text("next").is_some() && rows >= size;
    if seen < count || goes_on {
        let url = with_parameter(url, "page", &page.saturating_add(1).to_string());
        extraction.follow.push(Follow { url, role: Role::Next, format: Some(NAME) });
    }
}

/// Who is to be credited, one after the other.
fn attribution(meta: &Item<'_>) -> Option<String> {
    let said: Vec<String> = meta
        .items("attribution")
        .iter()
        .filter_map(|entry| match (entry.text("text"), entry.text("url")) {
            (Some(text), Some(url)) => Some(format!("{text} ({url})")),
            (text, url) => text.or(url),
        })
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn not_this(what: &str) -> Problem {
    Problem::broken("not-aliss", "", what)
        .advice("Give the address of /services or /import of the ALISS API.")
}
