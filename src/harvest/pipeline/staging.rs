//! What documents said goes to the ledger: staged items, what to fetch next,
//! what was found wrong; all of a document in one transaction.

use jiff::Timestamp;
use url::Url;

use super::begin::{Answered, Work};
use super::fetching::{Arrived, DEEPEST, What};
use super::map::{Fate, Mapped};
use super::reading::Read;
use super::{HarvestError, Harvester, restart};
use crate::harvest::extraction::{Follow, Problem, Role, Severity};
use crate::harvest::fetch::{Effort, Failure, Fetched, redact};
use crate::harvest::format;
use crate::journal::{Durability, Note};
use crate::register::ledger::{
    Finding, Item, ItemState, Page, Queued, Request, RequestKind, Review, ReviewKind, Row, Run,
    RunKind, Staged, Table,
};

/// How many findings of one code a run keeps; the others are counted.
const KEPT_FINDINGS: u64 = 1_000;

/// The code of a listing that changed while it was read.
pub(super) const LISTING_MOVED: &str = "listing-moved";

/// How many documents one document may lead to.
const MOST_FOLLOWED: usize = 50_000;

/// Stages documents that have arrived, in one transaction.
pub(super) fn stage(
    harvester: &Harvester,
    work: &mut Work,
    arrived: Vec<Arrived>,
) -> Result<(), HarvestError> {
    let now = harvester.now();
    let mut notes = Vec::new();
    for Arrived { key, queued, page, what } in arrived {
        work.run.counts.pages += 1;
        let is_done = match what {
            What::Read { fetched, read } => {
                read_document(work, now, &queued, &fetched, *read, &mut notes);
                true
            }
            What::Same { effort, validators, fresh_for, hops } => {
                if queued.role == "start" {
                    work.answered = Answered::by(&hops);
                }
                let page = page.unwrap_or_default();
                let validators = validators.and_then(|it| serde_json::to_value(it).ok());
                same_document(work, now, &queued, page, validators, &mut notes);
                spent(work, effort);
                work.run.counts.not_modified += 1;
                work.fresh_for = work.fresh_for.max(fresh_for);
                true
            }
            What::Failed(failure) => failed_document(work, now, &queued, &failure, &mut notes),
        };
        if is_done {
            notes.push(Table::Queue.forget(&key));
        }
    }
    notes.push(work.run.put(Run::key(&work.run.source, work.run.number)));
    Ok(harvester.register.ledger().write(&notes, Durability::Relaxed)?)
}

fn spent(work: &mut Work, effort: Effort) {
    work.run.counts.requests += u64::from(effort.requests);
    work.run.counts.wire_bytes += effort.wire_bytes;
}

fn read_document(
    work: &mut Work,
    now: Timestamp,
    queued: &Queued,
    fetched: &Fetched,
    read: Read,
    notes: &mut Vec<Note>,
) {
    let document = &fetched.document;
    spent(work, fetched.effort);
    work.run.counts.decoded_bytes += document.bytes.len() as u64;
    work.fresh_for = work.fresh_for.max(fetched.fresh_for).max(read.extraction.about.refresh_after);
    if queued.role == "start" {
        work.answered = Answered::by(&fetched.hops);
        work.state.format = Some(read.format.to_owned()).filter(|format| !format.is_empty());
        let hubs = read.extraction.about.hubs.iter().map(ToString::to_string);
        let header = fetched.links.iter().filter(|link| link.rel == "hub");
        work.state.hubs = hubs.chain(header.map(|link| link.url.to_string())).collect();
        let own = read.extraction.about.own.as_ref().or_else(|| fetched.link("self"));
        work.state.own = own.map(ToString::to_string);
    }
    if work.run.extractor.is_empty() {
        work.run.extractor = Work::extractor(read.format);
    }
    let hash = blake3::hash(&document.bytes).to_hex().to_string();
    let mut problems = read.extraction.problems;
    // The same page under ever new addresses is no end of a listing.
    let is_repeated = queued.role == "next" && !work.bodies.insert(hash.clone());
    // A server that doesn't know pages gives the whole for each of them.
    let knows_no_pages =
        is_repeated && work.bodies.len() == 1 && read.extraction.announced.is_none();
    if knows_no_pages {
        let what = "the second page is the first: the server gives everything at once";
        problems.push(Problem::warning("paging-ignored", "", what));
    } else if is_repeated {
        let what = "the page is one that was there before in this run: the paging goes in a circle";
        problems.push(Problem::broken("paging-loop", "", what));
    } else {
        work.bodies.insert(hash.clone());
    }
    let mut page = Page {
        run: work.run.number,
        validators: serde_json::to_value(&fetched.validators).unwrap_or_default(),
        hash,
        reading: work.reading.clone(),
        read_at: now,
        announced: read.extraction.announced,
        resume: read.extraction.resume.as_ref().map(ToString::to_string),
        is_whole: !problems.iter().any(|problem| problem.severity == Severity::Broken),
        ..Page::default()
    };
    let details: Vec<&str> = read
        .extraction
        .follow
        .iter()
        .filter_map(|follow| match &follow.role {
            Role::Detail(key) => Some(key.as_str()),
            _ => None,
        })
        .collect();
    // What is wrong with a short row is no fault: its own document says the rest.
    problems.retain(|problem| {
        let key = problem.key.as_deref();
        problem.code != "invalid-record" || key.is_none_or(|key| !details.contains(&key))
    });
    for mapped in read.mapped {
        let is_short = details.contains(&mapped.key.as_str());
        stage_one(
            work,
            document.retrieved_at,
            &document.url,
            read.format,
            mapped,
            is_short,
            &mut page,
            &mut problems,
            notes,
        );
    }
    if !is_repeated && work.run.kind != RunKind::Replay {
        let follow = read.extraction.follow;
        let from = From { queued, url: &document.url, format: read.format };
        page.follow = queue(work, &from, follow, &mut problems, notes);
    }
    problems.extend(moved(work, queued, page.announced));
    if let Some(announced) = page.announced {
        work.run.counts.announced = work.run.counts.announced.max(announced);
    }
    if let Some(resume) = &page.resume {
        work.run.cursor_after = Some(resume.clone());
    }
    keep_findings(work, "extract", document.url.as_str(), problems, notes);
    // What nothing could be read from takes the place of nothing: its
    // validators are not believed, and the last good document is kept.
    let is_readable = page.is_whole || !page.items.is_empty() || !page.follow.is_empty();
    if work.run.kind == RunKind::Harvest && is_readable {
        notes.push(page.put(Page::key(&work.run.source, &queued.url)));
        notes.push(raw(work, queued, fetched));
    }
}

/// That the total of a listing is another than on the pages before: records
/// have come or gone meanwhile, so that others may have moved from a page that
/// was still to come to one that was read already (contract B4).
fn moved(work: &Work, queued: &Queued, announced: Option<u64>) -> Option<Problem> {
    let before = work.run.counts.announced;
    let announced = announced?;
    let has_moved = queued.role == "next" && before > 0 && announced != before;
    has_moved.then(|| {
        let what = format!(
            "the listing had {before} records and now has {announced}: nothing that is absent \
             from it counts as missing this time"
        );
        Problem::warning(LISTING_MOVED, "", what)
    })
}

/// The document as it came, to be read once more without the network.
fn raw(work: &Work, queued: &Queued, fetched: &Fetched) -> Note {
    let document = &fetched.document;
    let header = serde_json::json!({
        "url": document.url, "mediaType": document.media_type, "charset": document.charset,
        "retrievedAt": document.retrieved_at, "queued": queued, "run": work.run.number,
    });
    let mut bytes = header.to_string().into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(&document.bytes);
    let bytes = crate::journal::Payload::compress(&bytes).as_compressed().to_vec();
    Table::Raw.put_bytes(Page::key(&work.run.source, &queued.url), bytes)
}

/// What a document said before holds.
fn same_document(
    work: &mut Work,
    now: Timestamp,
    queued: &Queued,
    mut page: Page,
    validators: Option<serde_json::Value>,
    notes: &mut Vec<Note>,
) {
    work.bodies.insert(page.hash.clone());
    work.run.counts.seen += page.items.len() as u64;
    work.run.counts.unchanged += page.items.len() as u64;
    work.seen.extend(page.items.iter().cloned());
    work.deleted.extend(page.deleted.iter().cloned());
    page.run = work.run.number;
    if let Some(validators) = validators {
        page.validators = validators;
    }
    let problems = moved(work, queued, page.announced).into_iter().collect();
    keep_findings(work, "extract", &queued.url, problems, notes);
    if let Some(announced) = page.announced {
        work.run.counts.announced = work.run.counts.announced.max(announced);
    }
    if let Some(resume) = &page.resume {
        work.run.cursor_after = Some(resume.clone());
    }
    let _ = now;
    for mut next in page.follow.clone() {
        next.depth = queued.depth.saturating_add(u8::from(next.role != "next"));
        push(work, next, notes);
    }
    notes.push(page.put(Page::key(&work.run.source, &queued.url)));
}

/// Tells what failed; gives whether it is done with. What failed for the
/// moment stays in the queue for the next run.
fn failed_document(
    work: &mut Work,
    now: Timestamp,
    queued: &Queued,
    failure: &Failure,
    notes: &mut Vec<Note>,
) -> bool {
    spent(work, failure.effort);
    work.retry_after = work.retry_after.max(failure.error.retry_after());
    if let Some((first, problem)) = restart::restart(work, queued, &failure.error, now) {
        keep_findings(work, "fetch", &queued.url, vec![problem], notes);
        push(work, first, notes);
        return true;
    }
    // A part that is gone is news of the part, and no failure of the listing.
    let is_gone_part = queued.role != "start"
        && queued.role != "next"
        && matches!(failure.error.code(), "not-found" | "gone");
    let severity = if is_gone_part { Severity::Warning } else { Severity::Broken };
    let problem = Problem::new(severity, failure.error.code(), "", failure.error.to_string());
    keep_findings(work, "fetch", &queued.url, vec![problem], notes);
    !failure.error.is_temporary()
}

#[expect(
    clippy::too_many_arguments,
    reason = "the page and its surroundings are apart so that each is borrowed alone"
)]
fn stage_one(
    work: &mut Work,
    now: Timestamp,
    url: &Url,
    format: &str,
    mapped: Mapped,
    is_short: bool,
    page: &mut Page,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Note>,
) {
    let source = work.run.source.clone();
    let full = Item::key(&source, &mapped.kind, &mapped.key);
    let key = full[source.len() + 1..].to_owned();
    let known = work.known.get(&key).cloned();
    let is_first = work.seen.insert(key.clone());
    if is_first {
        work.run.counts.seen += 1;
        page.items.push(key.clone());
    }
    for (term, suggestions) in &mapped.unknown_terms {
        notes.extend(ask_for_category(now, term, suggestions, &source));
    }
    if is_short && known.as_ref().is_some_and(Item::is_published) {
        return;
    }
    if is_outdated(known.as_ref(), mapped.modified.as_deref()) {
        let what = "what is registered is newer than this";
        problems.push(Problem::warning("older-than-known", "", what).of(&mapped.key));
        return;
    }
    let staged = |record: Option<serde_json::Value>, hash: String| Staged {
        id: mapped.id.clone(),
        record,
        hash,
        modified: mapped.modified.clone(),
        url: url.to_string(),
        retrieved_at: now,
        format: format.to_owned(),
        before: known.as_ref().filter(|item| item.is_published()).map(|item| item.hash.clone()),
        is_absent: false,
    };
    match mapped.fate {
        Fate::Publish { json, hash } => {
            work.deleted.remove(&key);
            let same = known.as_ref().is_some_and(|item| item.is_published() && item.hash == hash);
            if !is_first && work.staged.get(&key).is_some_and(|before| *before != hash) {
                // A list of changes may tell of several, one after the other.
                if !is_of_changes(format) {
                    let what = "this key stands twice in the listing, with different content; the newer, or else the later, was taken";
                    problems.push(Problem::error("duplicate-key", "", what).of(&mapped.key));
                }
                if is_older(mapped.modified.as_deref(), work.staged_modified.get(&key)) {
                    return;
                }
            }
            if same {
                if work.staged.remove(&key).is_some() {
                    notes.push(Table::Staged.forget(&full));
                }
                let is_missing = known.as_ref().is_some_and(|item| item.state != ItemState::Live);
                if is_missing {
                    // Back again: the ledger is told when the run is written.
                    work.run.counts.restored += 1;
                    notes.push(staged(Some(json), hash.clone()).put(&*full));
                    work.staged.insert(key, hash);
                } else if is_first {
                    work.run.counts.unchanged += 1;
                }
                return;
            }
            notes.push(staged(Some(json), hash.clone()).put(&*full));
            if let Some(modified) = &mapped.modified {
                work.staged_modified.insert(key.clone(), modified.clone());
            }
            work.staged.insert(key, hash);
        }
        Fate::Delete => {
            if is_older(mapped.modified.as_deref(), work.staged_modified.get(&key)) {
                return;
            }
            if let Some(modified) = &mapped.modified {
                work.staged_modified.insert(key.clone(), modified.clone());
            }
            if work.deleted.insert(key.clone()) {
                page.deleted.push(key.clone());
            }
            // Remembered also when it was never seen alive, so that an older
            // update does not bring it up.
            let is_withdrawn = known
                .as_ref()
                .is_some_and(|item| matches!(item.state, ItemState::Withdrawn { .. }));
            if !is_withdrawn {
                notes.push(staged(None, String::new()).put(&*full));
                work.staged.insert(key, String::new());
            }
        }
        Fate::PassOver => {
            let what = "it is outside the areas or topics that are taken from this source";
            problems.push(Problem::warning("outside", "", what).of(&mapped.key));
        }
        Fate::Reject => work.run.counts.invalid += u64::from(!is_short),
    }
}

/// Whether documents of this format list changes.
fn is_of_changes(format: &str) -> bool {
    format::named(format).is_some_and(|format| format.listing == format::Listing::Changes)
}

/// Whether an update is older than what is known: a tombstone, mostly.
fn is_outdated(known: Option<&Item>, modified: Option<&str>) -> bool {
    let Some(item) = known else { return false };
    matches!(item.state, ItemState::Withdrawn { .. }) && is_older(modified, item.modified.as_ref())
}

/// Whether `a` is before `b`; numbers of any length by their value, times by
/// their text.
fn is_older(a: Option<&str>, b: Option<&String>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(a) && is_number(b) {
        let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
        return (a.len(), a) < (b.len(), b);
    }
    match (a.parse::<Timestamp>(), b.parse::<Timestamp>()) {
        (Ok(a), Ok(b)) => a < b,
        _ => a < b.as_str(),
    }
}

fn ask_for_category(
    now: Timestamp,
    term: &crate::harvest::extraction::Term,
    suggestions: &[String],
    source: &str,
) -> Option<Note> {
    let about = crate::harvest::terms::table_keys(term).into_iter().next()?;
    let review = Review {
        kind: ReviewKind::Term,
        question: format!("Which category is “{}” of {source}?", term.label),
        about: serde_json::json!({ "term": term, "key": about, "source": source }),
        why: serde_json::json!({ "suggestions": suggestions }),
        since: now,
    };
    Some(review.put(Review::key(ReviewKind::Term, &about)))
}

/// The document that leads to others.
struct From<'a> {
    queued: &'a Queued,
    /// The address that answered.
    url: &'a Url,
    format: &'a str,
}

/// Whether `url` is of the host that answered at `from`; http becomes https
/// where that was used (contract B2).
fn stay(url: &mut Url, from: &Url) -> bool {
    if url.host() != from.host() {
        return false;
    }
    if from.scheme() == "https" && url.scheme() == "http" && url.port().is_none() {
        return url.set_scheme("https").is_ok() && url.origin() == from.origin();
    }
    url.origin() == from.origin()
}

/// Queues what a document leads to, each address once in a run.
fn queue(
    work: &mut Work,
    from: &From<'_>,
    follow: Vec<Follow>,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Note>,
) -> Vec<Queued> {
    let mut queued = Vec::new();
    if follow.len() > MOST_FOLLOWED {
        let what = format!("it leads to {} documents; {MOST_FOLLOWED} are fetched", follow.len());
        problems.push(Problem::broken("too-many-documents", "", what));
    }
    for Follow { mut url, role, format: known } in follow.into_iter().take(MOST_FOLLOWED) {
        let (role, detail) = match role {
            Role::Next => ("next", None),
            Role::Part => ("part", None),
            Role::Detail(key) => ("detail", Some(key)),
        };
        if role != "part" && !stay(&mut url, from.url) {
            let what = format!("the address of the {role} document, {url}, is of another host");
            let advice = "give addresses of your own host, or relative ones";
            problems.push(Problem::broken("other-host", "", what).advice(advice));
            continue;
        }
        let depth = from.queued.depth.saturating_add(u8::from(role != "next"));
        if depth > DEEPEST {
            let what = format!("{url} is not fetched: too many documents lead to it");
            problems.push(Problem::broken("too-deep", "", what));
            continue;
        }
        // A next page is read as the page before.
        let known = known.or((role == "next").then_some(from.format)).map(str::to_owned);
        let one =
            Queued { url: url.to_string(), role: role.to_owned(), detail, format: known, depth };
        if role == "next" && work.addresses.contains(&one.url) {
            let what =
                format!("the next page, {url}, was there before: the paging goes in a circle");
            problems.push(Problem::broken("paging-loop", "", what));
            continue;
        }
        push(work, one.clone(), notes);
        queued.push(one);
    }
    queued
}

fn push(work: &mut Work, queued: Queued, notes: &mut Vec<Note>) {
    if !work.addresses.insert(queued.url.clone()) {
        return;
    }
    let key = Queued::key(&work.run.source, work.run.queued);
    work.run.queued += 1;
    notes.push(queued.put(&*key));
    work.queue.push((key, queued));
}

/// Keeps findings outside the reading of a document.
pub(super) fn find(
    harvester: &Harvester,
    work: &mut Work,
    stage: &str,
    url: &str,
    problems: Vec<Problem>,
) -> Result<(), HarvestError> {
    let mut notes = Vec::new();
    keep_findings(work, stage, url, problems, &mut notes);
    Ok(harvester.register.ledger().write(&notes, Durability::Relaxed)?)
}

fn keep_findings(
    work: &mut Work,
    stage: &str,
    url: &str,
    problems: Vec<Problem>,
    notes: &mut Vec<Note>,
) {
    // Partners and editors read what is found: no secrets in it (contract F8).
    let url = redact::text(url);
    for Problem { severity, code, at, what, advice, key } in problems {
        work.run.counts.findings += 1;
        let severity = match severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Broken => {
                work.run.broken += 1;
                "broken"
            }
        };
        if severity != "warning" && work.run.reason.is_none() {
            work.run.reason = Some(redact::text(&format!("{what} ({url})")));
        }
        let kept = work.run.codes.entry(code.clone()).or_default();
        *kept += 1;
        if *kept > KEPT_FINDINGS {
            continue;
        }
        let finding = Finding {
            stage: stage.to_owned(),
            severity: severity.to_owned(),
            code,
            url: url.clone(),
            at,
            what: redact::text(&what),
            advice,
            key,
        };
        let number = work.run.counts.findings;
        notes.push(finding.put(Finding::key(&work.run.source, work.run.number, number)));
    }
}

/// Whether somebody has asked to stop the run.
pub(super) fn is_cancelled(harvester: &Harvester, work: &Work) -> Result<bool, HarvestError> {
    let ledger = harvester.register.ledger();
    let key = format!("{:?}\n{}", RequestKind::Cancel, work.run.source);
    if ledger.get::<Request>(&key)?.is_none() {
        return Ok(false);
    }
    ledger.write(&[Table::Request.forget(&key)], Durability::Relaxed)?;
    Ok(true)
}
