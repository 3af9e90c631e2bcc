//! Applying a change: whole named graphs replaced in one transaction.

use std::collections::{HashMap, HashSet};

use oxigraph::model::{GraphNameRef, NamedNodeRef, QuadRef, Triple, TripleRef};
use oxigraph::store::{StorageError, Transaction};

use crate::graph::private::{self, State};
use crate::graph::{Graph, GraphError, NamedGraph, Writer};
use crate::model::Revision;

/// The store's log is emptied after about this many bytes: its own rule lets
/// the log grow to gigabytes, and opening reads all of it.
const FLUSH_AFTER: u64 = 64 * 1024 * 1024;

/// From how many graphs on that are new they are added in bulk, which costs a
/// third for each, and about as much as sixty of them for all.
pub(super) const BULK: usize = 250;

/// Bytes that one quad costs in the log beside its text: six keys as a quad
/// and three as a triple of the union.
const KEY_BYTES: u64 = 9 * 60;

impl Graph {
    /// Replaces whole named graphs by what is given, and remembers `revision`;
    /// a graph without triples is dropped.
    ///
    /// Only the differences are written. A name that comes twice counts with
    /// its last triples. Many new graphs are added first, all at once; what
    /// else changes, and the revision, is one transaction. While the store
    /// merges what it got, few new graphs are added so too, since a
    /// transaction would have to wait.
    ///
    /// # Errors
    ///
    /// [`GraphError::PrivateName`] when a name is the private graph's;
    /// [`GraphError::Storage`] when the store fails. The revision is the old
    /// one then, and to say the same again does no harm.
    pub fn replace(&self, graphs: Vec<NamedGraph>, revision: Revision) -> Result<(), GraphError> {
        Self::check_names(&graphs)?;
        self.replace_or_add(&mut self.lock(), graphs, revision, BULK)
    }

    /// Refuses the name of the private graph.
    pub(super) fn check_names(graphs: &[NamedGraph]) -> Result<(), GraphError> {
        match graphs.iter().find(|graph| graph.name.as_ref() == private::NAME) {
            Some(graph) => Err(GraphError::PrivateName(graph.name.clone())),
            None => Ok(()),
        }
    }

    /// As [`Graph::replace`], for who holds the lock and has checked the names;
    /// new graphs are added in bulk from `bulk` on.
    pub(super) fn replace_or_add(
        &self,
        writer: &mut Writer,
        mut graphs: Vec<NamedGraph>,
        revision: Revision,
        bulk: usize,
    ) -> Result<(), GraphError> {
        let takes_small = |writer: &mut Writer| {
            // What transactions did would have to be waited for first.
            writer.unflushed == 0 && writer.merging.takes_small()
        };
        if graphs.len() >= bulk || takes_small(writer) {
            let (new, rest) = self.new_and_known(graphs)?;
            let is_all = rest.is_empty() && !new.is_empty();
            if is_all || new.len() >= bulk {
                let quads: usize = new.iter().map(|graph| 2 * graph.triples.len()).sum();
                let mut addition = self.addition(quads / 1_000 + 1)?;
                addition.take(new)?;
                self.settle(writer)?;
                addition.finish(is_all.then_some(revision), &mut writer.merging)?;
                if is_all {
                    self.applied.send_replace(revision);
                    return Ok(());
                }
                graphs = rest;
            } else {
                graphs = [rest, new].concat();
            }
        }
        let mut transaction = self.store.start_transaction()?;
        let before = private::read_in(&transaction)?;
        let mut change = Change::default();
        for graph in &graphs {
            change.replace(&mut transaction, graph)?;
        }
        let quads = (before.quads + change.added).saturating_sub(change.removed);
        let state = State { format: private::CURRENT_FORMAT, revision, quads };
        private::write(&mut transaction, state)?;
        transaction.commit()?;
        writer.unflushed += change.bytes;
        if writer.unflushed > FLUSH_AFTER {
            self.store.flush()?;
            writer.unflushed = 0;
        }
        self.applied.send_replace(revision);
        Ok(())
    }

    /// Those that are to hold something and don't exist, each name once; and
    /// those that exist.
    fn new_and_known(
        &self,
        graphs: Vec<NamedGraph>,
    ) -> Result<(Vec<NamedGraph>, Vec<NamedGraph>), StorageError> {
        let (mut new, mut known) = (HashMap::new(), Vec::new());
        for graph in graphs {
            if self.store.contains_named_graph(&graph.name)? {
                known.push(graph);
            } else {
                new.insert(graph.name.clone(), graph);
            }
        }
        let new = new.into_values().filter(|graph| !graph.triples.is_empty());
        Ok((new.collect(), known))
    }

    /// Takes everything out; the revision is zero again.
    ///
    /// Texts stay in the files of the store until its directory is removed.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] when the store fails.
    pub fn clear(&self) -> Result<(), GraphError> {
        let mut writer = self.lock();
        self.store.clear()?;
        writer.unflushed += KEY_BYTES;
        self.applied.send_replace(Revision(0));
        Ok(())
    }
}

/// What a transaction did so far.
#[derive(Debug, Default)]
struct Change {
    added: u64,
    removed: u64,
    bytes: u64,
}

impl Change {
    fn replace(
        &mut self,
        transaction: &mut Transaction<'_>,
        graph: &NamedGraph,
    ) -> Result<(), StorageError> {
        let name = graph.name.as_ref();
        let present = triples_of(transaction, name)?;
        let wanted: HashSet<&Triple> = graph.triples.iter().collect();
        // Removals first: the store rewrites literals (`5.10` as `5.1`), so
        // what looks like one triple going and another coming may be the same.
        for triple in present.iter().filter(|triple| !wanted.contains(triple)) {
            self.remove(transaction, triple.as_ref(), name)?;
        }
        for triple in wanted.into_iter().filter(|&triple| !present.contains(triple)) {
            self.add(transaction, triple.as_ref(), name)?;
        }
        if graph.triples.is_empty() {
            transaction.remove_named_graph(name)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        transaction: &mut Transaction<'_>,
        triple: TripleRef<'_>,
        name: NamedNodeRef<'_>,
    ) -> Result<(), StorageError> {
        let quad = triple.in_graph(name);
        self.bytes += KEY_BYTES + triple.to_string().len() as u64;
        // Two ways to write one literal may both be asked for.
        if transaction.contains(quad)? {
            return Ok(());
        }
        transaction.insert(quad);
        transaction.insert(triple.in_graph(GraphNameRef::DefaultGraph));
        self.added += 1;
        Ok(())
    }

    fn remove(
        &mut self,
        transaction: &mut Transaction<'_>,
        triple: TripleRef<'_>,
        name: NamedNodeRef<'_>,
    ) -> Result<(), StorageError> {
        transaction.remove(triple.in_graph(name));
        self.removed += 1;
        self.bytes += KEY_BYTES;
        if !is_said_elsewhere(transaction, triple)? {
            transaction.remove(triple.in_graph(GraphNameRef::DefaultGraph));
        }
        Ok(())
    }
}

/// The triples of a graph, as a transaction sees them.
fn triples_of(
    transaction: &Transaction<'_>,
    name: NamedNodeRef<'_>,
) -> Result<HashSet<Triple>, StorageError> {
    transaction
        .quads_for_pattern(None, None, None, Some(name.into()))
        .map(|quad| quad.map(Triple::from))
        .collect()
}

/// Whether a named graph holds the triple: then it stays in the union.
fn is_said_elsewhere(
    transaction: &Transaction<'_>,
    triple: TripleRef<'_>,
) -> Result<bool, StorageError> {
    let quads = transaction.quads_for_pattern(
        Some(triple.subject),
        Some(triple.predicate),
        Some(triple.object),
        None,
    );
    for quad in quads {
        if QuadRef::from(&quad?).graph_name != GraphNameRef::DefaultGraph {
            return Ok(true);
        }
    }
    Ok(false)
}
