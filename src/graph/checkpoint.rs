//! Copies of the graph for the processes that answer queries.
//!
//! A checkpoint is a directory of its own that nobody writes to any more. On
//! disk it is made of hard links and costs little; in memory it is a file of
//! N-Quads. The private graph is not in it, so no query can see it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, GraphNameRef};
use oxigraph::store::{LoaderError, StorageError, Store};

use crate::graph::private::{self, State};
use crate::graph::{Graph, GraphError};
use crate::model::Revision;

/// The store within a checkpoint of a graph on disk.
const STORE: &str = "store";

/// The quads within a checkpoint of a graph in memory.
const QUADS: &str = "graph.nq";

impl Graph {
    /// Copies the graph into `directory`, which must not be there yet, beside
    /// the store so that both are on one file system; gives the revision of
    /// the copy.
    ///
    /// Writers go on meanwhile. The copy is not made durable: it is for
    /// processes of this machine, and for backups that copy it further.
    ///
    /// # Errors
    ///
    /// [`GraphError`] when the store or the file system fails.
    pub fn checkpoint(&self, directory: &Path) -> Result<Revision, GraphError> {
        fs::create_dir_all(directory).map_err(|source| file_error(directory, source))?;
        if self.directory.is_some() {
            self.link_into(&directory.join(STORE))
        } else {
            let path = directory.join(QUADS);
            self.write_into(&path).map_err(|error| match error {
                WriteError::Storage(error) => GraphError::Storage(error),
                WriteError::File(source) => file_error(&path, source),
            })
        }
    }

    fn link_into(&self, directory: &Path) -> Result<Revision, GraphError> {
        self.store.backup(directory)?;
        let copy = Store::open(directory)?;
        let state = private::read(&copy)?;
        copy.remove_named_graph(private::NAME)?;
        copy.flush()?;
        Ok(state.revision)
    }

    fn write_into(&self, path: &Path) -> Result<Revision, WriteError> {
        let mut writer = BufWriter::new(File::create_new(path)?);
        let mut state = State::default();
        // One iterator is one moment of the store: the revision is of the
        // same moment as the quads.
        for quad in &self.store {
            let quad = quad?;
            if private::is_private(quad.graph_name.as_ref()) {
                private::note(&mut state, &quad);
            } else if quad.graph_name != GraphName::DefaultGraph {
                writeln!(writer, "{quad} .")?;
            }
        }
        writer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(state.revision)
    }
}

/// Opens a checkpoint to read.
pub(super) fn open(directory: &Path) -> Result<Store, LoaderError> {
    let store = directory.join(STORE);
    if store.exists() {
        return Ok(Store::open_read_only(store)?);
    }
    let file = File::open(directory.join(QUADS)).map_err(StorageError::from)?;
    read_quads(BufReader::new(file))
}

fn read_quads(reader: impl BufRead) -> Result<Store, LoaderError> {
    let store = Store::new()?;
    let quads = RdfParser::from_format(RdfFormat::NQuads).for_reader(reader);
    let mut loader = store.bulk_loader();
    let both = quads.flat_map(|quad| match quad {
        Ok(quad) => {
            let mut merged = quad.clone();
            merged.graph_name = GraphNameRef::DefaultGraph.into_owned();
            vec![Ok(quad), Ok(merged)]
        }
        Err(error) => vec![Err(error)],
    });
    loader.load_ok_quads::<_, LoaderError>(both)?;
    loader.commit()?;
    Ok(store)
}

enum WriteError {
    Storage(StorageError),
    File(std::io::Error),
}

impl From<StorageError> for WriteError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

fn file_error(path: &Path, source: std::io::Error) -> GraphError {
    GraphError::File { path: path.to_owned(), source }
}
