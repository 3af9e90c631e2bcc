//! The views, made from the journal: caught up after each write, or thrown
//! away and made again.

use std::collections::BTreeSet;
use std::iter;
use std::panic::resume_unwind;
use std::sync::{PoisonError, mpsc};
use std::thread;

use jiff::Timestamp;
use thiserror::Error;

use super::ledger::LedgerError;
use super::lookup::{Lookup, Names};
use super::summary::Context;
use super::walk::{Grouped, Walk};
use super::{Facet, QueryError, Register, cluster, entry, merged, provenance, stored};
use crate::gazetteer::Gazetteer;
use crate::graph::{GraphError, NamedGraph};
use crate::index::{Entry, IndexError};
use crate::journal::{JournalError, Version};
use crate::model::Revision;
use crate::record::{Record, RecordId, to_triples};

/// How many versions are read and added to the graph at once. A change of more
/// records than this, or for the index than [`FOUND_AT_ONCE`], is one in the
/// journal, and becomes visible part by part.
const BATCH: usize = 8_000;

/// How many versions, or records that show the name of one, are brought into
/// the index in one step, for which searches wait.
pub(super) const FOUND_AT_ONCE: usize = 32;

/// How many versions the views must be behind, and how many times what they
/// hold, for it to be quicker to make them again than to catch up.
const BULK: u64 = 5_000;
const BULK_TIMES: u64 = 4;

/// From how many versions on graph and index are written at once, on two
/// processors.
const SIDE_BY_SIDE: u64 = 64;

/// Why a view can't be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The graph can't be written.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The index can't be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The ledger can't be read for how links are.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The index can't be asked which records depend on another.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// How far making the views again has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many edits are in the journal, not yet durable.
    Journal(u64),
    /// So many versions are in the graph.
    Graph(u64),
    /// So many records are in the index.
    Index(u64),
}

/// Makes both views at once: they read the journal, and not each other.
fn side_by_side(
    graph: impl FnOnce() -> Result<(), ViewError> + Send,
    index: impl FnOnce() -> Result<(), ViewError>,
) -> Result<(), ViewError> {
    thread::scope(|scope| {
        let graph = scope.spawn(graph);
        let index = index();
        let graph = graph.join().unwrap_or_else(|panicked| resume_unwind(panicked));
        graph.and(index)
    })
}

impl Register {
    /// Applies the versions that the views haven't seen yet. After a first
    /// load, which are most of what there is, the views are made again in
    /// bulk; searches find nothing until that is done.
    ///
    /// # Errors
    ///
    /// [`ViewError`] when a view fails; it stays as it was, and the next call
    /// goes on from there.
    pub(super) fn catch_up(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        let behind = self.journal.newest()?.0 - self.graph.revision()?.min(self.index.revision()).0;
        if behind >= BULK && behind / BULK_TIMES >= self.index.size().records {
            return self.make_views(now, progress);
        }
        if behind < SIDE_BY_SIDE {
            let (graph, index) = (self.graph.revision()?, self.index.revision());
            let versions = self.journal.versions_after(graph.min(index), BATCH)?;
            if let Some(last) = versions.last().map(|version| version.revision) {
                if graph < last {
                    self.graph.replace(self.graphs(&versions)?, last)?;
                }
                self.show_in_index(&versions, now)?;
            }
            return Ok(());
        }
        let (tell, told) = mpsc::channel();
        let graph = move || {
            self.follow_in_graph(&mut |progress| {
                // Nobody may be listening any more after a failure.
                let _ = tell.send(progress);
            })
        };
        let index = || {
            self.follow_in_index(now, progress)?;
            told.iter().for_each(progress);
            Ok(())
        };
        side_by_side(graph, index)
    }

    /// Brings everything that the graph hasn't seen into it.
    fn follow_in_graph(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), ViewError> {
        let (mut seen, mut done) = (self.graph.revision()?, 0);
        let mut step = || -> Result<_, ViewError> {
            let versions = self.journal.versions_after(seen, BATCH)?;
            let Some(last) = versions.last() else { return Ok(None) };
            seen = last.revision;
            done += versions.len() as u64;
            progress(Progress::Graph(done));
            Ok(Some((self.graphs(&versions)?, seen)))
        };
        self.graph.replace_in_steps(iter::from_fn(|| step().transpose()))
    }

    /// Brings everything that the index hasn't seen into it.
    fn follow_in_index(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        let mut done = 0;
        loop {
            let versions = self.journal.versions_after(self.index.revision(), BATCH)?;
            if versions.is_empty() {
                return Ok(());
            }
            self.show_in_index(&versions, now)?;
            done += versions.len() as u64;
            progress(Progress::Index(done));
        }
    }

    /// Brings `versions` into the index, in steps, but those it has seen.
    fn show_in_index(&self, versions: &[Version], now: Timestamp) -> Result<(), ViewError> {
        for versions in versions.chunks(FOUND_AT_ONCE) {
            let last = versions.last().map_or(Revision(0), |version| version.revision);
            if self.index.revision() < last {
                self.show_few_in_index(versions, last, now)?;
            }
        }
        Ok(())
    }

    /// Throws the views away and makes them again from the journal.
    ///
    /// # Errors
    ///
    /// [`ViewError`]; the views are incomplete then, and the next start makes
    /// them again.
    pub fn rebuild(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.make_views(now, progress)
    }

    fn make_views(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        let newest = self.journal.newest()?;
        self.learn_all()?;
        self.graph.clear()?;
        self.index.clear()?;
        let (tell, told) = mpsc::channel();
        // Searches find everything while the graph, which takes longest, is
        // made.
        let graph = move || {
            self.rebuild_graph(newest, &mut |progress| {
                // Nobody may be listening any more after a failure.
                let _ = tell.send(progress);
            })
        };
        let index = || {
            self.make_index(newest, now, progress)?;
            told.iter().for_each(progress);
            Ok(())
        };
        side_by_side(graph, index)
    }

    /// Fills the empty index from the journal, and leaves the graph alone.
    pub(super) fn make_index(
        &self,
        newest: Revision,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        self.rebuild_index(newest, now, progress)?;
        Ok(self.note_all_links()?)
    }

    /// Makes the graph again from the journal, and leaves the index alone.
    pub(super) fn rebuild_graph(
        &self,
        newest: Revision,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        self.graph.clear()?;
        let mut failed = None;
        let mut done = 0;
        let graphs = Grouped(Walk::new(self.journal.as_ref()).peekable()).map_while(|versions| {
            done += 1;
            if done % 1_000 == 0 {
                progress(Progress::Graph(done));
            }
            versions
                .map_err(ViewError::from)
                .and_then(|versions| self.named_graphs(&versions))
                .map_err(|error| failed = Some(error))
                .ok()
        });
        self.graph.load(graphs.flatten(), newest)?;
        match failed {
            Some(error) => {
                self.graph.clear()?;
                Err(error)
            }
            None => Ok(()),
        }
    }

    fn rebuild_index(
        &self,
        newest: Revision,
        now: Timestamp,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ViewError> {
        let gazetteer = self.gazetteer();
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let context = self.context(&lookup, &gazetteer);
        let mut names = Names::new(&self.schema, &lookup, self.journal.as_ref());
        let mut failed = None;
        let mut done = 0;
        let entries = Grouped(Walk::new(self.journal.as_ref()).peekable()).map_while(|versions| {
            done += 1;
            if done % 1_000 == 0 {
                progress(Progress::Index(done));
            }
            let entry = versions.map_err(ViewError::from).and_then(|versions| {
                let id = versions[0].id.clone();
                self.entry(&context, &mut names, &id, &versions, now)
            });
            entry.map_err(|error| failed = Some(error)).ok()
        });
        // A record all of whose versions are gone is not walked.
        self.index.load(entries.flatten(), newest)?;
        match failed {
            Some(error) => {
                self.index.clear()?;
                Err(error)
            }
            None => Ok(()),
        }
    }

    /// Reads what is kept in memory of categories and sources.
    pub(super) fn learn_all(&self) -> Result<(), ViewError> {
        let mut lookup = Lookup::default();
        // How far sources are believed says what categories are called.
        for kind in ["source", "category"] {
            for versions in Grouped(Walk::of_kind(self.journal.as_ref(), kind).peekable()) {
                let versions = versions?;
                let id = &versions[0].id;
                let said = merged::of_versions(&self.schema, &lookup, id, &versions)?;
                lookup.learn(id, said.as_ref().map(|merged| &merged.record));
            }
        }
        *self.lookup.write().unwrap_or_else(PoisonError::into_inner) = lookup;
        Ok(())
    }

    /// The named graphs that `versions` change: their own, the last version of
    /// each, and those of parts, which come and go with what they are parts of.
    fn graphs(&self, versions: &[Version]) -> Result<Vec<NamedGraph>, ViewError> {
        let mut seen = BTreeSet::new();
        let mut graphs = Vec::with_capacity(versions.len());
        for version in versions.iter().rev() {
            if seen.insert((&version.id, &version.source)) {
                let record = stored::read(&self.schema, version)?;
                graphs.push(self.named_graph(version, record.as_ref()));
            }
        }
        let ids: BTreeSet<&RecordId> = versions.iter().map(|version| &version.id).collect();
        for id in ids {
            // Only what is written here can be a part.
            if self.journal.speaks(stored::LOCAL_SOURCE, id)? {
                graphs.extend(self.named_graphs(&self.journal.current(id)?)?);
            }
        }
        Ok(graphs)
    }

    /// The named graphs of all `versions` of one record, as they are now. Parts
    /// of what nobody says whole are not shown.
    pub(super) fn named_graphs(&self, versions: &[Version]) -> Result<Vec<NamedGraph>, ViewError> {
        let said: Vec<Option<Record>> = versions
            .iter()
            .map(|version| stored::read(&self.schema, version))
            .collect::<Result<_, _>>()?;
        let is_shown = said.iter().flatten().any(|record| !record.is_part());
        let graphs = versions.iter().zip(&said).map(|(version, record)| {
            self.named_graph(version, record.as_ref().filter(|_| is_shown))
        });
        Ok(graphs.collect())
    }

    fn named_graph(&self, version: &Version, record: Option<&Record>) -> NamedGraph {
        let name = self.base.graph(&version.source, &version.id);
        let Some(record) = record else {
            return NamedGraph { name, triples: Vec::new() };
        };
        let mut triples = to_triples(&self.schema, &self.base, record);
        triples.extend(provenance::describe(&self.base, version));
        NamedGraph { name, triples }
    }

    pub(super) fn context<'a>(
        &'a self,
        lookup: &'a Lookup,
        gazetteer: &'a Gazetteer,
    ) -> Context<'a> {
        Context { schema: &self.schema, base: &self.base, lookup, gazetteer }
    }

    /// What the index is to hold of `id`, of which `versions` are all that is
    /// said now; nothing when nobody says it whole.
    pub(super) fn entry(
        &self,
        context: &Context<'_>,
        names: &mut Names<'_>,
        id: &RecordId,
        versions: &[Version],
        now: Timestamp,
    ) -> Result<Option<Entry>, ViewError> {
        let merged = merged::of_versions(&self.schema, context.lookup, id, versions)?;
        let Some(merged) = merged else { return Ok(None) };
        let lifetime = self.journal.lifetime(id)?.unwrap_or((now, now));
        let journal = self.journal.as_ref();
        match self.cluster_of(id, versions)? {
            None => Ok(Some(entry::make(context, names, &merged, lifetime)?)),
            Some(cluster) if cluster.canonical == *id => {
                let others = (&self.schema, context.lookup, journal);
                let others = cluster::others(others, &cluster)?;
                Ok(Some(entry::make_whole(context, names, merged, others, lifetime)?))
            }
            Some(cluster) => {
                let mut entry = entry::make(context, names, &merged, lifetime)?;
                if cluster::is_stood_for((&self.schema, &self.base, journal), id, &cluster)? {
                    entry.facets.push((Facet::StandsFor, cluster.canonical.to_string()));
                }
                Ok(Some(entry))
            }
        }
    }
}
