//! The public quads, and SPARQL over them.
//!
//! A [`Graph`] is a view: what it holds can be thrown away and made again
//! from the journal, and it remembers the revision up to which it is made, in
//! the same transaction as what it applied. It holds what is public and
//! nothing else, and knows nothing of records.
//!
//! One named graph stands for one record of one source. The default graph is
//! the union of all of them, kept as triples of its own, so that a query
//! without `GRAPH` sees a triple once however many sources say it. A private
//! graph of the store holds the revision and the counts; it is taken out of
//! every checkpoint, and queries run on checkpoints alone ([`Pool`]), in
//! processes that may be killed ([`worker`]).
//!
//! This module and its children are the only ones that know the quad store;
//! others use its terms ([`oxigraph::model`]) and no more.

mod addition;
mod algebra;
mod checkpoint;
mod describe;
mod dump;
mod evaluate;
mod format;
mod frame;
mod guard;
pub mod input;
mod integrity;
mod load;
mod merging;
mod open;
mod options;
mod pool;
mod private;
mod query;
mod read;
mod replace;
mod steps;
pub mod worker;
mod write;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use oxigraph::model::{NamedNode, Triple};
use oxigraph::store::{StorageError, Store};
use thiserror::Error;
use tokio::sync::watch;

use self::merging::Merging;
use crate::model::Revision;

pub use algebra::{Complexity, Measure};
pub use dump::DumpError;
pub use format::{Form, GraphFormat, ResultFormat, SolutionsFormat};
pub use open::OpenError;
pub use options::{Limits, Options};
pub use pool::{Answer, AnswerBody, BrokenAnswer, Pool, PoolError};
pub use query::{Dataset, QueryError, QueryRequest};

/// What happened when the graph was read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// The store could not read or write; nothing of the change is visible.
    #[error("the graph store failed: {0}")]
    Storage(#[from] StorageError),
    /// A file beside the store could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The name is the one of the private graph.
    #[error("`{0}` is not the name of a public graph")]
    PrivateName(NamedNode),
    /// A bulk load needs an empty graph.
    #[error("a first load needs an empty graph, and this one is at revision {0}")]
    NotEmpty(Revision),
}

impl GraphError {
    /// Whether the files of the store can't be read as they are, so that only
    /// another store, made from the journal, helps.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Corruption(_)))
    }
}

/// All that one source says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedGraph {
    /// The name of the graph, `{base}/graph/{source}/{kind}/{id}`.
    pub name: NamedNode,
    /// Its triples, in any order; none means that the graph is dropped.
    pub triples: Vec<Triple>,
}

/// The public quads, on disk or in memory.
///
/// Any number of threads may read; writers wait for each other, because the
/// store underneath detects no conflicts and would lose updates silently.
pub struct Graph {
    store: Store,
    /// Where the store is; nowhere when it is in memory.
    directory: Option<PathBuf>,
    /// Held by whoever writes.
    writer: Mutex<Writer>,
    /// Announces each new revision to those who follow.
    applied: watch::Sender<Revision>,
}

/// What writers leave to those after them.
#[derive(Debug, Default)]
struct Writer {
    /// Bytes written since the store was last told to empty its log.
    unflushed: u64,
    merging: Merging,
}

impl Graph {
    /// The revision of the journal up to which this view is made; zero when
    /// nothing was ever applied.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] when the store can't be read.
    pub fn revision(&self) -> Result<Revision, GraphError> {
        Ok(private::read(&self.store)?.revision)
    }

    /// The number of quads in the named graphs, from a count that is kept.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] when the store can't be read.
    pub fn len(&self) -> Result<u64, GraphError> {
        Ok(private::read(&self.store)?.quads)
    }

    /// Whether no named graph holds anything.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] when the store can't be read.
    pub fn is_empty(&self) -> Result<bool, GraphError> {
        Ok(self.len()? == 0)
    }

    /// Follows the revision: the receiver is marked whenever something was
    /// applied.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Revision> {
        self.applied.subscribe()
    }

    /// Writes what the store holds in memory to its files, and empties its
    /// log. Does nothing in memory.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] when the files can't be written.
    pub fn flush(&self) -> Result<(), GraphError> {
        let mut writer = self.lock();
        self.store.flush()?;
        writer.unflushed = 0;
        Ok(())
    }

    /// Has what transactions and [`Graph::clear`] did on the disk, before an
    /// addition tells of a later revision there: the log that they are in is not
    /// waited for, and may end early when the power fails.
    fn settle(&self, writer: &mut Writer) -> Result<(), StorageError> {
        if writer.unflushed > 0 {
            self.store.flush()?;
            writer.unflushed = 0;
        }
        Ok(())
    }

    /// Waits until no other thread writes. A writer that panicked left its
    /// transaction undone, so the lock is good again.
    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Graph").field("directory", &self.directory).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod bombs;
#[cfg(test)]
mod tests;
