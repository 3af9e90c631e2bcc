//! The end of a run: its outcome, the state of the source, when it is due
//! again, and the public record of what was done.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::begin::{Answered, Work};
use super::fetching::OVER_BUDGET;
use super::{HarvestError, Harvester, alerts, findings, former, gone, guess, second};
use crate::harvest::fetch::redact;
use crate::harvest::format::{self, MORE_PAGES};
use crate::harvest::rhythm::{self, Observed, Skips};
use crate::harvest::settings::is_same_licence;
use crate::journal::{Durability, Note};
use crate::record::{FromJson, RecordId, from_json};
use crate::register::ledger::{
    Decision, Finding, Moved, Outcome, Page, Phase, Review, ReviewKind, Row, Run, RunKind,
    SourceState, Table,
};
use crate::register::{ApplyError, Edit, References};

/// In how many runs, over how many days, a source must have moved to the same
/// address for it to be offered as an edit (contract F46).
const MOVED_RUNS: u32 = 3;
const MOVED_DAYS: i64 = 7;

/// Who harvests, as its term says.
const AGENT: &str = "https://w3id.org/kist#harvester";

/// How many documents the public record of a run names.
const MOST_DOCUMENTS: usize = 100;

/// How much the newest interval counts in the observed rate of change.
const NEWEST: f64 = 0.3;

/// Ends a run that came to its end, or to where a person must look.
pub(super) fn end(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let now = harvester.now();
    let outcome = work.run.outcome.unwrap_or_else(|| outcome(&work.run));
    work.run.outcome = Some(outcome);
    harvester.register.activity().ended(outcome);
    if work.run.extractor.is_empty() {
        // Nothing was new to be read; it would have been read by this.
        work.run.extractor = Work::extractor(work.state.format.as_deref().unwrap_or("auto"));
    }
    work.run.ended = Some(now);
    work.run.peak_memory = (harvester.memory)();
    let is_stopped = work.run.rest.is_some();
    let was_written = work.run.phase == Phase::Applying && !is_stopped;
    work.run.phase = Phase::Done;
    if is_stopped {
        // The next run writes the rest.
        work.state.live = work.known.published();
    } else if was_written {
        former::forget(harvester, &work.run.source)?;
    } else if !work.run.waits_for_somebody() {
        former::restore(harvester, &work.run)?;
    }
    let is_in_vain = matches!(outcome, Outcome::Cancelled | Outcome::Failed)
        || (outcome == Outcome::Partial && !was_written);
    if is_in_vain && !is_stopped {
        let prefix = format!("{}\n", work.run.source);
        harvester.register.ledger().forget_all(Table::Staged, &prefix)?;
        harvester.register.ledger().forget_all(Table::Queue, &prefix)?;
    }
    if work.run.kind == RunKind::Harvest {
        remember(harvester, work, outcome, was_written, now);
    } else if was_written {
        // When the source is due, and how it fares, only harvests tell.
        work.state.live = work.known.published();
        if changes(&work.run) > 0 {
            work.state.last_change = Some(now);
        }
    }
    if was_written {
        work.state.filters = Some(work.settings.filters());
    }
    let mut notes = prune(harvester, work)?;
    if was_written {
        notes.extend(gone::forget(work));
    }
    notes.extend(moved(harvester, work, now)?);
    notes.extend(licence(work, now));
    notes.extend(guess::settled(harvester, work)?);
    notes.extend(work.notes(now, &harvester.name));
    work.state.lease = None;
    notes.push(work.state.put(&*work.run.source));
    harvester.register.ledger().write(&notes, Durability::Durable)?;
    if (was_written || is_stopped) && changes(&work.run) > 0 {
        publish(harvester, work, now)?;
    }
    Ok(())
}

/// Ends a run that the register, and not the source, made fail.
pub(super) fn fail(
    harvester: &Harvester,
    work: &mut Work,
    error: &HarvestError,
) -> Result<(), HarvestError> {
    let now = harvester.now();
    tracing::error!(source = work.run.source, %error, "a run failed by the register");
    work.run.reason = Some(match error {
        // Runs are public: which file is at fault is in the log alone.
        HarvestError::Apply(ApplyError::View { revision, .. }) => {
            format!("what was taken is kept as revision {revision}, but can't be shown yet")
        }
        error => error.to_string(),
    });
    work.run.outcome = Some(Outcome::Failed);
    harvester.register.activity().ended(Outcome::Failed);
    work.run.ended = Some(now);
    work.run.phase = Phase::Done;
    if work.run.kind == RunKind::Harvest {
        remember(harvester, work, Outcome::Failed, false, now);
    }
    work.state.cursor.clone_from(&work.run.cursor_before);
    let mut notes = work.notes(now, &harvester.name);
    work.state.lease = None;
    notes.push(work.state.put(&*work.run.source));
    // The pages say what was not written.
    former::restore(harvester, &work.run)?;
    Ok(harvester.register.ledger().write(&notes, Durability::Durable)?)
}

/// How many records a run has made otherwise.
pub(super) fn changes(run: &Run) -> u64 {
    run.counts.created + run.counts.changed + run.counts.withdrawn + run.counts.restored
}

/// Whether the source did what can be expected of it in a run that ended so: it
/// was read to its end, or to a limit that the settings have, or as far as its
/// pages lead.
pub(super) fn has_gone_well(run: &Run, outcome: Outcome) -> bool {
    let expected = [OVER_BUDGET, MORE_PAGES].iter().filter_map(|code| run.codes.get(*code));
    let is_short = outcome == Outcome::Partial && expected.sum::<u64>() == run.broken;
    outcome.is_good() || is_short
}

fn outcome(run: &Run) -> Outcome {
    let got_something = run.counts.seen > 0 || run.counts.not_modified > 0;
    if run.broken > 0 {
        // What was left of the run before it fails again: the rest of that was read.
        let got_something = got_something || run.continues.is_some();
        return if got_something { Outcome::Partial } else { Outcome::Failed };
    }
    if run.counts.invalid > 0 || run.counts.waiting > 0 {
        return Outcome::OkWithErrors;
    }
    if changes(run) == 0 && run.counts.missing == 0 { Outcome::Unchanged } else { Outcome::Ok }
}

/// Whether its format lists everything, so that a cursor only saves work.
fn is_listing(work: &Work) -> bool {
    let format = work.state.format.as_deref().and_then(format::named);
    format.is_some_and(|format| format.listing == format::Listing::Complete)
}

/// What the source's state learns from a run.
fn remember(
    harvester: &Harvester,
    work: &mut Work,
    outcome: Outcome,
    was_written: bool,
    now: Timestamp,
) {
    let twice = second::twice(work);
    let state = &mut work.state;
    if has_gone_well(&work.run, outcome) {
        state.failures = 0;
        let since = state.last_success.replace(now);
        if let Some(since) = since {
            observe(state, since, now, changes(&work.run) > 0);
        }
    } else if outcome != Outcome::Cancelled {
        state.failures += 1;
    }
    if was_written {
        state.live = work.known.published();
        if changes(&work.run) > 0 {
            state.last_change = Some(now);
        }
        // What a person let pass though the listing had shrunk is what there is
        // from now on.
        if work.run.is_complete || (work.run.is_approved && work.run.kind == RunKind::Harvest) {
            state.last_complete = Some(now);
            state.complete_count = Some(work.run.counts.seen);
            if work.run.is_complete {
                state.twice = twice;
                state.unnamed = Some(work.unnamed);
                state.listed_by = Some(work.reading.clone());
            }
        }
        if let Some(credits) = work.credits.take() {
            state.credits = Some(credits);
        }
        if let Some(cursor) = &work.run.cursor_after {
            // The cursor of a window holds only when all of the window was
            // read; that of a page is an address that the run went on to.
            if work.run.broken == 0 || work.addresses.contains(cursor) {
                state.cursor = Some(cursor.clone());
            }
        }
        for (feed, cursor) in &work.run.cursors_after {
            if work.run.broken == 0 || work.addresses.contains(cursor) {
                state.cursors.insert(feed.clone(), cursor.clone());
            }
        }
    }
    if work.run.since_cursor && work.run.broken > 0 && is_listing(work) {
        // Whatever is wrong with the question, the whole list is without it.
        work.state.cursor = None;
    }
    alerts::after(harvester, work, outcome, now);
    let state = &mut work.state;
    state.fresh_seconds = work.fresh_for.map(|fresh| fresh.as_secs());
    let observed = Observed {
        last_run: Some(work.run.started),
        changes_per_week: (state.changes_per_week > 0.0).then_some(state.changes_per_week),
        failures: state.failures,
        retry_after: work.retry_after,
        fresh_for: work.fresh_for,
        refresh_after: state.refresh_seconds.map(std::time::Duration::from_secs),
        skips: Skips::new(&state.skip_hours, &state.skip_days),
    };
    let seed = seed(&work.run.source);
    state.next_due =
        rhythm::next_due(&work.settings.rhythm, work.settings.quiet.as_ref(), &observed, now, seed);
}

/// A number that is the same for the same source.
pub(super) fn seed(source: &str) -> u64 {
    let hash = blake3::hash(source.as_bytes());
    let first = hash.as_bytes().first_chunk::<8>().expect("a hash has 32 bytes");
    u64::from_le_bytes(*first)
}

/// The observed rate of change, newer intervals counting more.
fn observe(state: &mut SourceState, since: Timestamp, now: Timestamp, has_changed: bool) {
    let weeks = now.duration_since(since).as_secs_f64() / (7.0 * 24.0 * 3600.0);
    if weeks <= 0.0 {
        return;
    }
    let rate = if has_changed { 1.0 / weeks } else { 0.0 };
    state.changes_per_week = state.changes_per_week * (1.0 - NEWEST) + rate * NEWEST;
}

/// Offers the address to which a source has moved for good as an edit, unless
/// somebody has answered that it is not to be taken.
fn moved(
    harvester: &Harvester,
    work: &mut Work,
    now: Timestamp,
) -> Result<Option<Note>, HarvestError> {
    let to = match &work.answered {
        // It says nothing of where it stands.
        Answered::NotYet => return Ok(None),
        Answered::There => {
            work.state.moved = None;
            alerts::moved(work, None, now);
            return Ok(None);
        }
        Answered::Elsewhere(to) => to.clone(),
    };
    let before = work.state.moved.take();
    let moved = match before {
        Some(before) if before.to == to => Moved { runs: before.runs + 1, ..before },
        _ => Moved { to, runs: 1, since: now },
    };
    let days = now.duration_since(moved.since);
    let is_sure = moved.runs >= MOVED_RUNS && days >= SignedDuration::from_hours(24 * MOVED_DAYS);
    let source = work.run.source.clone();
    let key = Review::key(ReviewKind::Moved, &source);
    let decided: Option<Decision> = harvester.register.ledger().get(&key)?;
    let is_ignored = decided
        .is_some_and(|decided| decided.answer == "ignore" && decided.fingerprint == moved.to);
    let is_asked = is_sure && !is_ignored;
    let review = is_asked.then(|| Review {
        kind: ReviewKind::Moved,
        question: format!("{source} has moved to {}. Is that its address now?", moved.to),
        about: json!({ "source": source, "url": moved.to }),
        why: json!({ "runs": moved.runs, "since": moved.since }),
        since: now,
    });
    alerts::moved(work, is_asked.then_some(moved.to.as_str()), now);
    work.state.moved = Some(moved);
    Ok(review.map(|review| review.put(key)))
}

/// Asks whether the licence that a publisher names now is the one of the
/// source (contract F71), and remembers what it names.
fn licence(work: &mut Work, now: Timestamp) -> Option<Note> {
    let named = work.named_licence.take()?;
    if work.run.kind != RunKind::Harvest {
        return None;
    }
    // The first time, what it names is held against what its settings say.
    let before = work.state.licence.replace(named.clone());
    let before = before.or_else(|| work.settings.licence.clone())?;
    if is_same_licence(&before, &named) {
        return None;
    }
    let source = &work.run.source;
    let review = Review {
        kind: ReviewKind::Licence,
        question: format!("{source} names the licence {named} now. Is that its licence?"),
        about: json!({ "source": source, "licence": named, "fingerprint": named }),
        why: json!({ "before": before }),
        since: now,
    };
    let note = review.put(Review::key(ReviewKind::Licence, source));
    alerts::licence(work, &before, &named, now);
    Some(note)
}

/// Forgets the oldest runs and what they found.
fn prune(harvester: &Harvester, work: &Work) -> Result<Vec<Note>, HarvestError> {
    let Some(oldest) = work.run.number.checked_sub(harvester.options.kept_runs) else {
        return Ok(Vec::new());
    };
    let source = &work.run.source;
    let findings = Finding::keys_of(source, oldest);
    harvester.register.ledger().forget_all(Table::Finding, &findings)?;
    let mut notes = findings::prune(work, harvester.options.kept_runs);
    notes.push(Table::Run.forget(&Run::key(source, oldest)));
    Ok(notes)
}

/// The documents that a run has read, with what tells their content (contract
/// F65).
fn documents(harvester: &Harvester, run: &Run) -> Result<Vec<Json>, HarvestError> {
    let prefix = format!("{}\n", run.source);
    let mut found: Vec<(Timestamp, Json)> = Vec::new();
    harvester.register.ledger().each::<Page>(&prefix, |key, page| {
        // What was not modified was not read again.
        if page.run == run.number && page.read_at >= run.started && found.len() < MOST_DOCUMENTS {
            let url = redact::text(&key[prefix.len()..]);
            let tag = page.validators["etag"].as_str().map(|tag| json!(tag));
            let mut document = json!({
                "document": url, "readAt": page.read_at,
                "contentHash": format!("blake3:{}", page.content),
            });
            if let Some(tag) = tag {
                document["entityTag"] = tag;
            }
            found.push((page.read_at, document));
        }
    })?;
    found.sort_by_key(|(read_at, _)| *read_at);
    Ok(found.into_iter().map(|(_, document)| document).collect())
}

/// The public record of the run, an activity of PROV-O.
fn publish(harvester: &Harvester, work: &Work, now: Timestamp) -> Result<(), HarvestError> {
    let register = &harvester.register;
    let run = &work.run;
    let id = Run::record(&run.source, run.number);
    let Ok(id) = RecordId::new("run", &id) else { return Ok(()) };
    let source = RecordId::new("source", &run.source);
    let Ok(source) = source else { return Ok(()) };
    let json = json!({
        "name": { "en": format!("Harvest {} of {}", run.number, work.settings.name) },
        "harvestOf": register.base().thing(&source).as_str(),
        "started": run.started,
        "ended": run.ended,
        "outcome": run.outcome.map(Outcome::name),
        "extractor": run.extractor,
        "agent": AGENT,
        "plan": format!("blake3:{}", work.reading),
        "documents": documents(harvester, run)?,
        "seen": run.counts.seen,
        "created": run.counts.created,
        "changed": run.counts.changed + run.counts.republished,
        "withdrawn": run.counts.withdrawn,
        "invalid": run.counts.invalid,
    });
    let schema = register.schema();
    let kind = schema.kind("run").expect("the standard shapes have runs");
    let context = FromJson { schema, base: register.base(), keys_of: None };
    match from_json(context, kind, Some(&id), &json) {
        Ok(record) => {
            let edit = Edit {
                source: "kist".to_owned(),
                id,
                record: Some(record),
                original: None,
                expected: None,
                derivation: None,
            };
            register.apply(vec![edit], References::Kept, "harvest", now)?;
        }
        Err(faults) => tracing::error!(?faults, "the record of a run is not valid"),
    }
    Ok(())
}
