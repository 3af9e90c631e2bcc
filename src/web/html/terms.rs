//! Terms of vocabularies as people read them.

/// Names of vocabularies in short, as Turtle has them.
const PREFIXES: [(&str, &str); 13] = [
    ("kist", "https://w3id.org/kist#"),
    ("schema", "https://schema.org/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("geo", "http://www.opengis.net/ont/geosparql#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// `schema:name` for `https://schema.org/name`; what is of no vocabulary that
/// we know stays as it is.
pub(in crate::web) fn shortened(iri: &str) -> String {
    let known =
        PREFIXES.iter().find_map(|(prefix, start)| Some((prefix, iri.strip_prefix(start)?)));
    known.map_or_else(|| iri.to_owned(), |(prefix, rest)| format!("{prefix}:{rest}"))
}
