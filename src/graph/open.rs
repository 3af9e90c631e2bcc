//! Opening the store, and telling apart why it can't be.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use oxigraph::store::{StorageError, Store, StoreOptions};
use rustix::process::{Resource, getrlimit};
use thiserror::Error;
use tokio::sync::watch;

use crate::background;
use crate::graph::private::{self, State};
use crate::graph::{Graph, GraphError};

/// File descriptors that the store leaves to connections and other files,
/// where the system allows so many; elsewhere it leaves the half.
const RESERVED_FILES: u64 = 4_608;

/// Why the graph can't be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process, or this one, has the directory open.
    #[error("{0} is in use by another process")]
    Locked(PathBuf),
    /// The directory or file system allows no writing.
    #[error("{0} can't be written to")]
    ReadOnly(PathBuf),
    /// There is no room left on the device.
    #[error("there is no room left for {0}")]
    Full(PathBuf),
    /// The files are damaged; the graph can be made again from the journal.
    #[error("the graph in {directory} is damaged: {reason}")]
    Damaged {
        /// The directory of the store.
        directory: PathBuf,
        /// What the store said.
        reason: String,
    },
    /// The store was written by a newer program.
    #[error("the graph in {0} was written by a newer version of this program")]
    Newer(PathBuf),
    /// The system refused for another reason.
    #[error("{directory} can't be opened: {source}")]
    Other {
        /// The directory of the store.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Graph {
    /// Opens the graph in `directory`, or makes an empty one there.
    ///
    /// A store that a crash left half loaded, or that has an older layout, is
    /// emptied: it is a view, and its revision of zero asks for everything
    /// again.
    ///
    /// # Errors
    ///
    /// [`OpenError`], by cause: in use, not writable, full, damaged, newer.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        fs::create_dir_all(directory).map_err(|error| from_system(directory, error))?;
        let (store, state) = open_store(directory)?;
        if state.format > private::CURRENT_FORMAT {
            return Err(OpenError::Newer(directory.to_owned()));
        }
        if state.format == private::CURRENT_FORMAT || store_is_new(&store, directory)? {
            return Ok(Self::over(store, Some(directory.to_owned()), state));
        }
        tracing::warn!(directory = %directory.display(), "the graph is incomplete and starts anew");
        drop(store);
        fs::remove_dir_all(directory)
            .and_then(|()| fs::create_dir(directory))
            .map_err(|error| from_system(directory, error))?;
        let (store, state) = open_store(directory)?;
        Ok(Self::over(store, Some(directory.to_owned()), state))
    }

    /// An empty graph that lives as long as this value.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] when memory can't be had.
    pub fn in_memory() -> Result<Self, GraphError> {
        Ok(Self::over(Store::new()?, None, State::default()))
    }

    fn over(store: Store, directory: Option<PathBuf>, state: State) -> Self {
        let (applied, _) = watch::channel(state.revision);
        Self { store, directory, writer: Mutex::default(), applied }
    }
}

fn open_store(directory: &Path) -> Result<(Store, State), OpenError> {
    let options = StoreOptions::default().with_fd_reserve(reserved_files());
    // The threads that merge its files are started with it.
    let store = background::run(|| Store::open_with_options(directory, options))
        .map_err(|error| from_storage(directory, error))?;
    let state = private::read(&store).map_err(|error| from_storage(directory, error))?;
    Ok((store, state))
}

fn reserved_files() -> u32 {
    let allowed = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    u32::try_from(RESERVED_FILES.min(allowed / 2)).unwrap_or(u32::MAX)
}

/// Whether nothing was ever written: a store without a layout that holds
/// something is one whose load was broken off.
fn store_is_new(store: &Store, directory: &Path) -> Result<bool, OpenError> {
    store.is_empty().map_err(|error| from_storage(directory, error))
}

fn from_storage(directory: &Path, error: StorageError) -> OpenError {
    let directory = directory.to_owned();
    match error {
        StorageError::Io(source) => from_system(&directory, source),
        StorageError::Corruption(error) => {
            let reason = error.to_string();
            if reason.contains("too recent version") {
                OpenError::Newer(directory)
            } else {
                OpenError::Damaged { directory, reason }
            }
        }
        other => OpenError::Damaged { directory, reason: other.to_string() },
    }
}

/// The store reports most system errors as text of its own, so the text is
/// looked at where the kind says nothing.
fn from_system(directory: &Path, source: io::Error) -> OpenError {
    let directory = directory.to_owned();
    let text = source.to_string();
    let says = |part: &str| text.contains(part);
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            OpenError::ReadOnly(directory)
        }
        io::ErrorKind::StorageFull => OpenError::Full(directory),
        _ if says("LOCK") && (says("temporarily unavailable") || says("lock hold by")) => {
            OpenError::Locked(directory)
        }
        _ if says("Permission denied") || says("Read-only file system") => {
            OpenError::ReadOnly(directory)
        }
        _ if says("No space left") => OpenError::Full(directory),
        io::ErrorKind::NotFound => OpenError::Damaged { directory, reason: text },
        _ => OpenError::Other { directory, source },
    }
}
