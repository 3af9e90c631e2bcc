//! What the headers of an answer say.

use std::time::Duration;

use http::HeaderMap;
use http::header::{self, HeaderName, HeaderValue};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::fmt::strtime;
use url::Url;

use super::outcome::HeaderLink;

/// The shortest and the longest that `Retry-After` is taken for, by contract.
const RETRY_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(24));
/// The longest that a document is taken to stay as it is, whatever its server
/// says.
const MAX_FRESH: Duration = Duration::from_hours(30 * 24);
/// The longest validator that is kept; real ones have some 40 bytes.
const MAX_VALIDATOR_BYTES: usize = 1024;
/// The most links that are read; real answers have a handful.
const MAX_LINKS: usize = 100;
/// How much a server's clock may be ahead of the time of a change.
const CLOCK_TOLERANCE: Duration = Duration::from_mins(1);

/// What a header says as text, each byte as one character.
pub(super) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(value.as_bytes().iter().map(|byte| char::from(*byte)).collect())
}

/// What all headers of this name say, as one list.
pub(super) fn list(headers: &HeaderMap, name: HeaderName) -> String {
    let values =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join(",")
}

/// The header value of a text in which each character is one byte.
pub(super) fn value(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> =
        text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

/// The media type in lower case and the charset of `Content-Type`.
pub(super) fn content_type(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    let Some(text) = text(headers, header::CONTENT_TYPE) else { return (None, None) };
    let mut parts = text.split(';');
    let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    ((!media_type.is_empty()).then_some(media_type), charset)
}

/// How long `Retry-After` asks to be left alone: zero for a time in the past;
/// `None` when there is none, or nothing that can be read.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = text(headers, header::RETRY_AFTER)?;
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has are more than a day too.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).clamp(RETRY_AFTER.0, RETRY_AFTER.1));
    }
    let until = http_date(text)?;
    match Duration::try_from(until.duration_since(now)) {
        Ok(wait) if !wait.is_zero() => Some(wait.clamp(RETRY_AFTER.0, RETRY_AFTER.1)),
        _ => Some(Duration::ZERO),
    }
}

/// How long the answer says that it stays as it is: `max-age`, or else
/// `Expires`; zero when it is not to be kept at all.
pub(super) fn fresh_for(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let mut max_age = None;
    for value in headers.get_all(header::CACHE_CONTROL) {
        let Ok(value) = value.to_str() else { continue };
        for directive in value.split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let name = name.trim();
            if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
                return Some(Duration::ZERO);
            }
            if name.eq_ignore_ascii_case("max-age") {
                max_age = value.trim().trim_matches('"').parse().ok().map(Duration::from_secs);
            }
        }
    }
    let age = text(headers, header::AGE).and_then(|age| age.trim().parse().ok());
    let age = Duration::from_secs(age.unwrap_or(0));
    if let Some(max_age) = max_age {
        return Some(max_age.saturating_sub(age).min(MAX_FRESH));
    }
    let expires = text(headers, header::EXPIRES)?;
    // Anything that is no date means “already expired”.
    let Some(expires) = http_date(expires.trim()) else { return Some(Duration::ZERO) };
    let date = server_date(headers).unwrap_or(now);
    Some(Duration::try_from(expires.duration_since(date)).unwrap_or_default().min(MAX_FRESH))
}

/// What the server's clock said.
pub(super) fn server_date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(text(headers, header::DATE)?.trim())
}

/// The `ETag`, to the letter.
pub(super) fn etag(headers: &HeaderMap) -> Option<String> {
    text(headers, header::ETAG).filter(|tag| !tag.is_empty() && tag.len() <= MAX_VALIDATOR_BYTES)
}

/// The `Last-Modified`, to the letter; but not when it is in the future, by
/// which a server would say for ever that nothing has changed.
pub(super) fn last_modified(headers: &HeaderMap, now: Timestamp) -> Option<String> {
    let text = text(headers, header::LAST_MODIFIED)?;
    let date = http_date(text.trim())?;
    let latest = server_date(headers).unwrap_or(now).checked_add(CLOCK_TOLERANCE).ok()?;
    (date <= latest && text.len() <= MAX_VALIDATOR_BYTES).then_some(text)
}

/// A date in one of the three forms of HTTP.
///
/// Source: RFC 9110, section 5.6.7.
fn http_date(text: &str) -> Option<Timestamp> {
    static MODERN: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(date) = MODERN.parse_timestamp(text) {
        return Some(date);
    }
    let (_, rest) = text.split_once(' ')?;
    let rest = rest.trim().trim_end_matches("GMT").trim();
    ["%d-%b-%y %H:%M:%S", "%b %e %H:%M:%S %Y"].iter().find_map(|form| {
        let parsed = strtime::parse(form, rest).ok()?;
        parsed.to_datetime().ok()?.in_tz("UTC").ok().map(|date| date.timestamp())
    })
}

/// The `Link` headers, completed with `base`.
///
/// Source: RFC 8288, section 3.
pub(super) fn links(headers: &HeaderMap, base: &Url) -> Vec<HeaderLink> {
    let mut links = Vec::new();
    for value in headers.get_all(header::LINK) {
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut rest = text.as_ref();
        while let Some((_, after)) = rest.split_once('<') {
            let Some((target, after)) = after.split_once('>') else { break };
            let end = end_of_parameters(after);
            let (parameters, after) = after.split_at(end);
            rest = after;
            let (Some(rels), Ok(url)) = (rel(parameters), base.join(target.trim())) else {
                continue;
            };
            for rel in rels.split_ascii_whitespace() {
                if links.len() == MAX_LINKS {
                    return links;
                }
                links.push(HeaderLink { rel: rel.to_ascii_lowercase(), url: url.clone() });
            }
        }
    }
    links
}

/// Where the parameters of a link end: at a comma outside quotes.
fn end_of_parameters(text: &str) -> usize {
    let mut is_quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn rel(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').trim();
        name.trim().eq_ignore_ascii_case("rel").then(|| value.to_owned())
    })
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
