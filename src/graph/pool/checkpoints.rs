//! The copies of the graph that query processes look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::graph::{Graph, PoolError};
use crate::model::Revision;

/// What the names of all copies begin with; nothing else in the directory is
/// ever removed.
const PREFIX: &str = "checkpoint-";

/// Makes copies of a graph, numbered, in one directory.
pub(super) struct Checkpoints {
    graph: Arc<Graph>,
    directory: PathBuf,
    next: AtomicU64,
}

/// A copy of the graph; its files go with it.
pub(super) struct Checkpoint {
    pub(super) directory: PathBuf,
    pub(super) revision: Revision,
    /// When it was begun.
    pub(super) made: Instant,
    /// Later copies have higher numbers.
    pub(super) number: u64,
}

impl Checkpoints {
    /// Makes the directory if need be, and removes what was left in it.
    pub(super) fn in_directory(graph: Arc<Graph>, directory: &Path) -> Result<Self, PoolError> {
        let failed = |source| PoolError::Directory { directory: directory.to_owned(), source };
        fs::create_dir_all(directory).map_err(failed)?;
        for entry in fs::read_dir(directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                fs::remove_dir_all(entry.path()).map_err(failed)?;
            }
        }
        Ok(Self { graph, directory: directory.to_owned(), next: AtomicU64::new(0) })
    }

    pub(super) async fn make(&self) -> Result<Arc<Checkpoint>, PoolError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let directory = self.directory.join(format!("{PREFIX}{number}"));
        let graph = Arc::clone(&self.graph);
        let made = tokio::task::spawn_blocking(move || {
            // Made first, so that a copy which fails halfway is removed too.
            let made = Instant::now();
            let mut checkpoint = Checkpoint { directory, revision: Revision(0), made, number };
            checkpoint.revision = graph.checkpoint(&checkpoint.directory)?;
            Ok(checkpoint)
        });
        match made.await {
            Ok(checkpoint) => checkpoint.map(Arc::new).map_err(PoolError::Graph),
            Err(error) => Err(PoolError::Start(error.to_string())),
        }
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.directory) {
            tracing::warn!(%error, "an old copy of the graph can't be removed");
        }
    }
}
