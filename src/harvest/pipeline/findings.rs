//! What was found wrong in a run, kept for the publisher and the operator.

use jiff::Timestamp;

use super::begin::Work;
use super::{HarvestError, Harvester};
use crate::harvest::extraction::{Problem, Severity};
use crate::harvest::fetch::redact;
use crate::journal::{Durability, Note};
use crate::register::ledger::{Finding, KnownFinding, Row as _, RunKind, Table};

/// How many findings of one code a run keeps; the others are counted.
const KEPT_FINDINGS: u64 = 1_000;

/// Keeps findings outside the reading of a document.
pub(super) fn find(
    harvester: &Harvester,
    work: &mut Work,
    stage: &str,
    url: &str,
    problems: Vec<Problem>,
) -> Result<(), HarvestError> {
    let mut notes = Vec::new();
    keep(work, harvester.now(), stage, url, problems, &mut notes);
    Ok(harvester.register.ledger().write(&notes, Durability::Relaxed)?)
}

/// Keeps what was found wrong at a `stage` of the work, in what is at `url`.
pub(super) fn keep(
    work: &mut Work,
    now: Timestamp,
    stage: &str,
    url: &str,
    problems: Vec<Problem>,
    notes: &mut Vec<Note>,
) {
    // Partners and editors read what is found: no secrets in it (contract F8).
    let url = &*redact::text(url);
    for mut problem in problems {
        problem.what = redact::text(&problem.what);
        work.run.counts.findings += 1;
        tell_reason(work, url, &problem);
        let kept = work.run.codes.entry(problem.code.clone()).or_default();
        *kept += 1;
        if *kept > KEPT_FINDINGS {
            continue;
        }
        let known = seen_before(work, now, url, &problem, notes);
        let Problem { severity, code, at, what, advice, key, excerpt } = problem;
        let finding = Finding {
            stage: stage.to_owned(),
            severity: name(severity).to_owned(),
            code,
            url: url.to_owned(),
            at,
            what,
            advice,
            key,
            excerpt,
            first_seen: Some(known.first_seen),
            runs: known.runs,
        };
        let number = work.run.counts.findings;
        notes.push(finding.put(Finding::key(&work.run.source, work.run.number, number)));
    }
}

const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Broken => "broken",
    }
}

/// The reason of a run is what broke it; when nothing did, the first error.
fn tell_reason(work: &mut Work, url: &str, problem: &Problem) {
    let run = &mut work.run;
    let is_told = match problem.severity {
        Severity::Warning => return,
        Severity::Error => run.reason.is_some(),
        Severity::Broken => {
            run.broken += 1;
            run.broken > 1
        }
    };
    if !is_told {
        let at = if url.is_empty() { String::new() } else { format!(" ({url})") };
        run.reason = Some(format!("{}{at}", problem.what));
    }
}

/// Since when, and in how many runs, the source has had this problem, this run
/// included. Only what is harvested is remembered.
fn seen_before(
    work: &mut Work,
    now: Timestamp,
    url: &str,
    problem: &Problem,
    notes: &mut Vec<Note>,
) -> KnownFinding {
    let number = work.run.number;
    let key = KnownFinding::key(&problem.code, problem.key.as_deref(), url, &problem.at);
    let known = work.findings.entry(key.clone()).or_insert(KnownFinding {
        first_seen: now,
        run: number,
        runs: 1,
    });
    if known.run != number {
        known.run = number;
        known.runs = known.runs.saturating_add(1);
    }
    let known = known.clone();
    if work.run.kind == RunKind::Harvest {
        notes.push(known.put(format!("{}\n{key}", work.run.source)));
    }
    known
}

/// The notes that forget what the source has long not done any more.
pub(super) fn prune(work: &Work, kept_runs: u64) -> Vec<Note> {
    let Some(oldest) = work.run.number.checked_sub(kept_runs) else { return Vec::new() };
    let is_old = |known: &&KnownFinding| known.run <= oldest;
    let old = work.findings.iter().filter(|(_, known)| is_old(known));
    let source = &work.run.source;
    old.map(|(key, _)| Table::KnownFinding.forget(&format!("{source}\n{key}"))).collect()
}
