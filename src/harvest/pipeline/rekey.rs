//! A publisher who has changed all its keys (contract A8): which new item is
//! which of those that are known is proposed with the run that the guard holds,
//! and a person who agrees has the records keep their identities.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::begin::{self, Work};
use super::{HarvestError, Harvester, plan};
use crate::harvest::matching::{self, Entity};
use crate::journal::{Durability, Note};
use crate::record::{Base, FromJson, Record, RecordId, from_json, to_json};
use crate::register::Register;
use crate::register::ledger::{
    Item, ItemState, Phase, Rekey, Rekeys, Row as _, Run, Staged, StagedRecord, Table,
};

/// How many items may go, and come, for them to be compared: beyond, it would
/// take more memory than a run may have.
const MOST: usize = 50_000;

/// How likely a pair must be to be taken over, besides having no rival.
const SURE: f64 = 0.9;

/// How many items are written in one transaction.
const BATCH: usize = 1_000;

/// Keeps with each new item that is staged which known one it seems to be.
pub(super) fn propose(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    let gone = gone(work);
    let come: HashSet<String> = work.staged.iter().filter_map(|it| new_key(work, it)).collect();
    if gone.is_empty() || come.is_empty() || gone.len().max(come.len()) > MOST {
        return Ok(());
    }
    let register = &harvester.register;
    let ledger = register.ledger();
    let prefix = format!("{}\n", work.run.source);
    let keys: HashMap<String, String> =
        gone.iter().map(|(key, item)| (item.id.to_string(), key.clone())).collect();
    let mut new_keys: HashMap<String, String> = HashMap::new();
    ledger.each::<Staged>(&prefix, |full, staged| {
        let key = &full[prefix.len()..];
        if come.contains(key) {
            new_keys.insert(staged.id.to_string(), key.to_owned());
        }
    })?;
    let is_changing = |id: &RecordId| {
        let id = id.to_string();
        keys.contains_key(&id) || new_keys.contains_key(&id)
    };
    let source = &work.run.source;
    let mut old = Vec::with_capacity(gone.len());
    for (_, item) in &gone {
        let said = register.by_source(&item.id)?;
        let said = said.into_iter().find(|(speaker, _)| speaker == source);
        old.extend(said.map(|(_, record)| entity(register, source, &record, &is_changing)));
    }
    let mut new = Vec::with_capacity(come.len());
    ledger.each::<Staged>(&prefix, |full, staged| {
        let record = staged.record.as_ref().filter(|_| come.contains(&full[prefix.len()..]));
        let record = record.and_then(|record| read(register, &staged.id, &record.json()));
        new.extend(record.map(|record| entity(register, source, &record, &is_changing)));
    })?;
    let found = matching::rekeys(&old, &new);
    let mut rekeys = Rekeys::default();
    for batch in found.chunks(BATCH) {
        let mut notes = Vec::with_capacity(batch.len());
        for pair in batch {
            let (Some(from), Some(key)) = (keys.get(&pair.old), new_keys.get(&pair.new)) else {
                continue;
            };
            let full = format!("{prefix}{key}");
            let (Ok(id), Some(mut staged)) = (pair.old.parse(), ledger.get::<Staged>(&full)?)
            else {
                continue;
            };
            let is_sure = pair.sure && pair.score.value >= SURE;
            rekeys.sure += u64::from(is_sure);
            rekeys.doubtful += u64::from(!is_sure);
            staged.rekey =
                Some(Rekey { from: from.clone(), id, likelihood: pair.score.value, is_sure });
            notes.push(staged.put(full));
        }
        ledger.write(&notes, Durability::Relaxed)?;
    }
    work.run.rekeys = rekeys;
    Ok(())
}

/// Published items that the run would withdraw, or that are missing in it.
fn gone(work: &Work) -> Vec<(String, Item)> {
    let missing = plan::missing(work).map(|(key, item)| (key.clone(), item.clone()));
    let deleted = work.staged.iter().filter(|(_, hash)| hash.is_empty());
    let deleted = deleted.filter_map(|(key, _)| {
        let item = work.known.get(key).filter(|item| item.is_published())?;
        Some((key.clone(), item.clone()))
    });
    missing.chain(deleted).collect()
}

/// The key of a staged item that would be new.
fn new_key(work: &Work, (key, hash): (&String, &String)) -> Option<String> {
    let is_known = work.known.get(key).is_some_and(Item::is_published);
    (!hash.is_empty() && !is_known).then(|| key.clone())
}

/// What tells which thing a record is. Its content is the same under another
/// key, also when what it refers to has other keys too.
fn entity(
    register: &Register,
    source: &str,
    record: &Record,
    is_changing: &dyn Fn(&RecordId) -> bool,
) -> Entity {
    let mut json = to_json(register.schema(), register.base(), record);
    replace(&mut json, register.base(), &|id| is_changing(id).then(String::new));
    let content = format!("{}\n{json}", record.id.kind());
    let content = blake3::hash(content.as_bytes()).to_hex().to_string();
    Entity { content: Some(content), ..Entity::from_record(record, source, None, None) }
}

/// Puts what `with` gives for a record in place of its IRI, wherever that
/// stands in `json`, also in the IRIs of its parts.
fn replace(json: &mut Json, base: &Base, with: &dyn Fn(&RecordId) -> Option<String>) {
    match json {
        Json::String(text) => {
            let (iri, part) = text.split_at(text.find('#').unwrap_or(text.len()));
            let id = base.record_of(iri).and_then(Result::ok);
            if let Some(other) = id.as_ref().and_then(with) {
                *text = format!("{other}{part}");
            }
        }
        Json::Array(list) => list.iter_mut().for_each(|value| replace(value, base, with)),
        Json::Object(object) => {
            object.values_mut().for_each(|value| replace(value, base, with));
        }
        _ => {}
    }
}

fn read(register: &Register, id: &RecordId, json: &Json) -> Option<Record> {
    let schema = register.schema();
    let context = FromJson { schema, base: register.base(), keys_of: None };
    from_json(context, schema.kind(id.kind())?, Some(id), json).ok()
}

impl Harvester {
    /// Has the items of a held run that surely are known ones under other keys
    /// keep their records, and writes what else the run has staged. What is
    /// missing besides stays for its time of grace.
    ///
    /// # Errors
    ///
    /// [`HarvestError::NothingHeld`] when no run waits,
    /// [`HarvestError::NothingToRekey`] when nothing is surely known;
    /// otherwise as [`Harvester::run`].
    pub fn rekey(&self, source: &str) -> Result<Run, HarvestError> {
        let mut work = begin::take_held(self, source)?;
        if work.run.rekeys.sure == 0 {
            return Err(HarvestError::NothingToRekey(source.to_owned()));
        }
        let mut notes = take_over(self, &mut work)?;
        work.run.rekeys.are_taken = true;
        work.run.is_approved = true;
        let sure = work.run.rekeys.sure;
        work.run.reason = Some(format!("{sure} items keep their records under their new keys"));
        work.run.phase = Phase::Applying;
        work.run.outcome = None;
        // So that it is carried on when the program ends in its midst.
        work.run.ended = None;
        notes.extend(work.notes(self.now(), &self.name));
        self.register.ledger().write(&notes, Durability::Durable)?;
        self.write_approved(work)
    }
}

/// Gives the sure items of the run the records that they are, and what is
/// staged otherwise the references to these.
fn take_over(harvester: &Harvester, work: &mut Work) -> Result<Vec<Note>, HarvestError> {
    let register = &harvester.register;
    let prefix = format!("{}\n", work.run.source);
    let mut records: HashMap<RecordId, RecordId> = HashMap::new();
    let mut absent: HashSet<String> = HashSet::new();
    register.ledger().each::<Staged>(&prefix, |full, staged| {
        if staged.is_absent {
            absent.insert(full[prefix.len()..].to_owned());
        }
        if let Some(rekey) = staged.rekey.as_ref().filter(|rekey| is_valid(work, rekey)) {
            records.insert(staged.id.clone(), rekey.id.clone());
        }
    })?;
    let mut notes = Vec::new();
    let mut staged_now = Vec::new();
    register.ledger().each::<Staged>(&prefix, |full, staged| {
        let key = full[prefix.len()..].to_owned();
        let rekey = staged.rekey.clone().filter(|rekey| is_valid(work, rekey));
        let id = rekey.as_ref().map_or_else(|| staged.id.clone(), |rekey| rekey.id.clone());
        let before = staged.hash.clone();
        let Some(staged) = readdressed(register, &records, id, staged) else { return };
        match rekey {
            Some(rekey) => {
                let counts = &mut work.run.counts;
                counts.created = counts.created.saturating_sub(1);
                if absent.contains(&rekey.from) {
                    counts.missing = counts.missing.saturating_sub(1);
                } else if work.staged.contains_key(&rekey.from) {
                    counts.withdrawn = counts.withdrawn.saturating_sub(1);
                }
                take_one(work, &full, &key, &rekey, staged, &mut notes);
            }
            None if staged.hash != before => {
                notes.push(staged.put(full));
                staged_now.push((key, staged.hash));
            }
            None => {}
        }
    })?;
    work.staged.extend(staged_now);
    Ok(notes)
}

/// Whether the known item of a proposal is still what it was.
fn is_valid(work: &Work, rekey: &Rekey) -> bool {
    let known = work.known.get(&rekey.from);
    rekey.is_sure && known.is_some_and(|item| item.is_published() && item.id == rekey.id)
}

/// What is staged, as the record `id` and with references to the `records`
/// that others have become; `None` when it can't be read any more.
fn readdressed(
    register: &Register,
    records: &HashMap<RecordId, RecordId>,
    id: RecordId,
    mut staged: Staged,
) -> Option<Staged> {
    staged.rekey = None;
    let Some(mut json) = staged.record.as_ref().map(StagedRecord::json) else {
        return Some(staged);
    };
    let base = register.base();
    replace(&mut json, base, &|id| Some(base.thing(records.get(id)?).as_str().to_owned()));
    // Lists of references are in the order of these.
    let record = read(register, &id, &json)?;
    let record = StagedRecord::new(&to_json(register.schema(), base, &record));
    staged.hash = record.hash_on(staged.use_terms.as_ref());
    staged.record = Some(record);
    staged.id = id;
    Some(staged)
}

/// The ledger's item goes to the new key; what it says otherwise now stays
/// staged.
fn take_one(
    work: &mut Work,
    full: &str,
    key: &str,
    rekey: &Rekey,
    staged: Staged,
    notes: &mut Vec<Note>,
) {
    let source = work.run.source.clone();
    let Some(before) = work.known.get(&rekey.from).cloned() else { return };
    let old_full = format!("{source}\n{}", rekey.from);
    let first = before.formerly.clone().unwrap_or_else(|| rekey.from.clone());
    let item = Item {
        modified: staged.modified.clone(),
        state: ItemState::Live,
        // Of a publisher who goes back to its keys of before nothing is left.
        formerly: Some(first).filter(|first| first != key),
        ..before.clone()
    };
    notes.push(Table::Item.forget(&old_full));
    notes.push(Table::Staged.forget(&old_full));
    notes.push(item.put(full));
    notes.extend(item.absence(&source, Some(&before)));
    if staged.hash == before.hash {
        work.run.counts.unchanged += 1;
        notes.push(Table::Staged.forget(full));
        work.staged.remove(key);
    } else {
        work.run.counts.changed += 1;
        let staged = Staged { before: Some(before.hash), ..staged };
        work.staged.insert(key.to_owned(), staged.hash.clone());
        notes.push(staged.put(full));
    }
    work.staged.remove(&rekey.from);
    work.known.remove(&rekey.from);
    work.known.put(key.to_owned(), item);
}
