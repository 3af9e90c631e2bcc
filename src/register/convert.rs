//! Turtle of our own → another format.

use std::collections::HashMap;

use oxigraph::model::{BlankNode, NamedOrBlankNode, Quad, Term};

use crate::graph::GraphFormat;
use crate::graph::input::{self, Contexts, InputError, Options};

/// Writes `turtle` in another `format`: the same bytes each time.
///
/// # Errors
///
/// [`InputError`] when it is not Turtle.
pub fn convert(turtle: &str, format: GraphFormat) -> Result<Vec<u8>, InputError> {
    let (none, limits) = (Contexts::new([]), Options::default());
    let quads = input::parse(turtle.as_bytes(), GraphFormat::Turtle, None, &none, &limits)?;
    Ok(format.write_quads(numbered(quads)))
}

/// Writes a JSON-LD document of our own as Turtle. Of contexts it may name
/// only `context`: an address, and the document there.
///
/// # Errors
///
/// [`InputError`] when it is not JSON-LD, or longer than what is read.
pub fn turtle_of_json_ld(document: &[u8], context: (&str, &str)) -> Result<Vec<u8>, InputError> {
    let (contexts, limits) = (Contexts::new([context]), Options::default());
    let quads = input::parse(document, GraphFormat::JsonLd, None, &contexts, &limits)?;
    Ok(GraphFormat::Turtle.write_quads(numbered(quads)))
}

/// Names the blank nodes by number, in the order in which they come: reading
/// gives them other names each time.
fn numbered(mut quads: Vec<Quad>) -> Vec<Quad> {
    let mut names: HashMap<BlankNode, BlankNode> = HashMap::new();
    let mut rename = |node: &mut BlankNode| {
        let next = format!("b{}", names.len() + 1);
        let name = names.entry(node.clone()).or_insert_with(|| BlankNode::new_unchecked(next));
        *node = name.clone();
    };
    for quad in &mut quads {
        if let NamedOrBlankNode::BlankNode(node) = &mut quad.subject {
            rename(node);
        }
        if let Term::BlankNode(node) = &mut quad.object {
            rename(node);
        }
    }
    quads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_nodes_have_the_same_names_each_time() {
        let turtle = "<https://a.example/> <https://a.example/p> [ <https://a.example/q> [] ] .";
        for format in [GraphFormat::NTriples, GraphFormat::JsonLd, GraphFormat::RdfXml] {
            let first = convert(turtle, format).unwrap();
            assert_eq!(convert(turtle, format).unwrap(), first, "{format:?}");
        }
        assert!(convert("<a", GraphFormat::NTriples).is_err());
    }
}
