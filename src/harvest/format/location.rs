//! A place from one line of text, as calendars and feeds give it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value as Json};

/// Characters of a line that are looked at; names of places are shorter.
const LONGEST: usize = 1000;

/// A whole postcode in running text. Compiles: it is tested.
static POSTCODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b([A-Z]{1,2}[0-9][0-9A-Z]?)\s*([0-9][ABD-HJLNP-UW-Z]{2})\b").ok()
});

/// Words that stand where a place would, for what takes place online.
const ONLINE: [&str; 12] = [
    "online",
    "on line",
    "on-line",
    "online event",
    "online only",
    "virtual",
    "virtual event",
    "zoom",
    "via zoom",
    "on zoom",
    "online via zoom",
    "microsoft teams meeting",
];

/// What a line of text says of where something is.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Where {
    /// A node of `locations`; `None` when it names no place.
    pub(super) location: Option<Map<String, Json>>,
    /// Whether it says that it is online.
    pub(super) is_online: bool,
}

/// Reads a line such as `Leith Community Centre, Edinburgh EH6 8RG`: its whole
/// is the name, and a postcode that stands in it is the postcode. An address
/// on the web, or a word like “online”, is no place.
pub(super) fn of_text(text: &str) -> Where {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(LONGEST).collect();
    let line = line.trim_matches([',', ' ']);
    let lower = line.to_lowercase();
    if line.is_empty() {
        return Where::default();
    }
    let is_address = lower.starts_with("http://") || lower.starts_with("https://");
    if is_address || ONLINE.contains(&lower.trim_end_matches('.')) {
        return Where { location: None, is_online: true };
    }
    let mut location = Map::new();
    location.insert("name".to_owned(), Json::from(line));
    if let Some(postcode) = postcode(line) {
        location.insert("postcode".to_owned(), Json::from(postcode));
    }
    Where { location: Some(location), is_online: false }
}

/// The last whole postcode in `text`, in its usual spelling.
fn postcode(text: &str) -> Option<String> {
    let found = POSTCODE.as_ref()?.captures_iter(text).last()?;
    Some(format!("{} {}", &found[1], &found[2]).to_ascii_uppercase())
}

/// A pair of numbers as a position; `None` when it is none on earth, or the
/// 0/0 that systems write for “unknown”.
pub(super) fn position(latitude: f64, longitude: f64) -> Option<(f64, f64)> {
    let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let is_unknown = latitude == 0.0 && longitude == 0.0;
    (is_on_earth && !is_unknown).then_some((latitude, longitude))
}

#[cfg(test)]
#[path = "location_tests.rs"]
mod tests;
