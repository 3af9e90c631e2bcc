//! Documents as they came, compressed, to be read once more without the
//! network.
//!
//! Before each stands a line of JSON that says what it is. What is too large
//! for the memory goes from the disk and to the disk.

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::begin::Work;
use crate::harvest::document::Document;
use crate::harvest::dump::{Spool, Spooled};
use crate::harvest::fetch::{Effort, Fetched, HeaderLink, Validators};
use crate::journal::{Note, Payload};
use crate::register::ledger::{Page, Queued, Table};

/// Level of compression: the fastest.
const LEVEL: i32 = 1;

/// The longest line that says what a document is, in bytes.
const LONGEST_HEADER: u64 = 1 << 20;

/// What stands before a document that was kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    url: Url,
    media_type: Option<String>,
    charset: Option<String>,
    retrieved_at: Timestamp,
    queued: Queued,
    #[serde(default)]
    run: u64,
    /// The next page by the header of the answer.
    #[serde(default)]
    next: Option<Url>,
    /// The licence, by the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    license: Option<Url>,
}

/// The note that keeps a document.
///
/// # Errors
///
/// When one that lies on the disk can't be read.
pub(super) fn note(work: &Work, queued: &Queued, fetched: &Fetched) -> io::Result<Note> {
    let document = &fetched.document;
    let header = Header {
        url: document.url.clone(),
        media_type: document.media_type.clone(),
        charset: document.charset.clone(),
        retrieved_at: document.retrieved_at,
        queued: queued.clone(),
        run: work.run.number,
        next: fetched.link("next").cloned(),
        license: fetched.link("license").cloned(),
    };
    let mut bytes = serde_json::to_vec(&header)?;
    bytes.push(b'\n');
    let bytes = if let Some(dump) = &fetched.dump {
        let mut out = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
        out.write_all(&bytes)?;
        io::copy(&mut dump.read_from(0), &mut out)?;
        out.finish()?
    } else {
        bytes.extend_from_slice(&document.bytes);
        Payload::compress(&bytes).as_compressed().to_vec()
    };
    Ok(Table::Raw.put_bytes(Page::key(&work.run.source, &queued.url), bytes))
}

/// A document that was kept, as if it had just come; `None` when it is damaged,
/// or there is no room for it.
pub(super) fn unpack(bytes: &[u8], spool: Option<&Path>) -> Option<(Queued, Fetched)> {
    let mut reader = io::BufReader::new(zstd::stream::read::Decoder::new(bytes).ok()?);
    let mut header = Vec::new();
    reader.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut header).ok()?;
    let header: Header = serde_json::from_slice(&header).ok()?;
    let mut body = Spool::new(spool);
    io::copy(&mut reader, &mut body).ok()?;
    let Spooled { bytes, dump, hash } = body.finish().ok()?;
    let Header { url, media_type, charset, retrieved_at, queued, next, license, .. } = header;
    let links = [("next", next), ("license", license)].into_iter();
    let links = links.filter_map(|(rel, url)| Some(HeaderLink { rel: rel.to_owned(), url: url? }));
    let fetched = Fetched {
        document: Document { url, media_type, charset, bytes, retrieved_at },
        dump,
        status: 200,
        validators: Validators {
            etag: None,
            last_modified: None,
            hash: Some(hash),
            whole_at: retrieved_at,
        },
        is_same: false,
        hops: Vec::new(),
        fresh_for: None,
        links: links.collect(),
        server_date: None,
        effort: Effort::default(),
    };
    Some((queued, fetched))
}
