//! What documents said goes to the ledger: staged items, what to fetch next,
//! what was found wrong; all of a document in one transaction.

use jiff::Timestamp;

use super::begin::{Answered, Work};
use super::circle::Way;
use super::fetching::{Arrived, What};
use super::following::{From, goes_on_at, push, queue};
use super::items::{Origin, stage_one};
use super::pieces::InPieces;
use super::reading::Read;
use super::{
    HarvestError, Harvester, circle, findings, former, guess, kept, restart, second, series,
};
use crate::harvest::extraction::{Problem, Role, Severity};
use crate::harvest::fetch::{Effort, Failure, FetchError, Fetched};
use crate::journal::{Durability, Note};
use crate::register::ledger::{Page, Queued, Request, RequestKind, Row as _, Run, RunKind, Table};

/// Stages documents that have arrived, in one transaction; gives those that are
/// read piece by piece.
pub(super) fn stage(
    harvester: &Harvester,
    work: &mut Work,
    arrived: Vec<Arrived>,
) -> Result<Vec<(String, Queued, InPieces)>, HarvestError> {
    let now = harvester.now();
    let (mut notes, mut large) = (Vec::new(), Vec::new());
    for Arrived { key, queued, page, mut what } in arrived {
        if let What::InPieces(document) = what {
            large.push((key, queued, *document));
            continue;
        }
        if let What::Read { read, .. } = &mut what {
            guess::keep(harvester, work, &queued, &mut read.extraction)?;
        }
        work.run.counts.pages += 1;
        work.run.passes.pages += u64::from(second::is_page(&queued.role));
        let is_done = match what {
            What::Read { fetched, read }
                if let Some((first, problem)) =
                    restart::read_anew(work, &queued, read.extraction.about.credits.as_ref()) =>
            {
                spent(work, fetched.effort);
                findings::keep(work, now, "fetch", &queued.url, vec![problem], &mut notes);
                push(work, first, &mut notes);
                true
            }
            What::Read { fetched, read } => {
                let before = match work.run.passes.number {
                    0 => None,
                    _ => harvester
                        .register
                        .ledger()
                        .get(&Page::key(&work.run.source, &queued.url))?,
                };
                if work.run.kind != RunKind::Replay {
                    former::keep(harvester, work, &queued.url, &mut notes)?;
                }
                series::take(harvester, work, &read.extraction, &mut notes)?;
                read_document(work, now, &queued, &fetched, *read, before, &mut notes)?;
                true
            }
            // It was put aside above.
            What::InPieces(_) => false,
            What::Same { effort, validators, fresh_for, server_date, hops } => {
                if queued.role == "start" {
                    work.server_date = server_date;
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
    harvester.register.ledger().write(&notes, Durability::Relaxed)?;
    Ok(large)
}

pub(super) fn spent(work: &mut Work, effort: Effort) {
    work.run.counts.requests += u64::from(effort.requests);
    work.run.counts.wire_bytes += effort.wire_bytes;
}

fn read_document(
    work: &mut Work,
    now: Timestamp,
    queued: &Queued,
    fetched: &Fetched,
    mut read: Read,
    before: Option<Page>,
    notes: &mut Vec<Note>,
) -> Result<(), HarvestError> {
    spent(work, fetched.effort);
    work.run.counts.decoded_bytes += fetched.length();
    let mut taken = Taken::begin(work, now, queued, fetched, &mut read);
    taken.page.hash = circle::digest(&fetched.document.bytes, &read);
    match circle::judge(work, queued, &taken.page.hash, &read) {
        Way::Open => {}
        Way::Ends => {
            // What is wrong with it was told of the page that it repeats.
            read.extraction.problems.clear();
            taken.is_repeated = true;
        }
        Way::Circles(problem) => {
            read.extraction.problems.push(problem);
            taken.is_repeated = true;
        }
    }
    taken.take(work, now, queued, fetched, read, notes);
    taken.end(work, queued, fetched, before, notes)
}

/// What is taken of a document, in one piece or several.
pub(super) struct Taken {
    /// What is known of it.
    page: Page,
    /// Whether it only says what another page of the run has said.
    pub is_repeated: bool,
}

impl Taken {
    /// Begins with a document, of which the first piece was `read`.
    pub(super) fn begin(
        work: &mut Work,
        now: Timestamp,
        queued: &Queued,
        fetched: &Fetched,
        read: &mut Read,
    ) -> Self {
        work.fresh_for = work.fresh_for.max(fetched.fresh_for);
        if queued.role == "start" {
            read_first(work, fetched, read);
        }
        if work.run.extractor.is_empty() {
            work.run.extractor = Work::extractor(read.format);
        }
        work.here.clear();
        let content = fetched.validators.hash.clone().unwrap_or_default();
        let page = Page {
            hash: content.clone(),
            content,
            run: work.run.number,
            validators: serde_json::to_value(&fetched.validators).unwrap_or_default(),
            reading: work.reading.clone(),
            read_at: now,
            link: fetched.link("next").map(ToString::to_string),
            licence: queued.licence.clone(),
            is_whole: work.run.passes.number == 0,
            pass: work.run.passes.number,
            ..Page::default()
        };
        Self { page, is_repeated: false }
    }

    /// Stages what was read of a piece.
    pub(super) fn take(
        &mut self,
        work: &mut Work,
        now: Timestamp,
        queued: &Queued,
        fetched: &Fetched,
        mut read: Read,
        notes: &mut Vec<Note>,
    ) {
        let document = &fetched.document;
        let page = &mut self.page;
        let wish = read.extraction.about.refresh_after.map(|wish| wish.as_secs());
        work.state.refresh_seconds = work.state.refresh_seconds.max(wish);
        if read.extraction.about.tells_deletions.is_some() {
            work.state.tells_deletions = read.extraction.about.tells_deletions;
        }
        let mut problems = std::mem::take(&mut read.extraction.problems);
        let unnamed = problems.iter().filter(|problem| problem.costs_one_unnamed()).count() as u64;
        page.unnamed += unnamed;
        if self.is_repeated {
            // It lists nothing but what was listed, and nothing has shifted.
            read.mapped.clear();
        } else {
            without_names(work, unnamed);
        }
        page.is_whole &= !problems.iter().any(|problem| problem.severity == Severity::Broken);
        second::narrow(work, &read.mapped, &mut read.extraction.follow, &mut problems);
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
            let is_of_whole = matches!(&*problem.code, "invalid-record" | "area-unknown");
            !is_of_whole || key.is_none_or(|key| !details.contains(&key))
        });
        let origin = Origin {
            now: document.retrieved_at,
            url: &document.url,
            format: read.format,
            is_page: second::is_page(&queued.role),
        };
        for mapped in read.mapped {
            if second::passes_over(work, &origin, &mapped, page) {
                continue;
            }
            let is_short = details.contains(&mapped.key.as_str());
            stage_one(work, &origin, mapped, is_short, page, &mut problems, notes);
        }
        if !self.is_repeated && work.run.kind != RunKind::Replay {
            let follow = read.extraction.follow;
            let vouched = &read.vouched;
            let licences = &read.extraction.licences;
            let from = From { queued, url: &document.url, format: read.format, vouched, licences };
            page.follow.extend(queue(work, &from, follow, &mut problems, notes));
        }
        page.announced = page.announced.max(read.extraction.announced);
        problems.extend(take_announced(work, queued, read.extraction.announced));
        if let Some(resume) = read.extraction.resume {
            page.resume = Some(resume.to_string());
        }
        findings::keep(work, now, "extract", document.url.as_str(), problems, notes);
    }

    /// Keeps what is known of the document, and the document.
    pub(super) fn end(
        self,
        work: &mut Work,
        queued: &Queued,
        fetched: &Fetched,
        before: Option<Page>,
        notes: &mut Vec<Note>,
    ) -> Result<(), HarvestError> {
        let mut page = self.page;
        goes_on_there(work, queued, page.resume.as_ref());
        // What nothing could be read from takes the place of nothing: its
        // validators are not believed, and the last good document is kept.
        let is_readable = page.is_whole || !page.items.is_empty() || !page.follow.is_empty();
        if work.run.kind != RunKind::Replay && is_readable {
            if let Some(before) = before {
                page = second::joined(before, page);
            }
            notes.push(page.put(Page::key(&work.run.source, &queued.url)));
            notes.push(kept::note(work, queued, fetched)?);
        }
        Ok(())
    }
}

/// Takes in what the first document of a source says of all of it.
fn read_first(work: &mut Work, fetched: &Fetched, read: &mut Read) {
    let about = &read.extraction.about;
    work.answered = Answered::by(&fetched.hops);
    work.server_date = fetched.server_date;
    work.named_licence.clone_from(&about.licence);
    // What is not modified wishes what it wished.
    work.state.refresh_seconds = None;
    work.state.skip_hours.clone_from(&about.skip_hours);
    work.state.skip_days.clone_from(&about.skip_days);
    work.state.format = Some(read.format.to_owned()).filter(|format| !format.is_empty());
    let hubs = about.hubs.iter().map(ToString::to_string);
    let header = fetched.links.iter().filter(|link| link.rel == "hub");
    work.state.hubs = hubs.chain(header.map(|link| link.url.to_string())).collect();
    work.state.own = about.own.as_ref().or_else(|| fetched.link("self")).map(ToString::to_string);
    let is_named = work.settings.licence.is_none() && work.named_licence.is_some();
    if !work.settings.may_quote() && !is_named {
        read.extraction.problems.push(without_texts(work.settings.licence.as_deref()));
    }
}

/// Takes in how many records a document says that there are; says so when that
/// is another number than before.
fn take_announced(work: &mut Work, queued: &Queued, announced: Option<u64>) -> Option<Problem> {
    let problem = second::moved(work, queued, announced);
    let counts = &mut work.run.counts;
    counts.announced = counts.announced.max(announced.unwrap_or_default());
    problem
}

/// Counts the rows of a document that have no key: they can't be taken, and
/// each may be one of those that are known and seem to be absent.
fn without_names(work: &mut Work, rows: u64) {
    // The second pass sees the same rows again.
    if work.run.passes.number == 0 {
        work.unnamed += rows;
        work.run.counts.invalid += rows;
    }
}

/// That descriptions and pictures are not taken (contract E7).
fn without_texts(licence: Option<&str>) -> Problem {
    let why = match licence {
        Some(licence) => format!("the licence {licence} does not let everybody share texts"),
        None => "no licence is stated".to_owned(),
    };
    let what = format!("{why}: facts and links are taken, and no descriptions or pictures");
    Problem::warning("no-licence", "", what).advice(
        "Publish under an open licence such as CC BY 4.0, or tell the register under which.",
    )
}

/// Keeps where the next run goes on, in this feed.
fn goes_on_there(work: &mut Work, queued: &Queued, resume: Option<&String>) {
    let Some(resume) = resume.cloned() else { return };
    match &queued.feed {
        Some(feed) => {
            work.run.cursors_after.insert(feed.clone(), resume);
        }
        None => work.run.cursor_after = Some(resume),
    }
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
    let problems = take_announced(work, queued, page.announced).into_iter().collect();
    findings::keep(work, now, "extract", &queued.url, problems, notes);
    if work.run.passes.number > 0 {
        let page = second::same(work, page, queued, notes);
        notes.push(page.put(Page::key(&work.run.source, &queued.url)));
        return;
    }
    circle::met(work, &page.hash);
    for key in &page.items {
        if work.seen.insert(key.clone()) {
            work.run.counts.seen += 1;
            work.run.counts.unchanged += 1;
        } else if second::is_page(&queued.role) {
            second::overlap(work, key);
        }
    }
    without_names(work, page.unnamed);
    work.repeats += page.repeats;
    work.deleted.extend(page.deleted.iter().cloned());
    page.run = work.run.number;
    if let Some(validators) = validators {
        page.validators = validators;
    }
    goes_on_there(work, queued, page.resume.as_ref());
    for mut next in page.follow.clone() {
        if let Some(feed) = next.feed.as_ref().filter(|_| next.role == "part") {
            next.url = goes_on_at(work, feed);
        }
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
        findings::keep(work, now, "fetch", &queued.url, vec![problem], notes);
        push(work, first, notes);
        return true;
    }
    if queued.is_guess && is_no_page(&failure.error) {
        return true;
    }
    // A part that is gone is news of the part, and no failure of the listing.
    let is_gone_part = queued.role != "start"
        && queued.role != "next"
        && matches!(failure.error.code(), "not-found" | "gone");
    // A feed of changes tells by itself what it has deleted.
    if is_gone_part && queued.feed.is_none() && matches!(failure.error, FetchError::Gone) {
        work.gone.insert(queued.url.clone());
    }
    let severity = if is_gone_part { Severity::Warning } else { Severity::Broken };
    let problem = Problem::new(severity, failure.error.code(), "", failure.error.to_string());
    findings::keep(work, now, "fetch", &queued.url, vec![problem], notes);
    !failure.error.is_temporary()
}

/// Whether a server answers so when it is asked for a page behind the last.
const fn is_no_page(error: &FetchError) -> bool {
    matches!(error.status(), Some(400 | 404 | 410 | 416 | 422))
}

/// Whether somebody has asked to stop the run.
pub(super) fn is_cancelled(harvester: &Harvester, work: &Work) -> Result<bool, HarvestError> {
    let ledger = harvester.register.ledger();
    let key = Request::key_of(&work.run.source, RequestKind::Cancel);
    if ledger.get::<Request>(&key)?.is_none() {
        return Ok(false);
    }
    ledger.write(&[Table::Request.forget(&key)], Durability::Relaxed)?;
    Ok(true)
}
