//! The first load into an empty graph, in bounded memory.

use std::cell::Cell;
use std::time::Instant;

use crate::graph::addition::{BATCH_MEGABYTES, with_union};
use crate::graph::private::{self, State};
use crate::graph::{Graph, GraphError, NamedGraph};
use crate::model::Revision;

/// Quads that are added at once, in as many sorted files as there are batches.
/// After each addition the store merges what is new with what is there, so few
/// large ones cost less than many small ones (docs/performance.md).
pub(super) const AT_ONCE: usize = 128 * BATCH_MEGABYTES * 1_000;

impl Graph {
    /// Fills an empty graph, each name given once, and remembers `revision`
    /// with the last of them.
    ///
    /// Much faster than [`Graph::replace`], in memory that doesn't grow with
    /// the number of graphs, and not atomic: after a crash in between,
    /// [`Graph::open`] finds no revision and starts with an empty graph. The
    /// store goes on to merge what it got after this has returned.
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
        let mut writer = self.lock();
        let begun = Instant::now();
        let before = private::read(&self.store)?;
        let is_blank = before.revision == Revision(0) && before.quads == 0;
        let is_unfinished = before.format == 0 && !self.store.is_empty()?;
        if !is_blank || is_unfinished {
            return Err(GraphError::NotEmpty(before.revision));
        }
        self.settle(&mut writer)?;
        let quads = Cell::new(0);
        let mut private_name = None;
        let mut pairs = graphs
            .take_while(|graph| {
                let fine = graph.name.as_ref() != private::NAME;
                if !fine {
                    private_name = Some(graph.name.clone());
                }
                fine
            })
            .flat_map(|graph| {
                let both = with_union(graph);
                quads.set(quads.get() + both.len() as u64 / 2);
                both
            })
            .peekable();
        let mut loader = self.loader(BATCH_MEGABYTES);
        loop {
            loader.load_quads(pairs.by_ref().take(AT_ONCE))?;
            if pairs.peek().is_none() {
                break;
            }
            loader.commit()?;
            loader = self.loader(BATCH_MEGABYTES);
        }
        drop(pairs);
        if let Some(name) = private_name {
            return Err(GraphError::PrivateName(name));
        }
        let format = private::CURRENT_FORMAT;
        loader.load_quads(private::grown(State { format, revision, quads: quads.get() }))?;
        loader.commit()?;
        writer.merging.added(begun);
        drop(writer);
        self.applied.send_replace(revision);
        Ok(())
    }
}
