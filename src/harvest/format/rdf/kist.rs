//! Things in kist's own vocabulary → drafts.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use oxigraph::model::{
    NamedNode, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef, Triple, TripleRef,
};
use serde_json::{Map, Value as Json, json};

use super::Elsewhere;
use crate::harvest::extraction::{Draft, Link, Problem, Term as PartnerTerm};
use crate::record::{Base, Fault, RecordId, Subjects, from_triples, to_json};
use crate::schema::{Kind, Schema, Shape, ValueType};
use crate::vocab::{dcterms, kist, rdf};

/// Triples of one record with its nested nodes: the largest shape has some
/// forty fields, and a list of five hundred entries three triples for each.
const MOST_OF_RECORD: usize = 5_000;

/// How deep nodes are nested in one another.
const DEEPEST: usize = 4;

/// How often a record is read again without the fields that can't be.
const MOST_TRIES: usize = 3;

/// The fields that can be read. An operator's own are not known here.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::standard);

/// What was found of kist's own.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) drafts: Vec<Draft>,
    pub(super) problems: Vec<Problem>,
    /// Triples of other things.
    pub(super) rest: Vec<Triple>,
}

/// All subjects of a document with what is said of them.
struct Said {
    triples: Vec<Triple>,
    by_subject: HashMap<NamedOrBlankNode, Vec<usize>>,
}

impl Said {
    fn new(triples: Vec<Triple>) -> Self {
        let mut by_subject: HashMap<NamedOrBlankNode, Vec<usize>> = HashMap::new();
        for (at, triple) in triples.iter().enumerate() {
            by_subject.entry(triple.subject.clone()).or_default().push(at);
        }
        Self { triples, by_subject }
    }

    fn of<'a>(&'a self, subject: &NamedOrBlankNode) -> impl Iterator<Item = &'a Triple> {
        self.by_subject.get(subject).into_iter().flatten().map(|at| &self.triples[*at])
    }

    /// The kind of a subject, when it is a record in kist's vocabulary.
    fn kind(&self, subject: &NamedOrBlankNode) -> Option<&'static Kind> {
        let mut marks = Marks::default();
        self.of(subject).for_each(|triple| marks.add(triple.as_ref()));
        marks.kind()
    }
}

/// What tells of a subject whether it is a record, gathered triple by triple.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    /// The kinds of which it has the class, a bit for each.
    classes: u64,
    /// Those of them such as registers give its address to.
    addresses: u64,
    /// Whether it has a property of kist's own.
    has_own: bool,
}

impl Marks {
    /// Takes in what `triple` says of its subject.
    pub(super) fn add(&mut self, triple: TripleRef<'_>) {
        self.has_own |= triple.predicate.as_str().starts_with(kist::NAMESPACE);
        let TermRef::NamedNode(class) = triple.object else { return };
        if triple.predicate != rdf::TYPE {
            return;
        }
        for (at, kind) in SCHEMA.kinds().enumerate().take(64) {
            if kind.shape.class.as_ref() != class {
                continue;
            }
            self.classes |= 1 << at;
            let address = format!("/id/{}/", kind.name);
            if matches!(triple.subject, NamedOrBlankNodeRef::NamedNode(node) if node.as_str().contains(&address))
            {
                self.addresses |= 1 << at;
            }
        }
    }

    /// The kind of the subject, when it is a record in kist's vocabulary.
    /// Classes that kist shares with others count only with properties of its
    /// own, or with an address such as registers give.
    pub(super) fn kind(self) -> Option<&'static Kind> {
        let schema: &'static Schema = &SCHEMA;
        let at = self.classes.checked_ilog2()?;
        let kind = schema.kinds().nth(at as usize)?;
        let class = kind.shape.class.as_str();
        let is_own = class.starts_with(kist::NAMESPACE)
            || self.addresses & (1 << at) != 0
            || class.starts_with("http://www.w3.org/2004/02/skos/core#")
            || self.has_own;
        is_own.then_some(kind)
    }
}

/// Makes drafts of the things in kist's vocabulary; others may stand
/// `elsewhere`, in another piece of the dump.
pub(super) fn drafts(triples: Vec<Triple>, elsewhere: Option<&Elsewhere>) -> Found {
    let said = Said::new(triples);
    let mut records: HashMap<NamedOrBlankNode, &'static Kind> = HashMap::new();
    let mut order = Vec::new();
    for triple in &said.triples {
        if triple.predicate.as_ref() == rdf::TYPE
            && !records.contains_key(&triple.subject)
            && let Some(kind) = said.kind(&triple.subject)
        {
            records.insert(triple.subject.clone(), kind);
            order.push(triple.subject.clone());
        }
    }
    let mut found = Found::default();
    let mut used: HashSet<NamedOrBlankNode> = HashSet::new();
    let base = Base::new("https://register.invalid").expect("it is an address");
    for subject in order {
        let kind = records[&subject];
        let own = closure(&said, &subject, &records, &mut used);
        let key = match &subject {
            NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
            NamedOrBlankNode::BlankNode(_) => {
                let what = format!("a thing of kind {} has no address", kind.name);
                found.problems.push(
                    Problem::warning("no-address", subject.to_string(), what)
                        .advice("Give it an IRI: without one a change makes it another thing."),
                );
                format!("urn:kist:content:{}", content(&said, &subject, DEEPEST))
            }
        };
        let modified = own.iter().find(|triple| {
            triple.subject == subject && triple.predicate.as_ref() == dcterms::MODIFIED
        });
        let mut draft = Draft::new(&kind.name, key.clone(), key.clone());
        if let Some(Term::Literal(literal)) = modified.map(|triple| &triple.object) {
            draft.modified = Some(literal.value().to_owned());
        }
        draft.fields = fields(kind, &base, &subject, &key, own, &mut found.problems);
        let kind_of = |iri: &str| {
            let node = NamedOrBlankNode::from(NamedNode::new_unchecked(iri));
            let here = records.get(&node).copied();
            here.or_else(|| elsewhere.and_then(|elsewhere| elsewhere.kind(iri)))
        };
        resolve(&mut draft, kind, &kind_of);
        if draft.fields.is_empty() {
            found.problems.push(Problem::error("empty", key, "nothing of it could be read"));
        } else {
            found.drafts.push(draft);
        }
    }
    let is_rest =
        |triple: &Triple| !used.contains(&triple.subject) && !records.contains_key(&triple.subject);
    found.rest = said.triples.into_iter().filter(is_rest).collect();
    found
}

/// The triples of a record and of the nodes nested in it.
fn closure(
    said: &Said,
    subject: &NamedOrBlankNode,
    records: &HashMap<NamedOrBlankNode, &'static Kind>,
    used: &mut HashSet<NamedOrBlankNode>,
) -> Vec<Triple> {
    let mut triples: Vec<Triple> = Vec::new();
    let mut seen = HashSet::from([subject.clone()]);
    let mut level = vec![subject.clone()];
    for _ in 0..=DEEPEST {
        let mut next = Vec::new();
        for node in &level {
            for triple in said.of(node) {
                if triples.len() >= MOST_OF_RECORD {
                    return triples;
                }
                triples.push(triple.clone());
                let nested = match &triple.object {
                    Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
                    Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
                    Term::Literal(_) => continue,
                };
                if said.by_subject.contains_key(&nested)
                    && !records.contains_key(&nested)
                    && seen.insert(nested.clone())
                {
                    used.insert(nested.clone());
                    next.push(nested);
                }
            }
        }
        level = next;
    }
    triples
}

/// A hash of what is said of a subject without an address, the same for the
/// same content, in whatever order and under whatever label it comes.
fn content(said: &Said, subject: &NamedOrBlankNode, depth: usize) -> String {
    let mut lines: Vec<String> = said
        .of(subject)
        .take(MOST_OF_RECORD)
        .map(|triple| match &triple.object {
            Term::BlankNode(_) if depth == 0 => format!("{} _", triple.predicate),
            Term::BlankNode(node) => {
                format!("{} {}", triple.predicate, content(said, &node.clone().into(), depth - 1))
            }
            object => format!("{} {object}", triple.predicate),
        })
        .collect();
    lines.sort_unstable();
    blake3::hash(lines.join("\n").as_bytes()).to_hex()[..32].to_owned()
}

/// The fields of a record as JSON; one that can't be read costs itself.
fn fields(
    kind: &Kind,
    base: &Base,
    subject: &NamedOrBlankNode,
    key: &str,
    mut triples: Vec<Triple>,
    problems: &mut Vec<Problem>,
) -> Map<String, Json> {
    let id = RecordId::from_key(&kind.name, "rdf", key);
    for _ in 0..MOST_TRIES {
        let subjects: Subjects = triples.iter().cloned().collect();
        let faults = match from_triples(&SCHEMA, base, &id, subject, &subjects) {
            Ok((record, _)) => {
                let Json::Object(mut fields) = to_json(&SCHEMA, base, &record) else { break };
                for own in ["@context", "id", "type"] {
                    fields.shift_remove(own);
                }
                settle(&mut fields, &kind.shape);
                return fields;
            }
            Err(faults) => faults,
        };
        let mut keys = HashSet::new();
        for Fault { pointer, detail, .. } in faults {
            let field = pointer.split('/').nth(1).unwrap_or_default().to_owned();
            problems.push(Problem::error("bad-value", key, detail).of(key));
            keys.insert(field);
        }
        let paths: HashSet<&NamedNode> = kind
            .shape
            .fields
            .iter()
            .filter(|field| keys.contains(&field.key))
            .map(|field| &field.path)
            .collect();
        triples.retain(|t| t.subject != *subject || !paths.contains(&t.predicate));
    }
    Map::new()
}

/// Takes away the identities of nested nodes, which the register gives, and
/// tells the language of texts that are English without saying so.
fn settle(fields: &mut Map<String, Json>, shape: &Shape) {
    for field in &shape.fields {
        if field.value == ValueType::LanguageText
            && let Some(text) = fields.get_mut(&field.key).filter(|text| !text.is_object())
        {
            *text = json!({ "en": text });
        }
        let ValueType::Node(iri) = &field.value else { continue };
        let Some(shape) = SCHEMA.nested(iri) else { continue };
        let nodes = match fields.get_mut(&field.key) {
            Some(Json::Array(nodes)) => nodes.as_mut_slice(),
            Some(node) => std::slice::from_mut(node),
            None => continue,
        };
        for node in nodes.iter_mut().filter_map(Json::as_object_mut) {
            node.shift_remove("id");
            settle(node, shape);
        }
    }
}

/// References to records of the document become links; categories and places
/// that every register has are named by their slug or code; other categories
/// are the publisher's own terms.
fn resolve(draft: &mut Draft, kind: &Kind, kind_of: &dyn Fn(&str) -> Option<&'static Kind>) {
    for field in &kind.shape.fields {
        let ValueType::Reference(to) = &field.value else { continue };
        let Some(value) = draft.fields.shift_remove(&field.key) else { continue };
        let values = match value {
            Json::Array(values) => values,
            value => vec![value],
        };
        let mut kept: Vec<Json> = Vec::new();
        for value in values {
            let Some(iri) = value.as_str() else { continue };
            let shared = ["category", "scheme", "place"].iter().find_map(|kind| {
                let (_, id) = iri.rsplit_once(&format!("/id/{kind}/"))?;
                (!id.contains(['/', '#'])).then(|| id.to_owned())
            });
            if let Some(shared) = shared {
                kept.push(Json::String(shared));
            } else if let Some(other) = kind_of(iri) {
                draft.links.push(Link {
                    field: field.key.clone(),
                    kind: other.name.clone(),
                    key: iri.to_owned(),
                });
            } else if to.scheme.is_some() {
                let label = iri.rsplit(['/', '#']).find(|part| !part.is_empty()).unwrap_or(iri);
                draft.terms.push(PartnerTerm {
                    field: field.key.clone(),
                    scheme: None,
                    code: Some(iri.to_owned()),
                    label: label.replace(['-', '_'], " "),
                });
            } else {
                kept.push(value);
            }
        }
        let value =
            if field.is_list() { Json::Array(kept) } else { kept.pop().unwrap_or_default() };
        draft.set(&field.key, value);
    }
}
