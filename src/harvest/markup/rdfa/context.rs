//! Prefixes, terms and vocabularies: what the short names in attributes
//! stand for.

use std::collections::HashMap;
use std::rc::Rc;

use oxigraph::model::{BlankNode, NamedNode, NamedOrBlankNode};
use oxiri::Iri;

use super::{Warning, WarningKind};
use crate::harvest::markup::dom;

/// The prefixes of the `RDFa` Core initial context
/// (<https://www.w3.org/2011/rdfa-context/rdfa-1.1>).
const PREFIXES: &[(&str, &str)] = &[
    ("as", "https://www.w3.org/ns/activitystreams#"),
    ("cc", "http://creativecommons.org/ns#"),
    ("csvw", "http://www.w3.org/ns/csvw#"),
    ("ctag", "http://commontag.org/ns#"),
    ("dc", "http://purl.org/dc/terms/"),
    ("dc11", "http://purl.org/dc/elements/1.1/"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("dqv", "http://www.w3.org/ns/dqv#"),
    ("duv", "https://www.w3.org/ns/duv#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("gr", "http://purl.org/goodrelations/v1#"),
    ("grddl", "http://www.w3.org/2003/g/data-view#"),
    ("ical", "http://www.w3.org/2002/12/cal/icaltzd#"),
    ("jsonld", "http://www.w3.org/ns/json-ld#"),
    ("ldp", "http://www.w3.org/ns/ldp#"),
    ("ma", "http://www.w3.org/ns/ma-ont#"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("odrl", "http://www.w3.org/ns/odrl/2/"),
    ("og", "http://ogp.me/ns#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("qb", "http://purl.org/linked-data/cube#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfa", "http://www.w3.org/ns/rdfa#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("rev", "http://purl.org/stuff/rev#"),
    ("rif", "http://www.w3.org/2007/rif#"),
    ("rr", "http://www.w3.org/ns/r2rml#"),
    ("schema", "http://schema.org/"),
    ("sd", "http://www.w3.org/ns/sparql-service-description#"),
    ("sioc", "http://rdfs.org/sioc/ns#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("skosxl", "http://www.w3.org/2008/05/skos-xl#"),
    ("sosa", "http://www.w3.org/ns/sosa/"),
    ("ssn", "http://www.w3.org/ns/ssn/"),
    ("time", "http://www.w3.org/2006/time#"),
    ("v", "http://rdf.data-vocabulary.org/#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("void", "http://rdfs.org/ns/void#"),
    ("wdr", "http://www.w3.org/2007/05/powder#"),
    ("wdrs", "http://www.w3.org/2007/05/powder-s#"),
    ("xhv", XHV),
    ("xml", "http://www.w3.org/XML/1998/namespace"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];
/// The vocabulary of XHTML: what CURIEs without a prefix and roles are in.
pub(super) const XHV: &str = "http://www.w3.org/1999/xhtml/vocab#";
/// The terms that need no prefix.
const TERMS: &[(&str, &str)] = &[
    ("describedby", "http://www.w3.org/2007/05/powder-s#describedby"),
    ("license", "http://www.w3.org/1999/xhtml/vocab#license"),
    ("role", "http://www.w3.org/1999/xhtml/vocab#role"),
];
/// More own prefixes than this no page has; each element copies them at most
/// once.
const MOST_PREFIXES: usize = 200;

/// What the short names on an element stand for.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// What addresses are completed with.
    pub(super) base: Rc<Iri<String>>,
    prefixes: Rc<HashMap<String, String>>,
    /// The address before words that are no term.
    pub(super) vocabulary: Option<Rc<str>>,
}

impl Names {
    /// Those of a page before its first element.
    pub(super) fn of_page(base: Iri<String>) -> Self {
        Self { base: Rc::new(base), prefixes: Rc::new(HashMap::new()), vocabulary: None }
    }

    /// Takes the pairs of a `prefix` attribute in.
    pub(super) fn declare(&mut self, attribute: &str, warnings: &mut Vec<Warning>) {
        let mut words = attribute.split_ascii_whitespace();
        while let (Some(prefix), Some(address)) = (words.next(), words.next()) {
            let Some(prefix) = prefix.strip_suffix(':') else { continue };
            self.declare_one(prefix, address, warnings);
        }
    }

    /// Takes one prefix in.
    pub(super) fn declare_one(&mut self, prefix: &str, address: &str, warnings: &mut Vec<Warning>) {
        let prefix = prefix.to_lowercase();
        let is_long = prefix.len() + address.len() > dom::ADDRESS_BYTES;
        if prefix == "_" || is_long || self.prefixes.len() >= MOST_PREFIXES {
            return;
        }
        let initial = PREFIXES.iter().find(|(known, _)| *known == prefix);
        if initial.is_some_and(|(_, known)| *known != address) {
            super::warn(warnings, WarningKind::PrefixRedefinition, &prefix);
        }
        Rc::make_mut(&mut self.prefixes).insert(prefix, address.to_owned());
    }

    fn prefix(&self, prefix: &str) -> Option<&str> {
        let prefix = prefix.to_lowercase();
        if let Some(address) = self.prefixes.get(&prefix) {
            return Some(address);
        }
        let initial = PREFIXES.iter().find(|(known, _)| *known == prefix);
        initial.map(|(_, address)| *address)
    }

    /// A word of `property`, `rel`, `rev`, `typeof` or `datatype`: a term, a
    /// CURIE or a whole address.
    pub(super) fn word(&self, word: &str, warnings: &mut Vec<Warning>) -> Option<NamedNode> {
        if word.contains(':') {
            if let Some(expanded) = self.curie(word) {
                return match expanded {
                    NamedOrBlankNode::NamedNode(node) => Some(node),
                    NamedOrBlankNode::BlankNode(_) => None,
                };
            }
            let whole = dom::whole(word);
            if whole.is_none() {
                super::warn(warnings, WarningKind::UnresolvedCurie, word);
            }
            return whole;
        }
        if !is_term(word) {
            return None;
        }
        if let Some(vocabulary) = &self.vocabulary {
            return dom::whole(&format!("{vocabulary}{word}"));
        }
        let term = TERMS.iter().find(|(term, _)| term.eq_ignore_ascii_case(word));
        if term.is_none() {
            super::warn(warnings, WarningKind::UnresolvedTerm, word);
        }
        term.map(|(_, address)| NamedNode::new_unchecked(*address))
    }

    /// The value of `about` or `resource`: a CURIE in brackets, a CURIE or an
    /// address; `None` when what is in brackets is no CURIE.
    pub(super) fn reference(
        &self,
        value: &str,
        warnings: &mut Vec<Warning>,
    ) -> Option<NamedOrBlankNode> {
        let value = value.trim();
        if let Some(inner) = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
            let expanded = self.curie(inner);
            if expanded.is_none() && !inner.is_empty() {
                super::warn(warnings, WarningKind::UnresolvedCurie, inner);
            }
            return expanded;
        }
        self.curie(value).or_else(|| self.address(value))
    }

    /// The value of `href` or `src`.
    pub(super) fn address(&self, value: &str) -> Option<NamedOrBlankNode> {
        dom::node(&self.base, value).map(NamedOrBlankNode::from)
    }

    fn curie(&self, text: &str) -> Option<NamedOrBlankNode> {
        let (prefix, reference) = text.split_once(':')?;
        if reference.starts_with("//") {
            return None;
        }
        if prefix == "_" {
            return Some(blank(reference).into());
        }
        let address = if prefix.is_empty() { XHV } else { self.prefix(prefix)? };
        dom::whole(&format!("{address}{reference}")).map(NamedOrBlankNode::from)
    }
}

/// The blank node that a page calls `_:name`; names of any characters are
/// written as hexadecimal digits.
fn blank(name: &str) -> BlankNode {
    let mut label = "named".to_owned();
    for byte in name.bytes() {
        for digit in [byte >> 4, byte & 15] {
            label.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    BlankNode::new_unchecked(label)
}

/// Whether a word may be a term: a name of XML without a colon, with slashes
/// after its first letter.
fn is_term(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || "-_./".contains(letter))
}
