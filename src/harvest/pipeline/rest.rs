//! Runs that are stopped while they are written (contract F4): what they have
//! staged is kept, and the next run writes the rest, without the network.

use std::collections::HashSet;

use jiff::Timestamp;

use super::begin::{RESUMABLE, Work};
use super::{HarvestError, Harvester, plan};
use crate::harvest::settings::Settings;
use crate::register::ledger::{Counts, Outcome, Page, Phase, Run, RunKind, Staged, Trigger};

/// Ends `work`, of which a part is written and the rest is not: its numbers are
/// those of what was.
pub(super) fn leave(work: &mut Work) {
    let planned = work.run.counts;
    plan::count(work);
    let counts = &mut work.run.counts;
    counts.created = planned.created.saturating_sub(counts.created);
    counts.changed = planned.changed.saturating_sub(counts.changed);
    counts.withdrawn = planned.withdrawn.saturating_sub(counts.withdrawn);
    counts.restored = planned.restored.saturating_sub(counts.restored);
    counts.republished = planned.republished.saturating_sub(counts.republished);
    work.run.outcome = Some(Outcome::Cancelled);
    work.run.reason =
        Some("somebody stopped it while it was written; the next run writes the rest".to_owned());
    work.run.rest = Some(work.reading.clone());
}

/// Whether the rest of `run` can be written as it stands: it was read not long
/// ago, by the same settings, and nobody has forgotten documents of it since,
/// from which it is known what the source has.
pub(super) fn is_there(
    harvester: &Harvester,
    run: &Run,
    settings: &Settings,
    now: Timestamp,
) -> Result<bool, HarvestError> {
    let is_meant = run.rest.as_ref() == Some(&settings.reading());
    if !is_meant || now.duration_since(run.started) >= RESUMABLE {
        return Ok(false);
    }
    let (ledger, prefix) = (harvester.register.ledger(), format!("{}\n", run.source));
    if ledger.rows::<Staged>(&prefix, "", 1)?.is_empty() {
        return Ok(false);
    }
    let since = run.continues.unwrap_or(run.number);
    let mut seen: HashSet<String> = HashSet::new();
    ledger.each::<Page>(&prefix, |_, page| {
        if (since..=run.number).contains(&page.run) {
            seen.extend(page.items);
        }
    })?;
    Ok(seen.len() as u64 >= run.counts.seen)
}

/// The run that writes the rest of `stopped`.
pub(super) fn of(stopped: Run, number: u64, trigger: Trigger, now: Timestamp) -> Run {
    let first = stopped.number;
    Run {
        number,
        kind: RunKind::Harvest,
        is_approved: false,
        trigger,
        started: now,
        ended: None,
        heartbeat: now,
        phase: Phase::Applying,
        outcome: None,
        reason: None,
        continues: Some(stopped.continues.unwrap_or(first)),
        rest: None,
        rest_of: Some(stopped.rest_of.unwrap_or(first)),
        // It asks for nothing.
        counts: Counts { requests: 0, wire_bytes: 0, decoded_bytes: 0, ..stopped.counts },
        ..stopped
    }
}
