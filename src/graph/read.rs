//! Reading one record: its graphs, and what others say of it.

use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Quad, Triple};

use crate::graph::private;
use crate::graph::{Graph, GraphError};

impl Graph {
    /// The triples of a named graph, in the store's own order; none when
    /// there is no such graph.
    ///
    /// Literals come back in the form which the store keeps: numbers and
    /// times canonical, language tags in lower case.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] at the first quad that can't be read.
    pub fn triples(&self, name: NamedNodeRef<'_>) -> Result<Vec<Triple>, GraphError> {
        if name == private::NAME {
            return Ok(Vec::new());
        }
        let quads = self.store.quads_for_pattern(None, None, None, Some(name.into()));
        Ok(quads.map(|quad| quad.map(Triple::from)).collect::<Result<_, _>>()?)
    }

    /// The quads of all named graphs with this subject: what every source
    /// says of it.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] at the first quad that can't be read.
    pub fn quads_about(&self, subject: NamedNodeRef<'_>) -> Result<Vec<Quad>, GraphError> {
        self.public_quads(Some(subject.into()), None)
    }

    /// The quads of all named graphs with this object: what links to it.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] at the first quad that can't be read.
    pub fn quads_to(&self, object: NamedNodeRef<'_>) -> Result<Vec<Quad>, GraphError> {
        self.public_quads(None, Some(object))
    }

    /// The names of all public named graphs, in the order of text. Memory
    /// grows with their number.
    ///
    /// # Errors
    ///
    /// [`GraphError::Storage`] at the first name that can't be read.
    pub fn names(&self) -> Result<Vec<NamedNode>, GraphError> {
        let mut names = Vec::new();
        for name in self.store.named_graphs() {
            if let oxigraph::model::NamedOrBlankNode::NamedNode(name) = name?
                && name.as_ref() != private::NAME
            {
                names.push(name);
            }
        }
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        Ok(names)
    }

    fn public_quads(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        object: Option<NamedNodeRef<'_>>,
    ) -> Result<Vec<Quad>, GraphError> {
        let mut quads = Vec::new();
        let object = object.map(Into::into);
        for quad in self.store.quads_for_pattern(subject, None, object, None) {
            let quad = quad?;
            let name = &quad.graph_name;
            if *name != GraphName::DefaultGraph && !private::is_private(name.as_ref()) {
                quads.push(quad);
            }
        }
        Ok(quads)
    }
}
