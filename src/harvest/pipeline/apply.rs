//! The second half of a run: what is staged is written, with its provenance,
//! and the ledger in the same transactions.

use std::iter;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use jiff::Timestamp;

use super::begin::Work;
use super::parts::{self, Tried};
use super::{HarvestError, Harvester, plan, rest, staging};
use crate::journal::{Derivation, Durability, JournalError, Note};
use crate::record::{FromJson, Record, from_json};
use crate::register::ledger::{Item, ItemState, Missing, Row, Run, Staged, StagedRecord, Table};
use crate::register::{Applied, ApplyError, Edit, Progress, References, Register, Writing};

/// How many items are read before they are written in bulk: reading them and
/// writing them go on side by side.
const READ_AHEAD: usize = 500;

/// From how many items on those of a source of which nothing is known, or of a
/// register that holds few others, are written as one change.
const BULK: usize = 5_000;

/// Writes everything that is staged, and what follows from what is missing.
/// Somebody may stop it between two transactions, or before one that has
/// everything is committed.
pub(super) fn apply(
    harvester: &Harvester,
    work: &mut Work,
    watch: &(dyn Fn(&Run) + Send + Sync),
) -> Result<(), HarvestError> {
    let now = harvester.now();
    let prefix = format!("{}\n", work.run.source);
    let at_once = harvester.options.written_at_once.max(1);
    let writing = harvester.register.begin_writing(&work.run.source);
    // Whoever asked while documents were fetched meant this too.
    if staging::is_cancelled(harvester, work)? {
        rest::leave(work);
        return Ok(());
    }
    let is_new = work.known.iter().next().is_none()
        || work.staged.len() as u64 / 4 >= harvester.register.index().size().records;
    let is_first = work.staged.len() >= BULK && is_new;
    let written = if is_first {
        apply_in_bulk(harvester, work, &writing, now, watch)?
    } else {
        Written::OneByOne
    };
    loop {
        let rows = harvester.register.ledger().rows::<Staged>(&prefix, "", at_once)?;
        let is_last = rows.len() < at_once;
        let goes_on = if is_last { writing.goes_through() } else { !writing.is_stopped() };
        if !goes_on {
            rest::leave(work);
            return Ok(());
        }
        if rows.is_empty() {
            break;
        }
        let mut edits = Vec::with_capacity(rows.len());
        let mut notes = Vec::with_capacity(rows.len() * 2);
        for (full, staged) in rows {
            let key = full[prefix.len()..].to_owned();
            let item = item_of(harvester, work, &key, &staged, now);
            let is_withdrawal = staged.record.is_none();
            let is_due = item.is_published() != is_withdrawal
                && !(is_withdrawal && is_elsewhere(work, &item));
            if written == Written::OneByOne && is_due {
                edits.extend(edit_of(harvester, work, &staged));
            }
            if let Some(before) = work.known.get(&key).filter(|before| before.id != item.id) {
                edits.extend(leaving(work, before));
                notes.push(Table::Missing.forget(&Missing::key(&work.run.source, &before.id)));
            }
            if staged.is_absent && !item.is_published() {
                work.run.counts.withdrawn += 1;
            }
            notes.push(item.put(&*full));
            notes.extend(item.absence(&work.run.source, work.known.get(&key)));
            notes.push(Table::Staged.forget(&full));
            work.known.put(key, item);
        }
        write(harvester, work, edits, notes, now)?;
        work.save(harvester)?;
        watch(&work.run);
    }
    withdraw_missing(harvester, work, now)
}

/// How far what is staged is in the register already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// All of it; only the ledger doesn't know.
    InBulk,
    /// Nobody knows: each edit says what is to be, and none is a change where
    /// that is so already.
    OneByOne,
}

/// A first harvest: all edits as one change. The ledger follows; a crash
/// between them costs only time, since edits that say what is there are no
/// changes.
fn apply_in_bulk(
    harvester: &Harvester,
    work: &Work,
    writing: &Writing<'_>,
    now: Timestamp,
    watch: &(dyn Fn(&Run) + Send + Sync),
) -> Result<Written, HarvestError> {
    let register = &harvester.register;
    let mut pulse = work.pulse();
    let mut beat = |progress| {
        // While the journal is written nobody else can write to it.
        if !matches!(progress, Progress::Journal(_)) && pulse.beat(harvester) {
            watch(&pulse.run);
        }
    };
    let (sender, received) = sync_channel(READ_AHEAD);
    let applied = thread::scope(|scope| {
        scope.spawn(move || read_edits(harvester, work, &sender));
        let mut is_over = false;
        let mut edits = iter::from_fn(move || {
            if is_over {
                return None;
            }
            let next = match received.recv() {
                Ok(Some(_)) if writing.is_stopped() => Some(Err(ApplyError::Stopped)),
                // All of it is there, and is committed next.
                Ok(None) if !writing.goes_through() => Some(Err(ApplyError::Stopped)),
                Ok(next) => next,
                // Without its end what came must not pass for everything.
                Err(_) => Some(Err(ApplyError::Unread("what is staged can't be read".to_owned()))),
            };
            // After an error there is nothing more, however long somebody asks.
            is_over = !matches!(next, Some(Ok(_)));
            next
        });
        let applied = register.apply_all(&mut edits, &actor(work), now, &mut beat);
        // Whoever reads further edits is told that nobody wants them.
        drop(edits);
        applied
    });
    match applied {
        Ok(_) => Ok(Written::InBulk),
        // One record spoils all in bulk; the batches find out which. When it was
        // stopped, they don't begin.
        Err(ApplyError::Stopped) => Ok(Written::OneByOne),
        Err(ApplyError::Invalid { .. } | ApplyError::Journal(JournalError::SlugTaken { .. })) => {
            writing.begins_anew();
            Ok(Written::OneByOne)
        }
        Err(error) => Err(error.into()),
    }
}

/// Sends the edits of everything that is staged, in order, and `None` at the
/// end; ends early when nobody takes them any more.
fn read_edits(
    harvester: &Harvester,
    work: &Work,
    to: &SyncSender<Option<Result<Edit, ApplyError>>>,
) {
    let prefix = format!("{}\n", work.run.source);
    let ledger = harvester.register.ledger();
    let mut after = String::new();
    loop {
        let rows = match ledger.rows::<Staged>(&prefix, &after, READ_AHEAD) {
            Ok(rows) => rows,
            Err(error) => {
                // Who takes none any more has failed for another reason.
                let _ = to.send(Some(Err(ApplyError::Unread(error.to_string()))));
                return;
            }
        };
        let is_last = rows.len() < READ_AHEAD;
        for (key, staged) in rows {
            let edit = edit_of(harvester, work, &staged);
            if edit.is_some_and(|edit| to.send(Some(Ok(edit))).is_err()) {
                return;
            }
            after = key;
        }
        if is_last {
            let _ = to.send(None);
            return;
        }
    }
}

fn item_of(harvester: &Harvester, work: &Work, key: &str, staged: &Staged, now: Timestamp) -> Item {
    let known = work.known.get(key);
    if let Some(known) = known.filter(|_| staged.is_absent) {
        let state = plan::missing_state(harvester, work, known, now);
        return Item { state, run: work.run.number, ..known.clone() };
    }
    let is_new = known.is_none_or(|item| item.hash != staged.hash || !item.is_published());
    Item {
        id: staged.id.clone(),
        // What comes back is told from what was never there by it.
        hash: match (&staged.record, known) {
            (None, Some(known)) => known.hash.clone(),
            _ => staged.hash.clone(),
        },
        modified: staged.modified.clone(),
        first_seen: known.map_or(now, |item| item.first_seen),
        run: if is_new { work.run.number } else { known.map_or(0, |item| item.run) },
        state: match staged.record {
            Some(_) => ItemState::Live,
            None => ItemState::Withdrawn { at: now },
        },
        formerly: known.filter(|item| item.id == staged.id).and_then(|item| item.formerly.clone()),
    }
}

/// The edit of a staged item; `None` when its record can no longer be read,
/// because the shapes have changed meanwhile.
fn edit_of(harvester: &Harvester, work: &Work, staged: &Staged) -> Option<Edit> {
    let register = &harvester.register;
    let record = match &staged.record {
        None => None,
        Some(record) => Some(read(register, staged, record)?),
    };
    Some(Edit {
        source: work.run.source.clone(),
        id: staged.id.clone(),
        record,
        original: None,
        expected: None,
        derivation: Some(Derivation {
            run: Run::record(&work.run.source, work.run.number),
            url: staged.url.clone(),
            retrieved_at: staged.retrieved_at,
            extractor: Work::extractor(&staged.format),
            modified: staged.modified.clone(),
            licence: work.settings.licence.clone(),
            attribution: work.settings.attribution.clone(),
            terms: staged.use_terms.clone(),
        }),
    })
}

/// The edit that withdraws the record of an item that is, or is to be, another
/// one; `None` when it has none, or another item speaks for it.
fn leaving(work: &Work, item: &Item) -> Option<Edit> {
    (item.is_published() && !is_elsewhere(work, item))
        .then(|| Edit::withdrawal(&work.run.source, item.id.clone()))
}

/// Whether the record of `item` is that of another item, or will be: its
/// publisher has gone back to the keys of before.
fn is_elsewhere(work: &Work, item: &Item) -> bool {
    let former = item.formerly.as_ref().and_then(|key| work.staged.get(key));
    former.is_some_and(|hash| !hash.is_empty()) || work.known.has_other(item)
}

fn read(register: &Register, staged: &Staged, record: &StagedRecord) -> Option<Record> {
    let schema = register.schema();
    let kind = schema.kind(staged.id.kind())?;
    let context = FromJson { schema, base: register.base(), keys_of: None };
    from_json(context, kind, Some(&staged.id), &record.json()).ok()
}

fn actor(work: &Work) -> String {
    format!("harvest of {}", work.run.source)
}

/// Writes a batch; when a record of it is refused, all but that one.
fn write(
    harvester: &Harvester,
    work: &mut Work,
    edits: Vec<Edit>,
    notes: Vec<Note>,
    now: Timestamp,
) -> Result<(), HarvestError> {
    let register = &harvester.register;
    let by = actor(work);
    match register.apply_noted(&edits, &notes, References::Kept, &by, now) {
        Ok(Applied { .. }) => return Ok(()),
        Err(refused) if is_of_a_record(&refused) => {
            tracing::debug!(%refused, "a record of a batch was refused; the others are written");
        }
        Err(error) => return Err(error.into()),
    }
    let mut pulse = work.pulse();
    parts::each(&edits, |part| {
        pulse.beat(harvester);
        match register.apply_noted(part, &[], References::Kept, &by, now) {
            Ok(Applied { .. }) => Ok(Tried::Done),
            Err(refused) if is_of_a_record(&refused) => match part {
                [edit] => write_alone(harvester, work, edit, refused, now).map(|()| Tried::Done),
                _ => Ok(Tried::Refused),
            },
            Err(error) => Err(error.into()),
        }
    })?;
    Ok(register.ledger().write(&notes, Durability::Durable)?)
}

/// Whether one record is refused, and the others could be written.
const fn is_of_a_record(error: &ApplyError) -> bool {
    matches!(
        error,
        ApplyError::Invalid { .. } | ApplyError::Journal(JournalError::SlugTaken { .. })
    )
}

/// Writes the record that was `refused`, without its slug if another has that.
fn write_alone(
    harvester: &Harvester,
    work: &mut Work,
    edit: &Edit,
    refused: ApplyError,
    now: Timestamp,
) -> Result<(), HarvestError> {
    let mut refused = Err(refused);
    if let Err(ApplyError::Journal(JournalError::SlugTaken { .. })) = refused {
        let mut edit = edit.clone();
        if let Some(record) = &mut edit.record {
            record.fields.remove("slug");
        }
        refused = harvester.register.apply(vec![edit], References::Kept, &actor(work), now);
    }
    match refused {
        Ok(_) => {}
        Err(ApplyError::Invalid { id, faults }) => {
            work.run.counts.invalid += 1;
            let what = faults.first().map_or_else(String::new, ToString::to_string);
            tracing::warn!(%id, what, "a harvested record was refused");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Marks what the listing no longer has, and withdraws what has been missing
/// for long enough.
fn withdraw_missing(
    harvester: &Harvester,
    work: &mut Work,
    now: Timestamp,
) -> Result<(), HarvestError> {
    let missing: Vec<(String, Item)> =
        plan::missing(work).map(|(key, item)| (key.clone(), item.clone())).collect();
    for batch in missing.chunks(harvester.options.written_at_once.max(1)) {
        let (mut edits, mut notes) = (Vec::new(), Vec::new());
        for (key, before) in batch {
            let state = plan::missing_state(harvester, work, before, now);
            let mut item = before.clone();
            if matches!(state, ItemState::Withdrawn { .. }) {
                work.run.counts.withdrawn += 1;
                item.run = work.run.number;
                edits.extend(leaving(work, before));
            }
            item.state = state;
            notes.push(item.put(format!("{}\n{key}", work.run.source)));
            notes.extend(item.absence(&work.run.source, Some(before)));
            work.known.put(key.clone(), item);
        }
        write(harvester, work, edits, notes, now)?;
    }
    Ok(())
}
