//! What entries need to know of other records: categories and sources, which
//! are few and kept in memory, and the names of organisations.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::own_sources::OWN_SOURCE;
use super::stored::{LOCAL_SOURCE, MATCHES_SOURCE};
use super::{Credit, merged};
use crate::journal::{Journal, JournalError};
use crate::record::{Record, RecordId, Value, label, texts};
use crate::schema::Schema;

/// Trust in a source that doesn't say; the scale is 0 to 100.
const ORDINARY_TRUST: u8 = 50;
/// Trust in what is written here; no other source has as much.
const LOCAL_TRUST: u8 = 100;

/// Categories and sources, by identifier.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    categories: HashMap<String, Category>,
    sources: HashMap<String, Source>,
}

/// What is known of a source.
#[derive(Debug)]
struct Source {
    trust: u8,
    credit: Arc<Credit>,
}

/// What is known of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Category {
    /// Its names by language.
    pub names: BTreeMap<String, String>,
    /// Every word that people use for it.
    pub synonyms: Vec<String>,
    /// Its codes here and in other systems.
    pub notations: Vec<String>,
    /// Identifiers of the wider concepts.
    pub broader: Vec<String>,
    /// Identifier of its scheme.
    pub scheme: Option<String>,
}

impl Lookup {
    /// Takes what all sources together say of `id`, when it is a category or a
    /// source; gives whether something became different.
    pub(super) fn learn(&mut self, id: &RecordId, record: Option<&Record>) -> bool {
        match (id.kind(), record) {
            ("category", Some(record)) => {
                let category = Category::of(record);
                let before = self.categories.insert(id.id().to_owned(), category.clone());
                before.as_ref() != Some(&category)
            }
            ("category", None) => self.categories.remove(id.id()).is_some(),
            ("source", Some(record)) => {
                let trust = record.values("trust").first().and_then(Value::as_integer);
                let trust = trust.and_then(|trust| u8::try_from(trust).ok());
                let trust = trust.unwrap_or(ORDINARY_TRUST);
                let source = Source { trust, credit: Arc::new(Credit::of(record)) };
                let before = self.sources.insert(id.id().to_owned(), source);
                // Entries don't show how it is credited: lists look it up.
                before.map(|source| source.trust) != Some(trust)
            }
            ("source", None) => self.sources.remove(id.id()).is_some(),
            _ => false,
        }
    }

    pub(super) fn category(&self, id: &str) -> Option<&Category> {
        self.categories.get(id)
    }

    /// All categories with their identifiers, in no order.
    pub(super) fn categories(&self) -> impl Iterator<Item = (&str, &Category)> {
        self.categories.iter().map(|(id, category)| (id.as_str(), category))
    }

    /// `id` and all wider concepts, itself first; a circle ends.
    pub(super) fn with_wider<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            next += 1;
            let wider = self.categories.get(id).map_or(&[][..], |category| &category.broader);
            for id in wider {
                if !found.contains(&id.as_str()) {
                    found.push(id);
                }
            }
        }
        found
    }

    /// How `source` is credited; `None` when nothing is known of it, and when
    /// it is the register itself that asks for nothing: what it says is on the
    /// register's own terms.
    pub(super) fn credit(&self, source: &str) -> Option<&Arc<Credit>> {
        let credit = &self.sources.get(source)?.credit;
        let is_own = [LOCAL_SOURCE, OWN_SOURCE, MATCHES_SOURCE].contains(&source);
        (!is_own || credit.asks()).then_some(credit)
    }

    /// How all sources are credited, in no order.
    pub(super) fn credits(&self) -> impl Iterator<Item = &Arc<Credit>> {
        self.sources.values().map(|source| &source.credit)
    }

    /// How far `source` is believed, from 0 to 100.
    pub(super) fn trust(&self, source: &str) -> u8 {
        if source == LOCAL_SOURCE {
            return LOCAL_TRUST;
        }
        let trust = self.sources.get(source).map_or(ORDINARY_TRUST, |source| source.trust);
        trust.min(LOCAL_TRUST - 1)
    }
}

impl Category {
    fn of(record: &Record) -> Self {
        let names = record.values("prefLabel").iter().filter_map(|value| match value {
            Value::LanguageText { language, text } => Some((language.clone(), text.clone())),
            _ => None,
        });
        let identifiers = |key: &str| {
            record.values(key).iter().filter_map(Value::as_record).map(|id| id.id().to_owned())
        };
        Self {
            names: names.collect(),
            synonyms: texts(record.values("prefLabel"))
                .chain(texts(record.values("altLabel")))
                .map(str::to_owned)
                .collect(),
            notations: texts(record.values("notation")).map(str::to_owned).collect(),
            broader: identifiers("broader").collect(),
            scheme: identifiers("inScheme").next(),
        }
    }
}

/// The names of records that others point to, each read once from the
/// journal.
pub(super) struct Names<'a> {
    schema: &'a Schema,
    lookup: &'a Lookup,
    journal: &'a dyn Journal,
    known: HashMap<RecordId, Option<String>>,
}

/// How many names are kept while entries are made.
const KEPT_NAMES: usize = 100_000;

impl<'a> Names<'a> {
    pub(super) fn new(schema: &'a Schema, lookup: &'a Lookup, journal: &'a dyn Journal) -> Self {
        Self { schema, lookup, journal, known: HashMap::new() }
    }

    /// The English name of `id`; `None` when nothing is registered there.
    pub(super) fn of(&mut self, id: &RecordId) -> Result<Option<String>, JournalError> {
        if let Some(name) = self.known.get(id) {
            return Ok(name.clone());
        }
        let said = self.journal.current(id)?;
        let merged = merged::of_versions(self.schema, self.lookup, id, &said)?;
        let name = merged.map(|merged| label(&merged.record, "en").to_owned());
        if self.known.len() >= KEPT_NAMES {
            self.known.clear();
        }
        self.known.insert(id.clone(), name.clone());
        Ok(name)
    }
}
