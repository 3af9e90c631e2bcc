//! What records point to, kept up with what changes in them.
//!
//! The walk goes by revision: a change costs what the changed record costs,
//! and what is not changed is not looked at. What counts is the record as it
//! is shown, so that an address that an editor has put right is not checked.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::address::{Target, targets};
use super::{LinksError, offer};
use crate::journal::{Durability, Note};
use crate::record::RecordId;
use crate::register::ledger::{
    Citation, Cited, Ledger, Link, LinkDue, LinkInState, LinkMark, Row, Table,
};
use crate::register::{Found, Register};

/// Changes that are looked at in one step.
const STEP: usize = 500;

/// Over how long the first checks of new addresses are spread for each
/// thousand that come at once.
const SPREAD: SignedDuration = SignedDuration::from_secs(1);

/// What was collected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Changes that were looked at.
    pub changes: u64,
    /// Records whose addresses are other ones than before.
    pub records: u64,
    /// Addresses that were not known.
    pub added: u64,
    /// Addresses that no record points to any more.
    pub dropped: u64,
    /// Whether all changes were looked at.
    pub is_done: bool,
}

/// Learns what all changed records point to.
///
/// # Errors
///
/// [`LinksError`] when the register or the ledger can't be read or written.
pub fn collect_all(register: &Register, now: Timestamp) -> Result<Collected, LinksError> {
    let mut all = Collected::default();
    while !all.is_done {
        let Collected { changes, records, added, dropped, is_done } = collect(register, now)?;
        all.changes += changes;
        all.records += records;
        all.added += added;
        all.dropped += dropped;
        all.is_done = is_done;
    }
    Ok(all)
}

/// Learns what the next changed records point to; one step, in one
/// transaction with how far it came.
///
/// # Errors
///
/// As [`collect_all`].
pub fn collect(register: &Register, now: Timestamp) -> Result<Collected, LinksError> {
    let ledger = register.ledger();
    let mark: LinkMark = ledger.get(LinkMark::KEY)?.unwrap_or_default();
    let changes = register.changes(mark.revision, STEP)?;
    let mut collected = Collected {
        changes: changes.items.len() as u64,
        is_done: changes.items.len() < STEP,
        ..Collected::default()
    };
    if changes.items.is_empty() {
        return Ok(collected);
    }
    let records: BTreeSet<&RecordId> = changes.items.iter().map(|item| &item.id).collect();
    let mut step = Step { ledger, touched: BTreeMap::new(), notes: Vec::new() };
    let mut touched = BTreeSet::new();
    for id in records {
        let wanted = match register.get(id)? {
            Found::Here(version) => targets(&version.merged),
            Found::Gone { .. } | Found::Nowhere => BTreeMap::new(),
        };
        if step.record(id, wanted)? {
            collected.records += 1;
            touched.insert(id.clone());
        }
    }
    let mut notes = step.links(now, &mut collected)?;
    notes.push(LinkMark { revision: changes.next }.put(LinkMark::KEY));
    ledger.write(&notes, Durability::Relaxed)?;
    register.note_links(&touched)?;
    Ok(collected)
}

/// One step of the walk.
struct Step<'a> {
    ledger: Ledger<'a>,
    /// By key of the link: its address, how many records of the step point to
    /// it and which no longer do, and the archived copy that was told of.
    touched: BTreeMap<String, Touched>,
    notes: Vec<Note>,
}

#[derive(Default)]
struct Touched {
    url: String,
    cited: BTreeSet<RecordId>,
    dropped: BTreeSet<RecordId>,
    archived: Option<String>,
}

impl Step<'_> {
    /// Whether `id` points to other addresses than before.
    fn record(
        &mut self,
        id: &RecordId,
        wanted: BTreeMap<String, Target>,
    ) -> Result<bool, LinksError> {
        let own = id.to_string();
        let before: Cited = self.ledger.get(&own)?.unwrap_or_default();
        for url in before.urls.iter().filter(|url| !wanted.contains_key(*url)) {
            let key = Link::key(url);
            self.notes.push(Table::Citation.forget(&Citation::key(&key, id)));
            let touched = self.touched.entry(key).or_default();
            touched.url.clone_from(url);
            touched.dropped.insert(id.clone());
        }
        let urls: Vec<String> = wanted.keys().cloned().collect();
        for (url, Target { at, archived }) in wanted {
            let key = Link::key(&url);
            self.notes.push(Citation { at }.put(Citation::key(&key, id)));
            let touched = self.touched.entry(key).or_default();
            touched.url = url;
            touched.cited.insert(id.clone());
            touched.archived = archived.or(touched.archived.take());
        }
        if urls == before.urls {
            return Ok(false);
        }
        self.notes.push(if urls.is_empty() {
            Table::Cited.forget(&own)
        } else {
            Cited { urls }.put(own)
        });
        Ok(true)
    }

    /// The notes of the step, with those of the links that come, go or learn
    /// of an archived copy.
    fn links(mut self, now: Timestamp, collected: &mut Collected) -> Result<Vec<Note>, LinksError> {
        for (key, touched) in std::mem::take(&mut self.touched) {
            let known: Option<Link> = self.ledger.get(&key)?;
            if touched.cited.is_empty() {
                if let Some(link) = known
                    && !self.is_cited_elsewhere(&key, &touched.dropped)?
                {
                    collected.dropped += 1;
                    self.forget(&key, &link);
                }
                continue;
            }
            match known {
                None => {
                    let place = i32::try_from(collected.added / 1_000).unwrap_or(i32::MAX);
                    collected.added += 1;
                    let due = now.saturating_add(SPREAD * place).unwrap_or(now);
                    let link =
                        Link { archived: touched.archived, ..Link::new(&touched.url, now, due) };
                    self.notes.push(LinkDue.put(LinkDue::key(due, &key)));
                    self.notes.push(LinkInState.put(LinkInState::key(link.state, &key)));
                    self.notes.push(link.put(key));
                }
                Some(link) if touched.archived.is_some() && touched.archived != link.archived => {
                    self.notes.push(Link { archived: touched.archived, ..link }.put(key));
                }
                Some(_) => {}
            }
        }
        Ok(self.notes)
    }

    /// Whether another record than those which are `dropped` points there.
    fn is_cited_elsewhere(
        &self,
        key: &str,
        dropped: &BTreeSet<RecordId>,
    ) -> Result<bool, LinksError> {
        let prefix = format!("{key}\n");
        let rows = self.ledger.rows::<Citation>(&prefix, "", dropped.len() + 1)?;
        Ok(rows
            .iter()
            .any(|(key, _)| Citation::record(key).is_none_or(|id| !dropped.contains(&id))))
    }

    fn forget(&mut self, key: &str, link: &Link) {
        self.notes.push(Table::Link.forget(key));
        self.notes.push(Table::LinkDue.forget(&LinkDue::key(link.due, key)));
        self.notes.push(Table::LinkInState.forget(&LinkInState::key(link.state, key)));
        self.notes.push(Table::Review.forget(&offer::key(&link.url)));
    }
}
