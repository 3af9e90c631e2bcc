//! Reading everything back from the disk, when an index is opened.
//!
//! One thread reads and unpacks the stored entries, and then the words; the
//! other puts the entries in their places meanwhile.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use tantivy::TantivyDocument;
use tantivy::schema::Value as _;

use super::dictionary::{Dictionary, SAMPLE};
use super::error::IndexError;
use super::fields::Fields;
use super::pack::{pack, unpack};
use super::records::Records;
use super::segment::Segment;
use super::store::damaged;
use super::stored::Stored;
use super::vocabulary::{STEM_MARK, Vocabulary};

/// Entries that are handed over at once.
const BATCH: usize = 1_000;

/// A slot and the stored entry.
type Read = (u32, Vec<u8>);

/// Reads all entries and words back from the disk.
pub(super) fn read_back(
    fields: &Fields,
    segments: &[Arc<Segment>],
    dictionary: &Dictionary,
) -> Result<(Records, Vocabulary), IndexError> {
    let mut records = Records::with_room(segments.iter().map(|segment| segment.len()).sum());
    let vocabulary = thread::scope(|scope| {
        let (batches, received) = sync_channel(16);
        let reading = scope.spawn(move || {
            for segment in segments {
                read_entries(fields, segment, &batches)?;
            }
            drop(batches);
            read_words(segments)
        });
        for batch in received {
            for (slot, bytes) in batch {
                let stored = decode(&bytes)?;
                records.put(slot, &stored, &packed(&stored, dictionary)?);
            }
        }
        reading.join().unwrap_or_else(|_| Err(IndexError::Damaged("reading panicked".to_owned())))
    })?;
    records.points.settle();
    records.find_free_slots();
    Ok((records, vocabulary))
}

/// Summaries of entries from all over the index.
pub(super) fn sample(
    fields: &Fields,
    segments: &[Arc<Segment>],
) -> Result<Vec<Vec<u8>>, IndexError> {
    let step = segments.iter().map(|segment| segment.len()).sum::<usize>() / SAMPLE + 1;
    let mut samples = Vec::new();
    for segment in segments {
        let reader = &segment.reader;
        let store = reader.get_store_reader(1).map_err(|error| damaged(error.into()))?;
        for id in reader.doc_ids_alive().step_by(step) {
            let document: TantivyDocument = store.get(id).map_err(damaged)?;
            let bytes = entry(fields, &document)?;
            samples.push(plain(&decode(bytes)?)?);
        }
    }
    Ok(samples)
}

fn decode(bytes: &[u8]) -> Result<Stored<'_>, IndexError> {
    postcard::from_bytes(bytes)
        .map_err(|error| IndexError::Damaged(format!("an entry can't be read: {error}")))
}

fn entry<'a>(fields: &Fields, document: &'a TantivyDocument) -> Result<&'a [u8], IndexError> {
    let bytes = document.get_first(fields.entry).and_then(|value| value.as_bytes());
    bytes.ok_or_else(|| IndexError::Damaged("no entry is stored".to_owned()))
}

/// The summary as it is packed in this index.
fn packed<'a>(stored: &Stored<'a>, dictionary: &Dictionary) -> Result<Cow<'a, [u8]>, IndexError> {
    if stored.dictionary == dictionary.number() {
        return Ok(Cow::Borrowed(stored.summary));
    }
    Ok(Cow::Owned(pack(dictionary, &plain(stored)?)))
}

/// A summary that was packed before there was a dictionary.
fn plain(stored: &Stored<'_>) -> Result<Vec<u8>, IndexError> {
    let none = Dictionary::default();
    if stored.dictionary != none.number() {
        let number = stored.dictionary;
        return Err(IndexError::Damaged(format!("the dictionary {number:x} is not there")));
    }
    unpack(&none, stored.summary)
        .ok_or_else(|| IndexError::Damaged("a summary can't be unpacked".to_owned()))
}

fn read_entries(
    fields: &Fields,
    segment: &Segment,
    batches: &SyncSender<Vec<Read>>,
) -> Result<(), IndexError> {
    let reader = &segment.reader;
    let store = reader.get_store_reader(1).map_err(|error| damaged(error.into()))?;
    let mut batch = Vec::with_capacity(BATCH);
    for (id, document) in
        reader.doc_ids_alive().zip(store.iter::<TantivyDocument>(reader.alive_bitset()))
    {
        let document = document.map_err(damaged)?;
        batch.push((segment.slot(id), entry(fields, &document)?.to_vec()));
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            batches.send(full).map_err(|_| IndexError::Stopped)?;
        }
    }
    batches.send(batch).map_err(|_| IndexError::Stopped)
}

fn read_words(segments: &[Arc<Segment>]) -> Result<Vocabulary, IndexError> {
    let mut vocabulary = Vocabulary::default();
    let fields = segments.iter().flat_map(|segment| segment.fields.iter().enumerate());
    for (field, index) in fields {
        let mut terms = index.terms().stream().map_err(|error| damaged(error.into()))?;
        while terms.advance() {
            let word = std::str::from_utf8(terms.key())
                .map_err(|error| IndexError::Damaged(format!("a word is no text: {error}")))?;
            if !word.starts_with(STEM_MARK) {
                vocabulary.insert(word, field);
            }
        }
    }
    Ok(vocabulary)
}
