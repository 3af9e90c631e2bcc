//! The fields of the text index.

use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::{Index, TantivyDocument};

use super::entry::Entry;
use super::numbering::{NOWHERE, place};
use super::ranking::FIELDS;
use super::stored::Stored;
use super::terms::{self, Terms};

/// The name of the field that holds the number.
pub(super) const NUMBER: &str = "number";
/// The name of the field that holds the place.
pub(super) const PLACE: &str = "place";

/// The fields of the text index.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// The record's key, by which documents are deleted.
    pub(super) key: Field,
    /// The stored entry.
    pub(super) entry: Field,
    /// Its details, stored.
    pub(super) details: Field,
    /// The searched fields, in the order of [`FIELDS`].
    pub(super) texts: [Field; 5],
    number: Field,
    place: Field,
}

impl Fields {
    /// The fields, always in the same order.
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let key = schema.add_text_field("key", STRING);
        let number = schema.add_u64_field(NUMBER, NumericOptions::default().set_fast());
        let place = schema.add_u64_field(PLACE, NumericOptions::default().set_fast());
        let entry = schema.add_bytes_field("entry", STORED);
        let details = schema.add_bytes_field("details", STORED);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(terms::NAME)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let texts = FIELDS.map(|name| schema.add_text_field(name, options.clone()));
        Self { schema: schema.build(), key, entry, details, texts, number, place }
    }

    /// Tells the index how its text is cut into terms.
    pub(super) fn register(index: &Index) {
        index.tokenizers().register(terms::NAME, Terms::new());
    }

    /// A document with the words of an entry, and with what is kept of it.
    /// `number` is its own on the disk.
    pub(super) fn document(
        &self,
        number: u32,
        entry: &Entry,
        stored: &Stored<'_>,
    ) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let texts = &entry.texts;
        document.add_text(self.key, &entry.key);
        document.add_u64(self.number, u64::from(number));
        document.add_u64(self.place, entry.points.first().map_or(NOWHERE, |&it| place(it)));
        let [name, summary, description, categories, organisation] = self.texts;
        document.add_text(name, &texts.name);
        for alternate in &texts.alternate_names {
            document.add_text(name, alternate);
        }
        document.add_text(summary, &texts.summary);
        document.add_text(description, &texts.description);
        for category in &texts.categories {
            document.add_text(categories, category);
        }
        document.add_text(organisation, &texts.organisation);
        document.add_bytes(self.entry, &stored.to_bytes());
        document.add_bytes(self.details, &entry.details);
        document
    }
}
