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
#[path = "embedding_tests.rs"]
mod tests;
