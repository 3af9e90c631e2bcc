//! A run in words, and as JSON.

use anyhow::{Result, bail};
use indicatif::ProgressBar;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::cli::output::{line, note};
use crate::register::ledger::{Counts, Outcome, Phase, Rekeys, Run};

/// Tells a run to whoever reads, as a sentence or as JSON.
///
/// # Errors
///
/// When nobody can take it; when the run failed, was broken off or waits for
/// a person: the exit code says so.
pub(super) fn tell(run: &Run, as_json: bool) -> Result<()> {
    if as_json {
        line(serde_json::to_string_pretty(run)?)?;
    } else {
        line(sentence(run))?;
        for held in &run.held {
            note(format_args!("held: {held}"));
        }
        let Rekeys { sure, doubtful, are_taken } = run.rekeys;
        if sure > 0 && !are_taken {
            note(format_args!(
                "{sure} of the new records seem to be known ones under other keys ({doubtful} more \
                 perhaps): `kist harvest rekey {}` has them keep their identities",
                run.source
            ));
        }
    }
    let source = &run.source;
    match run.outcome {
        Some(Outcome::BlockedByGuard) => bail!(
            "run {} waits for you: see `kist harvest preview {source} --held`, then `approve` or \
             `dismiss` it",
            run.number
        ),
        Some(Outcome::Failed | Outcome::Partial) => {
            let reason = run.reason.as_deref().unwrap_or("see `kist harvest problems`");
            bail!("run {} of {source} was {}: {reason}", run.number, name(run));
        }
        _ => Ok(()),
    }
}

/// A run as one line.
pub(super) fn sentence(run: &Run) -> String {
    let begun = if run.is_shown_only() { "would be " } else { "" };
    let counts = numbers(&run.counts, begun);
    format!("{} run {}: {}; {counts}", run.source, run.number, name(run))
}

/// How the run ended, or how far it is.
pub(super) fn name(run: &Run) -> &'static str {
    match (run.outcome, run.phase) {
        (Some(outcome), _) => outcome.name(),
        (None, Phase::Fetching) => "fetching",
        (None, Phase::Applying) => "writing",
        (None, Phase::Done) => "done",
    }
}

fn numbers(counts: &Counts, would_be: &str) -> String {
    let told = [
        (counts.created, "new"),
        (counts.changed, "changed"),
        (counts.withdrawn, "withdrawn"),
        (counts.restored, "back"),
        (counts.missing, "missing"),
        (counts.invalid, "not taken"),
        (counts.waiting, "waiting for an editor"),
    ];
    let told: Vec<String> = told
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {would_be}{what}"))
        .collect();
    let changes = if told.is_empty() { "no changes".to_owned() } else { told.join(", ") };
    let records = counted(counts.seen, "record");
    let documents = counted(counts.pages, "document");
    format!("{records} in {documents}, {changes}")
}

/// So many of what one is called `name`.
fn counted(count: u64, name: &str) -> String {
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

/// Shows on `bar` how far a run is.
pub(super) fn watch(bar: &ProgressBar) -> impl Fn(&Run) + Send + Sync + use<> {
    let bar = bar.clone();
    move |run: &Run| {
        let Counts { pages, seen, .. } = run.counts;
        let doing = if run.phase == Phase::Applying { "writing" } else { "reading" };
        let (documents, records) = (counted(pages, "document"), counted(seen, "record"));
        bar.set_message(format!("{}: {doing}, {documents}, {records}", run.source));
    }
}

/// A moment to the minute.
pub(super) fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Prints a value as JSON.
///
/// # Errors
///
/// When nobody can take it.
pub(super) fn json(value: &Json) -> Result<()> {
    Ok(line(serde_json::to_string_pretty(value)?)?)
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
