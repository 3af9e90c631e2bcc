//! Microformats 2 → triples in schema.org's terms: `h-event`, and the
//! `h-card`, `h-adr` and `h-geo` in it (<https://microformats.org/wiki/h-event>).
//!
//! An `h-card` by itself is most often a person, who is no record. It is that
//! of an organisation when it says so as the specification has it
//! (<https://microformats.org/wiki/h-card>): its `p-org` is its name, or it
//! has no other. Values come from attributes and texts as “Parsing
//! microformats” says; the value-class pattern is not read.

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxiri::Iri;
use scraper::{ElementRef, Html};

use super::dom;
use crate::harvest::extraction::Problem;

/// Events of one page that are read.
const MOST_EVENTS: usize = 500;
/// Cards of one page that are looked at; the organisations behind a page are
/// few.
const MOST_CARDS: usize = 50;
/// How deep one thing may lie in another: an event, its place, its address.
const MOST_DEPTH: usize = 4;
/// Elements that are looked at for all events together.
const MOST_VISITS: usize = 500_000;

/// The classes that begin a thing; those of style sheets begin alike (`h-full`).
const ROOTS: [&str; 12] = [
    "h-adr",
    "h-card",
    "h-cite",
    "h-entry",
    "h-event",
    "h-feed",
    "h-geo",
    "h-item",
    "h-product",
    "h-recipe",
    "h-resume",
    "h-review",
];
/// Properties by their names here and in schema.org.
const PROPERTIES: &[(&str, &str)] = &[
    ("p-name", "name"),
    ("p-summary", "abstract"),
    ("p-description", "description"),
    ("e-description", "description"),
    ("e-content", "description"),
    ("u-url", "url"),
    ("u-photo", "image"),
    ("u-featured", "image"),
    ("dt-start", "startDate"),
    ("dt-end", "endDate"),
    ("dt-duration", "duration"),
    ("dt-updated", "dateModified"),
    ("p-category", "keywords"),
    ("p-location", "location"),
    ("p-organizer", "organizer"),
    ("p-org", "name"),
    ("p-tel", "telephone"),
    ("u-email", "email"),
    ("p-adr", "address"),
    ("p-geo", "geo"),
    ("p-latitude", "latitude"),
    ("p-longitude", "longitude"),
];
/// Properties of an address, which schema.org has in a node of its own.
const ADDRESS: &[(&str, &str)] = &[
    ("p-street-address", "streetAddress"),
    ("p-locality", "addressLocality"),
    ("p-region", "addressRegion"),
    ("p-postal-code", "postalCode"),
    ("p-country-name", "addressCountry"),
];

/// The triples that the events and the organisations of `page` say.
pub(super) fn triples(page: &Html, address: &str, problems: &mut Vec<Problem>) -> Vec<Triple> {
    let Some(base) = dom::base(page, address) else { return Vec::new() };
    let mut reader =
        Reader { base, triples: Vec::new(), budget: dom::Budget::default(), visits: 0 };
    let all = || page.root_element().descendent_elements();
    for event in all().filter(|element| has_class(*element, "h-event")).take(MOST_EVENTS) {
        reader.thing(event, "Event", 0);
    }
    let cards = all().filter(|element| has_class(*element, "h-card") && !is_part(*element));
    let mut unclear = 0;
    for card in cards.take(MOST_CARDS) {
        if reader.is_organisation(card) {
            reader.thing(card, "Organization", 0);
        } else {
            unclear += 1;
        }
    }
    if unclear > 0 && reader.triples.is_empty() {
        let what = format!("{unclear} cards (h-card) may be of persons, and are left out");
        problems.push(
            Problem::warning("card-of-whom", "microformats", what)
                .advice("Give the card of an organisation its name as `p-name p-org`."),
        );
    }
    reader.triples
}

/// Whether an element is in another thing, and so a part of it.
fn is_part(element: ElementRef<'_>) -> bool {
    let outer = element.ancestors().filter_map(ElementRef::wrap);
    outer.filter(|outer| !has_class(*outer, "h-feed")).any(is_thing)
}

struct Reader {
    base: Iri<String>,
    triples: Vec<Triple>,
    budget: dom::Budget,
    visits: usize,
}

impl Reader {
    /// Whether a card says that it is of an organisation.
    fn is_organisation(&mut self, card: ElementRef<'_>) -> bool {
        let (mut name, mut organisation) = (None, None);
        let mut pending: Vec<ElementRef<'_>> = card.child_elements().collect();
        while let Some(element) = pending.pop() {
            self.visits += 1;
            if self.visits > MOST_VISITS {
                break;
            }
            for (class, found) in [("p-name", &mut name), ("p-org", &mut organisation)] {
                if found.is_none() && has_class(element, class) {
                    *found = Some(words(&dom::text(element)));
                }
            }
            if !is_thing(element) {
                pending.extend(element.child_elements());
            }
        }
        let organisation = organisation.filter(|organisation| !organisation.is_empty());
        organisation.is_some() && (name.is_none() || name == organisation)
    }

    /// Reads an element as a thing of `class`.
    fn thing(&mut self, root: ElementRef<'_>, class: &str, depth: usize) -> BlankNode {
        let node = BlankNode::default();
        self.say(&node, rdf::TYPE.into_owned(), schema_org(class));
        let mut address: Option<BlankNode> = None;
        let mut has_name = false;
        let mut pending: Vec<ElementRef<'_>> = root.child_elements().collect();
        pending.reverse();
        while let Some(element) = pending.pop() {
            self.visits += 1;
            if self.visits > MOST_VISITS || self.budget.is_spent() {
                break;
            }
            let is_thing = is_thing(element);
            for (name, property) in PROPERTIES {
                if !classes(element).any(|class| class == *name) {
                    continue;
                }
                has_name |= *property == "name";
                let value = if is_thing && depth < MOST_DEPTH {
                    self.thing(element, class_of(property), depth + 1).into()
                } else {
                    self.value(element, name)
                };
                self.say(&node, schema_org(property), value);
            }
            for (name, property) in ADDRESS {
                if classes(element).any(|class| class == *name) {
                    let value = self.value(element, name);
                    if class == "PostalAddress" {
                        self.say(&node, schema_org(property), value);
                        continue;
                    }
                    let holder = address.get_or_insert_with(BlankNode::default).clone();
                    self.say(&holder, schema_org(property), value);
                }
            }
            // What is in another thing is said of that one.
            if !is_thing {
                let children: Vec<ElementRef<'_>> = element.child_elements().collect();
                pending.extend(children.into_iter().rev());
            }
        }
        if let Some(address) = address {
            self.say(&address, rdf::TYPE.into_owned(), schema_org("PostalAddress"));
            self.say(&node, schema_org("address"), address);
        }
        // A thing without properties of its own is called by its text.
        if !has_name && depth > 0 && class != "PostalAddress" && class != "GeoCoordinates" {
            let name = words(&dom::text(root));
            self.say(&node, schema_org("name"), Literal::new_simple_literal(name));
        }
        node
    }

    fn value(&self, element: ElementRef<'_>, name: &str) -> Term {
        let attribute = |names: &[&str]| names.iter().find_map(|name| element.attr(name));
        if name.starts_with("u-")
            && let Some(written) = attribute(&["href", "src", "data", "poster"])
            && let Some(node) = dom::node(&self.base, written)
        {
            return node.into();
        }
        let written = match element.value().name() {
            "abbr" => attribute(&["title"]),
            "data" | "input" => attribute(&["value"]),
            "img" | "area" => attribute(&["alt"]),
            "time" | "ins" | "del" => attribute(&["datetime"]),
            "meta" => attribute(&["content"]),
            _ => None,
        };
        let text = match written {
            Some(written) => written.trim().to_owned(),
            None => words(&dom::text(element)),
        };
        Literal::new_simple_literal(text).into()
    }

    fn say(&mut self, subject: &BlankNode, predicate: NamedNode, object: impl Into<Term>) {
        let object = object.into();
        if self.budget.affords(&object) {
            let subject = NamedOrBlankNode::from(subject.clone());
            self.triples.push(Triple::new(subject, predicate, object));
        }
    }
}

/// What a thing is that is the value of a property.
fn class_of(property: &str) -> &'static str {
    match property {
        "organizer" => "Organization",
        "address" => "PostalAddress",
        "geo" => "GeoCoordinates",
        "location" => "Place",
        _ => "Thing",
    }
}

/// Whether a thing begins with an element.
fn is_thing(element: ElementRef<'_>) -> bool {
    classes(element).any(|class| ROOTS.contains(&class))
}

fn has_class(element: ElementRef<'_>, name: &str) -> bool {
    classes(element).any(|class| class == name)
}

fn classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    element.attr("class").unwrap_or_default().split_ascii_whitespace()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn schema_org(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("http://schema.org/{name}"))
}
