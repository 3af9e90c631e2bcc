//! Whether the store's indexes agree, and can be read.
//!
//! The store keeps each quad under several orders of its terms, and a query
//! takes the one that suits it: what is lost from one of them is missing from
//! some answers alone, and a block that can't be read may make a query grow
//! until it is stopped. oxigraph's own validation goes on for ever at the first
//! such block, so that it can't be asked.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::store::StorageError;

use crate::graph::{Graph, GraphError};

impl Graph {
    /// Comes to all quads by each of their terms, reading every index and every
    /// text, and tells in sentences which indexes don't agree; none when all
    /// do. Time and memory grow with the number of quads: some bytes for each
    /// subject and each object.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] at the first quad that can't be read.
    pub fn disagreements(&self) -> Result<Vec<String>, GraphError> {
        let mut found = Found::default();
        for quad in &self.store {
            let quad = quad?;
            found.all += 1;
            if found.subjects.insert(hash(&quad.subject)) {
                found.by_subject += self.count(Some(&quad.subject), None, None, None)?;
            }
            if found.predicates.insert(hash(&quad.predicate)) {
                found.by_predicate += self.count(None, Some(&quad.predicate), None, None)?;
            }
            if found.objects.insert(hash(&quad.object)) {
                found.by_object += self.count(None, None, Some(&quad.object), None)?;
            }
            found.named += u64::from(quad.graph_name != GraphName::DefaultGraph);
        }
        // In memory the quads of a graph don't lie one after the other.
        for name in self.store.named_graphs() {
            let name = GraphName::from(name?);
            let quads = self.store.quads_for_pattern(None, None, None, Some(name.as_ref()));
            self.check_one(&quads.collect::<Result<Vec<Quad>, _>>()?, &mut found)?;
        }
        Ok(found.disagreements())
    }

    /// Comes to the quads of one named graph by its predicates and objects.
    fn check_one(&self, quads: &[Quad], found: &mut Found) -> Result<(), GraphError> {
        let (mut predicates, mut objects) = (HashSet::new(), HashSet::new());
        for quad in quads {
            let name = Some(&quad.graph_name);
            if predicates.insert(&quad.predicate) {
                found.by_graph_and_predicate +=
                    self.count(None, Some(&quad.predicate), None, name)?;
            }
            if objects.insert(&quad.object) {
                found.by_graph_and_object += self.count(None, None, Some(&quad.object), name)?;
            }
        }
        Ok(())
    }

    /// How many quads there are with these terms.
    fn count(
        &self,
        subject: Option<&NamedOrBlankNode>,
        predicate: Option<&NamedNode>,
        object: Option<&Term>,
        name: Option<&GraphName>,
    ) -> Result<u64, StorageError> {
        let mut quads = self.store.quads_for_pattern(
            subject.map(Into::into),
            predicate.map(NamedNode::as_ref),
            object.map(Into::into),
            name.map(Into::into),
        );
        // On the disk oxigraph 0.5.13 gives others too, where the bytes of a term
        // end with 255, as those of the number 255 do.
        quads.try_fold(0, |count, quad| {
            let quad = quad?;
            let is_it = subject.is_none_or(|subject| quad.subject == *subject)
                && predicate.is_none_or(|predicate| quad.predicate == *predicate)
                && object.is_none_or(|object| quad.object == *object)
                && name.is_none_or(|name| quad.graph_name == *name);
            Ok(count + u64::from(is_it))
        })
    }
}

/// How many quads were found by which terms.
#[derive(Default)]
struct Found {
    subjects: HashSet<u64>,
    predicates: HashSet<u64>,
    objects: HashSet<u64>,
    all: u64,
    named: u64,
    by_subject: u64,
    by_predicate: u64,
    by_object: u64,
    by_graph_and_predicate: u64,
    by_graph_and_object: u64,
}

impl Found {
    fn disagreements(&self) -> Vec<String> {
        let ways = [
            ("subject", self.by_subject, self.all),
            ("predicate", self.by_predicate, self.all),
            ("object", self.by_object, self.all),
            ("graph and predicate", self.by_graph_and_predicate, self.named),
            ("graph and object", self.by_graph_and_object, self.named),
        ];
        let differ = ways.into_iter().filter(|(_, count, expected)| count != expected);
        let say = |(way, count, expected)| {
            format!("of {expected} quads of the graph {count} are found by their {way}")
        };
        differ.map(say).collect()
    }
}

/// Stands for the term: two of one hash would leave one of them unasked.
fn hash(term: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    term.hash(&mut hasher);
    hasher.finish()
}
