//! `RDFa` 1.1 in HTML → RDF, after `RDFa` Core 1.1 and HTML+RDFa 1.1
//! (<https://www.w3.org/TR/rdfa-core/>, <https://www.w3.org/TR/html-rdfa/>),
//! with lists, property copying, roles and what the processor graph warns of.
//!
//! One walk over the tree without recursion; the numbers at the steps are
//! those of section 7.5, “Sequence”. Vocabularies are never fetched: what they
//! imply is told to [`imply`].

mod context;
mod copying;
mod element;
mod value;

use std::rc::Rc;

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};
use scraper::ElementRef;
use scraper::Html;

use self::context::Names;
use super::dom;

/// More statements than this a page never has.
const MOST_TRIPLES: usize = 100_000;
/// How many warnings are kept; a page that warns more often says nothing new.
const MOST_WARNINGS: usize = 100;
/// How many relations may wait for their other end at once: each element
/// below them takes part in all of them.
const MOST_WAITING: usize = 50;

/// What a page says in `RDFa`.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// The triples, in the order of the page.
    pub(super) triples: Vec<Triple>,
    /// What could not be told: the processor graph.
    pub(super) warnings: Vec<Warning>,
}

/// A short name that means nothing, or something else than usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Warning {
    /// What is wrong with it.
    pub(super) kind: WarningKind,
    /// The name as written.
    pub(super) name: String,
}

/// The warnings of `RDFa`'s processor graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WarningKind {
    /// A word that is no term, where no vocabulary is declared.
    UnresolvedTerm,
    /// A CURIE whose prefix is not declared.
    UnresolvedCurie,
    /// A well-known prefix that is declared as something else.
    PrefixRedefinition,
}

fn warn(warnings: &mut Vec<Warning>, kind: WarningKind, name: &str) {
    if warnings.len() < MOST_WARNINGS {
        warnings.push(Warning { kind, name: name.chars().take(100).collect() });
    }
}

/// What a vocabulary says: who uses the first property uses the second too.
#[derive(Debug, Clone, Copy)]
#[cfg(test)]
pub(super) struct Implication {
    /// Address of the property that is used.
    pub(super) property: &'static str,
    /// Address of the property that it implies.
    pub(super) implied: &'static str,
}

/// Adds what `implications` say of the triples; the vocabulary expansion of
/// section 10, for properties.
#[cfg(test)]
pub(super) fn imply(triples: &mut Vec<Triple>, implications: &[Implication]) {
    let mut next = 0;
    while let Some(triple) = triples.get(next).cloned() {
        next += 1;
        for Implication { property, implied } in implications {
            if triple.predicate.as_str() != *property {
                continue;
            }
            let predicate = NamedNode::new_unchecked(*implied);
            let implied = Triple { predicate, ..triple.clone() };
            if !triples.contains(&implied) && triples.len() < MOST_TRIPLES {
                triples.push(implied);
            }
        }
    }
}

/// What the `RDFa` of `page` says; `address` is the page's own.
pub(super) fn statements(page: &Html, address: &str) -> Statements {
    let Some(base) = dom::base(page, address) else { return Statements::default() };
    let mut walk = Walk {
        said: Statements::default(),
        lists: vec![Vec::new()],
        budget: dom::Budget::default(),
    };
    let subject = NamedOrBlankNode::from(NamedNode::new_unchecked(base.as_str()));
    let mut scopes = vec![Rc::new(Scope {
        names: Names::of_page(base),
        parent_subject: subject,
        parent_object: None,
        waiting: Vec::new(),
        lists: 0,
        language: None,
        own_lists: None,
    })];
    // Each element is entered and left; a scope is there for what is in it.
    let root = page.root_element();
    let mut place = Some((root, Step::Enter));
    while let Some((element, step)) = place {
        place = match step {
            Step::Enter => {
                let Some(around) = scopes.last().map(Rc::clone) else { break };
                let is_root = std::ptr::eq(element.value(), root.value());
                scopes.push(walk.enter(element, is_root, &around));
                match element.child_elements().next() {
                    Some(child) => Some((child, Step::Enter)),
                    None => Some((element, Step::Leave)),
                }
            }
            Step::Leave => {
                if let Some(scope) = scopes.pop() {
                    walk.leave(&scope);
                }
                let is_root = std::ptr::eq(element.value(), root.value());
                let next = element.next_siblings().find_map(ElementRef::wrap);
                match (is_root, next) {
                    (true, _) => None,
                    (false, Some(sibling)) => Some((sibling, Step::Enter)),
                    (false, None) => element
                        .parent()
                        .and_then(ElementRef::wrap)
                        .map(|parent| (parent, Step::Leave)),
                }
            }
        };
    }
    copying::copy_patterns(&mut walk.said.triples);
    walk.said
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Enter,
    Leave,
}

/// What an element hands on to those in it: the evaluation context.
#[derive(Debug, Clone)]
struct Scope {
    names: Names,
    parent_subject: NamedOrBlankNode,
    parent_object: Option<NamedOrBlankNode>,
    /// Relations that wait for their other end: incomplete triples.
    waiting: Vec<Waiting>,
    /// Which lists values are put into: an index of [`Walk::lists`].
    lists: usize,
    language: Option<Rc<str>>,
    /// The lists that began at this element, with what has them.
    own_lists: Option<(usize, NamedOrBlankNode)>,
}

#[derive(Debug, Clone)]
enum Waiting {
    Forward(NamedNode),
    Reverse(NamedNode),
    List(usize, NamedNode),
}

/// The lists of one subject: property and values.
type Lists = Vec<(NamedNode, Vec<Term>)>;

struct Walk {
    said: Statements,
    lists: Vec<Lists>,
    budget: dom::Budget,
}

impl Walk {
    fn say(
        &mut self,
        subject: impl Into<NamedOrBlankNode>,
        predicate: NamedNode,
        object: impl Into<Term>,
    ) {
        let object = object.into();
        if self.said.triples.len() < MOST_TRIPLES && self.budget.affords(&object) {
            self.said.triples.push(Triple::new(subject, predicate, object));
        }
    }

    /// The list of `predicate`, made when it is not there yet.
    fn list(&mut self, lists: usize, predicate: &NamedNode) -> Option<&mut Vec<Term>> {
        let lists = self.lists.get_mut(lists)?;
        let at = lists.iter().position(|(property, _)| property == predicate);
        let at = at.unwrap_or_else(|| {
            lists.push((predicate.clone(), Vec::new()));
            lists.len() - 1
        });
        lists.get_mut(at).map(|(_, values)| values)
    }

    fn put_in_list(&mut self, lists: usize, predicate: &NamedNode, value: Term) {
        if !self.budget.affords(&value) {
            return;
        }
        if let Some(values) = self.list(lists, predicate)
            && values.len() < MOST_TRIPLES
        {
            values.push(value);
        }
    }

    /// Step 14: says the lists that began at the element.
    fn leave(&mut self, scope: &Scope) {
        let Some((lists, subject)) = &scope.own_lists else { return };
        let lists = self.lists.get_mut(*lists).map(std::mem::take).unwrap_or_default();
        for (predicate, values) in lists {
            let mut next: NamedOrBlankNode = rdf::NIL.into_owned().into();
            for value in values.into_iter().rev() {
                let cell = BlankNode::default();
                self.say(cell.clone(), rdf::FIRST.into_owned(), value);
                self.say(cell.clone(), rdf::REST.into_owned(), next);
                next = cell.into();
            }
            self.say(subject.clone(), predicate, next);
        }
    }
}
