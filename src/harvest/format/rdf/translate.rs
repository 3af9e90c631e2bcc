//! ORG, FOAF, vCard and Dublin Core → schema.org.

use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Term, Triple};

use crate::vocab::rdf;

const ORG: &str = "http://www.w3.org/ns/org#";
const FOAF: &str = "http://xmlns.com/foaf/0.1/";
const VCARD: &str = "http://www.w3.org/2006/vcard/ns#";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const DCTERMS: &str = "http://purl.org/dc/terms/";
const WGS84: &str = "http://www.w3.org/2003/01/geo/wgs84_pos#";

/// Terms of each vocabulary, and what they are in schema.org.
const TERMS: &[(&str, &[(&str, &str)])] = &[
    (
        ORG,
        &[
            ("Organization", "Organization"),
            ("FormalOrganization", "Organization"),
            ("OrganizationalUnit", "Organization"),
            ("subOrganizationOf", "parentOrganization"),
            ("unitOf", "parentOrganization"),
            ("hasPrimarySite", "location"),
            ("hasRegisteredSite", "location"),
            ("hasSite", "location"),
            ("Site", "Place"),
            ("siteAddress", "address"),
            ("identifier", "identifier"),
        ],
    ),
    (
        FOAF,
        &[
            ("Organization", "Organization"),
            ("name", "name"),
            ("homepage", "url"),
            ("mbox", "email"),
            ("phone", "telephone"),
            ("logo", "logo"),
        ],
    ),
    (
        VCARD,
        &[
            ("Address", "PostalAddress"),
            ("Organization", "Organization"),
            ("fn", "name"),
            ("organization-name", "name"),
            ("street-address", "streetAddress"),
            ("locality", "addressLocality"),
            ("region", "addressRegion"),
            ("postal-code", "postalCode"),
            ("country-name", "addressCountry"),
            ("hasAddress", "address"),
            ("hasEmail", "email"),
            ("email", "email"),
            ("hasTelephone", "telephone"),
            ("tel", "telephone"),
            ("hasURL", "url"),
            ("url", "url"),
        ],
    ),
    (SKOS, &[("prefLabel", "name"), ("altLabel", "alternateName")]),
    (RDFS, &[("label", "name"), ("comment", "description")]),
    (
        DCTERMS,
        &[
            ("title", "name"),
            ("description", "description"),
            ("modified", "dateModified"),
            ("license", "license"),
        ],
    ),
    (WGS84, &[("lat", "latitude"), ("long", "longitude")]),
];

/// The triples with known terms of other vocabularies as those of schema.org;
/// the rest as it was. What schema.org says itself comes first and is believed.
pub(super) fn to_schema_org(triples: Vec<Triple>) -> Vec<Triple> {
    let is_own = |triple: &Triple| triple.predicate.as_str().contains("//schema.org/");
    let (mut own, other): (Vec<Triple>, Vec<Triple>) = triples.into_iter().partition(is_own);
    let mut said: std::collections::HashSet<(NamedOrBlankNode, NamedNode)> =
        own.iter().map(|triple| (triple.subject.clone(), triple.predicate.clone())).collect();
    let mut of_others = Vec::new();
    for mut triple in other {
        if triple.predicate == rdf::TYPE {
            if let Term::NamedNode(class) = &triple.object
                && let Some(class) = term(class)
            {
                triple.object = class.into();
            }
            own.push(triple);
            continue;
        }
        let Some(predicate) = term(&triple.predicate) else { continue };
        // A name, and a label beside it that says it again in another way.
        let is_single = matches!(local(&predicate), "name" | "description");
        let subject_says = (triple.subject.clone(), predicate.clone());
        if is_single && said.contains(&subject_says) {
            continue;
        }
        of_others.push(subject_says);
        triple.predicate = predicate;
        if let Term::NamedNode(node) = &triple.object
            && matches!(local(&triple.predicate), "email" | "telephone")
        {
            let text = node.as_str();
            let text = text.strip_prefix("mailto:").or_else(|| text.strip_prefix("tel:"));
            if let Some(text) = text {
                triple.object = Literal::new_simple_literal(text).into();
            }
        }
        own.push(triple);
    }
    said.extend(of_others);
    own
}

fn term(term: &NamedNode) -> Option<NamedNode> {
    let term = term.as_str();
    let (namespace, terms) = TERMS.iter().find(|(namespace, _)| term.starts_with(namespace))?;
    let name = &term[namespace.len()..];
    let (_, meant) = terms.iter().find(|(known, _)| *known == name)?;
    Some(NamedNode::new_unchecked(format!("https://schema.org/{meant}")))
}

fn local(term: &NamedNode) -> &str {
    term.as_str().rsplit('/').next().unwrap_or_default()
}
