//! How the sources of a record are credited, and under which licences they give
//! what they say.

use std::sync::{Arc, PoisonError};

use super::Register;
use super::lookup::Lookup;
use crate::index::Facet;
use crate::model::TermsOfUse;
use crate::record::{Origin, Record, Value, text_in_language, texts};

/// In which language a publisher credits a single item of its: nobody says.
const OF_OWN_WORDS: &str = "en";

/// The terms on which sources give a record, for its entry in the index: of
/// each source that says other terms of it than of everything, a text that
/// [`read`] reads. A record of several in a cluster may be given by one source
/// on several terms.
pub(super) fn of_origins(origins: &[Origin]) -> impl Iterator<Item = String> + '_ {
    let has_own = |source: &str| {
        let mut others = origins.iter().filter(|other| other.terms.is_some());
        others.any(|other| other.source == source)
    };
    origins.iter().filter(move |origin| has_own(&origin.source)).map(|origin| {
        let terms =
            serde_json::to_string(&origin.terms.as_deref().unwrap_or(&TermsOfUse::default()));
        format!("{}\n{}", origin.source, terms.expect("texts are JSON"))
    })
}

/// The source and its terms, which say nothing where they are those of
/// everything that it gives.
fn read(text: &str) -> Option<(&str, TermsOfUse)> {
    let (source, terms) = text.split_once('\n')?;
    Some((source, serde_json::from_str(terms).ok()?))
}

/// What a source says of its own use, or of the use of one record of its: by
/// whom it is, and on which terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Credit {
    source: String,
    name: Vec<Value>,
    attribution: Vec<Value>,
    licences: Vec<String>,
    url: Option<String>,
}

impl Credit {
    /// What the record of a source says of it.
    pub(super) fn of(source: &Record) -> Self {
        let text = |key: &str| texts(source.values(key)).next().map(str::to_owned);
        Self {
            source: source.id.id().to_owned(),
            name: source.values("name").to_vec(),
            attribution: source.values("attribution").to_vec(),
            licences: text("licence").into_iter().collect(),
            url: text("url"),
        }
    }

    /// What holds for a record that the source gives on these `terms`.
    fn on(&self, terms: TermsOfUse) -> Self {
        let TermsOfUse { licences, attribution } = terms;
        let words = |text| vec![Value::LanguageText { language: OF_OWN_WORDS.to_owned(), text }];
        Self {
            attribution: attribution.map_or_else(|| self.attribution.clone(), words),
            licences: licences.unwrap_or_else(|| self.licences.clone()),
            ..self.clone()
        }
    }

    /// Whether it is the same as `other`: mostly one thing in memory.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self == other
    }

    /// The identifier of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it is called, with the language of that (BCP 47) in front: in
    /// `language`, or else in English, or else in any; `None` without a name.
    #[must_use]
    pub fn name(&self, language: &str) -> Option<(&str, &str)> {
        text_in_language(&self.name, language)
    }

    /// The words in which it wants to be credited, likewise; `None` when it
    /// asks for none.
    #[must_use]
    pub fn attribution(&self, language: &str) -> Option<(&str, &str)> {
        text_in_language(&self.attribution, language)
    }

    /// How to credit it: in its own words, or else by its name, or else by its
    /// identifier.
    #[must_use]
    pub fn words(&self, language: &str) -> &str {
        let said = self.attribution(language).or_else(|| self.name(language));
        said.map_or(&self.source, |(_, words)| words)
    }

    /// Whether it states a licence, or the words of a credit.
    pub(super) fn asks(&self) -> bool {
        !self.licences.is_empty() || !self.attribution.is_empty()
    }

    /// The addresses of its licences; none when it states none.
    #[must_use]
    pub fn licences(&self) -> &[String] {
        &self.licences
    }

    /// Where it is on the web; `None` when that is not known.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

/// How what `origin` says is credited; `None` when nothing is known of its
/// source.
fn of_one(lookup: &Lookup, origin: &Origin) -> Option<Arc<Credit>> {
    let credit = lookup.credit(&origin.source)?;
    Some(match &origin.terms {
        Some(terms) => Arc::new(credit.on(TermsOfUse::clone(terms))),
        None => Arc::clone(credit),
    })
}

/// How each of `origins` is credited, by the identifiers of their sources and
/// each once; those of which nothing is known are left out.
pub(super) fn of_all(lookup: &Lookup, origins: &[Origin]) -> Vec<Arc<Credit>> {
    let mut credits: Vec<_> = origins.iter().filter_map(|origin| of_one(lookup, origin)).collect();
    credits.sort_by(|one, other| one.source.cmp(&other.source));
    credits.dedup_by(|one, other| one.is(other));
    credits
}

impl Register {
    /// How each source of the record `key` is credited, by their identifiers.
    /// What is written here, and sources of which nothing is known, ask for
    /// nothing, so that the answer is empty when there is nothing else.
    #[must_use]
    pub fn credits(&self, key: &str) -> Vec<Arc<Credit>> {
        let [mut sources, mut own] = self.index.values_of(key, [Facet::Source, Facet::Terms]);
        // The index gives them in an order of its own.
        own.sort_unstable();
        let own: Vec<(&str, TermsOfUse)> = own.iter().filter_map(|text| read(text)).collect();
        sources.retain(|source| !own.iter().any(|(other, _)| other == source));
        let mut credits = self.credits_of(&sources);
        if !own.is_empty() {
            let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
            credits.extend(own.into_iter().filter_map(|(source, terms)| {
                Some(match terms.said() {
                    Some(terms) => Arc::new(lookup.credit(source)?.on(terms)),
                    None => Arc::clone(lookup.credit(source)?),
                })
            }));
        }
        // Those of one source stay in the order of their terms.
        credits.sort_by(|one, other| one.source.cmp(&other.source));
        credits
    }

    /// How what `origin` says is credited; `None` when nothing is known of its
    /// source.
    #[must_use]
    pub fn credit_of(&self, origin: &Origin) -> Option<Arc<Credit>> {
        of_one(&self.lookup.read().unwrap_or_else(PoisonError::into_inner), origin)
    }

    /// What tells how all sources are credited from how they were: a hash, as
    /// hexadecimal digits. Records say it of their sources, and don't change
    /// with it.
    #[must_use]
    pub fn credits_hash(&self) -> String {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        let mut credits: Vec<&Arc<Credit>> = lookup.credits().collect();
        credits.sort_unstable_by(|one, other| one.source.cmp(&other.source));
        let mut hasher = blake3::Hasher::new();
        for Credit { source, name, attribution, licences, .. } in
            credits.into_iter().map(|it| &**it)
        {
            hasher
                .update(format!("{source}\n{name:?}\n{attribution:?}\n{licences:?}\n").as_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// How each of `sources`, by their identifiers, is credited; those of which
    /// nothing is known are left out.
    #[must_use]
    pub fn credits_of<S: AsRef<str>>(&self, sources: &[S]) -> Vec<Arc<Credit>> {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        sources.iter().filter_map(|source| lookup.credit(source.as_ref()).cloned()).collect()
    }
}
