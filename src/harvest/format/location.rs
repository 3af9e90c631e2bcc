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
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: Option<&str>, postcode: Option<&str>, is_online: bool) {
        let read = of_text(text);
        let get = |key: &str| read.location.as_ref()?.get(key)?.as_str().map(str::to_owned);
        assert_eq!(
            (get("name").as_deref(), get("postcode").as_deref()),
            (name, postcode),
            "{text}"
        );
        assert_eq!(read.is_online, is_online, "{text}");
    }

    #[test]
    fn a_line_is_a_name_and_perhaps_a_postcode() {
        check(
            "Leith Community Centre\n, Edinburgh  eh6 8rg,",
            Some("Leith Community Centre , Edinburgh eh6 8rg"),
            Some("EH6 8RG"),
            false,
        );
        check(
            "Kirkton Hall, G12 8QQ, UK",
            Some("Kirkton Hall, G12 8QQ, UK"),
            Some("G12 8QQ"),
            false,
        );
        check("Room EH1", Some("Room EH1"), None, false);
    }

    #[test]
    fn what_is_online_is_no_place() {
        check("https://us02web.zoom.us/j/1", None, None, true);
        check("Online", None, None, true);
        check(" ", None, None, false);
    }

    #[test]
    fn positions_are_on_earth_and_known() {
        assert_eq!(position(55.9, -3.2), Some((55.9, -3.2)));
        for (latitude, longitude) in [(0.0, 0.0), (91.0, 0.0), (f64::NAN, 1.0), (1.0, 181.0)] {
            assert_eq!(position(latitude, longitude), None);
        }
    }
}
