//! The documents that a run replaces, until it is written.
//!
//! A run that nobody lets pass leaves the register as it was, and so also the
//! documents that were read for it: a replay reads those. They stand beside
//! those of the run, under a name that no source has.

use super::begin::Work;
use super::{HarvestError, Harvester};
use crate::journal::{Durability, Note};
use crate::register::ledger::{Page, Row as _, Run, Table};

/// Keeps what was known of the document at `url` before this run, which is to
/// replace it.
pub(super) fn keep(
    harvester: &Harvester,
    work: &Work,
    url: &str,
    notes: &mut Vec<Note>,
) -> Result<(), HarvestError> {
    let (ledger, source) = (harvester.register.ledger(), &work.run.source);
    let key = Page::key(source, url);
    let first = work.run.continues.unwrap_or(work.run.number);
    let page: Option<Page> = ledger.get(&key)?;
    let Some(page) = page.filter(|page| page.run < first) else { return Ok(()) };
    let beside = Page::former_key(source, url);
    if let Some(raw) = harvester.register.notes().note(Table::Raw.name(), &key)? {
        notes.push(Table::Raw.put_bytes(beside.clone(), raw));
        notes.push(page.put(beside));
    }
    Ok(())
}

/// Forgets the documents that a run has replaced, since it is written.
pub(super) fn forget(harvester: &Harvester, source: &str) -> Result<(), HarvestError> {
    let ledger = harvester.register.ledger();
    let beside = Page::former_key(source, "");
    ledger.forget_all(Table::Page, &beside)?;
    ledger.forget_all(Table::Raw, &beside)?;
    Ok(())
}

/// Puts the documents that `run` has replaced in their places, and takes back
/// what it is known by: it is not written, and what it has read must come whole
/// the next time.
pub(super) fn restore(harvester: &Harvester, run: &Run) -> Result<(), HarvestError> {
    let (ledger, source) = (harvester.register.ledger(), run.source.as_str());
    let (prefix, beside) = (format!("{source}\n"), Page::former_key(source, ""));
    let mut before: Vec<(String, Page)> = Vec::new();
    ledger
        .each::<Page>(&beside, |key, page| before.push((key[beside.len()..].to_owned(), page)))?;
    let first = run.rest_of.unwrap_or(run.number);
    let newest = before.iter().map(|(_, page)| page.run).max();
    let newest = newest.unwrap_or_else(|| first.saturating_sub(1));
    let mut notes = Vec::new();
    ledger.each::<Page>(&prefix, |key, page| {
        if !(first..=run.number).contains(&page.run) {
            return;
        }
        if page.read_at < run.started {
            // It had not changed; but what it lists may have come back by it.
            notes.push(page.unread(newest).put(key));
        } else {
            notes.push(Table::Page.forget(&key));
            notes.push(Table::Raw.forget(&key));
        }
    })?;
    ledger.write(&notes, Durability::Relaxed)?;
    for (url, page) in before {
        let (key, beside) = (Page::key(source, &url), Page::former_key(source, &url));
        let mut notes = vec![page.put(&*key), Table::Page.forget(&beside)];
        if let Some(raw) = harvester.register.notes().note(Table::Raw.name(), &beside)? {
            notes.extend([Table::Raw.put_bytes(key, raw), Table::Raw.forget(&beside)]);
        }
        ledger.write(&notes, Durability::Relaxed)?;
    }
    Ok(())
}
