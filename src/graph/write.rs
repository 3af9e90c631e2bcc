//! Quads → bytes, for documents about one record.

use oxigraph::model::{Quad, Triple};

use super::GraphFormat;

impl GraphFormat {
    /// Writes quads in the formats that have graph names; in the others the
    /// triples of all graphs, each once. The same quads in any order give the
    /// same bytes.
    ///
    /// # Panics
    ///
    /// Never: memory takes every write.
    #[must_use]
    pub fn write_quads(self, mut quads: Vec<Quad>) -> Vec<u8> {
        const MEMORY: &str = "writing to memory can't fail";
        quads.sort_by_cached_key(ToString::to_string);
        if !matches!(self, Self::NQuads | Self::TriG) {
            let mut triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
            triples.sort_by_cached_key(ToString::to_string);
            triples.dedup();
            return self.write(&triples);
        }
        quads.sort_by_cached_key(|quad| (quad.graph_name.to_string(), quad.to_string()));
        let mut serializer = self.serializer().for_writer(Vec::new());
        for quad in &quads {
            serializer.serialize_quad(quad).expect(MEMORY);
        }
        serializer.finish().expect(MEMORY)
    }
}
