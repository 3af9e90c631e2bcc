//! The first load into an empty graph, in bounded memory.

use crate::graph::addition::BATCH_MEGABYTES;
use crate::graph::private;
use crate::graph::{Graph, GraphError, NamedGraph};
use crate::model::Revision;

/// How many graphs are taken before it is asked whether there are enough for
/// an addition.
const TAKEN_AT_ONCE: usize = 10_000;

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
        let before = private::read(&self.store)?;
        let is_blank = before.revision == Revision(0) && before.quads == 0;
        let is_unfinished = before.format == 0 && !self.store.is_empty()?;
        if !is_blank || is_unfinished {
            return Err(GraphError::NotEmpty(before.revision));
        }
        self.settle(&mut writer)?;
        let mut private_name = None;
        let mut graphs = graphs
            .take_while(|graph| {
                let is_private = graph.name.as_ref() == private::NAME;
                private_name = is_private.then(|| graph.name.clone());
                !is_private
            })
            .peekable();
        let mut addition = self.addition(BATCH_MEGABYTES)?;
        while graphs.peek().is_some() {
            if addition.is_full() {
                addition.finish(None, &mut writer.merging)?;
                addition = self.addition(BATCH_MEGABYTES)?;
            }
            addition.take(graphs.by_ref().take(TAKEN_AT_ONCE))?;
        }
        drop(graphs);
        if let Some(name) = private_name {
            return Err(GraphError::PrivateName(name));
        }
        addition.finish(Some(revision), &mut writer.merging)?;
        drop(writer);
        self.applied.send_replace(revision);
        Ok(())
    }
}
