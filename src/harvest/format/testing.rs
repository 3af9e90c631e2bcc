//! What the tests of formats have in common: documents, fixtures, and what is
//! looked at in an extraction.

use jiff::Timestamp;
use url::Url;

use super::{Format, Reading};
use crate::harvest::document::Document;
use crate::harvest::extraction::{Draft, Extraction};

/// A document at `url`; an empty media type is none.
pub(super) fn document(url: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> Document {
    Document {
        url: Url::parse(url).unwrap(),
        media_type: Some(media_type.to_owned()).filter(|media_type| !media_type.is_empty()),
        charset: None,
        bytes: bytes.into(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

/// A file of the fixtures, such as `dcat/council/input.ttl`.
pub(super) fn fixture(path: &str) -> Vec<u8> {
    let kist = env!("CARGO_MANIFEST_DIR");
    let file = format!("{kist}/tests/fixtures/harvest/{path}");
    std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What `format` reads in `document`, as a source without settings is read.
pub(super) fn extract(format: &Format, document: &Document) -> Extraction {
    (format.extract)(document, &Reading::plain(Timestamp::UNIX_EPOCH))
}

/// What `format` reads in JSON at `url`.
pub(super) fn extract_json(format: &Format, url: &str, bytes: &[u8]) -> Extraction {
    extract(format, &document(url, "application/json", bytes))
}

/// The codes of the problems, in their order.
pub(super) fn codes(extraction: &Extraction) -> Vec<&str> {
    extraction.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// The addresses that are followed, in their order.
pub(super) fn follows(extraction: &Extraction) -> Vec<String> {
    extraction.follow.iter().map(|follow| follow.url.to_string()).collect()
}

/// The drafts of a kind, in their order.
pub(super) fn of_kind<'a>(extraction: &'a Extraction, kind: &str) -> Vec<&'a Draft> {
    extraction.drafts.iter().filter(|draft| draft.kind == kind).collect()
}
