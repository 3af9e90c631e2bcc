//! Catching up by many changes: what is new in them is added together.

use std::collections::HashSet;

use oxigraph::store::StorageError;

use crate::graph::addition::{Addition, BATCH_MEGABYTES};
use crate::graph::replace::BULK;
use crate::graph::{Graph, GraphError, NamedGraph, Writer};
use crate::model::Revision;

impl Graph {
    /// Does what [`Graph::replace`] does, for each of `steps` in their order.
    /// Steps that hold nothing but new graphs are added together, and become
    /// visible together: the fewer additions, the less the store has to merge.
    ///
    /// # Errors
    ///
    /// The first error of `steps`; as [`Graph::replace`]. What is visible then
    /// is what the steps up to [`Graph::revision`] say.
    pub fn replace_in_steps<E: From<GraphError>>(
        &self,
        steps: impl Iterator<Item = Result<(Vec<NamedGraph>, Revision), E>>,
    ) -> Result<(), E> {
        self.gather_or_replace(steps, BULK)
    }

    /// As [`Graph::replace_in_steps`]; new graphs are added in bulk from `bulk`
    /// on.
    pub(super) fn gather_or_replace<E: From<GraphError>>(
        &self,
        steps: impl Iterator<Item = Result<(Vec<NamedGraph>, Revision), E>>,
        bulk: usize,
    ) -> Result<(), E> {
        let mut writer = self.lock();
        let mut gathered: Option<(Addition<'_>, Revision)> = None;
        for step in steps {
            let (graphs, revision) = step?;
            Self::check_names(&graphs)?;
            if graphs.len() < bulk || !self.are_new(&graphs, gathered.as_ref()).map_err(storage)? {
                self.finish(&mut writer, gathered.take()).map_err(storage)?;
                self.replace_or_add(&mut writer, graphs, revision, bulk)?;
                continue;
            }
            let mut addition = match gathered.take() {
                Some((addition, _)) => addition,
                None => self.addition(BATCH_MEGABYTES).map_err(storage)?,
            };
            addition.take(graphs).map_err(storage)?;
            let is_full = addition.is_full();
            gathered = Some((addition, revision));
            if is_full {
                self.finish(&mut writer, gathered.take()).map_err(storage)?;
            }
        }
        Ok(self.finish(&mut writer, gathered).map_err(storage)?)
    }

    /// Whether each of `graphs` holds something, is given once, and is neither
    /// in the store nor among what is gathered.
    fn are_new(
        &self,
        graphs: &[NamedGraph],
        gathered: Option<&(Addition<'_>, Revision)>,
    ) -> Result<bool, StorageError> {
        let mut seen = HashSet::with_capacity(graphs.len());
        for NamedGraph { name, triples } in graphs {
            let is_known = gathered.is_some_and(|(addition, _)| addition.holds(name));
            if triples.is_empty() || is_known || !seen.insert(name) {
                return Ok(false);
            }
            if self.store.contains_named_graph(name)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn finish(
        &self,
        writer: &mut Writer,
        gathered: Option<(Addition<'_>, Revision)>,
    ) -> Result<(), StorageError> {
        let Some((addition, revision)) = gathered else { return Ok(()) };
        self.settle(writer)?;
        addition.finish(Some(revision), &mut writer.merging)?;
        self.applied.send_replace(revision);
        Ok(())
    }
}

fn storage(error: StorageError) -> GraphError {
    GraphError::Storage(error)
}
