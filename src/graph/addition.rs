//! New graphs that are added all at once.

use std::collections::HashSet;
use std::time::Instant;

use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use oxigraph::store::{BulkLoader, StorageError};

use crate::graph::merging::Merging;
use crate::graph::private::{self, State};
use crate::graph::{Graph, NamedGraph};
use crate::model::Revision;

/// Memory for a batch of the loader that is being gathered, and for each that is
/// being sorted, in megabytes; the loader counts a kilobyte for each quad.
pub(super) const BATCH_MEGABYTES: usize = 24;

/// Quads that are added at once, in as many sorted files as there are batches.
/// After each addition the store merges what is new with what is there, so few
/// large ones cost less than many small ones (docs/performance.md).
const AT_ONCE: u64 = 4_096_000;

/// Batches that are sorted at once: each waits for the disk at its end.
const SORTED_AT_ONCE: usize = 2;

/// From how many graphs on an addition makes the store merge for long.
const MANY: usize = 250;

/// Graphs that are sorted and written beside the store, and become part of it
/// all at once, or never.
pub(super) struct Addition<'a> {
    loader: BulkLoader<'a>,
    before: State,
    names: HashSet<NamedNode>,
    quads: u64,
    begun: Instant,
}

impl Graph {
    /// Nothing yet; `thousands` of quads, each counted as a triple of the union
    /// too, are sorted in one batch. The caller holds the lock.
    pub(super) fn addition(&self, thousands: usize) -> Result<Addition<'_>, StorageError> {
        let (begun, before) = (Instant::now(), private::read(&self.store)?);
        let loader = self.loader(thousands.min(BATCH_MEGABYTES));
        Ok(Addition { loader, before, names: HashSet::new(), quads: 0, begun })
    }

    /// A loader that adds all that it is given or nothing, and sorts batches of so
    /// many thousand quads while the next is gathered.
    fn loader(&self, thousands: usize) -> BulkLoader<'_> {
        let loader = self.store.bulk_loader().with_num_threads(SORTED_AT_ONCE);
        loader.with_max_memory_size_in_megabytes(SORTED_AT_ONCE * thousands)
    }
}

impl Addition<'_> {
    /// Takes graphs that are neither in the store nor here.
    pub(super) fn take(
        &mut self,
        graphs: impl IntoIterator<Item = NamedGraph>,
    ) -> Result<(), StorageError> {
        let (names, quads) = (&mut self.names, &mut self.quads);
        self.loader.load_quads(graphs.into_iter().flat_map(|graph| {
            names.insert(graph.name.clone());
            let both = with_union(graph);
            *quads += both.len() as u64 / 2;
            both
        }))
    }

    /// Whether a graph of this name was taken.
    pub(super) fn holds(&self, name: &NamedNode) -> bool {
        self.names.contains(name)
    }

    /// Whether there is enough to be added.
    pub(super) fn is_full(&self) -> bool {
        2 * self.quads >= AT_ONCE
    }

    /// Adds what was taken; `revision` is remembered with it when there is one.
    /// Without, the view is as finished as it was.
    pub(super) fn finish(
        mut self,
        revision: Option<Revision>,
        merging: &mut Merging,
    ) -> Result<(), StorageError> {
        let state = State {
            format: revision.map_or(self.before.format, |_| private::CURRENT_FORMAT),
            revision: revision.unwrap_or(self.before.revision),
            quads: self.before.quads + self.quads,
        };
        self.loader.load_quads(private::grown(state))?;
        self.loader.commit()?;
        if self.names.len() >= MANY {
            merging.added(self.begun);
        }
        Ok(())
    }
}

/// The quads of a named graph, and each as a triple of the union.
fn with_union(NamedGraph { name, triples }: NamedGraph) -> Vec<Quad> {
    let distinct: HashSet<Triple> = triples.into_iter().collect();
    let both = distinct.into_iter().flat_map(|triple| {
        [triple.clone().in_graph(GraphName::DefaultGraph), triple.in_graph(name.clone())]
    });
    both.collect()
}
