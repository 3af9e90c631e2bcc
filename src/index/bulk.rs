//! Putting all of an index in place at once.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use super::dictionary::{Dictionary, SAMPLE};
use super::entry::Entry;
use super::error::IndexError;
use super::pack::pack;
use super::reading::read_back;
use super::state::State;
use super::store::Order;
use super::stored::Stored;
use super::{Index, Writer, commit, wait};
use crate::model::Revision;

impl Index {
    /// Loads all `entries` into an empty index. They go to the disk as they
    /// come, and are read back from there when it is known how they lie to
    /// each other; so they are found all at once, at the end, when they are on
    /// the disk with `revision`. Of entries with the same key the last one
    /// stays.
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
        self.empty(&mut writer)?;
        let mut entries = entries.into_iter();
        let first: Vec<Entry> = entries.by_ref().take(SAMPLE).collect();
        let dictionary = self.train(&mut writer, &first)?;
        let (hasher, mut seen) = (RandomState::new(), HashSet::new());
        for (number, entry) in (0..).zip(first.into_iter().chain(entries)) {
            let summary = pack(&dictionary, &entry.summary);
            let stored = Stored::new(&entry, &summary, dictionary.number());
            let document = self.shared.fields.document(number, &entry, &stored);
            // Two keys may have one hash: then one looks for itself in vain.
            let is_new = seen.insert(hasher.hash_one(&entry.key));
            let order = if is_new { Order::Add(document) } else { Order::Put(entry.key, document) };
            writer.disk.order(order)?;
        }
        drop(seen);
        wait(&commit(&writer.disk, revision)?)?;
        let (done, merged) = sync_channel(1);
        writer.disk.order(Order::Merge(done))?;
        let (disk, numbering) =
            merged.recv().map_err(|_| IndexError::Stopped)?.map_err(IndexError::Disk)?;
        let (records, vocabulary) = read_back(&self.shared.fields, &disk, &dictionary)?;
        let mut state = self.write();
        let before = std::mem::replace(&mut state.disk, disk);
        state.records = records;
        state.numbering = Arc::new(numbering);
        state.dictionary = dictionary;
        state.vocabulary = vocabulary;
        state.revision = revision;
        drop(state);
        drop(before); // unmapping files takes time: not under the lock
        Ok(())
    }

    /// Empties the index; its revision becomes zero.
    ///
    /// # Errors
    ///
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn clear(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        self.empty(&mut writer)?;
        wait(&commit(&writer.disk, Revision(0))?)?;
        self.write().revision = Revision(0);
        Ok(())
    }

    /// Empties memory at once, and the disk with the next commit.
    fn empty(&self, writer: &mut Writer) -> Result<(), IndexError> {
        writer.disk.order(Order::Clear)?;
        writer.changes = 0;
        writer.sealing = None;
        let mut state = self.write();
        let dictionary = Arc::clone(&state.dictionary);
        let (disk, revision, steps) = (state.disk.clone(), state.revision, state.steps);
        let empty = State { dictionary, disk, revision, steps, ..State::default() };
        let before = std::mem::replace(&mut *state, empty);
        drop(state);
        drop(before);
        Ok(())
    }

    /// The dictionary for summaries such as those of `entries`, all that the
    /// index holds from now on; it is durable before anything that needs it.
    fn train(&self, writer: &mut Writer, entries: &[Entry]) -> Result<Arc<Dictionary>, IndexError> {
        let summaries: Vec<&[u8]> = entries.iter().map(|entry| &*entry.summary).collect();
        let Some(dictionary) = Dictionary::train(&summaries) else {
            return Ok(Arc::clone(&self.read().dictionary));
        };
        if let Some(directory) = &writer.directory {
            // What was removed may be on the disk still.
            writer.sealing = None;
            wait(&commit(&writer.disk, self.revision())?)?;
            dictionary.write(directory)?;
        }
        Ok(Arc::new(dictionary))
    }
}
