//! Tests of [`extract`](super).

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
