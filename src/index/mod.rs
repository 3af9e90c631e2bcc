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
//! | `records` `record` `keys` `facets` `points` `rows` `tree` `bits` `troubles` | entries in memory: bitmaps by facet, columns to sort by, points |
//! | `pack` `dictionary` | summaries in little memory |
//! | `words` `vocabulary` `terms` `fields` `segment` `lists` `text` `recent` | the words, over tantivy |
//! | `store` `stored` `reading` `bulk` `numbering` `state` | the disk, the lock |
//! | `parts` `details` | all entries, piece by piece; what only the disk holds of some |
//! | `search` `conditions` `near` `order` `cursor` `ranking` `suggest` | answering |
//!
//! **One state.** Readers share a lock; the one writer prepares all it can
//! before it takes the lock, and holds it for the microseconds in which slots,
//! bitmaps and the list of segments change. Persistent structures would spare
//! readers that wait, and were not chosen: each lookup would pay for it, and a
//! search takes a millisecond at most in all but the widest cases.

mod bits;
mod bulk;
mod conditions;
mod cursor;
mod details;
mod dictionary;
mod entry;
mod error;
mod facets;
mod fields;
mod keys;
mod lists;
mod near;
mod numbering;
mod order;
mod pack;
mod parts;
mod points;
mod polygon;
mod query;
mod ranking;
mod reading;
mod recent;
mod record;
mod records;
mod results;
mod rows;
mod search;
mod segment;
mod state;
mod store;
mod stored;
mod suggest;
mod terms;
mod text;
mod tree;
mod troubles;
mod vocabulary;
mod words;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;
use uuid::Uuid;

pub use entry::{Change, Entry, Facet, Online, Standing, Texts};
pub use error::IndexError;
pub use parts::Mention;
pub use polygon::{Polygon, PolygonError};
pub use query::{
    Centre, Duplicates, Explain, Filter, HitUnit, Hours, MAXIMUM_LIMIT, OnlineToo, Page, Query,
    QueryError, Region, Sort, Start,
};
pub use results::{
    Explanation, FacetCounts, Hit, MatchReason, Results, Size, Suggestion, WordMatch,
};

pub use state::Moment;
pub use troubles::LinkTrouble;

use self::dictionary::Dictionary;
use self::fields::Fields;
use self::recent::Read;
use self::state::{Shared, State};
use self::store::{Disk, Order, Tier};
use self::stored::Stored;
use self::words::Stems;
use crate::model::Revision;

/// The index of all records. Searches may run in any number of threads;
/// changes wait for each other.
pub struct Index {
    shared: Arc<Shared>,
    writer: Mutex<Writer>,
}

/// What only one change at a time may use.
struct Writer {
    stems: Stems,
    /// Changes since the last were sealed.
    changes: usize,
    /// Tells when the changes that were sealed last are on the disk.
    sealing: Option<Receiver<Result<(), String>>>,
    disk: Disk,
    /// Where it is on the disk.
    directory: Option<PathBuf>,
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
        let (disk, numbering) = tier.segments(&fields)?;
        let dictionary = match directory {
            Some(directory) => Dictionary::open(directory, || reading::sample(&fields, &disk))?,
            None => Dictionary::default(),
        };
        let (records, vocabulary) = reading::read_back(&fields, &disk, &dictionary)?;
        let (dictionary, numbering) = (Arc::new(dictionary), Arc::new(numbering));
        let state = State {
            records,
            dictionary,
            vocabulary,
            numbering,
            disk,
            revision,
            ..State::default()
        };
        let shared = Arc::new(Shared::new(fields, state));
        let disk = Disk::start(tier, Arc::clone(&shared))?;
        let directory = directory.map(Path::to_owned);
        let writer = Writer { stems: Stems::new(), changes: 0, sealing: None, disk, directory };
        Ok(Self { shared, writer: Mutex::new(writer) })
    }

    /// The revision that searches see. After a restart it may be an earlier
    /// one, the last that was committed to the disk: changes after it have to
    /// be applied again.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.read().revision
    }

    /// The moment that searches see.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.read().moment()
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
        let applied = self.revision();
        if revision <= applied {
            return Err(IndexError::Stale { given: revision, applied });
        }
        self.put(&mut writer, changes, Some(revision))
    }

    /// Applies a part of the changes of the next revision, which searches see
    /// at once, while the revision stays as it is: a restart before
    /// [`Index::apply`] has to apply all of them again.
    ///
    /// # Errors
    ///
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn apply_part(&self, changes: &[Change]) -> Result<(), IndexError> {
        self.put(&mut self.writer(), changes, None)
    }

    fn put(
        &self,
        writer: &mut Writer,
        changes: &[Change],
        revision: Option<Revision>,
    ) -> Result<(), IndexError> {
        if let Some(failure) = self.shared.failure() {
            return Err(IndexError::Disk(failure));
        }
        let puts = changes.iter().filter(|change| matches!(change, Change::Put(_))).count();
        let (slots, dictionary, numbering) = {
            let mut state = self.write();
            let slots = state.records.take_slots(puts);
            (slots, Arc::clone(&state.dictionary), Arc::clone(&state.numbering))
        };
        let mut next = 0;
        let mut steps = Vec::with_capacity(changes.len());
        for change in changes {
            match change {
                Change::Put(entry) => {
                    let slot = slots[next];
                    next += 1;
                    let read = Read::new(&entry.texts, &mut writer.stems);
                    let summary = pack::pack(&dictionary, &entry.summary);
                    let stored = Stored::new(entry, &summary, dictionary.number());
                    let number = numbering.number(slot);
                    let document = self.shared.fields.document(number, entry, &stored);
                    writer.disk.order(Order::Put(entry.key.clone(), document))?;
                    steps.push(Step::Put(slot, entry, summary, read));
                }
                Change::Remove(key) => {
                    writer.disk.order(Order::Remove(key.clone()))?;
                    steps.push(Step::Remove(key.clone()));
                }
            }
        }
        let mut state = self.write();
        for step in steps {
            match step {
                Step::Put(slot, entry, summary, read) => {
                    for (word, _, place) in &read.words {
                        state.vocabulary.insert(word, place.field);
                    }
                    state.active.insert(slot, read, &entry.details);
                    let stored = Stored::new(entry, &summary, dictionary.number());
                    state.records.put(slot, &stored, &summary);
                }
                Step::Remove(key) => state.records.remove(&key),
            }
        }
        state.records.points.settle();
        match revision {
            Some(revision) => state.revision = revision,
            None => state.steps += 1,
        }
        drop(state);
        writer.changes += changes.len();
        if writer.changes >= store::RECENT && !self.read().sealing {
            self.seal(writer)?;
        }
        Ok(())
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
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let state = self.read();
        let record = state.records.at(state.records.slot(key)?)?;
        Some(state.summary(record))
    }

    /// When the entry with this key last changed, to the second.
    #[must_use]
    pub fn modified(&self, key: &str) -> Option<Timestamp> {
        let state = self.read();
        state.records.slot(key).map(|slot| state.records.modified(slot))
    }

    /// The values of `facet` that the entry with this key has.
    #[must_use]
    pub fn values(&self, key: &str, facet: Facet) -> Vec<String> {
        let state = self.read();
        let records = &state.records;
        let Some(record) = records.slot(key).and_then(|slot| records.at(slot)) else {
            return Vec::new();
        };
        let terms = record.terms().map(|number| records.terms.at(number));
        terms.filter(|term| term.facet == facet).map(facets::Term::to_value).collect()
    }

    /// The values of each of `facets` that the entry with this key has.
    #[must_use]
    pub fn values_of<const N: usize>(&self, key: &str, facets: [Facet; N]) -> [Vec<String>; N] {
        let state = self.read();
        let records = &state.records;
        let mut values = facets.map(|_| Vec::new());
        let Some(record) = records.slot(key).and_then(|slot| records.at(slot)) else {
            return values;
        };
        for term in record.terms().map(|number| records.terms.at(number)) {
            if let Some(place) = facets.iter().position(|facet| *facet == term.facet) {
                values[place].push(term.to_value());
            }
        }
        values
    }

    /// The key of the entry with this UUID beside its key, and the number of
    /// the site when it is that of a site. It is looked up, not looked for.
    #[must_use]
    pub fn by_uuid(&self, uuid: Uuid) -> Option<(String, Option<usize>)> {
        let state = self.read();
        let (slot, site) = state.records.by_uuid(uuid)?;
        Some((state.records.at(slot)?.key().to_owned(), site))
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

    /// Takes in how the links of entries are, by key: `None` says that all of
    /// them work. It holds for entries that come later too, and is forgotten
    /// when the index is closed, cleared or loaded.
    pub fn note_links(&self, notes: &[(String, Option<LinkTrouble>)]) {
        let mut state = self.write();
        state.steps += 1;
        for (key, trouble) in notes {
            state.records.note_links(key, *trouble);
        }
    }

    /// How bad the links of the entry with this key are, as far as was noted.
    #[must_use]
    pub fn link_trouble(&self, key: &str) -> Option<LinkTrouble> {
        self.read().records.troubles.of(key)
    }

    /// How often each value of `facet` occurs among the entries that pass all
    /// `filters`.
    #[must_use]
    pub fn counts(&self, facet: Facet, filters: &[Filter]) -> FacetCounts {
        conditions::counts(&self.read(), facet, filters)
    }

    /// How many entries there are, and how many bytes they take.
    #[must_use]
    pub fn size(&self) -> Size {
        let state = self.read();
        let (record_bytes, facet_bytes) = state.records.bytes();
        let mapped: usize = state.disk.iter().map(|segment| segment.bytes()).sum();
        let mapped = mapped + state.numbering.bytes();
        let recent = state.sealed.bytes() + state.active.bytes();
        let disk_bytes = state
            .disk
            .iter()
            .filter_map(|segment| segment.reader.space_usage().ok())
            .map(|usage| usage.total().get_bytes())
            .sum();
        Size {
            records: state.records.live.len(),
            points: state.records.points.len() as u64,
            record_bytes: record_bytes + state.dictionary.size() as u64,
            point_bytes: state.records.points.bytes() as u64,
            facet_bytes,
            text_bytes: (mapped + recent + state.vocabulary.bytes()) as u64,
            disk_bytes,
        }
    }

    /// Hands the changes in memory to the disk and begins anew.
    fn seal(&self, writer: &mut Writer) -> Result<(), IndexError> {
        let mut state = self.write();
        state.sealed = std::mem::take(&mut state.active);
        state.records.seal();
        state.sealing = true;
        let revision = state.revision;
        drop(state);
        writer.changes = 0;
        writer.sealing = Some(commit(&writer.disk, revision)?);
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

enum Step<'a> {
    Put(u32, &'a Entry, Vec<u8>, Read),
    Remove(String),
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
