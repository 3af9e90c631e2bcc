//! How to come to the next page of JSON.

use serde_json::{Map, Value as Json};
use url::Url;

use super::more;

use crate::harvest::extraction::{Follow, Problem, Role};
use crate::harvest::mapped;
use crate::harvest::mapping::Paging;

/// Where pages have the address of the next one.
const NEXT: [&str; 16] = [
    "/next",
    "/next_page_url",
    "/next_url",
    "/nextPageUrl",
    "/nextLink",
    "/@odata.nextLink",
    "/odata.nextLink",
    "/links/next",
    "/links/next/href",
    "/_links/next",
    "/_links/next/href",
    "/meta/next",
    "/meta/pagination/links/next",
    "/meta/next_page_url",
    "/pagination/next",
    "/paging/next",
];

/// Parameters that skip records, and what pages call their size with them.
const OFFSETS: [(&str, &[&str]); 4] = [
    ("offset", &["limit", "size", "per_page", "page_size", "pageSize"]),
    ("skip", &["limit", "take", "top"]),
    ("start", &["rows", "limit", "size"]),
    ("startIndex", &["itemsPerPage", "limit"]),
];

/// Parameters that count pages, as pages give them back.
const COUNTED: [&str; 3] = ["page", "pageNumber", "page_number"];

/// The way on that a page gives by an address: in itself, or in the `Link`
/// header of the answer, which names `header`.
pub(super) fn given(json: &Json, header: Option<&Url>) -> Option<Paging> {
    let is_there = |pointer: &&str| {
        let text = json.pointer(pointer).and_then(Json::as_str);
        text.is_some_and(|text| text.starts_with("http") || text.starts_with(['/', '?']))
    };
    match NEXT.into_iter().find(is_there) {
        Some(pointer) => Some(Paging::Next { path: path_of(pointer)? }),
        None => header.map(|_| Paging::Link),
    }
}

/// The way on that the first page of several lets guess, for it gives back the
/// parameters by which it was asked, or would be.
pub(super) fn guessed(json: &Json, rows: usize) -> Option<Paging> {
    let heads = more::heads(json);
    let number = |head: &Map<String, Json>, name: &str| head.get(name).and_then(more::whole_number);
    for (_, head) in &heads {
        for (parameter, sizes) in OFFSETS {
            let size = sizes.iter().find_map(|size| number(head, size));
            let size = size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
            if let (Some(0 | 1), Some(size)) = (number(head, parameter), size)
                && size <= rows
            {
                return Some(Paging::Offset { parameter: parameter.to_owned(), size });
            }
        }
        for parameter in COUNTED {
            if let Some(first @ (0 | 1)) = number(head, parameter) {
                let first = usize::try_from(first).ok()?;
                return Some(Paging::Page { parameter: parameter.to_owned(), first });
            }
        }
    }
    None
}

/// The `JSONPath` of a pointer into objects.
pub(super) fn path_of(pointer: &str) -> Option<String> {
    let mut path = "$".to_owned();
    for step in pointer.split('/').skip(1) {
        let key = step.replace("~1", "/").replace("~0", "~");
        if key.contains(['\'', '\\']) || key.chars().any(char::is_control) {
            return None;
        }
        path.extend(["['", key.as_str(), "']"]);
    }
    Some(path)
}

/// The next page after a page that is not empty, whose answer names `header`
/// as the next in its `Link` header; `None` after the last.
pub(super) fn next(
    paging: &Paging,
    json: &Json,
    url: &Url,
    header: Option<&Url>,
) -> Result<Option<Follow>, Box<Problem>> {
    let next = match paging {
        Paging::Link => header.cloned(),
        Paging::Page { parameter, first } => {
            let current = number(url, parameter).unwrap_or(*first as u64);
            Some(with_parameter(url, parameter, &current.saturating_add(1).to_string()))
        }
        Paging::Offset { parameter, size } => {
            let current = number(url, parameter).unwrap_or(0);
            Some(with_parameter(url, parameter, &current.saturating_add(*size as u64).to_string()))
        }
        Paging::Next { path } => match text_at(json, path) {
            None => None,
            Some(text) => Some(joined(url, &text)?),
        },
        Paging::Cursor { path, parameter } => {
            text_at(json, path).map(|cursor| with_parameter(url, parameter, &cursor))
        }
    };
    let next = next.filter(|next| next != url);
    let role = match paging {
        // No page says that there is one with a higher number.
        Paging::Page { .. } | Paging::Offset { .. } => Role::Perhaps,
        Paging::Link | Paging::Next { .. } | Paging::Cursor { .. } => Role::Next,
    };
    Ok(next.map(|url| Follow { url, role, format: Some("json") }))
}

/// `url` with a parameter set, in the place that it has.
pub(in crate::harvest::format) fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let mut pairs: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    match pairs.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => value.clone_into(known),
        None => pairs.push((name.to_owned(), value.to_owned())),
    }
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.set_fragment(None);
    url
}

/// The address that a page gives for the next, completed with its own.
fn joined(url: &Url, text: &str) -> Result<Url, Box<Problem>> {
    url.join(text).map_err(|error| {
        let what = format!("the address of the next page, `{text}`, is none: {error}");
        Box::new(
            Problem::broken("bad-next", "", what).advice("Give a whole address as the next page."),
        )
    })
}

fn number(url: &Url, name: &str) -> Option<u64> {
    url.query_pairs().find(|(known, _)| known == name)?.1.parse().ok()
}

/// The first text or number at a path; `None` when there is nothing.
fn text_at(json: &Json, path: &str) -> Option<String> {
    let path = mapped::path(path).ok()?;
    match path.query(json).first()? {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}
