//! The forms of an answer and their media types.

use serde::{Deserialize, Serialize};

use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use oxigraph::model::Triple;
use sparesults::QueryResultsFormat;

/// Prefixes that Turtle, `TriG` and RDF/XML answers use.
const PREFIXES: [(&str, &str); 11] = [
    ("dcterms", "http://purl.org/dc/terms/"),
    ("kist", "https://w3id.org/kist#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("sd", "http://www.w3.org/ns/sparql-service-description#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// What a query gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `SELECT`: rows of bindings.
    Solutions,
    /// `ASK`: yes or no.
    Boolean,
    /// `CONSTRUCT` and `DESCRIBE`: triples.
    Graph,
}

/// How rows of bindings, and yes or no, are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SolutionsFormat {
    /// SPARQL 1.1 Query Results JSON.
    Json,
    /// SPARQL Query Results XML.
    Xml,
    /// Comma-separated values: no types, no languages.
    Csv,
    /// Tab-separated values, terms as in Turtle.
    Tsv,
}

/// How triples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GraphFormat {
    /// Turtle.
    Turtle,
    /// N-Triples.
    NTriples,
    /// RDF/XML.
    RdfXml,
    /// JSON-LD, expanded and flat.
    JsonLd,
    /// N-Quads.
    NQuads,
    /// `TriG`.
    TriG,
}

/// The form and format that an answer came to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResultFormat {
    /// Rows.
    Solutions(SolutionsFormat),
    /// Yes or no.
    Boolean(SolutionsFormat),
    /// Triples.
    Graph(GraphFormat),
}

impl SolutionsFormat {
    /// All of them, the one that is served first when any will do first.
    pub const ALL: [Self; 4] = [Self::Json, Self::Xml, Self::Csv, Self::Tsv];

    /// The media type, with its character set where the format needs one.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/sparql-results+json",
            Self::Xml => "application/sparql-results+xml",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Tsv => "text/tab-separated-values; charset=utf-8",
        }
    }

    /// The IRI of the format in <http://www.w3.org/ns/formats/>.
    #[must_use]
    pub fn iri(self) -> &'static str {
        self.to_engine().iri()
    }

    pub(super) const fn to_engine(self) -> QueryResultsFormat {
        match self {
            Self::Json => QueryResultsFormat::Json,
            Self::Xml => QueryResultsFormat::Xml,
            Self::Csv => QueryResultsFormat::Csv,
            Self::Tsv => QueryResultsFormat::Tsv,
        }
    }
}

impl GraphFormat {
    /// All of them, the one that is served first when any will do first.
    pub const ALL: [Self; 6] =
        [Self::Turtle, Self::NTriples, Self::RdfXml, Self::JsonLd, Self::NQuads, Self::TriG];

    /// The media type, with its character set where the format needs one.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Turtle => "text/turtle; charset=utf-8",
            Self::NTriples => "application/n-triples",
            Self::RdfXml => "application/rdf+xml",
            Self::JsonLd => "application/ld+json",
            Self::NQuads => "application/n-quads",
            Self::TriG => "application/trig",
        }
    }

    /// The IRI of the format in <http://www.w3.org/ns/formats/>.
    #[must_use]
    pub fn iri(self) -> &'static str {
        self.to_engine().iri()
    }

    /// Writes triples, with the usual prefixes where the format has them.
    /// Triples in the same order give the same bytes.
    ///
    /// # Panics
    ///
    /// Never: memory takes every write.
    #[must_use]
    pub fn write(self, triples: &[Triple]) -> Vec<u8> {
        const MEMORY: &str = "writing to memory can't fail";
        let mut serializer = self.serializer().for_writer(Vec::new());
        for triple in triples {
            serializer.serialize_triple(triple).expect(MEMORY);
        }
        serializer.finish().expect(MEMORY)
    }

    /// A serialiser that knows the usual prefixes.
    pub(super) fn serializer(self) -> RdfSerializer {
        let serializer = RdfSerializer::from_format(self.to_engine());
        if !matches!(self, Self::Turtle | Self::TriG | Self::RdfXml) {
            return serializer;
        }
        PREFIXES.into_iter().fold(serializer, |serializer, (prefix, iri)| {
            serializer.with_prefix(prefix, iri).expect("a test writes with all prefixes")
        })
    }

    pub(super) const fn to_engine(self) -> RdfFormat {
        match self {
            Self::Turtle => RdfFormat::Turtle,
            Self::NTriples => RdfFormat::NTriples,
            Self::RdfXml => RdfFormat::RdfXml,
            Self::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
            Self::NQuads => RdfFormat::NQuads,
            Self::TriG => RdfFormat::TriG,
        }
    }
}

impl ResultFormat {
    /// What the query gave.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::Solutions(_) => Form::Solutions,
            Self::Boolean(_) => Form::Boolean,
            Self::Graph(_) => Form::Graph,
        }
    }

    /// The media type, with its character set where the format needs one.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Solutions(format) | Self::Boolean(format) => format.media_type(),
            Self::Graph(format) => format.media_type(),
        }
    }
}
