//! The first load into an empty graph, in bounded memory.

use std::collections::HashSet;

use oxigraph::model::{GraphName, Quad, Triple};
use oxigraph::store::StorageError;

use crate::graph::private::{self, State};
use crate::graph::{Graph, GraphError, NamedGraph};
use crate::model::Revision;

/// Memory for one batch of the loader, in megabytes for each of its threads.
const BATCH_MEGABYTES: usize = 64;

/// Threads that sort batches while the next is read.
const THREADS: usize = 2;

impl Graph {
    /// Fills an empty graph, each name given once, and remembers `revision`
    /// last.
    ///
    /// Much faster than [`Graph::replace`], in memory that doesn't grow with
    /// the number of graphs, and not atomic: after a crash in between,
    /// [`Graph::open`] finds no revision and starts with an empty graph.
    ///
    /// # Errors
    ///
    /// [`GraphError::NotEmpty`] when something was applied before;
    /// [`GraphError::PrivateName`] when a name is the private graph's;
    /// [`GraphError::Storage`] when the store fails. The graph may hold a part
    /// then: [`Graph::clear`] empties it.
    pub fn load(
        &self,
        graphs: impl Iterator<Item = NamedGraph>,
        revision: Revision,
    ) -> Result<(), GraphError> {
        let _writer = self.lock();
        let before = private::read(&self.store)?;
        let is_blank = before.revision == Revision(0) && before.quads == 0;
        let is_unfinished = before.format == 0 && !self.store.is_empty()?;
        if !is_blank || is_unfinished {
            return Err(GraphError::NotEmpty(before.revision));
        }
        let mut quads = 0;
        let mut private_name = None;
        let pairs = graphs
            .take_while(|graph| {
                let fine = graph.name.as_ref() != private::NAME;
                if !fine {
                    private_name = Some(graph.name.clone());
                }
                fine
            })
            .flat_map(|graph| {
                let both = with_union(graph);
                quads += (both.len() / 2) as u64;
                both
            });
        let mut loader = self
            .store
            .bulk_loader()
            .with_num_threads(THREADS)
            .with_max_memory_size_in_megabytes(BATCH_MEGABYTES * THREADS)
            .without_atomicity();
        loader.load_ok_quads::<StorageError, StorageError>(pairs.map(Ok::<Quad, _>))?;
        loader.commit()?;
        if let Some(name) = private_name {
            return Err(GraphError::PrivateName(name));
        }
        self.store.flush()?;
        let mut transaction = self.store.start_transaction()?;
        private::write(
            &mut transaction,
            State { format: private::CURRENT_FORMAT, revision, quads },
        )?;
        transaction.commit()?;
        self.store.flush()?;
        self.applied.send_replace(revision);
        Ok(())
    }

    /// Adds `graphs`, none of which is there, to a graph that holds `before`
    /// quads; all or none. The caller holds the lock, and remembers the
    /// revision afterwards.
    pub(super) fn add(&self, graphs: Vec<NamedGraph>, before: u64) -> Result<(), StorageError> {
        let mut quads: Vec<Quad> = graphs.into_iter().flat_map(with_union).collect();
        quads.push(private::grown(before + (quads.len() / 2) as u64));
        // One batch, so that everything comes at once.
        let thousands = quads.len() / 1_000 + 1;
        let loader = self.store.bulk_loader().with_num_threads(1);
        let mut loader = loader.with_max_memory_size_in_megabytes(thousands);
        loader.load_quads(quads)?;
        loader.commit()
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
