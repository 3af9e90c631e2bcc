//! Putting all of an index in place at once.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use super::dictionary::{Dictionary, SAMPLE};
use super::entry::Entry;
use super::error::IndexError;
use super::pack::pack;
use super::recent::Recent;
use super::records::Records;
use super::state::State;
use super::store::Order;
use super::stored::Stored;
use super::vocabulary::Vocabulary;
use super::words::words;
use super::{Index, Writer, commit, wait};
use crate::model::Revision;

impl Index {
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
        let mut entries = entries.into_iter();
        let first: Vec<Entry> = entries.by_ref().take(SAMPLE).collect();
        let dictionary = self.train(&mut writer, &first)?;
        for entry in first.into_iter().chain(entries) {
            let slot = records.take_slots(1)[0];
            for (field, text) in entry.texts.iter() {
                for word in words(text) {
                    vocabulary.insert(&word, field);
                }
            }
            let summary = pack(&dictionary, &entry.summary);
            let stored = Stored::new(&entry, &summary, dictionary.number());
            let document = self.shared.fields.document(slot, &entry, &stored);
            writer.disk.order(match records.slot(&entry.key) {
                Some(_) => Order::Put(entry.key.clone(), document),
                None => Order::Add(document),
            })?;
            records.put(slot, &stored, &summary);
        }
        records.points.settle();
        records.seal();
        records.free_sealed();
        let new = State { records, dictionary, vocabulary, revision, ..State::default() };
        self.replace(&mut writer, new)
    }

    /// Empties the index; its revision becomes zero.
    ///
    /// # Errors
    ///
    /// [`IndexError::Disk`] when writing to the disk has failed.
    pub fn clear(&self) -> Result<(), IndexError> {
        let mut writer = self.writer();
        writer.disk.order(Order::Clear)?;
        let dictionary = Arc::clone(&self.read().dictionary);
        self.replace(&mut writer, State { dictionary, ..State::default() })
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

    /// Puts other entries in place of all, once they are on the disk.
    fn replace(&self, writer: &mut Writer, new: State) -> Result<(), IndexError> {
        let emptied = {
            let mut state = self.write();
            state.active = Recent::default();
            std::mem::take(&mut state.records)
        };
        writer.changes = 0;
        wait(&commit(&writer.disk, new.revision)?)?;
        let (done, merged) = sync_channel(1);
        writer.disk.order(Order::Merge(done))?;
        wait(&merged)?;
        writer.sealing = None;
        let mut state = self.write();
        state.records = new.records;
        state.dictionary = new.dictionary;
        state.vocabulary = new.vocabulary;
        state.revision = new.revision;
        drop(state);
        drop(emptied);
        Ok(())
    }
}
