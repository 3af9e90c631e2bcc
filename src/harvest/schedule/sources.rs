//! The sources that the schedule knows, and which of them are due.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::job::Job;
use crate::harvest::pipeline::{HarvestError, Harvester};
use crate::harvest::rhythm::{self, Observed, Rhythm, Skips};
use crate::harvest::settings::{Harvesting, Settings, SettingsError, WhenGone};
use crate::harvest::sources;
use crate::journal::Durability;
use crate::model::Revision;
use crate::record::{Record, RecordId, texts};
use crate::register::Found;
use crate::register::ledger::{Row as _, Run, RunKind, SourceState};

/// After how long a change of a source's settings is seen at the latest.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// For how long a preview that waits for somebody keeps a source from being
/// harvested by itself: its run would take away what the preview has shown.
const PREVIEW_WAITS: SignedDuration = SignedDuration::from_hours(24);

/// How far back it is looked for what a deleted record said.
const STEPS: usize = 20;

/// The sources, as their records say.
#[derive(Debug, Default)]
pub(super) struct Sources {
    known: BTreeMap<String, Settings>,
    /// Sources whose record was deleted and said that theirs go with it.
    gone: BTreeSet<String>,
    /// Sources that were made active: that ends a preview which waits.
    woken: BTreeSet<String>,
    /// At which revision of the register that was, and when.
    looked: Option<(Revision, Timestamp)>,
}

impl Sources {
    /// Reads the settings once more when something may have changed.
    pub(super) fn look(
        &mut self,
        harvester: &Harvester,
        now: Timestamp,
    ) -> Result<(), HarvestError> {
        let register = harvester.register();
        let revision = register.newest()?;
        if let Some((seen, at)) = self.looked {
            let age = now.duration_since(at);
            if seen == revision || (age >= SignedDuration::ZERO && age < LOOK_AGAIN) {
                return Ok(());
            }
        }
        let is_first = self.looked.is_none();
        let mut known = BTreeMap::new();
        for record in sources::all(register)? {
            let settings = Settings::read(&record);
            tell_unusable(harvester, &record, settings.as_ref().err(), now)?;
            if let Ok(settings) = settings {
                known.insert(settings.id.clone(), settings);
            }
        }
        if !is_first {
            for (id, settings) in &known {
                let is_active = |settings: &Settings| settings.harvesting == Harvesting::Active;
                if is_active(settings) && !self.known.get(id).is_some_and(is_active) {
                    self.woken.insert(id.clone());
                }
                let before = self.known.get(id).map(|before| before.rhythm.to_string());
                if before.is_some_and(|before| before != settings.rhythm.to_string()) {
                    plan_anew(harvester, settings, now)?;
                }
            }
        }
        self.gone = gone(harvester, &known)?;
        self.known = known;
        self.looked = Some((revision, now));
        Ok(())
    }

    /// Whether a run of `source` may be carried on.
    pub(super) fn may_run(&self, source: &str) -> bool {
        self.known.get(source).is_some_and(|settings| settings.harvesting != Harvesting::Retired)
    }

    /// What is to be done now without anybody's asking, what is due longest
    /// first.
    pub(super) fn due(
        &mut self,
        harvester: &Harvester,
        started: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(String, Job)>, HarvestError> {
        let mut states: BTreeMap<String, SourceState> = BTreeMap::new();
        let ledger = harvester.register().ledger();
        ledger.each::<SourceState>("", |source, state| drop(states.insert(source, state)))?;
        let mut due: Vec<(Timestamp, String, Job)> = Vec::new();
        for (id, settings) in &self.known {
            let state = states.get(id);
            match settings.harvesting {
                Harvesting::Active => {
                    let at = match state.and_then(|state| state.next_due) {
                        _ if matches!(settings.rhythm, Rhythm::Manual) => continue,
                        Some(planned) => rhythm::at_dispatch(planned, started, seed(id)),
                        None => now,
                    };
                    let is_quiet = settings
                        .quiet
                        .as_ref()
                        .is_some_and(|quiet| quiet.end_after(now).is_none_or(|end| end > now));
                    let waits =
                        !self.woken.contains(id) && preview_waits(harvester, id, state, now)?;
                    if at <= now && !is_quiet && !waits {
                        self.woken.remove(id);
                        due.push((at, id.clone(), Job::scheduled()));
                    }
                }
                Harvesting::Retired
                    if settings.when_gone == WhenGone::Withdraw
                        && state.is_some_and(|state| state.live > 0) =>
                {
                    due.push((now, id.clone(), Job::Withdraw));
                }
                _ => {}
            }
        }
        let has_records = |id: &&String| states.get(*id).is_some_and(|state| state.live > 0);
        for id in self.gone.iter().filter(has_records) {
            due.push((now, id.clone(), Job::Withdraw));
        }
        due.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let is_active = |id: &&String| {
            let settings = self.known.get(*id);
            settings.is_some_and(|settings| settings.harvesting == Harvesting::Active)
        };
        let active = self.known.keys().filter(is_active);
        let oldest = active.filter_map(|id| states.get(id)?.last_success).min();
        harvester.register().activity().waiting(due.first().map(|(at, ..)| *at), oldest);
        Ok(due.into_iter().map(|(_, id, job)| (id, job)).collect())
    }
}

/// Whoever looks after `source` is told when its settings can't be used, until
/// they can (contract F11). One that is not harvested bothers nobody.
fn tell_unusable(
    harvester: &Harvester,
    source: &Record,
    error: Option<&SettingsError>,
    now: Timestamp,
) -> Result<(), HarvestError> {
    let (ledger, id) = (harvester.register().ledger(), source.id.id());
    let mut is_active = texts(source.values("harvesting")).filter(|state| *state == "active");
    let told = error.filter(|_| is_active.next().is_some());
    let told = told.map(|error| format!("it can't be harvested as it says: {error}"));
    let before: Option<SourceState> = ledger.get(id)?;
    let has_told = before
        .as_ref()
        .is_some_and(|state| state.alerts.iter().any(|alert| alert.code == "unusable-settings"));
    if told.is_none() && !has_told {
        return Ok(());
    }
    let mut state = before.clone().unwrap_or_default();
    state.set_alert("unusable-settings", told, now);
    if before.as_ref() == Some(&state) {
        return Ok(());
    }
    Ok(ledger.write(&[state.put(id)], Durability::Durable)?)
}

/// Whether somebody has asked for a preview of `source` not long ago, and has
/// not said yet what is to become of it.
pub(super) fn preview_waits(
    harvester: &Harvester,
    source: &str,
    state: Option<&SourceState>,
    now: Timestamp,
) -> Result<bool, HarvestError> {
    let Some(number) = state.map(|state| state.last_run) else { return Ok(false) };
    let run: Option<Run> = harvester.register().ledger().get(&Run::key(source, number))?;
    Ok(run.is_some_and(|run| {
        let age = run.ended.map(|ended| now.duration_since(ended));
        let is_young = age.is_some_and(|age| age < PREVIEW_WAITS);
        run.kind == RunKind::Preview && is_young && run.waits_for_somebody()
    }))
}

/// Sources of which records are left, whose own record was deleted and said
/// that they are to go with it.
fn gone(
    harvester: &Harvester,
    known: &BTreeMap<String, Settings>,
) -> Result<BTreeSet<String>, HarvestError> {
    let register = harvester.register();
    let mut left = Vec::new();
    register.ledger().each::<SourceState>("", |source, state| {
        if state.live > 0 && !known.contains_key(&source) {
            left.push(source);
        }
    })?;
    let mut gone = BTreeSet::new();
    for source in left {
        let Ok(id) = RecordId::new("source", &source) else { continue };
        if !matches!(register.get(&id)?, Found::Gone { .. }) {
            continue;
        }
        let said = register.history(&id, STEPS)?.into_iter().find_map(|step| step.record);
        let settings = said.and_then(|record| Settings::read(&record).ok());
        if settings.is_some_and(|settings| settings.when_gone == WhenGone::Withdraw) {
            gone.insert(source);
        }
    }
    Ok(gone)
}

/// Another rhythm holds at once, and not only after the next run.
fn plan_anew(
    harvester: &Harvester,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), HarvestError> {
    let ledger = harvester.register().ledger();
    let Some(mut state) = ledger.get::<SourceState>(&settings.id)? else { return Ok(()) };
    let run: Option<Run> = ledger.get(&Run::key(&settings.id, state.last_run))?;
    let observed = Observed {
        last_run: run.map(|run| run.started),
        changes_per_week: (state.changes_per_week > 0.0).then_some(state.changes_per_week),
        failures: state.failures,
        fresh_for: state.fresh_seconds.map(std::time::Duration::from_secs),
        refresh_after: state.refresh_seconds.map(std::time::Duration::from_secs),
        skips: Skips::new(&state.skip_hours, &state.skip_days),
        ..Observed::default()
    };
    let seed = seed(&settings.id);
    state.next_due =
        rhythm::next_due(&settings.rhythm, settings.quiet.as_ref(), &observed, now, seed);
    Ok(ledger.write(&[state.put(&*settings.id)], Durability::Durable)?)
}

/// A number that is the same for the same source.
fn seed(source: &str) -> u64 {
    let hash = blake3::hash(source.as_bytes());
    let first = hash.as_bytes().first_chunk::<8>().expect("a hash has 32 bytes");
    u64::from_le_bytes(*first)
}
