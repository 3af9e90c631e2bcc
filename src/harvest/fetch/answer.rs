//! What an answer means, by its status and headers.

use std::time::Duration;

use http::header;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use url::Url;

use crate::harvest::document::Document;
use crate::harvest::dump::{Dump, Spooled};

use super::error::FetchError;
use super::outcome::HeaderLink;
use super::request::{Method, Request, Validators};
use super::sanity::Expected;
use super::{Wait, headers};

/// One answer, understood.
#[derive(Debug)]
pub(super) enum Reply {
    /// The document.
    Document(Box<Whole>),
    /// It has not changed.
    NotModified {
        /// How long the server says it will not change.
        fresh_for: Option<Duration>,
        /// What the server's clock said.
        server_date: Option<Timestamp>,
    },
    /// It is elsewhere.
    Redirect {
        /// The status.
        status: u16,
        /// Where, as it was written.
        to: String,
        /// How long to stay away from this host.
        wait: Wait,
    },
}

/// A document with what came with it.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) document: Document,
    pub(super) dump: Option<Dump>,
    pub(super) status: u16,
    pub(super) validators: Validators,
    pub(super) is_same: bool,
    pub(super) fresh_for: Option<Duration>,
    pub(super) links: Vec<HeaderLink>,
    pub(super) server_date: Option<Timestamp>,
}

/// What the head of an answer means.
pub(super) enum Head {
    /// The body is the document.
    Body,
    /// There is nothing to read any more.
    Done(Reply),
}

/// What the status and headers of an answer mean.
///
/// # Errors
///
/// The [`FetchError`] of the status, unless a document comes with it.
pub(super) fn head(
    status: StatusCode,
    headers: &HeaderMap,
    request: &Request,
    is_conditional: bool,
    now: Timestamp,
) -> Result<Head, FetchError> {
    let status = status.as_u16();
    if headers.contains_key("cf-mitigated") {
        return Err(FetchError::Blocked("a check for robots by Cloudflare".to_owned()));
    }
    match status {
        200 | 203 => Ok(Head::Body),
        // A subscription, or a mere check of an address, wants no body.
        201..=299 if matches!(request.method, Method::Post(_)) => Ok(Head::Body),
        200..=299 if request.expected == Expected::Whatever => Ok(Head::Body),
        204 | 205 => Err(FetchError::Empty),
        301 | 302 | 303 | 307 | 308 if !matches!(request.method, Method::Post(_)) => {
            let Some(to) = location(headers) else {
                return Err(FetchError::BadRedirect(String::new()));
            };
            let wait = headers::retry_after(headers, now);
            Ok(Head::Done(Reply::Redirect { status, to, wait }))
        }
        304 if is_conditional => Ok(Head::Done(Reply::NotModified {
            fresh_for: headers::fresh_for(headers, now),
            server_date: headers::server_date(headers),
        })),
        404 => Err(FetchError::NotFound),
        410 => Err(FetchError::Gone),
        401 | 402 | 403 | 407 | 451 | 999 => Err(FetchError::Refused(status)),
        // That the method is unknown says nothing of the host.
        501 if request.method == Method::Head => Err(FetchError::Status(status)),
        408 | 425 | 429 | 500..=599 => {
            Err(FetchError::Unavailable { status, retry_after: headers::retry_after(headers, now) })
        }
        _ => Err(FetchError::Status(status)),
    }
}

/// Servers send UTF-8 where only ASCII is allowed.
fn location(headers: &HeaderMap) -> Option<String> {
    let bytes = headers.get(header::LOCATION)?.as_bytes();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The document that came with `headers`.
pub(super) fn whole(
    url: Url,
    status: StatusCode,
    headers: &HeaderMap,
    body: Spooled,
    request: &Request,
    now: Timestamp,
) -> Whole {
    let (media_type, charset) = headers::content_type(headers);
    let Spooled { bytes, dump, hash } = body;
    let before = request.validators.as_ref().and_then(|validators| validators.hash.as_deref());
    Whole {
        status: status.as_u16(),
        is_same: before == Some(hash.as_str()),
        validators: Validators {
            etag: headers::etag(headers),
            last_modified: headers::last_modified(headers, now),
            hash: Some(hash),
            whole_at: now,
        },
        fresh_for: headers::fresh_for(headers, now),
        links: headers::links(headers, &url),
        server_date: headers::server_date(headers),
        dump,
        document: Document { url, media_type, charset, bytes, retrieved_at: now },
    }
}
