//! The beginning of a run: settings, lease, and a new run or one that was
//! left unfinished.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::circle::Circle;
use super::known::{Known, TakenOver};
use super::series::Learnt;
use super::{HarvestError, Harvester, former, plan, rest, since};
use crate::harvest::fetch::{Hop, HostList, redact};
use crate::harvest::format;
use crate::harvest::settings::{Harvesting, Settings};
use crate::harvest::terms::{Table as TermTable, Terms};
use crate::journal::{Durability, Note};
use crate::record::RecordId;
use crate::register::ledger::{
    Counts, Cursor, KnownFinding, Lease, Modified, Outcome, Page, Passes, Phase, Queued, Rekeys,
    Row, Run, RunKind, SourceState, Staged, Suppressed, Table, Trigger,
};

/// How long a run may be at it before its lease is renewed.
pub(super) const HEARTBEAT: SignedDuration = SignedDuration::from_secs(15);

/// How long a lease holds that is not renewed.
const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// For how long a run that was broken off is gone on with; after that the
/// source is listed afresh.
pub(super) const RESUMABLE: SignedDuration = SignedDuration::from_hours(24);

/// Whether the source's own address answered in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answered {
    /// It did not, or not yet.
    NotYet,
    /// Where it stands.
    There,
    /// By permanent redirects to this address.
    Elsewhere(String),
}

impl Answered {
    /// What the redirects that led to an answer say.
    pub(super) fn by(hops: &[Hop]) -> Self {
        match hops.iter().take_while(|hop| hop.is_permanent()).last() {
            Some(hop) => Self::Elsewhere(hop.to.to_string()),
            None => Self::There,
        }
    }
}

/// A run, and all that it needs.
pub(super) struct Work {
    pub settings: Arc<Settings>,
    pub state: SourceState,
    pub run: Run,
    pub known: Known,
    pub terms: Arc<Terms>,
    pub decided: Arc<TermTable>,
    /// The records of items whose publisher has changed their keys.
    pub taken_over: Arc<TakenOver>,
    /// Hash of all that reading depends on besides the document.
    pub reading: String,
    /// Ledger keys, without the source, of the items that the run has seen.
    pub seen: HashSet<String>,
    /// How many rows it has seen that have no key.
    pub unnamed: u64,
    /// How many rows it has seen whose key their document had already.
    pub repeats: u64,
    /// Those of the items which the publisher says are gone.
    pub deleted: HashSet<String>,
    /// Addresses of documents that are gone for good, as their servers say.
    pub gone: HashSet<String>,
    /// Those of the items that the document has which is being staged, each with
    /// what tells its content.
    pub here: HashMap<String, u64>,
    /// Those that stand on several pages of the listing.
    pub overlaps: HashSet<String>,
    /// Those that the second pass of the listing has met.
    pub met: HashSet<String>,
    /// Hash and time of change of what is staged, by ledger key.
    pub staged: HashMap<String, String>,
    pub staged_modified: HashMap<String, String>,
    /// Problems of the source that are known, by their keys without the source.
    pub findings: HashMap<String, KnownFinding>,
    /// Hashes of items that are not to be taken.
    pub suppressed: HashSet<String>,
    /// Other hosts to which the listing may lead.
    pub follow_hosts: HostList,
    /// Addresses that the run has fetched or queued, and hashes of pages.
    pub addresses: HashSet<String>,
    pub bodies: HashSet<String>,
    /// What it has learnt of series and their sessions.
    pub series: Learnt,
    /// Whether it was broken off, and is gone on with.
    pub was_taken_up: bool,
    /// Whether its pages still bring what is new.
    pub circle: Circle,
    /// The key of each document in the queue that is not yet read.
    pub queue: Vec<(String, Queued)>,
    /// The licence that its first document names.
    pub named_licence: Option<String>,
    /// What tells how its first document credits others.
    pub credits: Option<String>,
    /// Whether the source's own address answered, and from where for good.
    pub answered: Answered,
    /// What the clock of its server said when the source's own address answered.
    pub server_date: Option<Timestamp>,
    pub fresh_for: Option<std::time::Duration>,
    pub retry_after: Option<std::time::Duration>,
}

/// A run and its source as they were last kept.
pub(super) struct Pulse {
    pub run: Run,
    state: SourceState,
}

impl Pulse {
    /// Renews the lease, when it is time to; gives whether it was.
    pub(super) fn beat(&mut self, harvester: &Harvester) -> bool {
        let now = harvester.now();
        if now.duration_since(self.run.heartbeat) <= HEARTBEAT {
            return false;
        }
        let notes = alive(&mut self.run, &mut self.state, now, &harvester.name);
        if let Err(error) = harvester.register.ledger().write(&notes, Durability::Relaxed) {
            tracing::warn!(%error, "a run that is alive can't show it");
        }
        true
    }
}

/// The rows of a run and of its source, which are alive `now`.
fn alive(run: &mut Run, state: &mut SourceState, now: Timestamp, by: &str) -> Vec<Note> {
    run.heartbeat = now;
    state.lease = Some(Lease { by: by.to_owned(), at: now });
    vec![run.put(Run::key(&run.source, run.number)), state.put(&*run.source)]
}

impl Work {
    /// Keeps the run and the state of the source, and renews the lease.
    pub(super) fn save(&mut self, harvester: &Harvester) -> Result<(), HarvestError> {
        let notes = self.notes(harvester.now(), &harvester.name);
        Ok(harvester.register.ledger().write(&notes, Durability::Relaxed)?)
    }

    /// The rows of the run and of its source.
    pub(super) fn notes(&mut self, now: Timestamp, by: &str) -> Vec<Note> {
        // Runs are public, and an address may have a token in it.
        let shown = |cursor: &Option<String>| cursor.as_deref().map(redact::text);
        self.run.cursor =
            Cursor { before: shown(&self.run.cursor_before), after: shown(&self.run.cursor_after) };
        alive(&mut self.run, &mut self.state, now, by)
    }

    /// What shows that the run is alive while the rest of it is busy.
    pub(super) fn pulse(&self) -> Pulse {
        Pulse { run: self.run.clone(), state: self.state.clone() }
    }

    /// What read the documents, for provenance.
    pub(super) fn extractor(format: &str) -> String {
        format!("kist {} {format}", env!("CARGO_PKG_VERSION"))
    }
}

/// Begins a run, or takes up the one that was left unfinished.
pub(super) fn begin(
    harvester: &Harvester,
    source: &str,
    kind: RunKind,
    trigger: Trigger,
) -> Result<Work, HarvestError> {
    let now = harvester.now();
    let settings = settings(harvester, source)?;
    if settings.harvesting == Harvesting::Retired {
        return Err(HarvestError::Retired(source.to_owned()));
    }
    let ledger = harvester.register.ledger();
    let mut state: SourceState = ledger.get(source)?.unwrap_or_default();
    if let Some(lease) = &state.lease
        && lease.by != harvester.name
        && now.duration_since(lease.at) < LEASE
    {
        return Err(HarvestError::Busy { source_id: source.to_owned(), by: lease.by.clone() });
    }
    let last: Option<Run> = ledger.get(&Run::key(source, state.last_run))?;
    let left = last.clone().filter(|run| {
        let is_open = run.ended.is_none() || run.waits_for_somebody() || run.rest.is_some();
        run.kind != RunKind::Replay && is_open
    });
    // Only who harvests writes the rest of what was stopped, a preview that was
    // approved among it.
    let stopped = match last.as_ref().filter(|_| kind == RunKind::Harvest) {
        Some(run) if rest::is_there(harvester, run, &settings, now)? => Some(run.clone()),
        _ => None,
    };
    let unfinished = last.filter(|run| run.ended.is_none() && run.kind == kind);
    let rest = ledger.rows::<Queued>(&format!("{source}\n"), "", 1)?;
    let is_rest = stopped.is_some();
    let run = if let Some(run) = unfinished {
        run
    } else if let Some(stopped) = stopped {
        state.last_run += 1;
        rest::of(stopped, state.last_run, trigger, now)
    } else {
        if let Some(left) = left {
            former::restore(harvester, &left)?;
        }
        let went_on = continued(harvester, source, &state, kind, !rest.is_empty(), now)?;
        if went_on.is_none() {
            forget_work(harvester, source)?;
        }
        state.last_run += 1;
        new_run(source, &state, kind, trigger, now, went_on)
    };
    state.lease = Some(Lease { by: harvester.name.clone(), at: now });
    let mut work = open(harvester, settings, state, run)?;
    if work.queue.is_empty() && work.run.phase == Phase::Fetching && work.run.counts.pages == 0 {
        start(&mut work, now);
    }
    if is_rest {
        plan::count(&mut work);
    }
    work.save(harvester)?;
    Ok(work)
}

/// The newest run, when it waits for a person.
pub(super) fn take_held(harvester: &Harvester, source: &str) -> Result<Work, HarvestError> {
    let settings = settings(harvester, source)?;
    let ledger = harvester.register.ledger();
    let state: SourceState = ledger.get(source)?.unwrap_or_default();
    let run: Option<Run> = ledger.get(&Run::key(source, state.last_run))?;
    let held = run.filter(Run::waits_for_somebody);
    let Some(run) = held else { return Err(HarvestError::NothingHeld(source.to_owned())) };
    open(harvester, settings, state, run)
}

pub(super) fn settings(harvester: &Harvester, source: &str) -> Result<Settings, HarvestError> {
    let unknown = || HarvestError::Unknown(source.to_owned());
    let id = RecordId::new("source", source).map_err(|_| unknown())?;
    let crate::register::Found::Here(version) = harvester.register.get(&id)? else {
        return Err(unknown());
    };
    Settings::read(&version.merged.record)
        .map_err(|error| HarvestError::Settings { source_id: source.to_owned(), error })
}

/// The last run, when it was broken off not long ago and this one goes on with
/// the documents that it left.
fn continued(
    harvester: &Harvester,
    source: &str,
    state: &SourceState,
    kind: RunKind,
    has_rest: bool,
    now: Timestamp,
) -> Result<Option<Run>, HarvestError> {
    if !has_rest || kind != RunKind::Harvest {
        return Ok(None);
    }
    let ledger = harvester.register.ledger();
    let last: Option<Run> = ledger.get(&Run::key(source, state.last_run))?;
    let goes_on = |run: &Run| {
        // Where going on has brought nothing, the whole is asked for again.
        let is_vain =
            run.continues.is_some() && (run.counts.seen, run.counts.not_modified) == (0, 0);
        run.outcome == Some(Outcome::Partial) && !is_vain
    };
    let Some(last) = last.filter(goes_on) else { return Ok(None) };
    // A page that fails for ever must not keep the others from being looked at
    // again: what counts is when the first of the runs began.
    let first = last.continues.unwrap_or(last.number);
    let first: Option<Run> = ledger.get(&Run::key(source, first))?;
    let is_recent = first.is_some_and(|first| now.duration_since(first.started) < RESUMABLE);
    Ok(Some(last).filter(|_| is_recent))
}

/// Forgets what earlier runs have left: queues, staged items.
fn forget_work(harvester: &Harvester, source: &str) -> Result<(), HarvestError> {
    let ledger = harvester.register.ledger();
    ledger.forget_all(Table::Queue, &format!("{source}\n"))?;
    ledger.forget_all(Table::Staged, &format!("{source}\n"))?;
    Ok(())
}

fn new_run(
    source: &str,
    state: &SourceState,
    kind: RunKind,
    trigger: Trigger,
    now: Timestamp,
    went_on: Option<Run>,
) -> Run {
    Run {
        source: source.to_owned(),
        number: state.last_run,
        kind,
        trigger,
        // What the run before has seen counts as seen by this one.
        started: now,
        ended: None,
        heartbeat: now,
        phase: Phase::Fetching,
        outcome: None,
        reason: None,
        held: Vec::new(),
        held_for: Vec::new(),
        counts: Counts::default(),
        codes: BTreeMap::new(),
        is_complete: false,
        is_approved: false,
        cursor_before: state.cursor.clone(),
        cursors_after: went_on.as_ref().map(|run| run.cursors_after.clone()).unwrap_or_default(),
        cursor_after: went_on.as_ref().and_then(|run| run.cursor_after.clone()),
        queued: went_on.as_ref().map_or(0, |run| run.queued),
        broken: 0,
        extractor: String::new(),
        continues: went_on.map(|run| run.continues.unwrap_or(run.number)),
        rest: None,
        rest_of: None,
        rekeys: Rekeys::default(),
        passes: Passes::default(),
        since_cursor: false,
        modified: Modified::default(),
        cursor: Cursor::default(),
        peak_memory: None,
    }
}

fn open(
    harvester: &Harvester,
    settings: Settings,
    state: SourceState,
    run: Run,
) -> Result<Work, HarvestError> {
    let register = &harvester.register;
    let known = Known::read(register.ledger(), &settings.id)?;
    let terms = Arc::new(super::known::terms(register)?);
    let decided = Arc::new(super::known::decided(register.ledger())?);
    let taken_over = Arc::new(known.taken_over());
    let mut work = Work {
        reading: settings.reading(),
        follow_hosts: harvester.fetcher.follow_hosts().and(&settings.follow_hosts),
        findings: HashMap::new(),
        suppressed: HashSet::new(),
        queue: Vec::new(),
        seen: HashSet::new(),
        unnamed: 0,
        repeats: 0,
        deleted: HashSet::new(),
        gone: HashSet::new(),
        here: HashMap::new(),
        overlaps: HashSet::new(),
        met: HashSet::new(),
        staged: HashMap::new(),
        staged_modified: HashMap::new(),
        addresses: HashSet::new(),
        bodies: HashSet::new(),
        circle: Circle::default(),
        series: Learnt::default(),
        was_taken_up: run.counts.pages > 0 || run.continues.is_some(),
        named_licence: None,
        credits: None,
        answered: Answered::NotYet,
        server_date: None,
        fresh_for: None,
        retry_after: None,
        settings: Arc::new(settings),
        state,
        run,
        known,
        terms,
        decided,
        taken_over,
    };
    remember(harvester, &mut work)?;
    Ok(work)
}

/// Takes in what the run, or the one that it continues, has done already.
fn remember(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let ledger = harvester.register.ledger();
    let prefix = format!("{}\n", work.run.source);
    let since = work.run.continues.unwrap_or(work.run.number);
    let until = work.run.number;
    ledger.each::<Page>(&prefix, |key, page| {
        if (since..=until).contains(&page.run) {
            if page.pass >= work.run.passes.number {
                work.addresses.insert(key[prefix.len()..].to_owned());
                work.bodies.insert(page.hash.clone());
            }
            work.seen.extend(page.items);
            work.unnamed += page.unnamed;
            work.repeats += page.repeats;
            work.deleted.extend(page.deleted);
        }
    })?;
    ledger.each::<Staged>(&prefix, |key, staged| {
        let key = key[prefix.len()..].to_owned();
        if let Some(modified) = staged.modified {
            work.staged_modified.insert(key.clone(), modified);
        }
        work.staged.insert(key, staged.hash);
    })?;
    forget_half_staged(harvester, work)?;
    ledger.each::<KnownFinding>(&prefix, |key, known| {
        work.findings.insert(key[prefix.len()..].to_owned(), known);
    })?;
    ledger.each::<Suppressed>(&prefix, |key, _| {
        work.suppressed.insert(key[prefix.len()..].to_owned());
    })?;
    ledger.each::<Queued>(&prefix, |key, queued| {
        work.addresses.insert(queued.url.clone());
        work.queue.push((key, queued));
    })?;
    Ok(())
}

/// Forgets what is staged of a document that was not read to its end when the
/// run broke off: it comes anew, and may say something else.
fn forget_half_staged(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let run = &work.run;
    let is_broken_off = run.ended.is_none() && run.outcome.is_none();
    if !is_broken_off || run.phase != Phase::Fetching {
        return Ok(());
    }
    let mut notes = Vec::new();
    let (seen, source) = (&work.seen, &work.run.source);
    work.staged.retain(|key, _| {
        let is_seen = seen.contains(key);
        if !is_seen {
            notes.push(Table::Staged.forget(&format!("{source}\n{key}")));
        }
        is_seen
    });
    work.staged_modified.retain(|key, _| seen.contains(key));
    Ok(harvester.register.ledger().write(&notes, Durability::Relaxed)?)
}

/// Queues the address at which the source begins, or goes on.
fn start(work: &mut Work, now: Timestamp) {
    let format = work.settings.format.or(work.state.format.as_deref()).and_then(format::named);
    let cursor = since::cursor(work, format.map(|format| format.listing), now);
    work.run.since_cursor = cursor.is_some();
    let url = cursor.unwrap_or_else(|| work.settings.url.to_string());
    let first = Queued {
        url: url.clone(),
        role: "start".to_owned(),
        is_guess: false,
        detail: None,
        format: work.settings.format.map(str::to_owned),
        feed: None,
        licence: None,
        depth: 0,
    };
    work.addresses.insert(url);
    work.queue.push((Queued::key(&work.run.source, work.run.queued), first));
    work.run.queued += 1;
}
