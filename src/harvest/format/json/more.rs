//! What a page of JSON says of the whole list: how many records there are, and
//! whether more are to come. A first page must not be believed to be all.

use serde_json::{Map, Value as Json};
use url::Url;

/// Where a page keeps what it says of the list, besides its root.
const HEADS: [&str; 10] = [
    "meta",
    "_meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pageInfo",
    "page_info",
    "paginator",
    "info",
];

/// How many records there are in all.
const TOTALS: [&str; 19] = [
    "total",
    "total_count",
    "totalCount",
    "total_items",
    "totalItems",
    "total_results",
    "totalResults",
    "total_records",
    "totalRecords",
    "total_elements",
    "totalElements",
    "total_rows",
    "totalRows",
    "numberMatched",
    "numFound",
    "recordsTotal",
    "totalHits",
    "nhits",
    "@odata.count",
];

/// How many there are in all, or on this page.
const COUNT: &str = "count";

/// How many pages there are.
const PAGES: [&str; 10] = [
    "pages",
    "total_pages",
    "totalPages",
    "page_count",
    "pageCount",
    "num_pages",
    "numPages",
    "last_page",
    "lastPage",
    "number_of_pages",
];

/// That there is more.
const FLAGS: [&str; 8] = [
    "has_more",
    "hasMore",
    "has_next",
    "hasNext",
    "has_next_page",
    "hasNextPage",
    "more_results",
    "moreResults",
];

/// What leads on, when it is not empty.
const TOKENS: [&str; 13] = [
    "next",
    "next_cursor",
    "nextCursor",
    "end_cursor",
    "next_page_token",
    "nextPageToken",
    "next_token",
    "nextToken",
    "next_page",
    "nextPage",
    "next_url",
    "next_page_url",
    "nextLink",
];

/// What parameters of the address of a page that is not the first are called.
const PARAMETERS: [&str; 8] =
    ["page", "offset", "start", "skip", "from", "cursor", "after", "token"];

/// What a page says of the list that it is a page of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Whole {
    /// How many records the list has.
    pub(super) total: Option<u64>,
    /// That the list goes on, as the page has it; `None` when it doesn't say.
    pub(super) goes_on: Option<String>,
    /// The same by its numbers, which only the first page can tell.
    pub(super) counts: Option<String>,
}

/// The objects of a page that may tell of the whole list.
pub(super) fn heads(json: &Json) -> Vec<(String, &Map<String, Json>)> {
    let Some(root) = json.as_object() else { return Vec::new() };
    let mut heads = vec![(String::new(), root)];
    for name in HEADS {
        let Some(head) = root.get(name).and_then(Json::as_object) else { continue };
        heads.push((format!("/{name}"), head));
        let inner = ["pagination", "paging", "page", "cursor"];
        heads.extend(inner.iter().filter_map(|inner| {
            Some((format!("/{name}/{inner}"), head.get(*inner)?.as_object()?))
        }));
    }
    heads
}

/// What the page at `url` says, which lists `rows` records and leads nowhere
/// that is known.
pub(super) fn whole(json: &Json, rows: usize, url: &Url) -> Whole {
    let heads = heads(json);
    let rows = rows as u64;
    let number = |names: &[&str]| {
        heads
            .iter()
            .find_map(|(_, head)| names.iter().find_map(|name| whole_number(head.get(*name)?)))
    };
    // Where it counts the page alone, it says nothing of the whole.
    let total = number(&TOTALS).or_else(|| number(&[COUNT]).filter(|count| *count > rows));
    let is_first = !url.query_pairs().any(|(name, value)| {
        let name = name.to_lowercase();
        let is_known = name == "p" || PARAMETERS.iter().any(|known| name.contains(known));
        is_known
            && !name.contains("size")
            && !name.contains("per")
            && !matches!(&*value, "" | "0" | "1")
    });
    let said = |name: &str, value: &Json| Some(format!("`{name}` is {value}"));
    let flag = heads.iter().find_map(|(_, head)| {
        FLAGS.iter().find_map(|name| {
            let value = head.get(*name)?;
            let is_so = matches!(value, Json::Bool(true)) || value == "true";
            if is_so { said(name, value) } else { None }
        })
    });
    let token = || {
        heads.iter().find_map(|(_, head)| {
            TOKENS.iter().find_map(|name| {
                let value = head.get(*name)?;
                let leads_on = match value {
                    Json::String(text) => !text.trim().is_empty(),
                    Json::Number(_) => true,
                    Json::Bool(is_so) => *is_so,
                    Json::Object(object) => object.get("href").is_some_and(Json::is_string),
                    Json::Null | Json::Array(_) => false,
                };
                if leads_on { said(name, &shortened(value)) } else { None }
            })
        })
    };
    let numbers = || {
        if !is_first {
            return None;
        }
        let of_pages = number(&PAGES).filter(|pages| *pages > 1);
        let of_pages = of_pages.map(|pages| format!("there are {pages} pages"));
        let of_rows = total.filter(|total| *total > rows);
        of_pages.or_else(|| of_rows.map(|total| format!("there are {total} records in all")))
    };
    Whole { total, goes_on: flag.or_else(token), counts: numbers() }
}

/// A number, or a text that is one.
pub(super) fn whole_number(value: &Json) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn shortened(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::from(text.chars().take(60).collect::<String>()),
        other => other.clone(),
    }
}
