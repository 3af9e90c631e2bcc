//! What one element says: steps 2 to 13 of `RDFa`'s sequence.

use std::rc::Rc;

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode};
use scraper::ElementRef;

use super::context::{Names, XHV};
use super::value::value;
use super::{MOST_WAITING, Scope, Waiting, Walk};
use crate::harvest::markup::dom;

const USES_VOCABULARY: &str = "http://www.w3.org/ns/rdfa#usesVocabulary";

/// Words of one attribute that are read.
const MOST_WORDS: usize = 100;

/// What the attributes of an element name, expanded.
pub(super) struct Attributes {
    property: Option<Vec<NamedNode>>,
    pub(super) rel: Option<Vec<NamedNode>>,
    pub(super) rev: Option<Vec<NamedNode>>,
    pub(super) kinds: Option<Vec<NamedNode>>,
    pub(super) datatype: Datatype,
    about: Option<NamedOrBlankNode>,
    /// `about` stands there, whether it names something or not.
    pub(super) has_about: bool,
    /// What `resource`, `href` or `src` names.
    pub(super) target: Option<NamedOrBlankNode>,
    is_listed: bool,
}

/// What `datatype` says.
pub(super) enum Datatype {
    /// It is not there.
    Unsaid,
    /// It is empty, or names nothing: the literal is plain.
    Plain,
    /// The literal is of this type.
    Of(NamedNode),
}

/// What the steps establish.
#[derive(Default)]
pub(super) struct Established {
    subject: Option<NamedOrBlankNode>,
    object: Option<NamedOrBlankNode>,
    pub(super) typed: Option<NamedOrBlankNode>,
    is_skipped: bool,
}

impl Walk {
    /// Says what the element says, and gives the scope of what is in it.
    pub(super) fn enter(
        &mut self,
        element: ElementRef<'_>,
        is_root: bool,
        around: &Rc<Scope>,
    ) -> Rc<Scope> {
        let is_of_page = matches!(element.value().name(), "head" | "body");
        if !is_root && !says_something(element) {
            return Rc::clone(around);
        }
        let mut names = around.names.clone();
        self.declare(element, &mut names);
        let language = match element.attr("lang").or_else(|| element.attr("xml:lang")) {
            Some("") => None,
            Some(language) => Some(Rc::from(language)),
            None => around.language.clone(),
        };
        self.role(element, &names);
        let attributes = self.attributes(element, &names);
        let place = Place { is_root, is_of_page, around };
        let mut established = if attributes.rel.is_none() && attributes.rev.is_none() {
            without_relation(element, &attributes, &place)
        } else {
            with_relation(&attributes, &place)
        };
        if let (Some(typed), Some(kinds)) = (&established.typed, &attributes.kinds) {
            for kind in kinds {
                self.say(typed.clone(), rdf::TYPE.into_owned(), kind.clone());
            }
        }
        // Step 8: a new subject has lists of its own.
        let mut lists = around.lists;
        let mut own_lists = None;
        if let Some(subject) = &established.subject
            && around.parent_object.as_ref() != Some(subject)
        {
            self.lists.push(Vec::new());
            lists = self.lists.len() - 1;
            own_lists = Some((lists, subject.clone()));
        }
        let subject = established.subject.clone().unwrap_or_else(|| around.parent_subject.clone());
        let waiting = self.relate(&attributes, &subject, &mut established, lists);
        if let Some(properties) = &attributes.property
            && !self.budget.is_spent()
        {
            let value = value(element, &attributes, &established, language.as_deref());
            for property in properties {
                if attributes.is_listed {
                    self.put_in_list(lists, property, value.clone());
                } else {
                    self.say(subject.clone(), property.clone(), value.clone());
                }
            }
        }
        if !established.is_skipped
            && let Some(subject) = &established.subject
        {
            self.complete(around, subject);
        }
        Rc::new(if established.is_skipped {
            Scope { names, lists, language, own_lists, ..Scope::clone(around) }
        } else {
            let parent_object = established
                .object
                .or_else(|| established.subject.clone())
                .or_else(|| around.parent_object.clone());
            Scope {
                names,
                parent_subject: subject,
                parent_object,
                waiting,
                lists,
                language,
                own_lists,
            }
        })
    }

    /// Steps 2 and 3: `vocab` and prefixes.
    fn declare(&mut self, element: ElementRef<'_>, names: &mut Names) {
        if let Some(vocabulary) = element.attr("vocab") {
            names.vocabulary = None;
            if let Some(node) = dom::filled(element, "vocab")
                .filter(|vocabulary| vocabulary.len() <= dom::ADDRESS_BYTES)
                .and_then(|vocabulary| dom::node(&names.base, vocabulary))
            {
                names.vocabulary = Some(Rc::from(vocabulary.trim()));
                let base = NamedNode::new_unchecked(names.base.as_str());
                self.say(base, NamedNode::new_unchecked(USES_VOCABULARY), node);
            }
        }
        for (name, value) in element.value().attrs() {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                names.declare_one(prefix, value, &mut self.said.warnings);
            }
        }
        if let Some(prefixes) = element.attr("prefix") {
            names.declare(prefixes, &mut self.said.warnings);
        }
    }

    /// The Role Attribute 1.0: what part an element plays in its page.
    fn role(&mut self, element: ElementRef<'_>, names: &Names) {
        let Some(roles) = dom::filled(element, "role") else { return };
        let subject = match dom::filled(element, "id") {
            Some(id) => {
                dom::node(&names.base, &format!("#{}", id.trim())).map(NamedOrBlankNode::from)
            }
            None => None,
        }
        .unwrap_or_else(|| BlankNode::default().into());
        for role in roles.split_ascii_whitespace().take(MOST_WORDS) {
            let node = if role.contains(':') {
                names.word(role, &mut self.said.warnings)
            } else {
                dom::whole(&format!("{XHV}{role}"))
            };
            if let Some(node) = node {
                let predicate = NamedNode::new_unchecked(format!("{XHV}role"));
                self.say(subject.clone(), predicate, node);
            }
        }
    }

    fn attributes(&mut self, element: ElementRef<'_>, names: &Names) -> Attributes {
        let warnings = &mut self.said.warnings;
        let property = element.attr("property").filter(|value| !value.trim().is_empty());
        // HTML's own link types are no relations where a property is.
        let relation = |attribute: &str| {
            let value = element.attr(attribute)?;
            if property.is_none() {
                return Some(value.to_owned());
            }
            let kept: Vec<&str> =
                value.split_ascii_whitespace().filter(|word| word.contains(':')).collect();
            (!kept.is_empty()).then(|| kept.join(" "))
        };
        let mut words = |value: &str| {
            let words = value.split_ascii_whitespace().take(MOST_WORDS);
            words.filter_map(|word| names.word(word, warnings)).collect::<Vec<_>>()
        };
        let rel = relation("rel").map(|value| words(&value));
        let rev = relation("rev").map(|value| words(&value));
        let property = property.map(&mut words);
        let kinds = element.attr("typeof").map(&mut words);
        let datatype = match element.attr("datatype") {
            None => Datatype::Unsaid,
            Some(value) => words(value).into_iter().next().map_or(Datatype::Plain, Datatype::Of),
        };
        let about = element.attr("about").and_then(|value| names.reference(value, warnings));
        let target = element
            .attr("resource")
            .and_then(|value| names.reference(value, warnings))
            .or_else(|| element.attr("href").and_then(|value| names.address(value)))
            .or_else(|| element.attr("src").and_then(|value| names.address(value)));
        let has_about = element.attr("about").is_some();
        let is_listed = element.attr("inlist").is_some();
        Attributes { property, rel, rev, kinds, datatype, about, has_about, target, is_listed }
    }

    /// Steps 9 and 10: relations, and those that wait for their other end.
    fn relate(
        &mut self,
        attributes: &Attributes,
        subject: &NamedOrBlankNode,
        established: &mut Established,
        lists: usize,
    ) -> Vec<Waiting> {
        let Attributes { rel, rev, is_listed, .. } = attributes;
        let relations = rel.iter().flatten();
        let reversed = rev.iter().flatten();
        if let Some(object) = &established.object {
            for predicate in relations {
                if *is_listed {
                    self.put_in_list(lists, predicate, object.clone().into());
                } else {
                    self.say(subject.clone(), predicate.clone(), object.clone());
                }
            }
            for predicate in reversed {
                self.say(object.clone(), predicate.clone(), subject.clone());
            }
            return Vec::new();
        }
        if rel.is_none() && rev.is_none() {
            return Vec::new();
        }
        established.object = Some(BlankNode::default().into());
        let mut waiting = Vec::new();
        for predicate in relations {
            if *is_listed {
                self.list(lists, predicate);
                waiting.push(Waiting::List(lists, predicate.clone()));
            } else {
                waiting.push(Waiting::Forward(predicate.clone()));
            }
        }
        waiting.extend(reversed.map(|predicate| Waiting::Reverse(predicate.clone())));
        waiting.truncate(MOST_WAITING);
        waiting
    }

    /// Step 12: this element is the other end of relations around it.
    fn complete(&mut self, around: &Scope, subject: &NamedOrBlankNode) {
        for waiting in &around.waiting {
            let parent = around.parent_subject.clone();
            match waiting {
                Waiting::Forward(predicate) => {
                    self.say(parent, predicate.clone(), subject.clone());
                }
                Waiting::Reverse(predicate) => {
                    self.say(subject.clone(), predicate.clone(), parent);
                }
                Waiting::List(lists, predicate) => {
                    self.put_in_list(*lists, predicate, subject.clone().into());
                }
            }
        }
    }
}

/// Whether an element has any attribute that `RDFa` reads.
fn says_something(element: ElementRef<'_>) -> bool {
    element.value().attrs().any(|(name, _)| {
        matches!(
            name,
            "about"
                | "content"
                | "datatype"
                | "datetime"
                | "href"
                | "inlist"
                | "lang"
                | "prefix"
                | "property"
                | "rel"
                | "resource"
                | "rev"
                | "role"
                | "src"
                | "typeof"
                | "vocab"
                | "xml:lang"
        ) || name.starts_with("xmlns:")
    })
}

/// Where an element stands.
struct Place<'a> {
    is_root: bool,
    /// It is the head or the body of the page.
    is_of_page: bool,
    around: &'a Scope,
}

impl Place<'_> {
    /// What an element is about that doesn't say it.
    fn inherited(&self) -> Option<NamedOrBlankNode> {
        if self.is_root {
            return Some(self.around.parent_subject.clone());
        }
        self.around.parent_object.clone()
    }
}

/// Step 5: an element without `rel` and `rev`.
fn without_relation(
    element: ElementRef<'_>,
    attributes: &Attributes,
    place: &Place<'_>,
) -> Established {
    let mut established = Established::default();
    let Attributes { about, target, kinds, property, datatype, .. } = attributes;
    let is_typed = kinds.is_some();
    if property.is_some()
        && matches!(datatype, Datatype::Unsaid)
        && element.attr("content").is_none()
    {
        established.subject = about.clone().or_else(|| place.inherited());
        if is_typed {
            let typed = match about {
                Some(about) => about.clone(),
                None if place.is_root => place.around.parent_subject.clone(),
                None => target.clone().unwrap_or_else(|| BlankNode::default().into()),
            };
            established.typed = Some(typed.clone());
            established.object = Some(typed);
        }
        return established;
    }
    let subject = about.clone().or_else(|| target.clone());
    established.subject = match subject {
        Some(subject) => Some(subject),
        None if place.is_root || place.is_of_page => place.inherited(),
        None if is_typed => Some(BlankNode::default().into()),
        None => {
            established.is_skipped = property.is_none();
            place.inherited()
        }
    };
    if is_typed {
        established.typed.clone_from(&established.subject);
    }
    established
}

/// Step 6: an element with `rel` or `rev`.
fn with_relation(attributes: &Attributes, place: &Place<'_>) -> Established {
    let Attributes { about, target, kinds, .. } = attributes;
    let is_typed = kinds.is_some();
    let object = match target {
        Some(target) => Some(target.clone()),
        None if is_typed && about.is_none() => Some(BlankNode::default().into()),
        None => None,
    };
    let typed = match (is_typed, about) {
        (false, _) => None,
        (true, Some(about)) => Some(about.clone()),
        (true, None) => object.clone(),
    };
    let subject = about.clone().or_else(|| place.inherited());
    Established { subject, object, typed, is_skipped: false }
}
