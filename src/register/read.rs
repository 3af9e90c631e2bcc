//! One record: the merged view, where its values come from, its history.

use std::sync::PoisonError;

use jiff::Timestamp;
use oxigraph::model::Quad;
use thiserror::Error;

use super::walk::Walk;
use super::{Cluster, Register, merged, stored};
use crate::graph::GraphError;
use crate::index::IndexError;
use crate::journal::{Derivation, JournalError, Original};
use crate::model::{Revision, TermsOfUse};
use crate::record::{Merged, Record, RecordId};

/// What is registered under an identity.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A record.
    Here(Box<Version>),
    /// A record was here and was withdrawn.
    Gone {
        /// The revision that withdrew it.
        revision: Revision,
        /// When that was.
        at: Timestamp,
    },
    /// Nothing ever was.
    Nowhere,
}

/// A record as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// What it says, and which source says what.
    pub merged: Merged,
    /// The newest revision of any of its sources.
    pub revision: Revision,
    /// When that revision was committed.
    pub modified: Timestamp,
    /// The records of other sources that speak of the same thing.
    pub cluster: Option<Cluster>,
}

/// One step of a record's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its revision.
    pub revision: Revision,
    /// The source that spoke.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote it.
    pub actor: String,
    /// What it says from then on; `None` when it was withdrawn.
    pub record: Option<Record>,
    /// What it was harvested from; `None` when it was written here.
    pub derivation: Option<Derivation>,
}

/// Why a record can't be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The graph failed.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl Register {
    /// What is registered as `id`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn get(&self, id: &RecordId) -> Result<Found, ReadError> {
        let versions = self.journal.current(id)?;
        let Some(newest) = versions.iter().max_by_key(|version| version.revision) else {
            return Ok(Found::Nowhere);
        };
        let (revision, at) = (newest.revision, newest.at);
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        Ok(match merged::of_versions(&self.schema, &lookup, id, &versions)? {
            Some(merged) => {
                let cluster = self.cluster_of(id, &versions)?;
                Found::Here(Box::new(Version { merged, revision, modified: at, cluster }))
            }
            None => Found::Gone { revision, at },
        })
    }

    /// Calls `with` with each source and what it says of each record of `kind`, in the
    /// order of their identifiers.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn each_record(
        &self,
        kind: &str,
        with: &mut dyn FnMut(&str, &Record),
    ) -> Result<(), ReadError> {
        for version in Walk::of_kind(self.journal.as_ref(), kind) {
            let version = version?;
            if let Some(record) = stored::read(&self.schema, &version)? {
                with(&version.source, &record);
            }
        }
        Ok(())
    }

    /// What each harvested source's words of `id` were made from, by source.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn derivations(&self, id: &RecordId) -> Result<Vec<(String, Derivation)>, ReadError> {
        let live = self.journal.current(id)?.into_iter().filter(|said| said.payload.is_some());
        let derived = live.filter_map(|said| Some((said.source, said.derivation?)));
        Ok(derived.collect())
    }

    /// The terms on which `source` gives `id`, where they are not those of all
    /// that it gives.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn terms_of(&self, source: &str, id: &RecordId) -> Result<Option<TermsOfUse>, ReadError> {
        let said = self.derivations(id)?.into_iter().find(|(said, _)| said == source);
        Ok(said.and_then(|(_, derivation)| derivation.terms))
    }

    /// What each source says of `id`, in the order of the journal.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn by_source(&self, id: &RecordId) -> Result<Vec<(String, Record)>, ReadError> {
        let mut said = Vec::new();
        for version in self.journal.current(id)? {
            if let Some(record) = stored::read(&self.schema, &version)? {
                said.push((version.source, record));
            }
        }
        Ok(said)
    }

    /// The bytes that a partner sent with the change of `revision`; `None`
    /// when they were not kept, because the record itself says all of them.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn original(&self, revision: Revision) -> Result<Option<Original>, ReadError> {
        Ok(self.journal.original(revision)?)
    }

    /// The record of `kind` whose readable alias is `slug`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn by_slug(&self, kind: &str, slug: &str) -> Result<Option<RecordId>, ReadError> {
        Ok(self.journal.by_slug(kind, slug)?)
    }

    /// What the sources of a record say, each in its named graph, with the
    /// description of the graph.
    ///
    /// # Errors
    ///
    /// [`ReadError::Graph`] when the graph can't be read.
    pub fn quads(&self, merged: &Merged) -> Result<Vec<Quad>, ReadError> {
        let mut quads = Vec::new();
        for origin in &merged.origins {
            let name = self.base.graph(&origin.source, &merged.record.id);
            let triples = self.graph.triples(name.as_ref())?;
            quads.extend(triples.into_iter().map(|triple| triple.in_graph(name.clone())));
        }
        Ok(quads)
    }

    /// The history of a record, newest first, `limit` steps at most.
    ///
    /// # Errors
    ///
    /// [`ReadError::Journal`] when the journal can't be read.
    pub fn history(&self, id: &RecordId, limit: usize) -> Result<Vec<Step>, ReadError> {
        let mut steps = Vec::new();
        for version in self.journal.history(id, limit)? {
            steps.push(Step {
                revision: version.revision,
                record: stored::read(&self.schema, &version)?,
                source: version.source,
                at: version.at,
                actor: version.actor,
                derivation: version.derivation,
            });
        }
        Ok(steps)
    }
}
