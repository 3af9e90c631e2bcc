//! Whether the views say what the journal says.

use std::collections::BTreeSet;
use std::sync::PoisonError;

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
    /// Compares the journal with the views, record by record.
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
        for versions in Grouped(Walk::new(self.journal.as_ref()).peekable()) {
            let versions = versions?;
            if self.check_one(&versions, &mut found.faults)? == Shown::Yes {
                found.records += 1;
            }
        }
        let indexed = self.index.size().records;
        if indexed != found.records {
            found
                .faults
                .push(format!("the index holds {indexed} records, the journal {}", found.records));
        }
        Ok(found)
    }

    fn check_one(
        &self,
        versions: &[Version],
        faults: &mut Vec<String>,
    ) -> Result<Shown, ViewError> {
        let id = &versions[0].id;
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let merged = merged::of_versions(&self.schema, &lookup, id, versions)?;
        match (&merged, self.index.get(&id.to_string())) {
            (Some(_), None) => faults.push(format!("{id} is not in the index")),
            (None, Some(_)) => faults.push(format!("{id} is in the index, and nobody says it")),
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
        for expected in self.named_graphs(versions)? {
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
        Ok(if merged.is_some() { Shown::Yes } else { Shown::No })
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
