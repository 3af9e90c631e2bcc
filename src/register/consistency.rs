//! Whether the views say what the journal says.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use jiff::Timestamp;

use super::lookup::Names;
use super::summary::Context;
use super::walk::{Grouped, Walk};
use super::{Register, ViewError, merged, stored};
use crate::graph::{Graph, GraphError, NamedGraph};
use crate::journal::Version;
use crate::model::Revision;
use crate::record::validate;

/// What a comparison of journal and views found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consistency {
    /// How many records are in the journal; parts of what nobody says whole
    /// are none.
    pub records: u64,
    /// What is wrong, in sentences; empty when all agrees.
    pub faults: Vec<String>,
}

impl Register {
    /// Compares the journal with the views, record by record, and the indexes
    /// of the graph with each other.
    ///
    /// # Errors
    ///
    /// [`ViewError`] when one of them can't be read.
    pub fn check_consistency(&self) -> Result<Consistency, ViewError> {
        let mut found = Consistency::default();
        let newest = self.journal.newest()?;
        for (view, revision) in
            [("graph", self.graph.revision()?), ("index", self.index.revision())]
        {
            if revision != newest {
                found
                    .faults
                    .push(format!("the {view} is at revision {revision}, the journal at {newest}"));
            }
        }
        let gazetteer = self.gazetteer();
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let context = self.context(&lookup, &gazetteer);
        let mut names = Names::new(&self.schema, &lookup, self.journal.as_ref());
        let mut graphs = 0;
        for versions in Grouped(Walk::new(self.journal.as_ref()).peekable()) {
            let versions = versions?;
            graphs += self.check_graphs(&versions, &mut found.faults)?;
            if self.check_one(&context, &mut names, &versions, &mut found.faults)? == Shown::Yes {
                found.records += 1;
            }
        }
        // What was withdrawn must be gone, and is walked by nobody.
        let held = self.graph.names()?.len();
        if held != graphs {
            found.faults.push(format!("the graph holds {held} named graphs, the journal {graphs}"));
        }
        found.faults.extend(self.graph.disagreements()?);
        let indexed = self.index.size().records;
        if indexed != found.records {
            found
                .faults
                .push(format!("the index holds {indexed} records, the journal {}", found.records));
        }
        Ok(found)
    }

    /// Compares what the journal says of one record with the index, and with
    /// the shapes.
    fn check_one(
        &self,
        context: &Context<'_>,
        names: &mut Names<'_>,
        versions: &[Version],
        faults: &mut Vec<String>,
    ) -> Result<Shown, ViewError> {
        let id = &versions[0].id;
        let merged = merged::of_versions(&self.schema, context.lookup, id, versions)?;
        // When it was added is in the journal; the moment here stands for none.
        let entry = self.entry(context, names, id, versions, Timestamp::UNIX_EPOCH)?;
        match (entry, self.index.get(&id.to_string())) {
            (Some(_), None) => faults.push(format!("{id} is not in the index")),
            (None, Some(_)) => faults.push(format!("{id} is in the index, and nobody says it")),
            (Some(entry), Some(held)) if entry.summary != held => {
                faults.push(format!("the index shows {id} otherwise than the journal says it"));
            }
            _ => {}
        }
        let mut broken = merged
            .as_ref()
            .map(|merged| validate(&self.schema, &merged.record))
            .unwrap_or_default();
        for version in versions {
            if let Some(record) = stored::read(&self.schema, version)? {
                broken.extend(validate(&self.schema, &record));
            }
        }
        broken.sort_unstable_by(|one, other| one.pointer.cmp(&other.pointer));
        broken.dedup();
        faults.extend(broken.iter().map(|fault| format!("{id}: {fault}")));
        Ok(if merged.is_some() { Shown::Yes } else { Shown::No })
    }

    /// Compares what the journal says of one record with its named graphs, and
    /// gives how many there must be.
    fn check_graphs(
        &self,
        versions: &[Version],
        faults: &mut Vec<String>,
    ) -> Result<usize, ViewError> {
        let mut count = 0;
        for expected in self.named_graphs(versions)? {
            count += usize::from(!expected.triples.is_empty());
            let kept: BTreeSet<String> = self
                .graph
                .triples(expected.name.as_ref())?
                .iter()
                .map(ToString::to_string)
                .collect();
            let made = in_store(&expected)?;
            if kept != made {
                faults.push(format!("the graph {} differs from the journal", expected.name));
            }
        }
        Ok(count)
    }
}

/// Whether a record is shown at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Yes,
    No,
}

/// The triples as a store would give them back: it writes literals its own
/// way.
fn in_store(graph: &NamedGraph) -> Result<BTreeSet<String>, GraphError> {
    let store = Graph::in_memory()?;
    store.replace(vec![graph.clone()], Revision(1))?;
    Ok(store.triples(graph.name.as_ref())?.iter().map(ToString::to_string).collect())
}
