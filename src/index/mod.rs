//! What search needs, in memory and on the disk: words, places and facets.
//!
//! The index is a view of the journal: it is told of each change with its
//! revision, remembers the last one it applied, and can be thrown away and
//! loaded again. It knows no records, only [`Entry`]s, which come with all
//! that is to be found of them, and gives back their opaque summaries. It
//! resolves no postcodes, no labels and no ancestors.
//!
//! | file | what |
//! |---|---|
//! | `entry` `query` `polygon` `results` `error` | what goes in and out |
//! | `records` `tree` `bits` | entries in memory: bitmaps by facet, columns to sort by, points |
//! | `words` `vocabulary` `terms` `fields` `segment` `text` | the words, over tantivy |
//! | `store` `state` | the disk, the lock |
//! | `search` `near` `order` `cursor` `ranking` `suggest` | answering |
//!
//! **One state.** Readers share a lock; the one writer prepares all it can
//! before it takes the lock, and holds it for the microseconds in which slots,
//! bitmaps and the list of segments change. Persistent structures would spare
//! readers that wait, and were not chosen: each lookup would pay for it, and a
//! search takes a millisecond at most in all but the widest cases.

mod bits;
mod cursor;
mod entry;
mod error;
mod fields;
mod near;
mod order;
mod polygon;
mod query;
mod ranking;
mod records;
mod results;
mod search;
mod segment;
mod state;
mod store;
mod suggest;
mod terms;
mod text;
mod tree;
mod vocabulary;
mod words;

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLockReadGuard, RwLockWriteGuard};

pub use entry::{Change, Entry, Facet, Online, Standing, Texts};
pub use error::IndexError;
pub use polygon::{Polygon, PolygonError};
pub use query::{
    Centre, Explain, Filter, MAXIMUM_LIMIT, OnlineToo, Page, Query, QueryError, Region, Sort, Start,
};
pub use results::{
    Explanation, FacetCounts, Hit, MatchReason, Results, Size, Suggestion, WordMatch,
};

use self::fields::Fields;
use self::records::{Records, Stored};
use self::state::{Shared, State};
use self::store::{Disk, Order, Tier};
use self::vocabulary::Vocabulary;
use crate::model::Revision;

/// The index of all records. Searches may run in any number of threads;
/// changes wait for each other.
pub struct Index {
    shared: Arc<Shared>,
    writer: Mutex<Writer>,
}

/// What only one change at a time may use.
struct Writer {
    recent: Tier,
    /// Changes since the one in memory was begun.
    changes: usize,
    /// Tells when the changes that were sealed last are on the disk.
    sealing: Option<Receiver<Result<(), String>>>,
    disk: Disk,
}

impl Index {
    /// Opens the index in `directory`, or makes one; without a directory it
    /// lives in memory.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] and [`IndexError::Format`] when what is there
    /// has to be removed and loaded again, [`IndexError::Locked`] when it is
    /// in use, [`IndexError::Directory`] when the directory can't be used.
    pub fn open(directory: Option<&Path>) -> Result<Self, IndexError> {
        let fields = Fields::new();
        let tier = match directory {
            Some(directory) => Tier::open(&fields, directory)?,
            None => Tier::in_memory(&fields)?,
        };
        let revision = tier.revision()?;
        let disk = tier.segments(&fields)?;
        let (records, vocabulary) = store::read_back(&fields, &disk)?;
        let state = State { records, vocabulary, disk, revision, ..State::default() };
        let recent = Tier::in_memory(&fields)?;
        let shared = Arc::new(Shared::new(fields, state));
        let disk = Disk::start(tier, Arc::clone(&shared))?;
        Ok(Self { shared, writer: Mutex::new(Writer { recent, changes: 0, sealing: None, disk }) })
    }

    /// The revision that searches see. After a restart it may be an earlier
    /// one, the last that was committed to the disk: changes after it have to
    /// be applied again.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.read().revision
    }

    /// Applies `changes` as one: a search sees all of them or none, and sees
    /// them once this returns. `revision` is that of the last of them.
    ///
    /// # Errors
    ///
    /// [`IndexError::Stale`] when that revision is applied already,
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn apply(&self, changes: &[Change], revision: Revision) -> Result<(), IndexError> {
        let mut writer = self.writer();
        if let Some(failure) = self.shared.failure() {
            return Err(IndexError::Disk(failure));
        }
        let applied = self.revision();
        if revision <= applied {
            return Err(IndexError::Stale { given: revision, applied });
        }
        let puts = changes.iter().filter(|change| matches!(change, Change::Put(_))).count();
        let mut slots = self.write().records.take_slots(puts).into_iter();
        let mut words = Vec::new();
        let mut steps = Vec::with_capacity(changes.len());
        for change in changes {
            match change {
                Change::Put(entry) => {
                    let slot = slots.next().expect("a slot was taken for each");
                    words.extend(entry.texts.iter().flat_map(words::words));
                    let (document, stored) =
                        prepare(&self.shared.fields, slot, Entry::clone(entry));
                    let mut on_disk = document.clone();
                    on_disk.add_bytes(self.shared.fields.entry, &store::encode(&stored));
                    writer.recent.add(document)?;
                    let order = Order::Put(stored.key.clone(), on_disk);
                    steps.push((Step::Put(slot, stored), order));
                }
                Change::Remove(key) => {
                    steps.push((Step::Remove(key.clone()), Order::Remove(key.clone())));
                }
            }
        }
        let known = self.read().active.clone();
        let segments = match puts {
            0 => known,
            _ => writer.recent.commit(&self.shared.fields, &known)?,
        };
        let mut in_memory = Vec::with_capacity(steps.len());
        for (step, order) in steps {
            writer.disk.order(order)?;
            in_memory.push(step);
        }
        let mut state = self.write();
        for word in words {
            state.vocabulary.insert(&word);
        }
        for step in in_memory {
            match step {
                Step::Put(slot, stored) => state.records.put(slot, stored),
                Step::Remove(key) => state.records.remove(&key),
            }
        }
        let before = std::mem::replace(&mut state.active, segments);
        state.revision = revision;
        drop(state);
        drop(before);
        writer.changes += changes.len();
        if writer.changes >= store::RECENT && !self.read().sealing {
            self.seal(&mut writer)?;
        }
        Ok(())
    }

    /// Loads all `entries` into an empty index, in bounded memory beyond what
    /// the entries themselves take. They are found all at once, at the end,
    /// when they are on the disk with `revision`. Of entries with the same key
    /// the last one stays.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotEmpty`] when the index holds something;
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn load(
        &self,
        entries: impl IntoIterator<Item = Entry>,
        revision: Revision,
    ) -> Result<(), IndexError> {
        let mut writer = self.writer();
        let held = self.read().records.live.len();
        if held > 0 {
            return Err(IndexError::NotEmpty(held));
        }
        let (mut records, mut vocabulary) = (Records::default(), Vocabulary::default());
        writer.disk.order(Order::Clear)?;
        for entry in entries {
            let slot = records.take_slots(1)[0];
            for word in entry.texts.iter().flat_map(words::words) {
                vocabulary.insert(&word);
            }
            let (mut document, stored) = prepare(&self.shared.fields, slot, entry);
            document.add_bytes(self.shared.fields.entry, &store::encode(&stored));
            writer.disk.order(match records.slot(&stored.key) {
                Some(_) => Order::Put(stored.key.clone(), document),
                None => Order::Add(document),
            })?;
            records.put(slot, stored);
        }
        records.seal();
        records.free_sealed();
        self.replace(&mut writer, records, vocabulary, revision)
    }

    /// Empties the index; its revision becomes zero.
    ///
    /// # Errors
    ///
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn clear(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        writer.disk.order(Order::Clear)?;
        self.replace(&mut writer, Records::default(), Vocabulary::default(), Revision(0))
    }

    /// Waits until all that was applied is on the disk, so that a restart
    /// finds it there.
    ///
    /// # Errors
    ///
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn flush(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        if let Some(done) = writer.sealing.take() {
            wait(&done)?;
        }
        self.seal(&mut writer)?;
        writer.sealing.take().map_or(Ok(()), |done| wait(&done))
    }

    /// What is found by `query`.
    ///
    /// # Errors
    ///
    /// [`QueryError::Cursor`] when the cursor is none of this query,
    /// [`QueryError::Text`] when words can't be read.
    pub fn search(&self, query: &Query) -> Result<Results, QueryError> {
        search::search(&self.read(), query)
    }

    /// The summary of the entry with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<[u8]>> {
        let state = self.read();
        let record = state.records.at(state.records.slot(key)?)?;
        Some(Arc::clone(&record.summary))
    }

    /// Up to `limit` names of `kinds` (all, when empty) that `prefix` begins,
    /// or in which each of its words begins a word; the former first, then the
    /// shorter, then by name and key. A name is given once per kind.
    ///
    /// # Errors
    ///
    /// [`QueryError::Text`] when words can't be read.
    pub fn suggest(
        &self,
        prefix: &str,
        kinds: &[String],
        limit: usize,
    ) -> Result<Vec<Suggestion>, QueryError> {
        suggest::suggest(&self.read(), prefix, kinds, limit)
    }

    /// How often each value of `facet` occurs among the entries that pass all
    /// `filters`.
    #[must_use]
    pub fn counts(&self, facet: Facet, filters: &[Filter]) -> FacetCounts {
        search::counts(&self.read(), facet, filters)
    }

    /// How many entries there are, and how many bytes they take.
    #[must_use]
    pub fn size(&self) -> Size {
        let state = self.read();
        let (record_bytes, facet_bytes) = state.records.bytes();
        let mapped: usize = state.segments().map(|segment| segment.bytes()).sum();
        let disk_bytes = state
            .segments()
            .filter_map(|segment| segment.reader.space_usage().ok())
            .map(|usage| usage.total().get_bytes())
            .sum();
        Size {
            records: state.records.live.len(),
            points: state.records.tree.len() as u64,
            record_bytes,
            point_bytes: state.records.tree.bytes() as u64,
            facet_bytes,
            text_bytes: (mapped + state.vocabulary.bytes()) as u64,
            disk_bytes,
        }
    }

    /// Hands the changes in memory to the disk and begins anew.
    fn seal(&self, writer: &mut Writer) -> Result<(), IndexError> {
        let fresh = Tier::in_memory(&self.shared.fields)?;
        let mut state = self.write();
        let mut active = std::mem::take(&mut state.active);
        state.sealed.append(&mut active);
        state.records.seal();
        state.sealing = true;
        let revision = state.revision;
        drop(state);
        let old = std::mem::replace(&mut writer.recent, fresh);
        writer.changes = 0;
        writer.sealing = Some(commit(&writer.disk, revision)?);
        drop(old); // ends its threads
        Ok(())
    }

    /// Puts other entries in place of all, once they are on the disk.
    fn replace(
        &self,
        writer: &mut Writer,
        records: Records,
        vocabulary: Vocabulary,
        revision: Revision,
    ) -> Result<(), IndexError> {
        let emptied = {
            let mut state = self.write();
            state.active = Vec::new();
            std::mem::take(&mut state.records)
        };
        writer.recent = Tier::in_memory(&self.shared.fields)?;
        writer.changes = 0;
        wait(&commit(&writer.disk, revision)?)?;
        writer.sealing = None;
        let mut state = self.write();
        state.records = records;
        state.vocabulary = vocabulary;
        state.revision = revision;
        drop(state);
        drop(emptied);
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Only a panic amid a change poisons the lock, and changes do nothing
        // there that can fail.
        self.shared.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Step {
    Put(u32, Stored),
    Remove(String),
}

fn prepare(fields: &Fields, slot: u32, entry: Entry) -> (tantivy::TantivyDocument, Stored) {
    let document = fields.document(slot, &entry.key, &entry.texts);
    (document, Stored::from(entry))
}

fn commit(disk: &Disk, revision: Revision) -> Result<Receiver<Result<(), String>>, IndexError> {
    let (done, waiting) = sync_channel(1);
    disk.order(Order::Commit(revision, done))?;
    Ok(waiting)
}

fn wait(done: &Receiver<Result<(), String>>) -> Result<(), IndexError> {
    done.recv().map_err(|_| IndexError::Stopped)?.map_err(IndexError::Disk)
}

#[cfg(test)]
mod tests;
