//! Bodies of requests, read under the rules of their route.
//!
//! Size, media type and coding are checked before the body is read, and the
//! size again while it is. Parameters are in [`crate::web::parameters`].

use std::io::Read;
use std::sync::Arc;

use axum::extract::FromRequest;
use axum::extract::Request;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use http::HeaderName;
use http::Method;
use http::header;
use http_body_util::BodyExt;
use http_body_util::LengthLimitError;
use http_body_util::Limited;
use serde::de::DeserializeOwned;

use crate::web::connection::BodyTimeout;
use crate::web::json;
use crate::web::problem::Fault;
use crate::web::problem::Problem;
use crate::web::problem::Result;

/// The most bytes of a body when its route says nothing else: 256 KiB.
pub const MOST_BYTES: usize = 256 * 1024;

/// Which patches are read.
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");

/// What a route takes as the body of a request.
#[derive(Debug, Clone)]
pub struct BodyRule {
    /// The most bytes, after decompression.
    pub most_bytes: usize,
    /// The media types that are read.
    pub media_types: Vec<&'static str>,
}

impl Default for BodyRule {
    /// JSON and JSON-LD of up to [`MOST_BYTES`].
    fn default() -> Self {
        Self {
            most_bytes: MOST_BYTES,
            media_types: vec!["application/json", "application/ld+json"],
        }
    }
}

impl BodyRule {
    /// The media type of the body, in lower case and without parameters, when
    /// it is one that the route takes. Another `+json` type is another thing:
    /// a patch is no record, and a JSON Patch no merge patch.
    fn check_media_type(&self, headers: &HeaderMap) -> Result<String> {
        let refused = |given| {
            let available = self.media_types.iter().copied().map(str::to_owned).collect();
            Err(Problem::unsupported_media_type(given, available))
        };
        let Some(value) = headers.get(header::CONTENT_TYPE) else { return refused(None) };
        let Ok(value) = value.to_str() else { return refused(Some("not text")) };
        let mut parts = value.split(';');
        let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let foreign_charset = parts.any(|part| {
            let charset = part.trim().to_ascii_lowercase();
            charset.strip_prefix("charset=").is_some_and(|charset| {
                !["utf-8", "utf8", "us-ascii"].contains(&charset.trim_matches('"'))
            })
        });
        let taken = self.media_types.contains(&media_type.as_str());
        if taken && !foreign_charset { Ok(media_type) } else { refused(Some(value)) }
    }
}

/// The bytes of a body and their media type: an extractor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The media type, in lower case and without parameters.
    pub media_type: String,
    /// The bytes, decompressed.
    pub bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let rule = request.extensions().get::<Arc<BodyRule>>().cloned().unwrap_or_default();
        let media_type = rule.check_media_type(request.headers()).map_err(|problem| {
            let types = rule.media_types.join(", ");
            match *request.method() {
                // RFC 5789, section 2.2.
                Method::PATCH => problem.with_header(ACCEPT_PATCH, &types),
                _ => problem,
            }
        })?;
        let coding = coding(request.headers())?;
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > rule.most_bytes as u64) {
            return Err(Problem::payload_too_large(rule.most_bytes));
        }
        let bytes = whole(request.into_body(), rule.most_bytes).await?;
        let bytes = match coding {
            Coding::None => bytes,
            Coding::Gzip => decompress(&bytes, rule.most_bytes)?,
        };
        Ok(Self { media_type, bytes })
    }
}

/// A JSON body: an extractor.
///
/// As a [`serde_json::Value`] it is only known to be JSON; as another type, to
/// have that type's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let body = Body::from_request(request, state).await?;
        json::read(&body.bytes)?;
        serde_json::from_slice(&body.bytes).map(Self).map_err(|error| {
            let fault = Fault::pointer("", json::without_position(&error));
            Problem::invalid_record(vec![fault]).with_position(error.line(), error.column())
        })
    }
}

enum Coding {
    None,
    Gzip,
}

fn coding(headers: &HeaderMap) -> Result<Coding> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else { return Ok(Coding::None) };
    match value.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Coding::None),
        "gzip" | "x-gzip" => Ok(Coding::Gzip),
        other => Err(Problem::unsupported_encoding(other)),
    }
}

/// Undoes gzip, and stops as soon as there are more than `most` bytes.
fn decompress(bytes: &[u8], most: usize) -> Result<Bytes> {
    let mut plain = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(most as u64 + 1);
    if decoder.read_to_end(&mut plain).is_err() {
        let detail = "the body is not the gzip that Content-Encoding promises";
        return Err(Problem::malformed_json(detail, 1, 1));
    }
    if plain.len() > most {
        return Err(Problem::payload_too_large(most));
    }
    Ok(plain.into())
}

/// All bytes of a body, as they come.
///
/// # Errors
///
/// 413 when there are more than `most`, 408 when they don't come in time, 400
/// when they break off or are in chunks that can't be read.
pub async fn whole(body: axum::body::Body, most: usize) -> Result<Bytes> {
    let read = Limited::new(body, most).collect().await;
    Ok(read.map_err(|error| unread(&*error, most))?.to_bytes())
}

fn unread(error: &(dyn std::error::Error + 'static), most: usize) -> Problem {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Problem::payload_too_large(most);
        }
        if error.is::<BodyTimeout>() {
            return Problem::request_timeout();
        }
        cause = error.source();
    }
    Problem::malformed_request("the body broke off, or its chunks can't be read")
}

#[cfg(test)]
#[path = "extract_tests.rs"]
mod tests;
