//! Opens a register, and heals what a crash or an older program left.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, RwLock};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use thiserror::Error;

use super::writing::Writers;
use super::{Register, ViewError, lookup};
use crate::gazetteer::{self, Gazetteer, GazetteerError};
use crate::graph::{self, Graph, GraphError};
use crate::index::{Index, IndexError};
use crate::journal::{JournalError, SqliteJournal};
use crate::model::Revision;
use crate::record::Base;
use crate::schema::Schema;

/// The file that remembers the public address the views were made with.
pub(super) const ADDRESS_FILE: &str = "address";

/// Where a register is kept.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// In memory: gone with the process.
    Memory,
    /// In a data directory of its own.
    Directory(&'a Path),
}

/// Why a register can't be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The journal can't be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The graph can't be opened.
    #[error(transparent)]
    Graph(#[from] graph::OpenError),
    /// The graph in memory can't be made.
    #[error(transparent)]
    Memory(#[from] GraphError),
    /// The index can't be opened.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A gazetteer file of the data directory can't be read.
    #[error(transparent)]
    Gazetteer(#[from] GazetteerError),
    /// The views can't be made from the journal.
    #[error(transparent)]
    View(#[from] ViewError),
    /// A damaged view can't be removed, or the address not be noted.
    #[error("a file of the data directory can't be changed: {0}")]
    File(#[from] std::io::Error),
}

impl Register {
    /// Opens the register at `place`, whose public address is `base`.
    ///
    /// Views that are behind the journal are caught up; views that are
    /// damaged, ahead of it, or made for another address are made again.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: in use by another process, not writable, of a newer
    /// format, or damaged where nothing can be made again.
    pub fn open(
        schema: Schema,
        base: Base,
        place: Place<'_>,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let (journal, graph, index, gazetteer, directory, moved) = match place {
            Place::Memory => {
                let journal = SqliteJournal::in_memory()?;
                let index = Index::open(None)?;
                (journal, Graph::in_memory()?, index, Gazetteer::embedded(), None, false)
            }
            Place::Directory(directory) => {
                let journal = SqliteJournal::open(directory)?;
                let graph = open_graph(&graph_of(directory))?;
                let index = open_index(&directory.join("index"))?;
                let gazetteer = Gazetteer::open(&directory.join(gazetteer::FOLDER))?;
                let moved = is_moved(directory, &base)?;
                (journal, graph, index, gazetteer, Some(directory.to_owned()), moved)
            }
        };
        let mut register = Self {
            schema,
            base,
            journal: Box::new(journal),
            graph: Arc::new(graph),
            index,
            gazetteer: ArcSwap::from_pointee(gazetteer),
            lookup: RwLock::new(lookup::Lookup::default()),
            rules: RwLock::new(None),
            directory,
            kept_free: AtomicU64::new(0),
            committed: Mutex::new(None),
            writer: Mutex::new(()),
            subscriptions: Mutex::new(()),
            writers: Writers::default(),
            activity: Arc::default(),
        };
        match register.heal(moved, now) {
            Err(OpenError::View(ViewError::Graph(error))) if error.is_damage() => {
                tracing::warn!(%error, "the graph is damaged and made again");
                register.discard_graph()?;
                register.heal(moved, now)?;
            }
            healed => healed?,
        }
        // Last: views that could not be made for a new address are asked for
        // again by the next start.
        register.note_address()?;
        Ok(register)
    }

    /// Throws the files of the graph away, whatever state they are in: to take
    /// everything out of a damaged store it would have to be read. An empty
    /// graph is there then, until [`Register::rebuild`] fills it. In memory
    /// there is nothing to throw away.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the files can't be removed, or somebody else holds
    /// the graph.
    pub fn discard_graph(&mut self) -> Result<(), OpenError> {
        let Some(directory) = self.directory.as_ref().map(|directory| graph_of(directory)) else {
            return Ok(());
        };
        // The store lets go of its files when it is dropped.
        self.graph = Arc::new(Graph::in_memory()?);
        std::fs::remove_dir_all(&directory)?;
        self.graph = Arc::new(Graph::open(&directory)?);
        Ok(())
    }

    /// The public address with which the register in `directory` was last
    /// opened; `None` when there is none.
    ///
    /// # Errors
    ///
    /// When the system can't read it.
    pub fn address_in(directory: &Path) -> std::io::Result<Option<String>> {
        read_address(&directory.join(ADDRESS_FILE))
    }

    fn note_address(&self) -> std::io::Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        let file = directory.join(ADDRESS_FILE);
        if read_address(&file)?.as_deref() == Some(self.base.as_str()) {
            return Ok(());
        }
        std::fs::write(&file, self.base.as_str())
    }

    fn heal(&self, moved: bool, now: Timestamp) -> Result<(), OpenError> {
        let newest = self.journal.newest()?;
        let (graph, index) =
            (self.graph.revision().map_err(ViewError::from)?, self.index.revision());
        let empty = |revision: Revision| revision == Revision(0) && newest > Revision(0);
        if empty(index) && graph == newest && !moved {
            // Such as after an update to a program with another form of index.
            tracing::info!(%newest, "the index is made from the journal");
            self.learn_all()?;
            self.make_index(newest, now, &mut |_| {})?;
        } else if moved || empty(index) || graph > newest || index > newest {
            if newest > Revision(0) || graph > newest || index > newest {
                tracing::info!(%newest, %graph, %index, "the views are made from the journal");
                self.rebuild(now, &mut |_| {})?;
            }
        } else if empty(graph) {
            tracing::info!(%newest, "the graph is made from the journal");
            self.learn_all()?;
            self.rebuild_graph(newest, &mut |_| {})?;
            self.catch_up(now, &mut |_| {})?;
        } else {
            self.learn_all()?;
            self.catch_up(now, &mut |_| {})?;
        }
        self.note_all_links().map_err(ViewError::from)?;
        Ok(())
    }
}

fn graph_of(directory: &Path) -> PathBuf {
    directory.join("graph")
}

fn open_graph(directory: &Path) -> Result<Graph, OpenError> {
    match Graph::open(directory) {
        Err(graph::OpenError::Damaged { .. }) => {
            tracing::warn!(directory = %directory.display(), "the graph is damaged and made again");
            std::fs::remove_dir_all(directory)?;
            Ok(Graph::open(directory)?)
        }
        opened => Ok(opened?),
    }
}

fn open_index(directory: &Path) -> Result<Index, OpenError> {
    match Index::open(Some(directory)) {
        Err(error) if error.is_healed_by_rebuilding() => {
            tracing::warn!(directory = %directory.display(), %error, "the index is made again");
            std::fs::remove_dir_all(directory)?;
            Ok(Index::open(Some(directory))?)
        }
        opened => Ok(opened?),
    }
}

/// Whether the views in `directory` were made for another address than `base`.
fn is_moved(directory: &Path, base: &Base) -> Result<bool, std::io::Error> {
    let before = read_address(&directory.join(ADDRESS_FILE))?;
    Ok(before.is_some_and(|before| before != base.as_str()))
}

fn read_address(file: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(file) {
        Ok(address) => Ok(Some(address)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
