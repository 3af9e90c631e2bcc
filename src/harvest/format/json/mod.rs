//! JSON and lines of JSON of any form, by a mapping:
//! <https://www.rfc-editor.org/rfc/rfc8259>, paths by
//! <https://www.rfc-editor.org/rfc/rfc9535>.
//!
//! Reading of JSON and of its objects is here for all formats that are JSON.

mod guess;
mod item;
mod mend;
mod more;
mod paging;
mod pieces;
mod place;
mod read;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;
use serde_json_path::LocatedNode;

use super::{Format, Listing, Reading};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Extraction, Problem, Severity};
use crate::harvest::mapped;
use crate::harvest::mapping::Mapping;

pub use guess::guess;
pub(super) use guess::of_items as guess_of_items;
pub(super) use item::{Item, Notes};
pub(super) use paging::with_parameter;
pub(super) use pieces::pieces;
pub(super) use place::Places;
pub(super) use read::{Read, read};

/// How many items one document may list: more than any directory of a country
/// has, and with their drafts a tenth of a gigabyte at most.
pub(super) const MAX_ITEMS: usize = 100_000;

/// How many problems one document is told.
const MAX_PROBLEMS: usize = 100_000;

/// The code of a page that says that there is more, and leads nowhere.
pub const MORE_PAGES: &str = "more-pages";

pub(super) const FORMAT: Format = Format {
    name: "json",
    label: "JSON with a mapping",
    specification: "https://www.rfc-editor.org/rfc/rfc8259",
    accept: "application/json, application/x-ndjson;q=0.9, */*;q=0.1",
    listing: Listing::Complete,
    recognises,
    extract,
};

fn recognises(document: &Document) -> u8 {
    let head = String::from_utf8_lossy(document.head());
    let is_sequence = head.starts_with(read::RECORD);
    if !is_sequence && !head.starts_with(['{', '[']) {
        return 0;
    }
    // Objects with commas in them look like a table too.
    if is_sequence || document.is_declared(&read::LINES) || read::are_objects(&head) {
        return 30;
    }
    if document.is_declared(&["application/json"]) { 20 } else { 10 }
}

fn extract(document: &Document, reading: &Reading<'_>) -> Extraction {
    let mut extraction = Extraction::default();
    let Some(mut json) = read(document, &mut extraction.problems) else { return extraction };
    if document.is_declared(&read::LINES) && json.json.is_object() {
        // The only line of its list.
        json = Read { json: Json::Array(vec![json.json]), lines: Some(vec![1]) };
    }
    let guessed = match reading.mapping {
        Some(_) => None,
        None => guess::of_json(&json.json, &document.url, reading.next),
    };
    let Some(mapping) = reading.mapping.or(guessed.as_ref()) else {
        extraction.problems.push(
            Problem::broken("no-mapping", "", "nothing here looks like a list of records").advice(
                "Give the source a mapping which says where records and their fields stand.",
            ),
        );
        return extraction;
    };
    if guessed.is_some() {
        extraction.problems.push(
            Problem::warning(
                "mapping-guessed",
                "",
                "where the fields stand was guessed by their names",
            )
            .advice("Look at the result, correct the mapping, and save it with the source."),
        );
    } else {
        extraction.problems.extend(mapped::check(mapping));
    }
    let Some(items) = items(&json.json, mapping, &mut extraction.problems) else {
        return extraction;
    };
    let places = Places::of(mapping);
    if !items.is_empty() {
        let is_there = |from: &str| items.iter().any(|(_, item)| places.is_there(item, from));
        let vanished = mapped::vanished(mapping, ("", Severity::Warning), &is_there);
        let is_keyless = vanished.iter().any(|problem| problem.severity == Severity::Broken);
        extraction.problems.extend(vanished);
        if is_keyless {
            return extraction;
        }
    }
    for (position, (at, item)) in items.iter().enumerate() {
        let at = match json.lines.as_ref().and_then(|lines| lines.get(position)) {
            Some(line) if mapping.items.is_none() => format!("line {line}"),
            _ => at.clone(),
        };
        let (draft, problems) = mapped::build(mapping, &|from| places.texts(item, from), &at);
        extraction.drafts.extend(draft);
        let free = MAX_PROBLEMS.saturating_sub(extraction.problems.len());
        extraction.problems.extend(problems.into_iter().take(free));
    }
    if !items.is_empty() {
        go_on(&json.json, items.len(), mapping, document, reading, &mut extraction);
    }
    extraction.guessed = guessed;
    extraction
}

/// Where the list goes on after a page of `rows` records, and what the page
/// says of the whole. What says that there is more and doesn't lead there is
/// not believed to be all.
fn go_on(
    json: &Json,
    rows: usize,
    mapping: &Mapping,
    document: &Document,
    reading: &Reading<'_>,
    extraction: &mut Extraction,
) {
    let whole = more::whole(json, rows, &document.url);
    // What filters the list has no use for its total.
    let is_filtered = mapping.items.as_deref().is_some_and(|path| path.contains(['?', ':', ',']));
    extraction.announced = whole.total.filter(|_| !is_filtered);
    let given = || paging::given(json, reading.next);
    if let Some(paging) = mapping.paging.clone().or_else(given) {
        match paging::next(&paging, json, &document.url, reading.next) {
            Ok(Some(next)) => return extraction.follow.push(next),
            Ok(None) => {}
            Err(problem) => return extraction.problems.push(*problem),
        }
    }
    let counts = whole.counts.filter(|_| mapping.paging.is_none());
    let Some(why) = whole.goes_on.or(counts).filter(|_| !is_filtered) else { return };
    let advice =
        match paging::guessed(json, rows).and_then(|paging| serde_json::to_string(&paging).ok()) {
            Some(paging) => format!("Try `\"paging\": {paging}` in the mapping of the source."),
            None => "Say in the mapping of the source, by `paging`, how to come to the next page."
                .to_owned(),
        };
    let what = format!(
        "there is more ({why}), and how to come to it is not known: nothing that is absent counts as missing"
    );
    extraction.problems.push(Problem::broken(MORE_PAGES, "", what).advice(advice));
}

/// The items of a document with their pointers; `None` when the path is none.
fn items<'a>(
    json: &'a Json,
    mapping: &Mapping,
    problems: &mut Vec<Problem>,
) -> Option<Vec<(String, &'a Json)>> {
    let found: Vec<(String, &Json)> = if let Some(path) = &mapping.items {
        let Ok(path) = mapped::path(path) else {
            // What is wrong with it was said when the mapping was checked.
            problems.push(Problem::broken("bad-mapping", "/items", "the items can't be found"));
            return None;
        };
        let nodes = path.query_located(json);
        let only = nodes.iter().next().filter(|node| nodes.len() == 1 && node.node().is_array());
        let place = |node: &LocatedNode<'a>| (node.location().to_json_pointer(), node.node());
        match only {
            Some(list) => elements(&list.location().to_json_pointer(), list.node()),
            None => nodes.iter().take(MAX_ITEMS + 1).map(place).collect(),
        }
    } else {
        let pointer = guess::list_of_items(json).unwrap_or_default();
        json.pointer(&pointer).map(|list| elements(&pointer, list)).unwrap_or_default()
    };
    if found.is_empty() && mapping.items.as_ref().is_some_and(|_| !is_empty_list(json, mapping)) {
        problems.push(
            Problem::broken("no-items", "", "there is nothing at the path of the items")
                .advice("Check the path of the items in the mapping against the document."),
        );
    }
    let count = found.len();
    Some(found.into_iter().take(within_limit(count, problems)).collect())
}

/// How many of `count` items are read; says so when not all are.
pub(super) fn within_limit(count: usize, problems: &mut Vec<Problem>) -> usize {
    if count > MAX_ITEMS {
        let what = format!("there are more than {MAX_ITEMS} items");
        problems.push(Problem::broken("too-large", "", what).advice("Publish the list in pages."));
    }
    count.min(MAX_ITEMS)
}

fn elements<'a>(pointer: &str, list: &'a Json) -> Vec<(String, &'a Json)> {
    let Json::Array(list) = list else { return Vec::new() };
    let at = |(position, item)| (format!("{pointer}/{position}"), item);
    list.iter().take(MAX_ITEMS + 1).enumerate().map(at).collect()
}

/// Whether the list that the path of the items means is there, and empty:
/// `$.data[*]` finds nothing in `{"data": []}`, which is no fault.
fn is_empty_list(json: &Json, mapping: &Mapping) -> bool {
    let Some(path) = mapping.items.as_deref() else { return false };
    let list = path.strip_suffix("[*]").or_else(|| path.strip_suffix(".*")).unwrap_or(path);
    let Ok(path) = mapped::path(list) else { return false };
    path.query(json).all().iter().any(|node| node.as_array().is_some_and(Vec::is_empty))
}
