//! One field of a shape: its JSON key, its RDF property and what it holds.

use oxigraph::model::NamedNode;
use regex::Regex;

/// A field of a record or of a nested node.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its key in JSON.
    pub key: String,
    /// Its property in RDF.
    pub path: NamedNode,
    /// What its values are.
    pub value: ValueType,
    /// How many values it has at least.
    pub minimum: usize,
    /// How many values it has at most; `None` is no limit. In a field with
    /// one value for each language, translations don't count.
    pub maximum: Option<usize>,
    /// Whether there is at most one value in each language.
    pub one_per_language: bool,
    /// What a text must look like.
    pub pattern: Option<Regex>,
    /// How many characters a text has at most.
    pub maximum_length: Option<usize>,
    /// The lowest number that is allowed.
    pub lowest: Option<f64>,
    /// The highest number that is allowed.
    pub highest: Option<f64>,
    /// The texts that are allowed; empty when any is.
    pub choices: Vec<String>,
    /// What it tells, in a sentence.
    pub description: String,
    /// The group in which pages show it.
    pub group: Option<Group>,
    /// Its place among the fields of the shape.
    pub order: f64,
}

/// A heading under which pages show fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What people read.
    pub label: String,
    /// Its place among the groups.
    pub order: f64,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueType {
    /// A text in no language: `xsd:string`.
    Text,
    /// A text in a language: `rdf:langString`.
    LanguageText,
    /// A whole number of at most 64 bits: `xsd:integer`.
    Integer,
    /// An exact number: `xsd:decimal`; a string in JSON, so that no reader rounds it.
    Decimal,
    /// A measured number: `xsd:double`.
    Double,
    /// True or false: `xsd:boolean`.
    Boolean,
    /// A day: `xsd:date`.
    Date,
    /// A time of day: `xsd:time`.
    Time,
    /// A moment, kept in UTC: `xsd:dateTime`.
    DateTime,
    /// A year, a month or a day: `dcterms:W3CDTF`.
    PartialDate,
    /// A geometry, longitude first: `geo:wktLiteral`.
    WellKnownText,
    /// An address on the web, or another absolute IRI.
    Iri,
    /// Another record.
    Reference(ReferenceTo),
    /// A node nested in this one; the IRI of its shape.
    Node(String),
}

/// Which records a field may point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceTo {
    /// Names of the kinds; empty when any kind may be.
    pub kinds: Vec<String>,
    /// The scheme from which a category must come.
    pub scheme: Option<String>,
}

impl Field {
    /// Whether JSON shows its values in an array.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.maximum != Some(1) && !self.one_per_language
    }

    /// What is expected of a value, for people: ends the sentence "… must be".
    #[must_use]
    pub fn expected(&self) -> String {
        if !self.choices.is_empty() {
            return format!("one of {}", self.choices.join(", "));
        }
        match &self.value {
            ValueType::Text => "a text".to_owned(),
            ValueType::LanguageText => {
                "a text (English), or an object of texts by language such as \
                 {\"en\": \"…\", \"gd\": \"…\"}"
                    .to_owned()
            }
            ValueType::Integer => "a whole number".to_owned(),
            ValueType::Decimal => "a decimal number in a string, such as \"3.50\"".to_owned(),
            ValueType::Double => "a number".to_owned(),
            ValueType::Boolean => "true or false".to_owned(),
            ValueType::Date => "a day such as \"2026-03-31\"".to_owned(),
            ValueType::Time => "a time such as \"14:30\"".to_owned(),
            ValueType::DateTime => "a moment such as \"2026-03-31T14:30:00Z\"".to_owned(),
            ValueType::PartialDate => {
                "a year, a month or a day such as \"2011\", \"2011-05\" or \"2011-05-31\""
                    .to_owned()
            }
            ValueType::WellKnownText => {
                "a geometry in well-known text such as \"POINT (-3.19 55.95)\"".to_owned()
            }
            ValueType::Iri => "an absolute web address such as \"https://…\"".to_owned(),
            ValueType::Reference(to) => to.expected(),
            ValueType::Node(_) => "an object".to_owned(),
        }
    }
}

impl ReferenceTo {
    fn expected(&self) -> String {
        let kinds = match self.kinds.as_slice() {
            [] => "any kind".to_owned(),
            kinds => kinds.join(" or "),
        };
        match &self.scheme {
            Some(scheme) => format!("the address or slug of a category of scheme `{scheme}`"),
            None => format!("the address or id of a record ({kinds})"),
        }
    }
}
