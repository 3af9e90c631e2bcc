//! `OpenActive` feeds, Realtime Paged Data Exchange 1.0:
//! <https://openactive.io/realtime-paged-data-exchange/EditorsDraft/>.
//!
//! Shape: `{"next", "items": [{"state", "kind", "id", "modified", "data"}],
//! "license"}`. The address in `next` is opaque; a page without items whose
//! `next` is its own address is the end of what there is now, and the address
//! to ask next time. What the data of an item means is in `item`; nothing
//! else of the protocol leaves this file.

mod item;
mod price;
mod times;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;
use url::Url;

use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::encoding;
use crate::harvest::extraction::{Draft, Extraction, Follow, Problem, Role, State, Time};

/// Items of one page: real ones have 500 or so.
const MOST_ITEMS: usize = 100_000;
/// Problems of one item that are named.
const MOST_PROBLEMS: usize = 20;
/// Characters of a key that are believed to be one.
const LONGEST_KEY: usize = 1000;
/// The parameters by which all known servers page; with them, an address that
/// points to a wrong host can be put right.
const PAGE_PARAMETERS: [&str; 3] = ["afterTimestamp", "afterId", "afterChangeNumber"];

/// Pages of RPDE 1.0 feeds.
pub(super) const FORMAT: Format = Format {
    name: "rpde",
    label: "OpenActive (RPDE)",
    specification: "https://openactive.io/realtime-paged-data-exchange/EditorsDraft/",
    accept: "application/vnd.openactive.rpde+json; version=1, \
             application/vnd.openactive+json; version=1, application/json;q=0.9",
    listing: Listing::Changes,
    recognises,
    extract,
};

/// A page as published.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    next: Option<Cow<'a, str>>,
    #[serde(borrow)]
    items: Items<'a>,
    #[serde(borrow, default)]
    license: Option<&'a RawValue>,
}

/// The items of a page, not yet read: a broken one costs itself only.
struct Items<'a>(Vec<&'a RawValue>);

/// An item as published. `id` and `modified` are texts or numbers of any
/// length, so they are kept as they are written.
#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    state: Cow<'a, str>,
    #[serde(borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow, default)]
    modified: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

fn recognises(document: &Document) -> u8 {
    let head = document.head();
    let contains = |key: &str| head.windows(key.len()).any(|window| window == key.as_bytes());
    if document.is_declared(&["application/vnd.openactive.rpde+json"]) {
        return 95;
    }
    if !head.starts_with(b"{") || !contains("\"items\"") {
        return 0;
    }
    let is_item = contains("\"state\"") && contains("\"modified\"");
    match (is_item, document.is_declared(&["application/vnd.openactive+json"])) {
        (true, _) => 90,
        (false, true) => 85,
        (false, false) if contains("\"next\"") => 40,
        (false, false) => 0,
    }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let decoded = encoding::decode(document);
    extraction.problems.extend(decoded.warnings);
    let page: Page<'_> = match serde_json::from_str(&decoded.text) {
        Ok(page) => page,
        Err(error) => {
            let what = format!("this is no page of a feed: {error}");
            extraction.problems.push(Problem::broken("bad-page", "", what));
            return extraction;
        }
    };
    let clock = reading.clock();
    let context = item::Context { clock: &clock, now: reading.now };
    let mut left_out = BTreeMap::new();
    for (number, raw) in page.items.0.iter().enumerate() {
        let at = format!("/items/{number}");
        let before = extraction.problems.len();
        take(raw, &at, &context, &mut left_out, &mut extraction);
        extraction.problems.truncate(before + MOST_PROBLEMS);
    }
    for (kind, count) in left_out {
        let what = format!("{count} items of kind {kind} are no records of their own");
        extraction.problems.push(
            Problem::warning("not-a-record", "/items", what)
                .advice("Harvest the feed of the series or facilities that they belong to."),
        );
    }
    item::merge_organisations(&mut extraction.drafts);
    let license = page.license.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    extraction.about.licence = license.filter(|text| text.starts_with("http"));
    go_on(page.next.as_deref(), page.items.0.is_empty(), document, &mut extraction);
    extraction
}

/// Reads one item into `extraction`; what is no record is counted in
/// `left_out`.
fn take(
    raw: &RawValue,
    at: &str,
    context: &item::Context<'_>,
    left_out: &mut BTreeMap<String, usize>,
    extraction: &mut Extraction,
) {
    let problems = &mut extraction.problems;
    let item: Item<'_> = match serde_json::from_str(raw.get()) {
        Ok(item) => item,
        Err(error) => {
            problems.push(Problem::error(
                "bad-item",
                at,
                format!("the item can't be read: {error}"),
            ));
            return;
        }
    };
    let kind = item.kind.as_deref().unwrap_or_default();
    let Some(id) = written(item.id) else {
        problems.push(Problem::error("no-key", format!("{at}/id"), "the item has no id"));
        return;
    };
    let key = if kind.is_empty() { id } else { format!("{kind}/{id}") };
    let modified = item.modified.and_then(written);
    match (&*item.state, item.data) {
        ("deleted", _) => {
            if item::is_session(kind) {
                extraction.times.push(Time { key: key.clone(), ..Time::default() });
            }
            let mut draft = Draft::new(item::kind_of_record(kind), key, at);
            draft.state = State::Deleted;
            draft.modified = modified;
            extraction.drafts.push(draft);
        }
        ("updated", Some(data)) => {
            let at = format!("{at}/data");
            match serde_json::from_str(data.get()) {
                Ok(data) if item::series_of(&data, kind).is_some() => {
                    extraction.times.extend(item::time(&data, kind, key, &at, context, problems));
                }
                Ok(data) => match item::read(&data, kind, &key, &at, context, problems) {
                    Some(mut drafts) => {
                        if let Some(draft) = drafts.first_mut() {
                            draft.modified = modified;
                            let name = item::address(&data);
                            let full = format!("{}\n{}", draft.kind, draft.key);
                            extraction.names.extend(name.map(|name| (name, full)));
                        }
                        extraction.drafts.extend(drafts);
                    }
                    None => *left_out.entry(format!("`{kind}`")).or_default() += 1,
                },
                Err(error) => {
                    let what = format!("the data of the item can't be read: {error}");
                    problems.push(Problem::error("bad-item", at, what).of(key));
                }
            }
        }
        ("updated", None) => {
            problems.push(Problem::error("no-data", at, "an updated item has no data").of(key));
        }
        (state, _) => {
            let what = format!("the state `{state}` is neither updated nor deleted");
            problems.push(Problem::error("bad-item", format!("{at}/state"), what).of(key));
        }
    }
}

/// A text, or a number as it is written; `None` when it is neither or empty.
fn written(raw: &RawValue) -> Option<String> {
    let text = raw.get().trim();
    let value = match text.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(text).ok()?.trim().to_owned(),
        b'-' | b'0'..=b'9' => text.to_owned(),
        _ => return None,
    };
    (!value.is_empty() && value.len() <= LONGEST_KEY).then_some(value)
}

/// Where the feed goes on: the next page, or at the end the address to ask
/// next time.
fn go_on(next: Option<&str>, is_empty: bool, document: &Document, extraction: &mut Extraction) {
    let current = &document.url;
    let next = match next_address(next, current, &mut extraction.problems) {
        Ok(next) => next,
        Err(problem) => {
            extraction.problems.push(*problem);
            return;
        }
    };
    if next == *current {
        if is_empty {
            extraction.resume = Some(next);
        } else {
            extraction.problems.push(
                Problem::broken(
                    "paging-loop",
                    "/next",
                    "a page with items names itself as the next",
                )
                .advice("`next` must change with the last item of each page."),
            );
        }
        return;
    }
    extraction.resume = Some(next.clone());
    extraction.follow.push(Follow { url: next, role: Role::Next, format: Some(FORMAT.name) });
}

/// The address of the next page by RFC 3986, with the faults put right that
/// publishers are known for: `http` behind an `https` front, and the internal
/// name of their host.
fn next_address(
    next: Option<&str>,
    current: &Url,
    problems: &mut Vec<Problem>,
) -> Result<Url, Box<Problem>> {
    let Some(next) = next.map(str::trim).filter(|next| !next.is_empty()) else {
        let what = "the page doesn't say where the feed goes on";
        let problem = Problem::broken("no-next", "/next", what);
        return Err(Box::new(problem.advice("Each page must have `next`.")));
    };
    let mut url = current.join(next).map_err(|error| {
        let what = format!("`{next}` is no address: {error}");
        Box::new(Problem::broken("bad-next", "/next", what))
    })?;
    url.set_fragment(None);
    let is_same_host = url.host() == current.host();
    if is_same_host && current.scheme() == "https" && url.scheme() == "http" && url.port().is_none()
    {
        // Both are default schemes of the web; this can't fail.
        let _ = url.set_scheme("https");
    }
    if url.scheme() == current.scheme()
        && is_same_host
        && url.port_or_known_default() == current.port_or_known_default()
    {
        return Ok(url);
    }
    let what = format!("`next` points to another host: `{url}`");
    let pages = url.query_pairs().any(|(name, _)| PAGE_PARAMETERS.contains(&&*name));
    if !pages {
        return Err(Box::new(Problem::broken("other-host", "/next", what)));
    }
    let mut repaired = current.clone();
    repaired.set_query(url.query());
    problems.push(
        Problem::warning("other-host", "/next", what)
            .advice("Put the public address of the feed into `next`."),
    );
    Ok(repaired)
}

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Vec<&'de RawValue>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of items")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    if items.len() >= MOST_ITEMS {
                        return Err(A::Error::custom(format_args!("more than {MOST_ITEMS} items")));
                    }
                    items.push(item);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(List).map(Items)
    }
}

#[cfg(test)]
mod tests;
