//! A run without the network: the documents that were kept are read once
//! more, with the mapping and the program of today (contract A12).
//!
//! Nothing is concluded from what is absent: what a publisher no longer lists
//! only a harvest can tell.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::begin::Work;
use super::fetching::{Arrived, What};
use super::reading::Reader;
use super::{HarvestError, Harvester, findings, guess, staging};
use crate::harvest::document::Document;
use crate::harvest::extraction::Problem;
use crate::harvest::fetch::{Effort, Fetched, Validators};
use crate::harvest::format;
use crate::journal::Payload;
use crate::register::ledger::{Page, Queued, Run, Table};

/// What stands before a document that was kept.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    url: Url,
    media_type: Option<String>,
    charset: Option<String>,
    retrieved_at: Timestamp,
    /// The next page by the header of the answer.
    #[serde(default)]
    next: Option<Url>,
    queued: Queued,
}

/// Reads and stages every document that was kept of the newest listing, those
/// that came first before the others.
pub(super) async fn read_all(
    harvester: &Harvester,
    work: &mut Work,
    watch: &(dyn Fn(&Run) + Send + Sync),
) -> Result<(), HarvestError> {
    work.queue.clear();
    work.addresses.clear();
    let mut reader = Reader::new(&harvester.register, work);
    let keys = of_newest_listing(harvester, work)?;
    if keys.is_empty() {
        return Err(HarvestError::NothingKept(work.run.source.clone()));
    }
    for key in keys {
        let Some(bytes) = harvester.register.notes().note(Table::Raw.name(), &key)? else {
            continue;
        };
        let Some((header, document)) = unpack(&bytes) else {
            let url = key.split_once('\n').map_or("", |(_, url)| url).to_owned();
            let what = "the document that was kept can't be read";
            let problem = Problem::broken("damaged-copy", "", what);
            findings::find(harvester, work, "extract", &url, vec![problem])?;
            continue;
        };
        let guess = guess::known(harvester, &work.settings, &header.queued)?;
        let (reading, now) = (reader.with(guess), header.retrieved_at);
        let format = header.queued.format.as_deref().and_then(format::named);
        let next = header.next;
        let read = tokio::task::spawn_blocking(move || {
            let read = reading.read(&document, next.as_ref(), format, now);
            (document, read)
        });
        let Ok((document, read)) = read.await else { continue };
        let mut arrived = Arrived {
            key: Queued::key(&work.run.source, u64::MAX),
            queued: header.queued,
            page: None,
            what: What::Read { fetched: Box::new(as_fetched(document)), read: Box::new(read) },
        };
        guess::keep(harvester, work, &mut arrived)?;
        reader.settings = Arc::clone(&work.settings);
        staging::stage(harvester, work, vec![arrived])?;
        watch(&work.run);
    }
    // Where the next harvest goes on is not for a replay to say.
    work.run.cursor_after = None;
    work.save(harvester)
}

/// The keys of the documents that the newest listing had, in the order in
/// which they came. Those of a feed of changes all count.
fn of_newest_listing(harvester: &Harvester, work: &Work) -> Result<Vec<String>, HarvestError> {
    let ledger = harvester.register.ledger();
    let prefix = format!("{}\n", work.run.source);
    let is_of_changes = work
        .state
        .format
        .as_deref()
        .and_then(format::named)
        .is_some_and(|format| format.listing != format::Listing::Complete);
    let mut pages: Vec<(u64, Timestamp, String)> = Vec::new();
    ledger.each::<Page>(&prefix, |key, page| pages.push((page.run, page.read_at, key)))?;
    let newest = pages.iter().map(|(run, ..)| *run).max().unwrap_or_default();
    let run: Option<Run> = ledger.get(&Run::key(&work.run.source, newest))?;
    let since = run.map_or(newest, |run| run.continues.unwrap_or(run.number));
    pages.retain(|(run, ..)| is_of_changes || *run >= since);
    pages.sort_unstable_by(|(_, one, a), (_, other, b)| (one, a).cmp(&(other, b)));
    Ok(pages.into_iter().map(|(.., key)| key).collect())
}

fn unpack(bytes: &[u8]) -> Option<(Header, Document)> {
    let bytes = Payload::from_compressed(bytes.to_vec()).json().ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let header: Header = serde_json::from_slice(&bytes[..end]).ok()?;
    let document = Document {
        url: header.url.clone(),
        media_type: header.media_type.clone(),
        charset: header.charset.clone(),
        bytes: bytes[end + 1..].to_vec(),
        retrieved_at: header.retrieved_at,
    };
    Some((header, document))
}

fn as_fetched(document: Document) -> Fetched {
    Fetched {
        status: 200,
        validators: Validators {
            etag: None,
            last_modified: None,
            hash: None,
            whole_at: document.retrieved_at,
        },
        is_same: false,
        hops: Vec::new(),
        fresh_for: None,
        links: Vec::new(),
        server_date: None,
        effort: Effort::default(),
        document,
    }
}
