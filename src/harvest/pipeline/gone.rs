//! Documents that are gone for good, as their servers say (410): with them goes
//! what nothing else says (contract F62).
//!
//! One that is only not found (404) may be back tomorrow, and takes nothing
//! with it.

use std::collections::HashSet;

use super::begin::Work;
use super::items::withdrawal;
use super::{HarvestError, Harvester};
use crate::journal::{Durability, Note};
use crate::register::ledger::{Item, Page, Row as _, Table};

/// Stages the withdrawal of records that only documents said which are gone
/// now. The guard counts them.
pub(super) fn sweep(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    if work.gone.is_empty() {
        return Ok(());
    }
    let ledger = harvester.register.ledger();
    let prefix = format!("{}\n", work.run.source);
    let mut lost: Vec<(String, String)> = Vec::new();
    let mut said: HashSet<String> = HashSet::new();
    let mut notes = Vec::new();
    ledger.each::<Page>(&prefix, |key, page| {
        let url = &key[prefix.len()..];
        if work.gone.contains(url) {
            lost.extend(page.items.iter().map(|item| (item.clone(), url.to_owned())));
            // When it is back, it is read, also if it is as it was.
            let run = page.run;
            notes.push(page.unread(run).put(key));
        } else {
            said.extend(page.items);
        }
    })?;
    let now = harvester.now();
    for (key, url) in lost {
        let is_said = said.contains(&key) || work.seen.contains(&key);
        let item = work.known.get(&key).filter(|item| Item::is_published(item) && !is_said);
        if let Some(item) = item {
            notes.push(withdrawal(item, &url, now).put(format!("{prefix}{key}")));
            work.staged.insert(key, String::new());
        }
    }
    Ok(ledger.write(&notes, Durability::Relaxed)?)
}

/// The notes that forget the documents, so that no replay reads them.
pub(super) fn forget(work: &Work) -> Vec<Note> {
    let key = |url: &String| Page::key(&work.run.source, url);
    let both = |url| [Table::Page.forget(&key(url)), Table::Raw.forget(&key(url))];
    work.gone.iter().flat_map(both).collect()
}
