//! A run without the network: the documents that were kept are read once
//! more, with the mapping and the program of today (contract A12).
//!
//! Nothing is concluded from what is absent: what a publisher no longer lists
//! only a harvest can tell.

use std::sync::Arc;

use jiff::Timestamp;

use super::begin::Work;
use super::fetching::{Arrived, What};
use super::pieces::InPieces;
use super::reading::{Named, Reader};
use super::{HarvestError, Harvester, findings, guess, kept, pieces, staging};
use crate::harvest::extraction::Problem;
use crate::harvest::format;
use crate::register::ledger::{Page, Queued, Run, Table};

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
        let spool = harvester.options.spool.as_deref();
        let Some((queued, fetched)) = kept::unpack(&bytes, spool) else {
            let url = key.split_once('\n').map_or("", |(_, url)| url).to_owned();
            let what = "the document that was kept can't be read";
            let problem = Problem::broken("damaged-copy", "", what);
            findings::find(harvester, work, "extract", &url, vec![problem])?;
            continue;
        };
        drop(bytes);
        let guess = guess::known(harvester, &work.settings, &queued)?;
        let (reading, now) = (reader.with(guess, &queued), fetched.document.retrieved_at);
        let format = queued.format.as_deref().and_then(format::named);
        let key = Queued::key(&work.run.source, u64::MAX);
        if let Some(spool) = spool.filter(|_| pieces::are_wanted(&fetched, format, spool)) {
            let limits = (now, harvester.options.fetch.limits.feed_bytes);
            let document = InPieces::begin(reading, Box::new(fetched), format, limits, spool);
            pieces::stage(harvester, work, (key, queued), document, watch).await?;
            if work.run.outcome.is_some() {
                return Ok(());
            }
        } else {
            let read = tokio::task::spawn_blocking(move || {
                let read = reading.read(&fetched.document, Named::by(&fetched), format, now);
                (fetched, read)
            });
            let Ok((fetched, read)) = read.await else { continue };
            let what = What::Read { fetched: Box::new(fetched), read: Box::new(read) };
            staging::stage(harvester, work, vec![Arrived { key, queued, page: None, what }])?;
        }
        reader.settings = Arc::clone(&work.settings);
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
