//! Microformats 2 → triples in schema.org's terms: `h-event`, and the
//! `h-card`, `h-adr` and `h-geo` in it (<https://microformats.org/wiki/h-event>).
//!
//! Only events are read by themselves: an `h-card` by itself is most often a
//! person, who is no record. Values come from attributes and texts as
//! “Parsing microformats” says; the value-class pattern is not read.

use oxigraph::model::vocab::rdf;
use oxigraph::model::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxiri::Iri;
use scraper::{ElementRef, Html};

use super::dom;

/// Events of one page that are read.
const MOST_EVENTS: usize = 500;
/// How deep one thing may lie in another: an event, its place, its address.
const MOST_DEPTH: usize = 4;
/// Elements that are looked at for all events together.
const MOST_VISITS: usize = 500_000;

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

/// The triples that the events of `page` say.
pub(super) fn triples(page: &Html, address: &str) -> Vec<Triple> {
    let Some(base) = dom::base(page, address) else { return Vec::new() };
    let mut reader =
        Reader { base, triples: Vec::new(), budget: dom::Budget::default(), visits: 0 };
    let events = page
        .root_element()
        .descendent_elements()
        .filter(|element| classes(*element).any(|class| class == "h-event"));
    for event in events.take(MOST_EVENTS) {
        reader.thing(event, "Event", 0);
    }
    reader.triples
}

struct Reader {
    base: Iri<String>,
    triples: Vec<Triple>,
    budget: dom::Budget,
    visits: usize,
}

impl Reader {
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
            let is_thing = classes(element).any(|class| class.starts_with("h-"));
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

fn classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    element.attr("class").unwrap_or_default().split_ascii_whitespace()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn schema_org(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("http://schema.org/{name}"))
}
