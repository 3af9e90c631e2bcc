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
use tantivy::{
    IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term,
};

use super::error::IndexError;
use super::fields::Fields;
use super::numbering::Numbering;
use super::segment::Segment;
use super::state::Shared;
use crate::model::Revision;

/// Changes after which the index in memory is handed to the disk.
pub(super) const RECENT: usize = 1_000;

/// Documents that may wait for the thread before whoever writes waits too.
const WAITING: usize = 8_192;

/// The format of what is stored with each document and commit.
const FORMAT: u32 = 7;

/// Bytes of entries that are packed together on the disk. Those of one page lie
/// scattered, so that a block is unpacked for each.
const BLOCK: usize = 4 << 10;

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
    /// Merges all segments into one, after many new documents, and gives what
    /// there is then.
    Merge(SyncSender<Result<Merged, String>>),
    /// Makes all of the above last, and tells so.
    Commit(Revision, SyncSender<Result<(), String>>),
}

/// All segments, and the numbering for them.
pub(super) type Merged = (Vec<Arc<Segment>>, Numbering);

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
            let settings = IndexSettings { docstore_blocksize: BLOCK, ..IndexSettings::default() };
            tantivy::Index::create(files, fields.schema.clone(), settings)?
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

    /// All segments, and the numbering for them.
    pub(super) fn segments(&self, fields: &Fields) -> Result<Merged, IndexError> {
        let searcher = self.reader.searcher();
        let numbering = Numbering::read(searcher.segment_readers()).map_err(damaged)?;
        let segments = Segment::all(fields, &numbering, &searcher, &[]).map_err(damaged)?;
        Ok((segments, numbering))
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
                let merged = tier.merge().map_err(IndexError::from);
                let merged = merged.and_then(|()| tier.segments(&shared.fields));
                let _ = done.try_send(merged.map_err(|error| error.to_string()));
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
    let (known, numbering) = {
        let state = shared.state.read().unwrap_or_else(PoisonError::into_inner);
        (state.disk.clone(), Arc::clone(&state.numbering))
    };
    let segments = Segment::all(&shared.fields, &numbering, &tier.reader.searcher(), &known)?;
    let mut state = shared.state.write().unwrap_or_else(PoisonError::into_inner);
    let before = std::mem::replace(&mut state.disk, segments);
    let sealed = std::mem::take(&mut state.sealed);
    state.records.free_sealed();
    state.sealing = false;
    drop(state);
    drop((before, sealed, known)); // unmapping files takes time: not under the lock
    Ok(())
}

/// Merges a little earlier than usual: each segment costs each search.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    policy.set_del_docs_ratio_before_merge(0.3);
    policy
}

/// What can't be read is to be made again.
pub(super) fn damaged(error: TantivyError) -> IndexError {
    IndexError::Damaged(error.to_string())
}
