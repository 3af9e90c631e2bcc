//! A catalogue in RDF: DCAT-AP, with Dublin Core, FOAF, vCard and Hydra.

use std::collections::HashMap;

use oxigraph::model::{NamedOrBlankNode, Term, Triple};

use super::{Catalogue, DCAT, DataSet, File, licence_of, line};
use crate::harvest::document::Document;
use crate::harvest::extraction::Problem;
use crate::harvest::format::rdf::read;
use crate::vocab::rdf;

const DCTERMS: &str = "http://purl.org/dc/terms/";
const HYDRA: &str = "http://www.w3.org/ns/hydra/core#";
const FOAF: &str = "http://xmlns.com/foaf/0.1/";
const VCARD: &str = "http://www.w3.org/2006/vcard/ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";

/// Data sets that are looked at, and files of one.
const MOST_SETS: usize = 20_000;
const MOST_FILES: usize = 100;

/// What is said of each subject.
struct Graph {
    by_subject: HashMap<NamedOrBlankNode, Vec<(String, Term)>>,
    /// Subjects in the order of the document.
    order: Vec<NamedOrBlankNode>,
}

pub(super) fn read(document: &Document) -> (Catalogue, Vec<Problem>) {
    let read::Read { triples, problems } = read::read(document);
    let graph = Graph::new(triples);
    let mut catalogue = Catalogue::default();
    let found = graph.order.iter().find(|subject| graph.is(subject, DCAT, "Catalog"));
    if let Some(subject) = found {
        catalogue.title = graph.text(subject, DCTERMS, "title");
        catalogue.licence = graph.licence(subject);
        catalogue.publisher = graph.publisher(subject);
        catalogue.language = graph.text(subject, DCTERMS, "language").and_then(|l| language(&l));
    }
    let sets = graph.order.iter().filter(|subject| graph.is(subject, DCAT, "Dataset"));
    for subject in sets.take(MOST_SETS) {
        let files = graph.nodes(subject, DCAT, "distribution");
        catalogue.sets.push(DataSet {
            at: subject.to_string(),
            title: graph.text(subject, DCTERMS, "title"),
            licence: graph.licence(subject),
            publisher: graph.publisher(subject),
            files: files.iter().take(MOST_FILES).filter_map(|file| graph.file(file)).collect(),
        });
    }
    for subject in &graph.order {
        let next = ["next", "nextPage"].iter().find_map(|name| graph.address(subject, HYDRA, name));
        catalogue.next = catalogue.next.or(next);
    }
    (catalogue, problems)
}

impl Graph {
    fn new(triples: Vec<Triple>) -> Self {
        let mut graph = Self { by_subject: HashMap::new(), order: Vec::new() };
        for triple in triples {
            let pairs = graph.by_subject.entry(triple.subject.clone()).or_insert_with(|| {
                graph.order.push(triple.subject.clone());
                Vec::new()
            });
            pairs.push((triple.predicate.into_string(), triple.object));
        }
        graph
    }

    fn objects<'a>(
        &'a self,
        subject: &NamedOrBlankNode,
        vocabulary: &'a str,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Term> {
        let pairs = self.by_subject.get(subject).map_or(&[][..], Vec::as_slice);
        pairs
            .iter()
            .filter(move |(predicate, _)| predicate.strip_prefix(vocabulary) == Some(name))
            .map(|(_, object)| object)
    }

    fn is(&self, subject: &NamedOrBlankNode, vocabulary: &str, class: &str) -> bool {
        self.by_subject.get(subject).is_some_and(|pairs| {
            pairs.iter().any(|(predicate, object)| {
                predicate == rdf::TYPE.as_str()
                    && matches!(object, Term::NamedNode(node)
                        if node.as_str().strip_prefix(vocabulary) == Some(class))
            })
        })
    }

    fn nodes(
        &self,
        subject: &NamedOrBlankNode,
        vocabulary: &str,
        name: &str,
    ) -> Vec<NamedOrBlankNode> {
        let node = |term: &Term| match term {
            Term::NamedNode(node) => Some(node.clone().into()),
            Term::BlankNode(node) => Some(node.clone().into()),
            Term::Literal(_) => None,
        };
        self.objects(subject, vocabulary, name).filter_map(node).collect()
    }

    /// The first text, English before other languages.
    fn text(&self, subject: &NamedOrBlankNode, vocabulary: &str, name: &str) -> Option<String> {
        let mut texts: Vec<(bool, &str)> = self
            .objects(subject, vocabulary, name)
            .filter_map(|term| match term {
                Term::Literal(literal) => {
                    let other = literal.language().is_some_and(|tag| !tag.starts_with("en"));
                    Some((other, literal.value()))
                }
                Term::NamedNode(node) => Some((true, node.as_str())),
                Term::BlankNode(_) => None,
            })
            .collect();
        texts.sort_by_key(|(other, _)| *other);
        texts.first().and_then(|(_, text)| line(text))
    }

    /// An address, also one that is written as a text.
    fn address(&self, subject: &NamedOrBlankNode, vocabulary: &str, name: &str) -> Option<String> {
        self.objects(subject, vocabulary, name).find_map(|term| match term {
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            Term::Literal(literal) => Some(literal.value().to_owned()),
            Term::BlankNode(_) => None,
        })
    }

    fn licence(&self, subject: &NamedOrBlankNode) -> Option<String> {
        let said = |name| self.address(subject, DCTERMS, name).and_then(|said| licence_of(&said));
        said("license").or_else(|| said("rights"))
    }

    /// The name of the publisher.
    fn publisher(&self, subject: &NamedOrBlankNode) -> Option<String> {
        let names = [(FOAF, "name"), (VCARD, "fn"), (RDFS, "label"), (DCTERMS, "title")];
        let nodes = self.nodes(subject, DCTERMS, "publisher");
        let found = nodes.iter().find_map(|node| {
            names.iter().find_map(|(vocabulary, name)| self.text(node, vocabulary, name))
        });
        found.or_else(|| {
            let mut texts = self.objects(subject, DCTERMS, "publisher");
            texts.find_map(|term| match term {
                Term::Literal(literal) => line(literal.value()),
                Term::NamedNode(_) | Term::BlankNode(_) => None,
            })
        })
    }

    fn file(&self, subject: &NamedOrBlankNode) -> Option<File> {
        let address = self
            .address(subject, DCAT, "downloadURL")
            .or_else(|| self.address(subject, DCAT, "accessURL"))?;
        let mut forms = Vec::new();
        for (vocabulary, name) in [(DCAT, "mediaType"), (DCTERMS, "format")] {
            forms.extend(self.address(subject, vocabulary, name));
            // A form that is a node has its name.
            for node in self.nodes(subject, vocabulary, name) {
                forms.extend(self.text(&node, RDFS, "label"));
                forms.extend(self.text(
                    &node,
                    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                    "value",
                ));
            }
        }
        let title = self.text(subject, DCTERMS, "title");
        Some(File { address, title, forms, licence: self.licence(subject) })
    }
}

/// The tag of a language, also by its address in the European list.
pub(super) fn language(said: &str) -> Option<String> {
    let last = said.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
    match last.as_str() {
        "eng" | "en" | "en-gb" | "english" => Some("en".to_owned()),
        "gla" | "gd" => Some("gd".to_owned()),
        "sco" => Some("sco".to_owned()),
        "cym" | "cy" => Some("cy".to_owned()),
        "gle" | "ga" => Some("ga".to_owned()),
        other if other.len() == 2 && other.bytes().all(|b| b.is_ascii_lowercase()) => {
            Some(other.to_owned())
        }
        _ => None,
    }
}
