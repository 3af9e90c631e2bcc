//! What a page is about, as schema.org says it: JSON-LD for search engines,
//! browsers and other harvesters.
//!
//! One description for each page, in the words of <https://schema.org>; no term
//! of our own stands in it. Only properties that schema.org declares for the
//! class are written, nothing is invented, and a position that is no better than
//! part of a postcode is left out. The record itself, with all that
//! it says, is its JSON-LD under `.jsonld`.
//!
//! | file | what |
//! |---|---|
//! | `asset` | `Service`, `EventSeries`, `Event`, or a sort of `Place` |
//! | `other` | organisations, works, areas |
//! | `place` | addresses, positions, areas |
//! | `when` | opening hours and schedules |
//! | `list` | `ItemList` |

mod asset;
mod list;
mod other;
mod place;
mod when;

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use crate::web::escape;
use crate::web::html::content;
use crate::web::negotiate::Language;

pub use list::{Listed, list};

/// What a description is made from.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The kind of record.
    pub kind: &'a str,
    /// The record as JSON.
    pub record: &'a Map<String, Json>,
    /// Its summary, in which what it points to has names.
    pub summary: &'a Map<String, Json>,
    /// The address of its page.
    pub page: &'a str,
    /// The addresses of the licences under which its sources give it.
    pub licences: &'a [&'a str],
    /// The day on which it is described.
    pub today: Date,
    /// The language of the page.
    pub language: Language,
}

/// Describes a record; `None` for kinds of which schema.org has no class.
#[must_use]
pub fn describe(subject: &Subject<'_>) -> Option<Json> {
    let mut thing = Map::new();
    thing.insert("@context".to_owned(), json!("https://schema.org"));
    match subject.kind {
        "asset" => asset::describe(subject, &mut thing),
        "organisation" => other::organisation(subject, &mut thing),
        "resource" | "case-study" => other::work(subject, &mut thing),
        "place" => other::area(subject, &mut thing),
        _ => return None,
    }
    Some(Json::Object(thing))
}

/// A description as it stands in a page: no `<` in it can end the element.
#[must_use]
pub fn escaped(json: &Json) -> String {
    escape::escaped(&json.to_string(), |character| match character {
        '<' => Some("\\u003c"),
        '>' => Some("\\u003e"),
        '&' => Some("\\u0026"),
        '\u{2028}' => Some("\\u2028"),
        '\u{2029}' => Some("\\u2029"),
        _ => None,
    })
}

/// What every thing has: identity, name, words, addresses.
fn begin(subject: &Subject<'_>, class: &str, thing: &mut Map<String, Json>) {
    set(thing, "@type", Some(class));
    set(thing, "@id", subject.record.get("id").cloned());
    set(thing, "name", text(subject, subject.summary, "name"));
    let description = ["description", "summary", "purpose"]
        .into_iter()
        .find_map(|key| text(subject, subject.record, key))
        .or_else(|| text(subject, subject.summary, "summary"));
    set(thing, "description", description);
    set(thing, "alternateName", all_texts(subject, "alternateName"));
    let own = web(subject.record.get("url"));
    set(thing, "url", Some(own.unwrap_or_else(|| subject.page.to_owned())));
    let mut same: Vec<String> = Vec::new();
    for key in ["sameAs", "socialLinks"] {
        let values = subject.record.get(key).into_iter().flat_map(as_list);
        same.extend(values.filter_map(|value| web(Some(value))));
    }
    set(thing, "sameAs", list_of(same));
    let mut page = Map::new();
    set(&mut page, "@type", Some("WebPage"));
    set(&mut page, "@id", Some(subject.page));
    set(&mut page, "license", list_of(subject.licences.to_vec()));
    set(&mut page, "lastReviewed", subject.record.get("lastReviewed").cloned());
    set(thing, "mainEntityOfPage", Some(page));
}

/// Telephone, e-mail: what organisations, their places and contacts have.
fn contact(subject: &Subject<'_>, thing: &mut Map<String, Json>) {
    for key in ["telephone", "email"] {
        set(thing, key, subject.record.get(key).cloned());
    }
}

/// The organisation that a member of the summary points to.
fn organisation(subject: &Subject<'_>, key: &str) -> Option<Json> {
    let named = subject.summary.get(key)?;
    let named = named.as_array().and_then(|all| all.first()).unwrap_or(named).as_object()?;
    let name = text(subject, named, "name")?;
    Some(json!({ "@type": "Organization", "@id": named.get("id")?, "name": name }))
}

/// The names of what a member of the summary points to.
fn names(subject: &Subject<'_>, key: &str) -> Vec<String> {
    let all = subject.summary.get(key).into_iter().flat_map(as_list);
    all.filter_map(|named| text(subject, named.as_object()?, "name")).collect()
}

/// A text in the language of the page, or in another.
fn text(subject: &Subject<'_>, object: &Map<String, Json>, key: &str) -> Option<String> {
    content::text(object, key, subject.language).map(|text| text.text)
}

fn all_texts(subject: &Subject<'_>, key: &str) -> Option<Json> {
    let all = content::texts(subject.record.get(key), subject.language);
    list_of(all.into_iter().map(|text| text.text).collect())
}

/// One value as it is, several as a list, none as nothing.
fn list_of<T: Into<Json>>(mut all: Vec<T>) -> Option<Json> {
    if all.len() > 1 {
        return Some(Json::Array(all.into_iter().map(Into::into).collect()));
    }
    all.pop().map(Into::into)
}

fn as_list(json: &Json) -> &[Json] {
    match json {
        Json::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// An address that may be followed.
fn web(json: Option<&Json>) -> Option<String> {
    content::web_address(json?.as_str()?).map(str::to_owned)
}

fn set(thing: &mut Map<String, Json>, key: &str, value: Option<impl Into<Json>>) {
    if let Some(value) = value {
        thing.insert(key.to_owned(), value.into());
    }
}
