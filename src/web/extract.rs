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
mod tests {
    use std::io::Write;

    use axum::body::Body as Stream;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use futures_util::stream;
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Note {
        text: String,
    }

    fn post(headers: &[(&str, &str)], body: impl Into<Stream>) -> Request {
        let mut request = Request::post("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let rule = BodyRule { most_bytes: 40, ..BodyRule::default() };
        request.extension(Arc::new(rule)).body(body.into()).unwrap()
    }

    async fn read(request: Request) -> Result<Json<Note>> {
        Json::<Note>::from_request(request, &()).await
    }

    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

    #[tokio::test]
    async fn reads_json_of_each_declared_type_and_gzip() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(br#"{"text":"tea"}"#).unwrap();
        let zipped = encoder.finish().unwrap();
        let tea = || Ok(Json(Note { text: "tea".to_owned() }));
        assert_eq!(read(post(&[JSON], r#"{"text":"tea"}"#)).await, tea());
        let linked = [("content-type", "application/ld+json")];
        assert_eq!(read(post(&linked, r#"{"text":"tea"}"#)).await, tea());
        assert_eq!(read(post(&[JSON, ("content-encoding", "gzip")], zipped)).await, tea());
    }

    #[tokio::test]
    async fn refuses_another_media_type_charset_or_coding() {
        for headers in [
            &[][..],
            &[("content-type", "text/plain")],
            &[("content-type", "application/json-patch+json")],
            &[("content-type", "application/vnd.notes+json")],
            &[("content-type", "application/json; charset=latin1")],
            &[JSON, ("content-encoding", "br")],
        ] {
            let problem = read(post(headers, "{}")).await.unwrap_err();
            assert_eq!(problem.kind().slug(), "unsupported-media-type", "{headers:?}");
        }
    }

    /// A body of `length` bytes that tells no length.
    fn chunked(length: usize) -> Stream {
        let note = format!("{{\"text\":\"{}\"}}", "a".repeat(length - 11));
        let chunks: Vec<_> = note.into_bytes().chunks(7).map(<[u8]>::to_vec).collect();
        Stream::from_stream(stream::iter(chunks.into_iter().map(Ok::<_, std::io::Error>)))
    }

    #[tokio::test]
    async fn the_limit_holds_at_its_very_byte_with_and_without_a_length() {
        assert!(read(post(&[JSON], chunked(40))).await.is_ok());
        let over = read(post(&[JSON], chunked(41))).await.unwrap_err();
        assert_eq!(over, Problem::payload_too_large(40));
    }

    #[tokio::test]
    async fn a_length_over_the_limit_is_refused_before_anything_is_read() {
        let never = Stream::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
        let over = read(post(&[JSON, ("content-length", "41")], never)).await.unwrap_err();
        assert_eq!(over, Problem::payload_too_large(40));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_no_slow_one() {
        let broken = || {
            let cut = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
            Stream::from_stream(stream::iter([Ok("{"), Err(cut)]))
        };
        let problem = read(post(&[JSON], broken())).await.unwrap_err();
        assert_eq!(problem.kind().slug(), "malformed-request");
        let slow = stream::iter([Err::<Bytes, BodyTimeout>(BodyTimeout)]);
        let problem = whole(Stream::from_stream(slow), 40).await.unwrap_err();
        assert_eq!(problem.kind().slug(), "request-timeout");
    }

    #[tokio::test]
    async fn a_bomb_is_stopped_at_the_limit() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 3_000]).unwrap();
        let bomb = encoder.finish().unwrap();
        assert!(bomb.len() <= 40, "{}", bomb.len());
        let headers = [JSON, ("content-encoding", "gzip")];
        let over = read(post(&headers, bomb)).await.unwrap_err();
        assert_eq!(over, Problem::payload_too_large(40));
    }

    #[tokio::test]
    async fn an_unknown_field_is_unprocessable_and_a_fault_of_syntax_is_malformed() {
        let unknown = read(post(&[JSON], r#"{"text":"","x":1}"#)).await.unwrap_err();
        assert_eq!(unknown.kind().slug(), "invalid-record");
        assert_eq!(unknown.detail(), "unknown field `x`, expected `text`");
        let malformed = read(post(&[JSON], "{")).await.unwrap_err();
        assert_eq!(malformed.kind().slug(), "malformed-json");
        let any = Json::<Value>::from_request(post(&[JSON], "[1]"), &()).await.unwrap();
        assert_eq!(any.0, serde_json::json!([1]));
    }
}
