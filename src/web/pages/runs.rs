//! Harvests in words, on the pages of sources.

use jiff::Timestamp;

use crate::record::RecordId;
use crate::register::Found;
use crate::register::ledger::Outcome;
use crate::register::ledger::Run;
use crate::register::ledger::RunKind;
use crate::web::html::content;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::messages::thousands;
use crate::web::html::site::Site;
use crate::web::negotiate::Language;
use crate::web::problem::Result;
use crate::web::runs;
use crate::web::state::AppState;

/// How many runs a page of a source lists.
const MOST: usize = 20;

/// The newest runs of a source, a line each; none of anything else.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(super) fn lines(site: Site<'_>, id: &RecordId) -> Result<Vec<Text>> {
    if id.kind() != "source" {
        return Ok(Vec::new());
    }
    let (found, _) = runs::newest_before(&site.state.register, id.id(), None, MOST)?;
    let m = Messages::of(site.language);
    let asked = is_asked_for(site.state, id.id())?.then(|| m.run_asked.text());
    let lines = found.iter().map(|run| line(m, run, site.state.now()));
    Ok(asked.into_iter().chain(lines).collect())
}

/// Whether somebody has asked for a run of `source` that has not begun.
fn is_asked_for(state: &AppState, source: &str) -> Result<bool> {
    let requested = runs::requested(&state.register, source)?;
    Ok(requested.iter().any(|request| request.kind.begins_run()))
}

/// A run in one line: when, how it ended, its numbers, and what waits.
pub(super) fn line(m: &'static Messages, run: &Run, now: Timestamp) -> Text {
    let phrase = |m: &Messages| if run.is_shown_only() { m.run_line_shown } else { m.run_line };
    let page = m.language;
    let m = whole(m, phrase(m));
    let counts = &run.counts;
    let [seen, created, changed, withdrawn] =
        [counts.seen, counts.created, counts.changed + counts.republished, counts.withdrawn]
            .map(thousands);
    let mut line = phrase(m).fill(&[
        ("date", &content::day_of(run.started)),
        ("outcome", &outcome(m, run, now)),
        ("seen", &seen),
        ("created", &created),
        ("changed", &changed),
        ("withdrawn", &withdrawn),
    ]);
    if run.counts.waiting > 0 {
        let waiting = m.run_waiting.fill(&[("count", &thousands(run.counts.waiting))]);
        line = format!("{line}, {waiting}");
    }
    if run.kind == RunKind::Preview && run.waits_for_somebody() {
        line = format!("{line}; {}", m.run_to_decide.plain());
    }
    Text::written(&line, m.language.tag(), page)
}

/// The texts for a line of several phrases that begins with `first`: where that
/// is borrowed from English, all of the line is English.
fn whole(m: &'static Messages, first: Phrase) -> &'static Messages {
    if first.is_borrowed() { Messages::of(Language::English) } else { m }
}

/// When a source was last harvested and how that ended, for a list; `None` for
/// one that was not, and that nobody has asked to be: what is written by hand,
/// or came in a file.
///
/// # Errors
///
/// 500 `internal` when the ledger can't be read.
pub(super) fn newest(site: Site<'_>, source: &RecordId) -> Result<Option<Text>> {
    let m = Messages::of(site.language);
    let (found, _) = runs::newest_before(&site.state.register, source.id(), None, 1)?;
    let Some(run) = found.first() else {
        return Ok(is_to_be_harvested(site.state, source)?.then(|| m.run_never.text()));
    };
    let date = content::day_of(run.started);
    let of_line = whole(m, m.run_card);
    let outcome = outcome(of_line, run, site.state.now());
    Ok(Some(m.run_card.filled(&[("date", &date), ("outcome", &outcome)])))
}

/// Whether a source says how it is harvested.
fn is_to_be_harvested(state: &AppState, id: &RecordId) -> Result<bool> {
    Ok(match state.register.get(id)? {
        Found::Here(version) => !version.merged.record.values("harvesting").is_empty(),
        Found::Gone { .. } | Found::Nowhere => false,
    })
}

/// What changes on the page of a source without a revision.
pub(super) fn variant(state: &AppState, id: &RecordId) -> Result<String> {
    if id.kind() != "source" {
        return Ok(String::new());
    }
    let (found, _) = runs::newest_before(&state.register, id.id(), None, 1)?;
    let asked = if is_asked_for(state, id.id())? { " asked" } else { "" };
    let newest = found.first().map(|run| format!("{} {}", run.number, run.heartbeat));
    Ok(newest.unwrap_or_default() + asked)
}

/// How a run ended.
fn outcome(m: &Messages, run: &Run, now: Timestamp) -> String {
    let phrase = match run.outcome {
        Some(outcome) => ended(m, outcome),
        None if run.is_running(now) => m.run_running,
        None if run.ended.is_some() => m.run_ok,
        None => m.run_crashed,
    };
    if run.is_approved {
        return m.run_approved.fill(&[("outcome", phrase.plain())]);
    }
    if run.kind == RunKind::Preview {
        return m.run_preview.fill(&[("outcome", phrase.plain())]);
    }
    phrase.plain().to_owned()
}

fn ended(m: &Messages, outcome: Outcome) -> Phrase {
    match outcome {
        Outcome::Ok => m.run_ok,
        Outcome::OkWithErrors => m.run_ok_with_errors,
        Outcome::Unchanged => m.run_unchanged,
        Outcome::Partial => m.run_partial,
        Outcome::Failed => m.run_failed,
        Outcome::BlockedByGuard => m.run_held,
        Outcome::Cancelled => m.run_cancelled,
        Outcome::Crashed => m.run_crashed,
    }
}

#[cfg(test)]
#[path = "runs_tests.rs"]
mod tests;
