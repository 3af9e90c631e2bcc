//! The whole graph as sorted N-Quads.

use std::io::{self, Write};

use oxigraph::model::{NamedNode, NamedOrBlankNode};
use oxigraph::store::{StorageError, Transaction};
use thiserror::Error;

use crate::graph::Graph;
use crate::graph::private;

/// Why a dump broke off.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DumpError {
    /// The store could not be read.
    #[error("the graph store failed: {0}")]
    Storage(#[from] StorageError),
    /// The target could not be written.
    #[error("the dump can't be written: {0}")]
    Write(#[from] io::Error),
}

impl DumpError {
    /// As [`GraphError::is_damage`](super::GraphError::is_damage).
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Corruption(_)))
    }
}

impl Graph {
    /// Writes all public named graphs as N-Quads, and gives the number of
    /// quads.
    ///
    /// The order is that of the text: first by graph name, then by line. Two
    /// graphs with the same content give the same bytes, whatever was applied
    /// in what order, on disk or in memory. The dump is of one moment, however
    /// long it takes. Memory grows with the number of graphs (their names, some
    /// hundred bytes each), not with what they hold.
    ///
    /// # Errors
    ///
    /// [`DumpError`] at the first quad that can't be read or written.
    pub fn dump(&self, mut writer: impl Write) -> Result<u64, DumpError> {
        // A transaction that is never committed is the store's only lasting
        // snapshot.
        let transaction = self.store.start_transaction()?;
        let mut count = 0;
        for name in public_names(&transaction)? {
            let mut lines = Vec::new();
            for quad in transaction.quads_for_pattern(None, None, None, Some((&name).into())) {
                lines.push(format!("{} .\n", quad?));
            }
            lines.sort_unstable();
            for line in &lines {
                writer.write_all(line.as_bytes())?;
            }
            count += lines.len() as u64;
        }
        writer.flush()?;
        Ok(count)
    }
}

fn public_names(transaction: &Transaction<'_>) -> Result<Vec<NamedNode>, StorageError> {
    let mut names = Vec::new();
    for name in transaction.named_graphs() {
        if let NamedOrBlankNode::NamedNode(name) = name?
            && name.as_ref() != private::NAME
        {
            names.push(name);
        }
    }
    names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    Ok(names)
}
