//! What the register knows of a source's items, and of categories.

use std::collections::HashMap;

use super::HarvestError;
use crate::harvest::terms::{self, Concept, Terms};
use crate::record::{Record, RecordId, Value, texts};
use crate::register::Register;
use crate::register::ledger::{Decision, Item, Ledger, LedgerError};

/// What the keys of decisions about terms begin with.
const TERMS: &str = "term\n";

/// The records of items that had other keys when these were made, by their
/// ledger keys without the source.
pub(super) type TakenOver = HashMap<String, RecordId>;

/// The items of a source, by their ledger key without the source.
#[derive(Debug, Default)]
pub(super) struct Known {
    items: HashMap<String, Item>,
}

impl Known {
    pub(super) fn read(ledger: Ledger<'_>, source: &str) -> Result<Self, LedgerError> {
        let prefix = format!("{source}\n");
        let mut items = HashMap::new();
        ledger.each::<Item>(&prefix, |key, item| {
            items.insert(key[prefix.len()..].to_owned(), item);
        })?;
        Ok(Self { items })
    }

    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        self.items.get(key)
    }

    pub(super) fn put(&mut self, key: String, item: Item) {
        self.items.insert(key, item);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Item)> {
        self.items.iter()
    }

    /// The records of items that had other keys before.
    pub(super) fn taken_over(&self) -> TakenOver {
        let items = self.items.iter().filter(|(_, item)| item.formerly.is_some());
        items.map(|(key, item)| (key.clone(), item.id.clone())).collect()
    }

    /// Whether another item is the record that this `item` is, because its
    /// publisher has gone back to the keys of before.
    pub(super) fn has_other(&self, item: &Item) -> bool {
        let former = item.formerly.as_ref().and_then(|key| self.items.get(key));
        former.is_some_and(|other| other.is_published() && other.id == item.id)
    }

    /// Forgets an item.
    pub(super) fn remove(&mut self, key: &str) {
        self.items.remove(key);
    }

    /// How many records of the source are published.
    pub(super) fn published(&self) -> u64 {
        self.items.values().filter(|item| item.is_published()).count() as u64
    }
}

/// Our categories.
pub(super) fn terms(register: &Register) -> Result<Terms, HarvestError> {
    let mut concepts = Vec::new();
    register.each_record("category", &mut |_, record| concepts.extend(concept(record)))?;
    Ok(Terms::new(concepts))
}

/// What editors have decided of publishers' terms.
pub(super) fn decided(ledger: Ledger<'_>) -> Result<terms::Table, LedgerError> {
    let mut table = terms::Table::new();
    ledger.each::<Decision>(TERMS, |key, decision| {
        let decided = match decision.answer.as_str() {
            "ignore" => terms::Decision::Ignore,
            slug => terms::Decision::Means(slug.to_owned()),
        };
        table.insert(key[TERMS.len()..].to_owned(), decided);
    })?;
    Ok(table)
}

fn concept(record: &Record) -> Option<Concept> {
    let scheme = record.values("inScheme").iter().find_map(Value::as_record)?.id().to_owned();
    let all = |key: &str| texts(record.values(key)).map(str::to_owned).collect::<Vec<_>>();
    let iris = |key: &str| -> Vec<String> {
        let iris = record.values(key).iter().filter_map(|value| match value {
            Value::Iri(iri) => Some(iri.clone()),
            _ => None,
        });
        iris.collect()
    };
    let labels = record.values("prefLabel").iter().filter_map(|value| match value {
        Value::LanguageText { language, text } => Some((language.clone(), text.clone())),
        _ => None,
    });
    Some(Concept {
        id: record.id.id().to_owned(),
        scheme,
        labels: labels.collect(),
        alternatives: all("altLabel"),
        notations: all("notation"),
        exact_matches: iris("exactMatch"),
        close_matches: iris("closeMatch"),
    })
}
