//! What a page says in schema.org, as a graph of nodes: one for each thing,
//! from all syntaxes. Where two say different things of the same, JSON-LD is
//! believed before microdata, that before `RDFa`, and microformats last.

use std::collections::HashMap;
use std::collections::HashSet;

use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedOrBlankNode, Term};

use crate::harvest::markup::{Part, Syntax, inventory};

/// Values of one property beyond this are left; no field of a record takes as
/// many.
const MOST_VALUES: usize = 2_000;

/// The things that a page speaks of.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    by_address: HashMap<String, usize>,
}

/// A thing.
#[derive(Debug)]
pub(super) struct Node {
    /// Its address; `None` for a thing without one.
    pub(super) address: Option<String>,
    /// Local names of its classes, in the order in which they were met.
    pub(super) types: Vec<String>,
    /// Where it was first met.
    pub(super) at: String,
    /// How that is written.
    pub(super) syntax: Syntax,
    /// Another node says what this one said: it was merged into it.
    pub(super) is_merged: bool,
    properties: HashMap<String, Property>,
}

#[derive(Debug)]
struct Property {
    syntax: Syntax,
    values: Vec<Value>,
}

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// A text, with the language that it says.
    Text(String, Option<String>),
    /// An address of which the page may say more.
    Address(String),
    /// A thing without an address, by its place in the graph.
    Node(usize),
}

impl Graph {
    /// The graph of all parts of a page, of which the most trusted comes
    /// first.
    pub(super) fn of(parts: &[Part]) -> Self {
        let mut graph = Self::default();
        for part in parts {
            graph.take(part);
        }
        graph
    }

    fn take(&mut self, part: &Part) {
        let mut blanks: HashMap<&str, usize> = HashMap::new();
        for triple in &part.triples {
            let subject = match &triple.subject {
                NamedOrBlankNode::NamedNode(node) => self.named(node.as_str(), part),
                NamedOrBlankNode::BlankNode(node) => {
                    *blanks.entry(node.as_str()).or_insert_with(|| self.push(None, part))
                }
            };
            if triple.predicate == rdf::TYPE {
                if let Term::NamedNode(class) = &triple.object {
                    self.nodes[subject].add_type(local(class.as_str()));
                }
                continue;
            }
            let value = match &triple.object {
                Term::NamedNode(node) => Value::Address(node.as_str().to_owned()),
                Term::BlankNode(node) => Value::Node(
                    *blanks.entry(node.as_str()).or_insert_with(|| self.push(None, part)),
                ),
                Term::Literal(literal) => {
                    Value::Text(written(literal), literal.language().map(ToOwned::to_owned))
                }
            };
            self.nodes[subject].add(local(triple.predicate.as_str()), value, part.syntax);
        }
    }

    fn named(&mut self, address: &str, part: &Part) -> usize {
        if let Some(node) = self.by_address.get(address) {
            return *node;
        }
        let node = self.push(Some(address.to_owned()), part);
        self.by_address.insert(address.to_owned(), node);
        node
    }

    fn push(&mut self, address: Option<String>, part: &Part) -> usize {
        self.nodes.push(Node {
            address,
            types: Vec::new(),
            at: part.at.clone(),
            syntax: part.syntax,
            is_merged: false,
            properties: HashMap::new(),
        });
        self.nodes.len() - 1
    }

    /// The thing that a value is, when the page says more of it.
    pub(super) fn node(&self, value: &Value) -> Option<usize> {
        match value {
            Value::Node(node) => Some(*node),
            Value::Address(address) => self.by_address.get(address).copied(),
            Value::Text(..) => None,
        }
    }

    /// The things that the values of a property are.
    pub(super) fn nodes_of<'a>(
        &'a self,
        node: &'a Node,
        property: &'a str,
    ) -> impl Iterator<Item = &'a Node> {
        node.all(property).iter().filter_map(|value| self.nodes.get(self.node(value)?))
    }

    /// Says of `to` what only `from` says, when both are the same thing.
    pub(super) fn merge(&mut self, from: usize, to: usize) {
        if from == to || self.nodes[from].is_merged {
            return;
        }
        let address = self.nodes[from].address.clone();
        let types = self.nodes[from].types.clone();
        let properties = std::mem::take(&mut self.nodes[from].properties);
        self.nodes[from].is_merged = true;
        let target = &mut self.nodes[to];
        for class in types {
            target.add_type(&class);
        }
        for (name, property) in properties {
            for value in property.values {
                target.add(&name, value, property.syntax);
            }
        }
        if let Some(address) = address {
            self.by_address.insert(address.clone(), to);
            self.nodes[to].address.get_or_insert(address);
        }
        for node in &mut self.nodes {
            for property in node.properties.values_mut() {
                for value in &mut property.values {
                    if *value == Value::Node(from) {
                        *value = Value::Node(to);
                    }
                }
            }
        }
    }
}

impl Node {
    fn add_type(&mut self, class: &str) {
        if !self.types.iter().any(|known| known == class) && self.types.len() < MOST_VALUES {
            self.types.push(class.to_owned());
        }
    }

    fn add(&mut self, name: &str, value: Value, syntax: Syntax) {
        let property = self
            .properties
            .entry(name.to_owned())
            .or_insert_with(|| Property { syntax, values: Vec::new() });
        let is_believed = property.syntax == syntax && property.values.len() < MOST_VALUES;
        if is_believed && (property.values.len() > 100 || !property.values.contains(&value)) {
            property.values.push(value);
        }
    }

    /// All values of a property.
    pub(super) fn all(&self, property: &str) -> &[Value] {
        self.properties.get(property).map_or(&[], |property| property.values.as_slice())
    }

    /// The first value of a property.
    pub(super) fn one(&self, property: &str) -> Option<&Value> {
        self.all(property).first()
    }

    /// The first text or address of a property, trimmed; `None` when empty.
    pub(super) fn text(&self, property: &str) -> Option<&str> {
        self.all(property).iter().find_map(Value::words)
    }

    /// All texts and addresses of a property, trimmed.
    pub(super) fn texts<'a>(&'a self, property: &str) -> impl Iterator<Item = &'a str> {
        self.all(property).iter().filter_map(Value::words)
    }

    /// Whether anything is said of it.
    pub(super) fn says_nothing(&self) -> bool {
        self.properties.is_empty()
    }

    /// Whether it is of one of these classes.
    pub(super) fn is(&self, classes: &[&str]) -> bool {
        self.types.iter().any(|class| classes.contains(&class.as_str()))
    }

    /// Which things it speaks of, with the property.
    pub(super) fn references<'a>(
        &'a self,
        graph: &'a Graph,
    ) -> impl Iterator<Item = (&'a str, usize)> {
        self.properties.iter().flat_map(move |(name, property)| {
            let nodes: HashSet<usize> =
                property.values.iter().filter_map(|value| graph.node(value)).collect();
            nodes.into_iter().map(move |node| (name.as_str(), node))
        })
    }
}

impl Value {
    /// The text or address, trimmed; `None` when empty or a thing.
    pub(super) fn words(&self) -> Option<&str> {
        let words = match self {
            Self::Text(text, _) => text.trim(),
            Self::Address(address) => address.as_str(),
            Self::Node(_) => return None,
        };
        (!words.is_empty()).then_some(words)
    }
}

/// A literal as people write it: JSON's 3.5 comes as `3.5E0`.
fn written(literal: &Literal) -> String {
    let value = literal.value();
    match value.parse::<f64>() {
        Ok(number) if literal.datatype() == xsd::DOUBLE && value.contains('E') => {
            number.to_string()
        }
        _ => value.to_owned(),
    }
}

/// The local name of a term of schema.org, under all its addresses; other
/// terms as they are.
pub(super) fn local(term: &str) -> &str {
    inventory::schema_org(term).unwrap_or(term)
}
