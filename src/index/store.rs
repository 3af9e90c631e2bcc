//! The text index on the disk, and the thread that owns it.
//!
//! A commit to the disk takes tens of milliseconds (it syncs some ten files),
//! too long for one change. So the words of a change go to
//! [`recent`](super::recent) in memory, and the change also to a thread that
//! owns the text index. After [`RECENT`] changes those in memory are sealed,
//! new ones are gathered apart, and the thread commits; when that is done, its
//! segments take the place of the sealed words in one step. Merging is done by
//! threads of the text index beside all this.
//!
//! The disk holds each entry whole, and the revision in the payload of the
//! commit. The text index syncs its files before it names them in the list of
//! segments, which it replaces in one step: a crash leaves the state of the
//! last commit, to which later changes are applied again. All checksums are
//! verified when it is opened.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::schema::Value as _;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use super::error::IndexError;
use super::fields::Fields;
use super::records::{Records, Stored};
use super::segment::Segment;
use super::state::Shared;
use super::vocabulary::{STEM_MARK, Vocabulary};
use crate::model::Revision;

/// Changes after which the index in memory is handed to the disk.
pub(super) const RECENT: usize = 1_000;

/// Documents that may wait for the thread before whoever writes waits too.
const WAITING: usize = 8_192;

/// The format of what is stored with each document and commit.
const FORMAT: u32 = 2;

/// Bytes that the indexing thread may gather before it writes.
const BUDGET: usize = 96 << 20;

/// What a commit says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    format: u32,
    revision: Revision,
}

/// A text index: its writer and its reader.
pub(super) struct Tier {
    writer: IndexWriter,
    reader: IndexReader,
}

/// Something for the thread to do.
pub(super) enum Order {
    /// Adds a document whose key is new.
    Add(TantivyDocument),
    /// Puts a document in place of those with the same key.
    Put(String, TantivyDocument),
    /// Removes the documents with this key.
    Remove(String),
    /// Removes all documents, before many new ones.
    Clear,
    /// Merges all segments into one, after many new documents.
    Merge(SyncSender<Result<(), String>>),
    /// Makes all of the above last, and tells so.
    Commit(Revision, SyncSender<Result<(), String>>),
}

/// The thread that owns the text index.
pub(super) struct Disk {
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Tier {
    /// A text index in memory.
    pub(super) fn in_memory(fields: &Fields) -> Result<Self, TantivyError> {
        let index = tantivy::Index::create_in_ram(fields.schema.clone());
        Self::new(index)
    }

    /// Opens the text index in `directory`, or makes one.
    pub(super) fn open(fields: &Fields, directory: &Path) -> Result<Self, IndexError> {
        let unusable = |source| IndexError::Directory { path: directory.to_owned(), source };
        std::fs::create_dir_all(directory).map_err(unusable)?;
        let files = MmapDirectory::open(directory).map_err(|error| damaged(error.into()))?;
        let exists = tantivy::Index::exists(&files).map_err(|error| damaged(error.into()))?;
        let index = if exists {
            tantivy::Index::open(files).map_err(damaged)?
        } else {
            let schema = fields.schema.clone();
            tantivy::Index::create(files, schema, tantivy::IndexSettings::default())?
        };
        if index.schema() != fields.schema {
            return Err(IndexError::Format { found: 0, known: FORMAT });
        }
        Self::new(index).map_err(|error| match error {
            TantivyError::LockFailure(..) => IndexError::Locked(directory.to_owned()),
            other => damaged(other),
        })
    }

    fn new(index: tantivy::Index) -> Result<Self, TantivyError> {
        Fields::register(&index);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(BUDGET)
            .build();
        let writer = index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(merge_policy()));
        // Before anything is read: readers of damaged files panic.
        if let Some(file) = index.validate_checksum()?.into_iter().next() {
            let what = format!("the checksum of {} is wrong", file.display());
            return Err(TantivyError::InternalError(what));
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { writer, reader })
    }

    /// All segments.
    pub(super) fn segments(&self, fields: &Fields) -> Result<Vec<Arc<Segment>>, IndexError> {
        Segment::all(fields, &self.reader.searcher(), &[]).map_err(damaged)
    }

    /// The revision of the last commit; zero before the first.
    pub(super) fn revision(&self) -> Result<Revision, IndexError> {
        let metas = self.writer.index().load_metas().map_err(damaged)?;
        let Some(text) = metas.payload else {
            return if metas.segments.is_empty() {
                Ok(Revision(0))
            } else {
                Err(IndexError::Format { found: 0, known: FORMAT })
            };
        };
        let payload: Payload = serde_json::from_str(&text)
            .map_err(|error| IndexError::Damaged(format!("payload `{text}`: {error}")))?;
        if payload.format != FORMAT {
            return Err(IndexError::Format { found: payload.format, known: FORMAT });
        }
        Ok(payload.revision)
    }

    fn merge(&mut self) -> Result<(), TantivyError> {
        let segments = self.writer.index().searchable_segment_ids()?;
        if segments.len() > 1 {
            self.writer.merge(&segments).wait()?;
        }
        self.writer.set_merge_policy(Box::new(merge_policy()));
        self.reader.reload()
    }

    fn make_last(&mut self, revision: Revision) -> Result<(), TantivyError> {
        let mut prepared = self.writer.prepare_commit()?;
        let payload = serde_json::to_string(&Payload { format: FORMAT, revision });
        prepared.set_payload(&payload.expect("two numbers can be written as JSON"));
        prepared.commit()?;
        self.reader.reload()
    }
}

impl Disk {
    /// Starts the thread.
    pub(super) fn start(tier: Tier, shared: Arc<Shared>) -> Result<Self, IndexError> {
        let (orders, received) = sync_channel(WAITING);
        let thread = thread::Builder::new()
            .name("index-disk".to_owned())
            .spawn(move || run(tier, &shared, &received))
            .map_err(TantivyError::from)?;
        Ok(Self { orders: Some(orders), thread: Some(thread) })
    }

    /// Hands something to the thread; waits when too much is waiting.
    pub(super) fn order(&self, order: Order) -> Result<(), IndexError> {
        let orders = self.orders.as_ref().ok_or(IndexError::Stopped)?;
        orders.send(order).map_err(|_| IndexError::Stopped)
    }
}

impl Drop for Disk {
    /// Lets the thread finish what it has been given.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the text index panicked");
        }
    }
}

fn run(mut tier: Tier, shared: &Shared, orders: &Receiver<Order>) {
    let mut failure: Option<String> = None;
    for order in orders {
        let result = match order {
            Order::Add(document) => tier.writer.add_document(document).map(drop),
            Order::Put(key, document) => {
                tier.writer.delete_term(Term::from_field_text(shared.fields.key, &key));
                tier.writer.add_document(document).map(drop)
            }
            Order::Remove(key) => {
                tier.writer.delete_term(Term::from_field_text(shared.fields.key, &key));
                Ok(())
            }
            // Documents that are still being indexed would outlive it.
            Order::Clear => tier
                .writer
                .commit()
                .and_then(|_| tier.writer.delete_all_documents())
                .map(|_| tier.writer.set_merge_policy(Box::new(NoMergePolicy))),
            Order::Merge(done) => {
                let result = tier.merge().and_then(|()| publish_segments(&tier, shared));
                let _ = done.try_send(result.map_err(|error| error.to_string()));
                Ok(())
            }
            Order::Commit(revision, done) => {
                let result = match failure.take() {
                    Some(failure) => Err(failure),
                    None => tier
                        .make_last(revision)
                        .and_then(|()| publish(&tier, shared))
                        .map_err(|error| error.to_string()),
                };
                if let Err(error) = &result {
                    failure = Some(error.clone());
                    shared.fail(error);
                }
                // Nobody may be waiting for it any more.
                let _ = done.try_send(result);
                Ok(())
            }
        };
        if let Err(error) = result {
            shared.fail(&error.to_string());
            failure = Some(error.to_string());
        }
    }
}

/// Puts the segments on the disk in place of the words that were sealed.
fn publish(tier: &Tier, shared: &Shared) -> Result<(), TantivyError> {
    let known = shared.state.read().unwrap_or_else(PoisonError::into_inner).disk.clone();
    let segments = Segment::all(&shared.fields, &tier.reader.searcher(), &known)?;
    let mut state = shared.state.write().unwrap_or_else(PoisonError::into_inner);
    let before = std::mem::replace(&mut state.disk, segments);
    let sealed = std::mem::take(&mut state.sealed);
    state.records.free_sealed();
    state.sealing = false;
    drop(state);
    drop((before, sealed, known)); // unmapping files takes time: not under the lock
    Ok(())
}

/// Puts the merged segments in place of those that they were merged from.
fn publish_segments(tier: &Tier, shared: &Shared) -> Result<(), TantivyError> {
    let segments = Segment::all(&shared.fields, &tier.reader.searcher(), &[])?;
    let mut state = shared.state.write().unwrap_or_else(PoisonError::into_inner);
    let before = std::mem::replace(&mut state.disk, segments);
    drop(state);
    drop(before);
    Ok(())
}

/// The entry as bytes, to be stored with its document.
pub(super) fn encode(stored: &Stored) -> Vec<u8> {
    postcard::to_stdvec(stored).expect("an entry is made of what postcard can write")
}

/// Reads all entries and words back from the disk.
pub(super) fn read_back(
    fields: &Fields,
    segments: &[Arc<Segment>],
) -> Result<(Records, Vocabulary), IndexError> {
    let mut records = Records::default();
    let vocabulary = thread::scope(|scope| {
        let (batches, received) = sync_channel(16);
        let reading = scope.spawn(move || {
            for segment in segments {
                read_entries(fields, segment, &batches)?;
            }
            read_words(segments)
        });
        for batch in received {
            for (slot, stored) in batch {
                records.put(slot, stored);
            }
        }
        reading.join().unwrap_or_else(|_| Err(IndexError::Damaged("reading panicked".to_owned())))
    })?;
    records.find_free_slots();
    Ok((records, vocabulary))
}

fn read_entries(
    fields: &Fields,
    segment: &Segment,
    batches: &SyncSender<Vec<(u32, Stored)>>,
) -> Result<(), IndexError> {
    const BATCH: usize = 1_000;
    let reader = &segment.reader;
    let store = reader.get_store_reader(1).map_err(|error| damaged(error.into()))?;
    let mut batch = Vec::with_capacity(BATCH);
    for (id, document) in
        reader.doc_ids_alive().zip(store.iter::<TantivyDocument>(reader.alive_bitset()))
    {
        let document = document.map_err(damaged)?;
        let bytes = document.get_first(fields.entry).and_then(|value| value.as_bytes());
        let bytes = bytes.ok_or_else(|| IndexError::Damaged("no entry is stored".to_owned()))?;
        let stored: Stored = postcard::from_bytes(bytes)
            .map_err(|error| IndexError::Damaged(format!("an entry can't be read: {error}")))?;
        batch.push((segment.slot(id), stored));
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

/// Merges a little earlier than usual: each segment costs each search.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    policy.set_del_docs_ratio_before_merge(0.3);
    policy
}

fn damaged(error: TantivyError) -> IndexError {
    IndexError::Damaged(error.to_string())
}
