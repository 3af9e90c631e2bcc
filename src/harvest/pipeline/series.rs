//! Sessions that a source tells in a feed of their own give the times of the
//! series that another of its feeds describes (`OpenActive`, contract F25).
//!
//! The feeds come in any order, and each tells only what has changed. So the
//! sessions are kept in the ledger, by the address of their series, and when
//! all documents are read, each series of which something is new gets the
//! times of its sessions to come. A series that has a schedule of its own
//! keeps it. Sessions may also be those of another source ([`siblings`]).
//!
//! [`siblings`]: super::siblings

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::begin::Work;
use super::{HarvestError, Harvester, findings, siblings};
use crate::harvest::extraction::{Extraction, Problem};
use crate::harvest::settings::Settings;
use crate::journal::{Durability, Note};
use crate::record::{FromJson, from_json, to_json, validate};
use crate::register::ledger::{Row as _, Series, Session, SessionOf, Staged, StagedRecord, Table};

/// Sessions of one series that are kept, and times that its record gets.
const MOST_SESSIONS: usize = 1_000;
const MOST_TIMES: usize = 100;

/// What a run has learnt of series.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    /// Whether the source is known to have sessions apart.
    has_any: Option<bool>,
    /// Rows that were read or changed.
    rows: BTreeMap<String, Series>,
    /// The series of which something is new.
    touched: BTreeSet<String>,
    /// The records that change by nothing but their times.
    pub(super) retimed: BTreeSet<String>,
}

/// Takes in what a document has `said` of sessions, and by which addresses
/// others call its records.
pub(super) fn take(
    harvester: &Harvester,
    work: &mut Work,
    said: &Extraction,
    notes: &mut Vec<Note>,
) -> Result<(), HarvestError> {
    if said.times.is_empty() && said.names.is_empty() {
        return Ok(());
    }
    let mut changed = BTreeSet::new();
    for time in &said.times {
        let key = Series::key(&work.run.source, &time.key);
        let Some(node) = &time.node else {
            let of: Option<SessionOf> = harvester.register.ledger().get(&key)?;
            let Some(SessionOf { series }) = of else { continue };
            row(harvester, work, &series)?.sessions.remove(&time.key);
            notes.push(Table::SessionOf.forget(&key));
            changed.insert(series);
            continue;
        };
        work.series.has_any = Some(true);
        let sessions = &mut row(harvester, work, &time.of)?.sessions;
        if sessions.len() < MOST_SESSIONS || sessions.contains_key(&time.key) {
            notes.push(SessionOf { series: time.of.clone() }.put(key));
            let session = Session { start: time.start.clone(), node: node.clone() };
            sessions.insert(time.key.clone(), session);
        }
        changed.insert(time.of.clone());
    }
    for (address, key) in &said.names {
        let is_told = key_of(address).is_some_and(|end| key.ends_with(&format!("/{end}")));
        if !has_any(harvester, work)? && is_told {
            continue;
        }
        let row = row(harvester, work, address)?;
        if !is_told && row.key.as_ref() != Some(key) {
            row.key = Some(key.clone());
            changed.insert(address.clone());
        } else if !row.sessions.is_empty() || row.heard.is_some() {
            work.series.touched.insert(address.clone());
        }
    }
    let yesterday = yesterday(harvester, work);
    for address in changed {
        let number = work.run.number;
        let source = work.run.source.clone();
        let row = row(harvester, work, &address)?;
        row.run = number;
        row.sessions.retain(|key, session| {
            let is_to_come = session.start >= yesterday;
            if !is_to_come {
                notes.push(Table::SessionOf.forget(&Series::key(&source, key)));
            }
            is_to_come
        });
        notes.push(row.put(Series::key(&source, &address)));
        work.series.touched.insert(address);
    }
    Ok(())
}

/// Whether the source has, or had, sessions apart.
fn has_any(harvester: &Harvester, work: &mut Work) -> Result<bool, HarvestError> {
    if let Some(has_any) = work.series.has_any {
        return Ok(has_any);
    }
    let prefix = Series::key(&work.run.source, "");
    let rows = harvester.register.ledger().rows::<Series>(&prefix, "", 1)?;
    Ok(*work.series.has_any.insert(!rows.is_empty()))
}

fn row<'a>(
    harvester: &Harvester,
    work: &'a mut Work,
    address: &str,
) -> Result<&'a mut Series, HarvestError> {
    if !work.series.rows.contains_key(address) {
        let key = Series::key(&work.run.source, address);
        let known = harvester.register.ledger().get(&key)?.unwrap_or_default();
        work.series.rows.insert(address.to_owned(), known);
    }
    Ok(work.series.rows.entry(address.to_owned()).or_default())
}

/// The end of an address, which is mostly the key that its item has.
fn key_of(address: &str) -> Option<&str> {
    address.rsplit(['/', '#', '=']).next().filter(|end| !end.is_empty())
}

fn yesterday(harvester: &Harvester, work: &Work) -> String {
    let zone = TimeZone::get(&work.settings.time_zone).unwrap_or(TimeZone::UTC);
    let today = zone.to_datetime(harvester.now()).date();
    today.yesterday().unwrap_or(today).to_string()
}

/// Gives each series of which something is new the times of its sessions.
pub(super) fn settle(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    take_up(harvester, work)?;
    let may_have_any = work.state.format.as_deref() == Some("rpde") || has_any(harvester, work)?;
    let siblings = if may_have_any { siblings::of(harvester, work)? } else { Vec::new() };
    let heard = hear(harvester, work, &siblings)?;
    let yesterday = yesterday(harvester, work);
    let mut notes = Vec::new();
    let mut without = Vec::new();
    for address in std::mem::take(&mut work.series.touched) {
        let row = row(harvester, work, &address)?.clone();
        let Some(key) = record_of(work, &address, &row) else {
            if !row.sessions.is_empty() {
                without.push(address);
            }
            continue;
        };
        let others = heard.get(&address);
        let all = row.sessions.values().chain(others.into_iter().flatten());
        let to_come = all.filter(|session| session.start >= yesterday);
        let mut sessions: Vec<&Session> = to_come.collect();
        sessions.sort_by(|a, b| a.start.cmp(&b.start));
        let mut times: Vec<Json> = sessions.iter().map(|session| session.node.clone()).collect();
        times.dedup();
        times.truncate(MOST_TIMES);
        let given = give(harvester, work, &key, times, row.given.as_deref(), &mut notes)?;
        let others = others.map(|sessions| hash_of(sessions));
        if given != row.given || others != row.heard {
            let row = Series { given, heard: others, ..row };
            notes.push(row.put(Series::key(&work.run.source, &address)));
        }
    }
    harvester.register.ledger().write(&notes, Durability::Relaxed)?;
    let without = siblings::ask(harvester, work, &siblings, without)?;
    if without.is_empty() {
        return Ok(());
    }
    let sessions = |address: &String| work.series.rows.get(address).map(|row| row.sessions.len());
    let count: usize = without.iter().filter_map(sessions).sum();
    let what = format!("{count} sessions are of series that no feed of this publisher describes");
    let problem = Problem::warning("no-series", "", what).advice(
        "Harvest the feed of the series as well, best by the data set site that names both.",
    );
    let url = work.settings.url.to_string();
    findings::find(harvester, work, "plan", &url, vec![problem])
}

/// What the `siblings` have of the sessions of this source's series, which are
/// touched where that is otherwise than before.
fn hear(
    harvester: &Harvester,
    work: &mut Work,
    siblings: &[Settings],
) -> Result<BTreeMap<String, Vec<Session>>, HarvestError> {
    let heard = siblings::sessions(harvester, siblings)?;
    let prefix = Series::key(&work.run.source, "");
    let mut before: BTreeMap<String, Series> = BTreeMap::new();
    if has_any(harvester, work)? {
        harvester.register.ledger().each::<Series>(&prefix, |key, row| {
            before.insert(key[prefix.len()..].to_owned(), row);
        })?;
    }
    for (address, sessions) in &heard {
        let known = before.remove(address).unwrap_or_default();
        if known.heard.as_deref() != Some(&*hash_of(sessions))
            && record_of(work, address, &known).is_some()
        {
            work.series.touched.insert(address.clone());
        }
    }
    let lost = before.into_iter().filter(|(_, row)| row.heard.is_some());
    work.series.touched.extend(lost.map(|(address, _)| address));
    Ok(heard)
}

/// What tells sessions from others.
fn hash_of(sessions: &[Session]) -> String {
    let mut hasher = blake3::Hasher::new();
    for Session { start, node } in sessions {
        hasher.update(start.as_bytes());
        hasher.update(node.to_string().as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// What a run that was broken off had learnt before.
fn take_up(harvester: &Harvester, work: &mut Work) -> Result<(), HarvestError> {
    if !work.was_taken_up || !has_any(harvester, work)? {
        return Ok(());
    }
    let prefix = Series::key(&work.run.source, "");
    let since = work.run.continues.unwrap_or(work.run.number);
    let touched = &mut work.series.touched;
    harvester.register.ledger().each::<Series>(&prefix, |key, row| {
        if row.run >= since {
            touched.insert(key[prefix.len()..].to_owned());
        }
    })?;
    Ok(())
}

/// The ledger key, without the source, of the series at `address`.
fn record_of(work: &Work, address: &str, row: &Series) -> Option<String> {
    let is_known = |key: &String| work.staged.contains_key(key) || work.known.get(key).is_some();
    if let Some(key) = row.key.clone().filter(is_known) {
        return Some(key);
    }
    keys_of(address).find(is_known)
}

/// The ledger keys, without the source, that the series at `address` has where
/// its address tells its key.
pub(super) fn keys_of(address: &str) -> impl Iterator<Item = String> {
    const KINDS: [&str; 6] =
        ["SessionSeries", "EventSeries", "CourseInstance", "Course", "Event", "HeadlineEvent"];
    let end = key_of(address);
    KINDS.iter().filter_map(move |kind| Some(format!("asset\n{kind}/{}", end?)))
}

/// Gives the record of `key` these times, and gives the hash of what it has
/// then from here; `None` when it keeps what it has itself.
fn give(
    harvester: &Harvester,
    work: &mut Work,
    key: &str,
    times: Vec<Json>,
    given: Option<&str>,
    notes: &mut Vec<Note>,
) -> Result<Option<String>, HarvestError> {
    let register = &harvester.register;
    let full = format!("{}\n{key}", work.run.source);
    let known = work.known.get(key).filter(|item| item.is_published()).cloned();
    let staged: Option<Staged> =
        if work.staged.contains_key(key) { register.ledger().get(&full)? } else { None };
    let (id, said) = match (&staged, &known) {
        // It goes, for whatever reason.
        (Some(Staged { record: None, .. }), _) | (None, None) => {
            return Ok(given.map(str::to_owned));
        }
        (Some(staged), _) => (staged.id.clone(), staged.record.as_ref().map(StagedRecord::json)),
        (None, Some(item)) => {
            let said = register.by_source(&item.id)?;
            let own = said.into_iter().find(|(speaker, _)| *speaker == work.run.source);
            let json = own.map(|(_, record)| to_json(register.schema(), register.base(), &record));
            (item.id.clone(), json)
        }
    };
    let Some(mut json) = said else { return Ok(None) };
    let own = json.get("schedule").map(hash);
    if own.is_some() && own.as_deref() != given {
        return Ok(None);
    }
    let Some(fields) = json.as_object_mut() else { return Ok(None) };
    fields.remove("schedule");
    if !times.is_empty() {
        fields.insert("schedule".to_owned(), Json::Array(times));
    }
    let schema = register.schema();
    let Some(kind) = schema.kind(id.kind()) else { return Ok(None) };
    let context = FromJson { schema, base: register.base(), keys_of: None };
    let record = match from_json(context, kind, Some(&id), &json) {
        Ok(record) if validate(schema, &record).is_empty() => record,
        _ => {
            let what = "the times of its sessions can't be taken";
            let problem = Problem::error("bad-sessions", "", what).of(key);
            findings::find(harvester, work, "map", "", vec![problem])?;
            return Ok(None);
        }
    };
    let json = to_json(schema, register.base(), &record);
    let now_given = json.get("schedule").map(hash);
    let record = StagedRecord::new(&json);
    let use_terms = match &staged {
        Some(staged) => staged.use_terms.clone(),
        None => harvester.register.terms_of(&work.run.source, &id)?,
    };
    let whole = record.hash_on(use_terms.as_ref());
    if known.as_ref().is_some_and(|item| item.hash == whole) {
        if work.staged.remove(key).is_some() {
            work.run.counts.unchanged += 1;
            notes.push(Table::Staged.forget(&full));
        }
        return Ok(now_given);
    }
    if staged.is_none() {
        work.series.retimed.insert(key.to_owned());
    }
    let staged = staged.unwrap_or_else(|| Staged {
        id,
        record: None,
        hash: String::new(),
        modified: known.as_ref().and_then(|item| item.modified.clone()),
        url: work.settings.url.to_string(),
        retrieved_at: harvester.now(),
        format: "rpde".to_owned(),
        before: known.as_ref().map(|item| item.hash.clone()),
        use_terms,
        is_absent: false,
        rekey: None,
    });
    notes.push(Staged { record: Some(record), hash: whole.clone(), ..staged }.put(&*full));
    work.staged.insert(key.to_owned(), whole);
    Ok(now_given)
}

fn hash(schedule: &Json) -> String {
    blake3::hash(schedule.to_string().as_bytes()).to_hex().to_string()
}
