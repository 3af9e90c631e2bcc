//! What caches may keep: entity tags, conditional requests, freshness.
//!
//! An entity tag is strong. It has the revision, so that a change can be
//! conditional on the version whichever format the client read; a digest of
//! what else shapes the representation; and the coding of the compression,
//! which `layers` adds. Dates decide nothing: two changes may share a second.

use std::fmt;

use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderMap;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use sha2::Digest;
use sha2::Sha256;

use crate::model::Revision;
use crate::web::problem::Problem;
use crate::web::problem::Result;

/// The codings that the compression may add to a tag.
const CODINGS: &[&str] = &["-gzip", "-br", "-zstd"];

/// A strong entity tag (RFC 9110, 8.8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityTag {
    revision: Revision,
    digest: String,
}

impl EntityTag {
    /// The tag of what is shown of `revision`, where `variant` is all that
    /// shapes it beside: the format, the language, the query, the build of
    /// the program.
    #[must_use]
    pub fn new(revision: Revision, variant: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for part in variant {
            digest.update(part.len().to_le_bytes());
            digest.update(part.as_bytes());
        }
        let mut digest = format!("{:x}", digest.finalize());
        digest.truncate(12);
        Self { revision, digest }
    }
}

impl fmt::Display for EntityTag {
    /// The tag with its quotes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}-{}\"", self.revision, self.digest)
    }
}

/// The preconditions of a request: `If-None-Match` and `If-Match`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    none_match: Option<Tags>,
    matches: Option<Tags>,
}

/// The tags of a precondition, without quotes, weakness and coding.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    These(Vec<Tag>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    text: String,
    weak: bool,
}

impl Conditions {
    /// Reads the preconditions. Members that are no tags match nothing.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            none_match: tags(headers, header::IF_NONE_MATCH),
            matches: tags(headers, header::IF_MATCH),
        }
    }

    /// Whether the client has the representation of `tag` already, so that
    /// the answer is 304. Weak comparison, as `If-None-Match` wants.
    #[must_use]
    pub fn has(&self, tag: &EntityTag) -> bool {
        match &self.none_match {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => {
                let text = format!("{}-{}", tag.revision, tag.digest);
                tags.iter().any(|tag| tag.text == text)
            }
        }
    }

    /// As [`Conditions::has`], of a tag as it stands in a header.
    pub(crate) fn has_text(&self, quoted: &str) -> bool {
        match (&self.none_match, tag(quoted)) {
            (Some(Tags::Any), Some(_)) => true,
            (Some(Tags::These(tags)), Some(own)) => tags.iter().any(|tag| tag.text == own.text),
            _ => false,
        }
    }

    /// Checks a change of what is at revision `current`, or of nothing.
    ///
    /// A tag in `If-Match` fits when it is strong and of that revision,
    /// whatever format and coding it was given with; `*` fits whatever is
    /// there. `If-None-Match: *` lets only a change of nothing through. Gives
    /// the revision that must still be there when it is written, 0 for
    /// nothing; `None` when any may be.
    ///
    /// # Errors
    ///
    /// 412 `precondition-failed`; 428 `precondition-required` when something
    /// would be changed and the client does not say which version it means.
    pub fn check_change(&self, current: Option<Revision>) -> Result<Option<Revision>> {
        let now = current.map(|revision| EntityTag::new(revision, &[]).to_string());
        let failed = || Problem::precondition_failed(now.as_deref());
        if let (Some(Tags::Any), Some(now)) = (&self.none_match, &now) {
            return Err(Problem::something_is_here(now));
        }
        match (&self.matches, current) {
            (None, Some(_)) => Err(Problem::precondition_required()),
            (None, None) => Ok(self.none_match.as_ref().map(|_| Revision::default())),
            (Some(Tags::Any), Some(_)) => Ok(None),
            (Some(_), None) => Err(failed()),
            (Some(Tags::These(tags)), Some(revision)) => {
                let text = format!("{revision}-");
                let fits = |tag: &Tag| !tag.weak && tag.text.starts_with(&text);
                if tags.iter().any(fits) { Ok(Some(revision)) } else { Err(failed()) }
            }
        }
    }
}

fn tags(headers: &HeaderMap, name: header::HeaderName) -> Option<Tags> {
    let mut read = None;
    for value in headers.get_all(name) {
        let text = value.to_str().unwrap_or_default();
        if text.trim() == "*" {
            return Some(Tags::Any);
        }
        // A comma may stand in a tag, though none of ours has one.
        let tags = text.split(',').filter_map(|member| tag(member.trim()));
        match read.get_or_insert(Tags::These(Vec::new())) {
            Tags::These(all) => all.extend(tags),
            Tags::Any => {}
        }
    }
    read
}

fn tag(member: &str) -> Option<Tag> {
    let (weak, quoted) = member.strip_prefix("W/").map_or((false, member), |quoted| (true, quoted));
    let mut text = quoted.strip_prefix('"')?.strip_suffix('"')?;
    for coding in CODINGS {
        text = text.strip_suffix(coding).unwrap_or(text);
    }
    Some(Tag { text: text.to_owned(), weak })
}

/// Adds the coding of the compression to the tag of a response, so that two
/// codings of one representation have two strong tags (RFC 9110, 8.8.3.3).
pub(crate) fn mark_coding(headers: &mut HeaderMap) {
    let Some(coding) = headers.get(header::CONTENT_ENCODING) else { return };
    let Some(tag) = headers.get(header::ETAG) else { return };
    let (Ok(coding), Ok(tag)) = (coding.to_str(), tag.to_str()) else { return };
    let Some(open) = tag.strip_suffix('"') else { return };
    if let Ok(marked) = HeaderValue::from_str(&format!("{open}-{coding}\"")) {
        headers.insert(header::ETAG, marked);
    }
}

/// Gives a 304 the tag that the client `held`, with its coding: by another a
/// cache could not tell which of its answers still holds (RFC 9111, 4.3.4).
pub(crate) fn confirm(headers: &mut HeaderMap, held: &[HeaderValue]) {
    let Some(own) = headers.get(header::ETAG).and_then(|own| tag(own.to_str().ok()?)) else {
        return;
    };
    let members = held.iter().filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(','));
    let mut members = members.map(str::trim);
    let same = members.find(|member| tag(member).is_some_and(|held| held.text == own.text));
    if let Some(Ok(tag)) = same.map(|same| HeaderValue::from_str(same.trim_start_matches("W/"))) {
        headers.insert(header::ETAG, tag);
    }
}

/// How long an answer may be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// By anybody, for so many seconds; then it is asked for again, and an
    /// old one may be shown for ten times as long while that is done.
    Seconds(u32),
    /// As what partners embed: by anybody for five minutes; an old one may be
    /// shown for a day while it is asked for again, and for a week while the
    /// register can't be reached. Source: contract of embeds, 2.5.
    Embedded,
    /// By anybody, but each time after asking whether it still holds.
    Revalidate,
    /// By anybody and for ever: the address changes with the content.
    Immutable,
    /// By nobody: it is private.
    Never,
}

impl Freshness {
    /// The value of `Cache-Control`.
    #[must_use]
    pub fn to_header(self) -> HeaderValue {
        match self {
            Self::Seconds(seconds) => {
                let stale = u64::from(seconds) * 10;
                let text = format!("public, max-age={seconds}, stale-while-revalidate={stale}");
                plain(text)
            }
            Self::Embedded => HeaderValue::from_static(
                "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
            ),
            Self::Revalidate => HeaderValue::from_static("public, no-cache"),
            Self::Immutable => HeaderValue::from_static("public, max-age=31536000, immutable"),
            Self::Never => HeaderValue::from_static("no-store"),
        }
    }
}

/// Answers a conditional request: 304 when the client has what `tag` names,
/// else what `build` makes. Both have the tag and the freshness.
///
/// # Errors
///
/// What `build` gives.
pub fn respond<R: IntoResponse>(
    conditions: &Conditions,
    tag: &EntityTag,
    freshness: Freshness,
    build: impl FnOnce() -> Result<R>,
) -> Result<Response> {
    let mut response = if conditions.has(tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        build()?.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, plain(tag.to_string()));
    headers.insert(header::CACHE_CONTROL, freshness.to_header());
    Ok(response)
}

/// The value of `Last-Modified`, in whole seconds; `None` before the year 0.
#[must_use]
pub fn last_modified(at: Timestamp) -> Option<HeaderValue> {
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::try_from(text).ok()
}

fn plain(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("words, digits and dashes can stand in a header")
}

/// Adds `name` to `Vary`, once.
pub fn vary(headers: &mut HeaderMap, name: header::HeaderName) {
    let has = headers.get_all(header::VARY).iter().any(|value| {
        let mut names = value.to_str().unwrap_or_default().split(',');
        names.any(|known| known.trim().eq_ignore_ascii_case(name.as_str()))
    });
    if !has {
        headers.append(header::VARY, name.into());
    }
}

#[cfg(test)]
#[path = "cache_tests.rs"]
mod tests;
