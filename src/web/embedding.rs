//! Which sites show lists: what the log says of a request for one.
//!
//! Partners want to know whether a list is used, and nobody is to be followed
//! for that: so the log has the origin of the site around the list (never its
//! page, RFC 6454) and the code of the partner, and nothing of the visitor.
//! How they are counted is in `docs/operate.md`; what people are told of it,
//! at `/embed/privacy`. Contract of embeds, 2.5.

use http::{HeaderValue, Uri};
use url::{Origin, Url, form_urlencoded};

/// How the templates begin of the routes that other sites show.
const SHOWN: &[&str] =
    &["/lists/", "/near/", "/embed/v1/lists/", "/embed/v1/near/", "/embed/v1/records/", "/oembed"];

/// The longest origin, in bytes: a name of a host has 253 at most.
const LONGEST_ORIGIN: usize = 270;

/// The longest code of a partner.
const LONGEST_CODE: usize = 64;

/// What a request says of the site that shows a list.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Embedding {
    /// The origin of the site, such as `https://leith.example`; `None` when it
    /// says none, or it is this register.
    pub(super) origin: Option<String>,
    /// The code of the partner, from the parameter `ref`; `None` when it has
    /// anything but letters, digits, dots, hyphens and underscores.
    pub(super) code: Option<String>,
}

impl Embedding {
    /// What a request with this `Referer` and address says, to the register at
    /// `base`; nothing unless the template of its `route` is of what sites
    /// show.
    pub(super) fn of(route: &str, referer: Option<&HeaderValue>, uri: &Uri, base: &str) -> Self {
        if !SHOWN.iter().any(|beginning| route.starts_with(beginning)) {
            return Self::default();
        }
        let referer = referer.and_then(|referer| referer.to_str().ok());
        Self { origin: referer.and_then(|referer| origin(referer, base)), code: code(uri) }
    }
}

fn origin(referer: &str, base: &str) -> Option<String> {
    let origin = Url::parse(referer).ok()?.origin();
    let is_web =
        matches!(&origin, Origin::Tuple(scheme, ..) if scheme == "http" || scheme == "https");
    let is_own = Url::parse(base).is_ok_and(|base| base.origin() == origin);
    let text = origin.ascii_serialization();
    (is_web && !is_own && text.len() <= LONGEST_ORIGIN).then_some(text)
}

fn code(uri: &Uri) -> Option<String> {
    let query = uri.query()?.as_bytes();
    let (_, code) = form_urlencoded::parse(query).find(|(name, _)| name == "ref")?;
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"._-".contains(&letter);
    let is_code = (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(is_plain);
    is_code.then(|| code.into_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const BASE: &str = "https://kist.example";

    #[track_caller]
    fn check(
        route: &str,
        referer: &'static str,
        path: &str,
        expected: (Option<&str>, Option<&str>),
    ) {
        let (referer, uri) = (HeaderValue::from_static(referer), path.parse().unwrap());
        let found = Embedding::of(route, Some(&referer), &uri, BASE);
        assert_eq!(
            (found.origin.as_deref(), found.code.as_deref()),
            expected,
            "{referer:?} {path}"
        );
    }

    #[test]
    fn of_an_embed_the_origin_and_the_code_are_told() {
        let page = "https://www.leith.example:8443/people/ann?q=secret#me";
        let origin = Some("https://www.leith.example:8443");
        check("/lists/{id}", page, "/lists/a.geojson?ref=leith-1&q=x", (origin, Some("leith-1")));
        check("/near/{place}", page, "/near/EH6", (origin, None));
        check("/embed/v1/records/{kinds}/{id}", page, "/embed/v1/records/assets/a", (origin, None));
        check("/oembed", page, "/oembed?url=x", (origin, None));
    }

    #[test]
    fn nothing_is_told_of_other_routes_of_the_register_itself_or_of_what_is_no_web_site() {
        check("/search", "https://leith.example/", "/search?ref=a", (None, None));
        check(
            "/embed/v1/asset-list.js",
            "https://leith.example/",
            "/embed/v1/asset-list.js",
            (None, None),
        );
        for referer in
            ["https://kist.example/lists/a", "about:blank", "data:,x", "file:///a", "x", ""]
        {
            check("/lists/{id}", referer, "/lists/a", (None, None));
        }
    }

    #[test]
    fn a_code_that_could_be_anything_is_not_told() {
        for query in ["ref=ann%40leith.example", "ref=a%0ab", "ref=", "ref=a+b", "other=a"] {
            check("/lists/{id}", "", &format!("/lists/a?{query}"), (None, None));
        }
        check("/lists/{id}", "", &format!("/lists/a?ref={}", "a".repeat(65)), (None, None));
    }
}
