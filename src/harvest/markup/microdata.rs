//! Microdata → RDF, after “Microdata to RDF, second edition”
//! (<https://www.w3.org/TR/microdata-rdf/>), with `itemprop-reverse`.
//!
//! The whole suite of the W3C passes. Items that hold each other in a circle
//! are told as a warning; the graph is finite all the same, since each item
//! is one node.

use std::collections::HashMap;

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxiri::Iri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use scraper::ElementRef;
use scraper::Html;

use super::dom;
use super::literal;
use crate::harvest::extraction::Problem;

/// How many elements may be looked at for properties, over all items: what
/// `itemref` shares is looked at for each item again.
const MOST_VISITS: usize = 500_000;
/// How deep items may lie in each other: schema.org needs some five.
const MOST_DEPTH: usize = 60;
/// Properties that one element gives a value to.
const MOST_NAMES: usize = 50;
/// Classes of one thing.
const MOST_TYPES: usize = 50;
/// More statements than this a page never has.
const MOST_TRIPLES: usize = 100_000;

/// What a vocabulary says of its properties.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary {
    /// How addresses of its types begin; its properties begin so too.
    pub(super) prefix: &'static str,
    /// Properties which imply another: local name and the other's address.
    pub(super) implied: &'static [(&'static str, &'static str)],
}

/// The registry of <http://www.w3.org/ns/md>, with https for schema.org.
pub(super) const REGISTRY: &[Vocabulary] = &[
    Vocabulary { prefix: "http://schema.org/", implied: ADDITIONAL_TYPE },
    Vocabulary { prefix: "https://schema.org/", implied: ADDITIONAL_TYPE },
    Vocabulary { prefix: "http://microformats.org/profile/hcard", implied: &[] },
    Vocabulary { prefix: "http://microformats.org/profile/hcalendar#", implied: &[] },
];
const ADDITIONAL_TYPE: &[(&str, &str)] =
    &[("additionalType", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")];

/// Characters that can't stand in a fragment.
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

/// The triples that the microdata of `page` says.
pub(super) fn triples(
    page: &Html,
    address: &str,
    registry: &[Vocabulary],
    problems: &mut Vec<Problem>,
) -> Vec<Triple> {
    let Some(base) = dom::base(page, address) else { return Vec::new() };
    let mut reader = Reader {
        base,
        registry,
        elements: HashMap::new(),
        order: HashMap::new(),
        subjects: HashMap::new(),
        path: Vec::new(),
        visits: 0,
        triples: Vec::new(),
        budget: dom::Budget::default(),
        problems,
    };
    let mut items = Vec::new();
    for (position, element) in page.root_element().descendent_elements().enumerate() {
        reader.order.insert(identity(element), position);
        if let Some(id) = dom::filled(element, "id") {
            reader.elements.entry(id).or_insert(element);
        }
        let is_value =
            element.attr("itemprop").is_some() || element.attr("itemprop-reverse").is_some();
        if element.attr("itemscope").is_some() && !is_value {
            items.push(element);
        }
    }
    for item in items {
        reader.item(item, &Inherited::default());
    }
    reader.triples
}

/// What tells an element from all others while its page is in memory.
fn identity(element: ElementRef<'_>) -> usize {
    std::ptr::from_ref(element.value()).addr()
}

struct Reader<'a, 'p> {
    base: Iri<String>,
    registry: &'p [Vocabulary],
    /// The first element with each `id`.
    elements: HashMap<&'a str, ElementRef<'a>>,
    /// Where elements stand in the page.
    order: HashMap<usize, usize>,
    /// The nodes of items that were met.
    subjects: HashMap<usize, NamedOrBlankNode>,
    /// The items that are being read.
    path: Vec<usize>,
    visits: usize,
    triples: Vec<Triple>,
    budget: dom::Budget,
    problems: &'p mut Vec<Problem>,
}

/// What an item without a type takes from the item that it is a value of.
#[derive(Debug, Clone, Default)]
struct Inherited {
    kind: Option<String>,
    vocabulary: Option<String>,
}

impl<'a> Reader<'a, '_> {
    /// The node of an item; the first time, with all that is said of it.
    fn item(&mut self, item: ElementRef<'a>, inherited: &Inherited) -> NamedOrBlankNode {
        let id = identity(item);
        if let Some(subject) = self.subjects.get(&id) {
            let subject = subject.clone();
            if self.path.contains(&id) {
                self.problems.push(
                    Problem::warning(
                        "microdata-circle",
                        "microdata",
                        "an item holds itself, through its values or by itemref",
                    )
                    .advice("Take the item's own id out of itemref of what it holds."),
                );
            }
            return subject;
        }
        let subject = dom::filled(item, "itemid")
            .and_then(|itemid| dom::node(&self.base, itemid))
            .map_or_else(|| BlankNode::default().into(), NamedOrBlankNode::from);
        self.subjects.insert(id, subject.clone());
        if self.path.len() >= MOST_DEPTH {
            self.cut(
                "microdata-deep",
                "items lie too deep in each other; the inner ones are left out",
            );
            return subject;
        }
        if self.budget.is_spent() {
            return subject;
        }
        let types: Vec<NamedNode> = words(item.attr("itemtype"))
            .filter(|kind| kind.len() <= dom::ADDRESS_BYTES)
            .filter_map(dom::whole)
            .take(MOST_TYPES)
            .collect();
        for kind in &types {
            self.say(subject.clone(), rdf::TYPE.into_owned(), kind.clone());
        }
        let own = types.first().map(|kind| kind.as_str().to_owned());
        let vocabulary = match &own {
            Some(kind) => Some(self.vocabulary(kind)),
            None => inherited.vocabulary.clone(),
        };
        let inherited = Inherited { kind: own.or_else(|| inherited.kind.clone()), vocabulary };
        self.path.push(id);
        for property in self.properties(item) {
            self.property(&subject, property, &inherited);
        }
        self.path.pop();
        subject
    }

    fn vocabulary(&self, kind: &str) -> String {
        let known = self.registry.iter().find(|vocabulary| kind.starts_with(vocabulary.prefix));
        if let Some(vocabulary) = known {
            let separator = if vocabulary.prefix.ends_with(['/', '#']) { "" } else { "#" };
            return format!("{}{separator}", vocabulary.prefix);
        }
        match kind.rfind(['/', '#']) {
            Some(end) => kind[..=end].to_owned(),
            None => kind.to_owned(),
        }
    }

    /// The elements that are properties of `item`, in the order of the page.
    fn properties(&mut self, item: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        let mut found = Vec::new();
        let mut seen = std::collections::HashSet::from([identity(item)]);
        let mut pending: Vec<ElementRef<'a>> = item.child_elements().collect();
        pending.extend(words(item.attr("itemref")).filter_map(|id| self.elements.get(id).copied()));
        while let Some(element) = pending.pop() {
            if !seen.insert(identity(element)) {
                continue;
            }
            self.visits += 1;
            if self.visits > MOST_VISITS {
                self.cut(
                    "microdata-long",
                    "itemref shares too many elements; the rest is left out",
                );
                break;
            }
            if element.attr("itemscope").is_none() {
                pending.extend(element.child_elements());
            }
            let is_property = dom::filled(element, "itemprop").is_some()
                || dom::filled(element, "itemprop-reverse").is_some();
            if is_property {
                found.push(element);
            }
        }
        found.sort_by_key(|element| self.order.get(&identity(*element)).copied());
        found
    }

    fn property(
        &mut self,
        subject: &NamedOrBlankNode,
        element: ElementRef<'a>,
        inherited: &Inherited,
    ) {
        let value = self.value(element, inherited);
        for name in words(element.attr("itemprop")).take(MOST_NAMES) {
            let Some(predicate) = self.predicate(name, inherited) else { continue };
            for implied in self.implied(&predicate) {
                self.say(subject.clone(), implied, value.clone());
            }
            self.say(subject.clone(), predicate, value.clone());
        }
        let reversed = match value {
            Term::NamedNode(node) => NamedOrBlankNode::from(node),
            Term::BlankNode(node) => node.into(),
            Term::Literal(_) => return,
        };
        for name in words(element.attr("itemprop-reverse")).take(MOST_NAMES) {
            if let Some(predicate) = self.predicate(name, inherited) {
                self.say(reversed.clone(), predicate, subject.clone());
            }
        }
    }

    fn predicate(&self, name: &str, inherited: &Inherited) -> Option<NamedNode> {
        if let Some(node) = dom::whole(name) {
            return Some(node);
        }
        if let Some(vocabulary) = &inherited.vocabulary {
            return dom::whole(&format!("{vocabulary}{name}"));
        }
        let name = utf8_percent_encode(name, FRAGMENT);
        dom::node(&self.base, &format!("#{name}"))
    }

    fn implied(&self, predicate: &NamedNode) -> Vec<NamedNode> {
        let mut implied = Vec::new();
        for vocabulary in self.registry {
            if let Some(name) = predicate.as_str().strip_prefix(vocabulary.prefix) {
                let others = vocabulary.implied.iter().filter(|(local, _)| *local == name);
                implied.extend(others.map(|(_, other)| NamedNode::new_unchecked(*other)));
            }
        }
        implied
    }

    fn value(&mut self, element: ElementRef<'a>, inherited: &Inherited) -> Term {
        if element.attr("itemscope").is_some() {
            return self.item(element, inherited).into();
        }
        let language = language(element);
        let attribute = |name: &str| element.attr(name).unwrap_or_default();
        let address = |name: &str| match element.attr(name).and_then(|it| dom::node(&self.base, it))
        {
            Some(node) => Term::from(node),
            None => Literal::new_simple_literal(attribute(name)).into(),
        };
        let literal = match element.value().name() {
            "audio" | "embed" | "iframe" | "img" | "source" | "track" | "video" => {
                return address("src");
            }
            "a" | "area" | "link" => return address("href"),
            "object" => return address("data"),
            "meta" => literal::plain(attribute("content"), language),
            "data" | "meter" => literal::number(attribute("value"), language),
            "time" => match element.attr("datetime") {
                Some(value) => literal::time(value, language),
                None => literal::time(&dom::text(element), language),
            },
            _ => literal::plain(&dom::text(element), language),
        };
        literal.into()
    }

    fn say(&mut self, subject: NamedOrBlankNode, predicate: NamedNode, object: impl Into<Term>) {
        let object = object.into();
        if self.triples.len() < MOST_TRIPLES && self.budget.affords(&object) {
            self.triples.push(Triple::new(subject, predicate, object));
        }
    }

    fn cut(&mut self, code: &str, what: &str) {
        if self.problems.iter().all(|problem| problem.code != code) {
            self.problems.push(Problem::error(code, "microdata", what));
        }
    }
}

fn words(attribute: Option<&str>) -> impl Iterator<Item = &str> {
    attribute.unwrap_or_default().split_ascii_whitespace()
}

/// The language of an element's text: its own, or that of the nearest around
/// it.
fn language(element: ElementRef<'_>) -> Option<&str> {
    element
        .attr("lang")
        .or_else(|| {
            let mut around = element.ancestors().filter_map(ElementRef::wrap);
            around.find_map(|outer| outer.attr("lang"))
        })
        .filter(|language| !language.is_empty())
}
