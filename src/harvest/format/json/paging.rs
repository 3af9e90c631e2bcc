//! How to come to the next page of JSON.

use serde_json::Value as Json;
use url::Url;

use crate::harvest::extraction::{Follow, Problem, Role};
use crate::harvest::mapped;
use crate::harvest::mapping::Paging;

/// The next page after a page that is not empty; `None` after the last.
pub(super) fn next(
    paging: &Paging,
    json: &Json,
    url: &Url,
) -> Result<Option<Follow>, Box<Problem>> {
    let next = match paging {
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
    Ok(next.map(|url| Follow { url, role: Role::Next, format: Some("json") }))
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
