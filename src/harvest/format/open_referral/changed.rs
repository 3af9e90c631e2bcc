//! The question what has changed since a moment: `modified_after` of HSDS 3.

use url::Url;

use super::PER_PAGE;
use crate::harvest::format::json::with_parameter;

/// The first page of the services that have changed after `moment`, a time of
/// RFC 3339 in UTC, of the API with its root or its services at `source`;
/// `None` of an address without a path.
pub(in crate::harvest::format) fn changed_after(source: &Url, moment: &str) -> Option<Url> {
    let mut url = source.clone();
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty()).map(str::to_owned);
    if last.as_deref() != Some("services") {
        url.path_segments_mut().ok()?.pop_if_empty().push("services");
        url.set_query(None);
    }
    let mut url = with_parameter(&url, "modified_after", moment);
    url = with_parameter(&url, "page", "1");
    let has_size = url.query_pairs().any(|(name, _)| matches!(&*name, "per_page" | "perPage"));
    if has_size { Some(url) } else { Some(with_parameter(&url, "per_page", &PER_PAGE.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_asked_of_the_services_however_the_source_is_named() {
        let check = |source: &str, expected: &str| {
            let url = changed_after(&Url::parse(source).unwrap(), "2026-11-22T12:00:00Z").unwrap();
            let expected = format!("https://api.example/{expected}");
            assert_eq!(url.as_str().replace("%3A", ":"), expected);
        };
        let asked = "modified_after=2026-11-22T12:00:00Z&page=1&per_page=50";
        check("https://api.example/oruk/", &format!("oruk/services?{asked}"));
        check("https://api.example", &format!("services?{asked}"));
        check("https://api.example/oruk?key=1#top", &format!("oruk/services?{asked}"));
        check(
            "https://api.example/services?page=3",
            "services?page=1&modified_after=2026-11-22T12:00:00Z&per_page=50",
        );
        check(
            "https://api.example/services?taxonomy_id=t&per_page=9",
            "services?taxonomy_id=t&per_page=9&modified_after=2026-11-22T12:00:00Z&page=1",
        );
    }
}
