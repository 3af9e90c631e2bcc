//! The first half of a run: every document is fetched, read and staged.
//!
//! Several documents are on their way at once, as far as their hosts allow;
//! what they say is staged in the order in which they come, page by page, each
//! in one transaction with its place in the queue. So a crash costs one page.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::begin::{HEARTBEAT, Work};
use super::pieces::InPieces;
use super::reading::{Named, Read, Reader};
use super::{HarvestError, Harvester, credentials, findings, guess, pieces, staging, vouched};
use crate::harvest::extraction::Problem;
use crate::harvest::fetch::{
    Effort, Expected, Failure, FetchError, Fetched, Hop, Outcome as Got, Request, RobotsPolicy,
    Size, Validators,
};
use crate::harvest::format::{self, Format};
use crate::harvest::terms::Decision;
use crate::register::ledger::{Outcome, Page, Queued, Run, RunKind};

/// The code of a run that ended at a limit which the settings have.
pub(super) const OVER_BUDGET: &str = "over-budget";

/// How long nothing may arrive before the lease is looked after, and whoever
/// wants the run to stop is heard.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// How many documents may lead to one another, pages of a listing not counted:
/// an index of sitemaps, a sitemap, a page.
pub(super) const DEEPEST: u8 = 4;

/// A document that came back, whatever became of it.
pub(super) struct Arrived {
    pub key: String,
    pub queued: Queued,
    pub page: Option<Page>,
    pub what: What,
}

/// What became of a document.
pub(super) enum What {
    /// It came, and was read.
    Read { fetched: Box<Fetched>, read: Box<Read> },
    /// It came, and is being read, piece by piece.
    InPieces(Box<InPieces>),
    /// It is as it was when it was last read.
    Same {
        effort: Effort,
        validators: Option<Validators>,
        fresh_for: Option<Duration>,
        server_date: Option<Timestamp>,
        hops: Vec<Hop>,
    },
    /// It did not come.
    Failed(Box<Failure>),
}

/// Fetches, reads and stages everything that the source lists.
pub(super) async fn fetch_all(
    harvester: &Harvester,
    work: &mut Work,
    watch: &(dyn Fn(&Run) + Send + Sync),
) -> Result<(), HarvestError> {
    let mut reader = Reader::new(&harvester.register, work);
    let (headers, problems) = credentials::read(harvester, &work.run.source)?;
    if !problems.is_empty() {
        findings::find(harvester, work, "fetch", "", problems)?;
        work.run.outcome = Some(Outcome::Failed);
        return Ok(());
    }
    reader.headers = Arc::new(headers);
    let begun = harvester.now();
    let mut waiting: std::collections::VecDeque<(String, Queued)> =
        std::mem::take(&mut work.queue).into();
    let mut under_way = FuturesUnordered::new();
    let mut beat = begun;
    loop {
        while under_way.len() < harvester.options.documents_at_once.max(1)
            && let Some((key, queued)) = waiting.pop_front()
        {
            let page = known_page(harvester, work, &queued)?;
            let reader = reader.with(guess::known(harvester, &work.settings, &queued)?, &queued);
            let expected = expected(harvester, work, &queued)?;
            under_way.push(fetch_one(harvester, reader, key, queued, page, expected));
        }
        let first = match tokio::time::timeout(PATIENCE, under_way.next()).await {
            Ok(Some(first)) => first,
            Ok(None) => return Ok(()),
            // A slow host: the lease is renewed, and whoever stops the run is
            // heard, all the same.
            Err(_) => {
                if is_stopped(harvester, work)? {
                    return Ok(());
                }
                let now = harvester.now();
                if now.duration_since(beat) > HEARTBEAT {
                    beat = now;
                    work.save(harvester)?;
                    watch(&work.run);
                }
                continue;
            }
        };
        // What has arrived together is staged together.
        let mut arrived = vec![first];
        while arrived.len() < harvester.options.documents_at_once
            && let Some(Some(next)) = futures_util::FutureExt::now_or_never(under_way.next())
        {
            arrived.push(next);
        }
        let large = staging::stage(harvester, work, arrived)?;
        for (key, queued, document) in large {
            pieces::stage(harvester, work, (key, queued), document, watch).await?;
            if work.run.outcome.is_some() {
                return Ok(());
            }
        }
        reader.settings = Arc::clone(&work.settings);
        waiting.extend(work.queue.drain(..));
        let now = harvester.now();
        if now.duration_since(beat) > HEARTBEAT || waiting.is_empty() {
            beat = now;
            work.save(harvester)?;
            watch(&work.run);
        }
        if let Some(reason) = over_budget(harvester, work, now.duration_since(begun)) {
            let problem = Problem::broken(OVER_BUDGET, "", reason);
            findings::find(harvester, work, "fetch", "", vec![problem])?;
            return Ok(());
        }
        if is_stopped(harvester, work)? {
            return Ok(());
        }
    }
}

/// Whether somebody has asked to stop the run, which is its outcome then.
pub(super) fn is_stopped(harvester: &Harvester, work: &mut Work) -> Result<bool, HarvestError> {
    let is_cancelled = staging::is_cancelled(harvester, work)?;
    if is_cancelled {
        work.run.outcome = Some(Outcome::Cancelled);
        work.run.reason = Some("somebody stopped it".to_owned());
    }
    Ok(is_cancelled)
}

/// What is known of a document, when it can be asked for conditionally:
/// everything in it is known, and was written.
fn known_page(
    harvester: &Harvester,
    work: &Work,
    queued: &Queued,
) -> Result<Option<Page>, HarvestError> {
    if work.run.kind != RunKind::Harvest {
        return Ok(None);
    }
    let key = Page::key(&work.run.source, &queued.url);
    let page: Option<Page> = harvester.register.ledger().get(&key)?;
    Ok(page.filter(|page| {
        let fresh =
            harvester.now().duration_since(page.read_at) < SignedDuration::from_hours(24 * 7);
        let is_known = |item: &String| work.known.get(item).is_some();
        let answer = |key: &String| work.decided.get(key).map(Decision::answer);
        let are_decided_so = page.terms.iter().all(|(key, was)| answer(key) == was.as_deref());
        page.is_whole
            && are_decided_so
            && fresh
            && page.reading == work.reading
            && page.licence == queued.licence
            && page.items.iter().all(is_known)
    }))
}

/// What has to come where no format is set: no web page where there was
/// something for programs before, for that is a login mostly (contract F49).
fn expected(
    harvester: &Harvester,
    work: &Work,
    queued: &Queued,
) -> Result<Option<Expected>, HarvestError> {
    if queued.role != "start" || queued.format.is_some() {
        return Ok(None);
    }
    let before = work.state.format.as_deref().and_then(format::named);
    let before = before.map(|format| Expected::of_accept(format.accept));
    if matches!(before, None | Some(Expected::Page | Expected::Anything | Expected::Whatever)) {
        return Ok(None);
    }
    // At another address something else may stand.
    let key = Page::key(&work.run.source, &queued.url);
    let page: Option<Page> = harvester.register.ledger().get(&key)?;
    Ok(page.map(|_| Expected::Machine))
}

async fn fetch_one(
    harvester: &Harvester,
    reader: Reader,
    key: String,
    queued: Queued,
    page: Option<Page>,
    expected: Option<Expected>,
) -> Arrived {
    let format = queued.format.as_deref().and_then(format::named);
    let validators =
        page.as_ref().and_then(|page| serde_json::from_value(page.validators.clone()).ok());
    let Ok(url) = Url::parse(&queued.url) else {
        return Arrived { key, queued, page, what: failed("the address can't be read") };
    };
    let settings = &reader.settings;
    let agreed = settings.politeness.pace(&url, &settings.url, harvester.options.fetch.pace);
    let is_whole = url.query_pairs().any(|pair| pair == ("format".into(), "ndjson".into()));
    let size = if is_whole { Size::Dump } else { size(format, &url) };
    let mut request = Request::new(url).size(size).validators(validators);
    if let Some(format) = format {
        request = request.accept(format.accept);
    }
    request.expected = expected.unwrap_or(request.expected);
    request.pace = agreed;
    let spool = harvester.options.spool.clone();
    request.spool.clone_from(&spool);
    if let Some(reason) = &reader.settings.robots_override {
        request.robots = RobotsPolicy::Overridden(reason.clone());
    }
    reader.headers.add(&mut request);
    let got = harvester.fetcher.get(&request, harvester.now()).await;
    let what = match got {
        Got::Fetched(fetched) if is_same(&fetched, page.as_ref()) => What::Same {
            effort: fetched.effort,
            fresh_for: fetched.fresh_for,
            server_date: fetched.server_date,
            validators: Some(fetched.validators),
            hops: fetched.hops,
        },
        Got::NotModified(same) if page.is_some() => What::Same {
            effort: same.effort,
            validators: None,
            fresh_for: same.fresh_for,
            server_date: same.server_date,
            hops: same.hops,
        },
        Got::NotModified(same) => What::Failed(Box::new(Failure {
            error: FetchError::BadAnswer("not modified, though it was not asked so".to_owned()),
            hops: same.hops,
            effort: same.effort,
        })),
        Got::Failed(failure) => What::Failed(Box::new(failure)),
        Got::Fetched(fetched)
            if let Some(spool) = spool.as_deref()
                && pieces::are_wanted(&fetched, format, Some(spool)) =>
        {
            let limits = (harvester.now(), harvester.options.fetch.limits.feed_bytes);
            What::InPieces(Box::new(InPieces::begin(reader, fetched, format, limits, spool)))
        }
        Got::Fetched(fetched) => {
            let now = harvester.now();
            let start = reader.settings.url.clone();
            let read = tokio::task::spawn_blocking(move || {
                let read = reader.read(&fetched.document, Named::by(&fetched), format, now);
                (fetched, read)
            });
            match read.await {
                Ok((fetched, mut read)) => {
                    read.vouched = vouched::hosts(harvester, &start, &fetched, &read).await;
                    What::Read { fetched, read: Box::new(read) }
                }
                Err(_) => failed("the document could not be read"),
            }
        }
    };
    Arrived { key, queued, page, what }
}

/// Whether a document says what it said before, and leads where it led.
fn is_same(fetched: &Fetched, page: Option<&Page>) -> bool {
    let link = fetched.link("next").map(Url::as_str);
    fetched.is_same && page.is_some_and(|page| page.link.as_deref() == link)
}

fn failed(why: &str) -> What {
    let error = FetchError::BadAnswer(why.to_owned());
    What::Failed(Box::new(Failure { error, hops: Vec::new(), effort: Effort::default() }))
}

/// How long a document of `format`, or at this address, may be.
fn size(format: Option<&Format>, url: &Url) -> Size {
    match format.map(|format| format.name) {
        Some("html") => Size::Page,
        Some("rdf" | "csv" | "xlsx" | "ods" | "kist") => Size::Dump,
        Some("json" | "open-referral") | None if is_dump(url) => Size::Dump,
        _ => Size::Feed,
    }
}

/// Whether an address says that a whole data set is there, in a form that can be
/// read piece by piece.
fn is_dump(url: &Url) -> bool {
    const ENDS: [&str; 9] =
        [".nq", ".nt", ".ttl", ".trig", ".csv", ".tsv", ".ndjson", ".jsonl", ".jsonlines"];
    let path = url.path().to_ascii_lowercase();
    let path = [".gz", ".zst"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(&path);
    ENDS.iter().any(|end| path.ends_with(end))
}

/// Why the run must end here, when it has used up what it may.
fn over_budget(harvester: &Harvester, work: &Work, taken: SignedDuration) -> Option<String> {
    let (documents, bytes, seconds) = work.settings.caps.or(&harvester.options);
    let counts = &work.run.counts;
    if counts.pages >= documents {
        return Some(format!("the run ends after {} documents", counts.pages));
    }
    if counts.decoded_bytes >= bytes {
        return Some(format!("the run ends after {} bytes", counts.decoded_bytes));
    }
    let limit = Duration::from_secs(seconds);
    let taken = Duration::try_from(taken).unwrap_or_default();
    (taken > limit).then(|| format!("the run ends after {} s", limit.as_secs()))
}
