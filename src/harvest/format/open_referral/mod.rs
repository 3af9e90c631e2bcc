//! Open Referral UK 3.0 and 1.0, and HSDS 3.x:
//! <https://openreferraluk.org>, <https://docs.openhumanservices.org>.
//!
//! Shape of a page: `{"total_items", "page_number", …, "contents": [service]}`
//! in 3.0, `{"totalElements", "number", …, "content": [service]}` in 1.0; some
//! servers send a bare list, or a service on each line. Rows of a 3.0 list are
//! short, so that each service is followed to its own document. A service
//! becomes an asset, its organisation a record of its own. What is fixed about
//! Open Referral stops in this folder.

mod changed;
mod kist;
mod language;
mod offers;
mod organisation;
mod page;
mod place;
mod schedule;
mod service;
mod term;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;
use url::Url;

pub(super) use self::changed::changed_after;
pub(super) use self::offers::{at_once, description};
use super::json::{Item, Notes, read};
use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Follow, Problem, Role};

pub(super) const NAME: &str = "open-referral";

/// How many services are asked for on a page; the default of 1.0.
const PER_PAGE: usize = 50;

pub(super) const FORMAT: Format = Format {
    name: NAME,
    label: "Open Referral (UK 1.0 and 3.0, HSDS 3)",
    specification: "https://docs.openreferraluk.org",
    accept: "application/json, application/x-ndjson;q=0.9",
    listing: Listing::Complete,
    recognises,
    extract,
};

/// Marks that others hardly have; one of the first group is enough.
fn recognises(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    if !head.starts_with(['{', '[']) {
        return 0;
    }
    let has = |name: &str| head.contains(name);
    let is_root = has("\"HSDS") && has("\"version\"");
    let is_page = (has("\"contents\"") && (has("\"total_items\"") || has("\"page_number\"")))
        || (has("\"content\"") && has("\"totalElements\""));
    let is_service = has("\"service_at_locations\"")
        || has("\"service_taxonomys\"")
        || (has("\"assured_date\"") && has("\"status\""))
        || (has("\"organization_id\"") || has("\"organization\""))
            && ["\"attending_type\"", "\"schedules\"", "\"contents\""].into_iter().any(has);
    match (is_root, is_page, is_service) {
        (true, ..) | (false, true, true) => 95,
        (false, true, false) => 80,
        (false, false, true) => 75,
        (false, false, false) => 0,
    }
}

fn extract(document: &Document, _reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let Some(mut json) = read(document, &mut extraction.problems) else { return extraction };
    kist::without_assumed(&mut json.json);
    let notes = Notes::default();
    match &json.json {
        Json::Array(rows) => {
            let list = page::List::bare(rows, json.lines.as_deref());
            page::read(&list, &document.url, &notes, &mut extraction);
        }
        root => match Item::new(root, "", &notes) {
            Some(root) => read_object(&root, document, &notes, &mut extraction),
            None => extraction.problems.push(not_this("this is neither an object nor a list")),
        },
    }
    extraction.problems.extend(notes.into_problems());
    extraction
}

fn read_object(root: &Item<'_>, document: &Document, notes: &Notes, extraction: &mut Extraction) {
    let contents = ["contents", "content"].into_iter().find(|name| root.has(name));
    if let Some(name) = contents {
        let list = page::List::of_envelope(root, name);
        page::read(&list, &document.url, notes, extraction);
    } else if root.has("id") {
        page::read_one(root, &document.url, extraction);
    } else if root.has("version") || root.has("openapi_url") {
        read_root(root, document, extraction);
    } else {
        let keys: Vec<&str> = root.keys().take(10).collect();
        let what = format!(
            "this is no page of services, no service and no description of an API; it has `{}`",
            keys.join("`, `")
        );
        extraction.problems.push(not_this(&what));
    }
}

/// The description at the root of an API: the services are beside it.
fn read_root(root: &Item<'_>, document: &Document, extraction: &mut Extraction) {
    let version = root.text("version").unwrap_or_default();
    if !version.to_ascii_uppercase().contains("HSDS") {
        let what = format!("the version `{version}` does not begin with HSDS");
        extraction.problems.push(
            Problem::warning("unknown-version", "/version", what)
                .advice("Say HSDS-UK-3.0, or the version of HSDS that is served."),
        );
    }
    let Some(mut url) = below(&document.url, &["services"]) else { return };
    let mut asked = document.url.query_pairs();
    if asked.any(|pair| pair == ("format".into(), "ndjson".into())) {
        // Whoever names the root so knows that all come at once.
        url.query_pairs_mut().append_pair("format", "ndjson");
    } else {
        let size = PER_PAGE.to_string();
        url.query_pairs_mut().append_pair("page", "1").append_pair("per_page", &size);
    }
    extraction.follow.push(Follow { url, role: Role::Part, format: Some(NAME) });
    // What objects have no licence of their own have that of the root.
    extraction.about.licence =
        root.text("kist_sourceLicence").filter(|text| text.starts_with("http"));
    // Registers of our own have organisations that no service leads to.
    let more = root.text("kist_organizations").and_then(|text| document.url.join(&text).ok());
    if let Some(url) = more.filter(|url| url.origin() == document.url.origin()) {
        extraction.follow.push(Follow { url, role: Role::Part, format: Some(NAME) });
    }
}

/// The address of `steps` below `url`, without its query.
fn below(url: &Url, steps: &[&str]) -> Option<Url> {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut().ok()?.pop_if_empty().extend(steps);
    Some(url)
}

fn not_this(what: &str) -> Problem {
    Problem::broken("not-open-referral", "", what)
        .advice("Give the address of the API's root or of its /services.")
}
