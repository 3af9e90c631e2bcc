//! The words of the latest changes, in memory, and their details.
//!
//! The same postings as in the text index, in a hash map: adding an entry
//! takes microseconds, where a commit of the text index takes milliseconds.
//! Nothing is ever removed but all at once, when the disk has taken over;
//! until then what is no longer live is passed over when it is found.

use std::collections::HashMap;
use std::sync::Arc;

use super::entry::Texts;
use super::ranking::FIELD_WEIGHTS;
use super::segment::Accepted;
use super::vocabulary::STEM_MARK;
use super::words::{Stems, words};

/// A place in a text: its field, and which word of the field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) field: usize,
    pub(super) position: usize,
}

/// The words of an entry, ready to be added.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Each word with its stem (marked as in the text index) and its place.
    pub(super) words: Vec<(String, String, Place)>,
    name_words: usize,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Recent {
    postings: HashMap<String, Vec<(u32, Place)>>,
    name_words: HashMap<u32, usize>,
    details: HashMap<u32, Arc<[u8]>>,
}

impl Read {
    /// Reads the words of `texts`.
    pub(super) fn new(texts: &Texts, stems: &mut Stems) -> Self {
        let Texts { name, alternate_names, summary, description, categories, organisation } = texts;
        let mut read = Self::default();
        let mut names = vec![name];
        names.extend(alternate_names);
        read.field(0, &names, stems);
        read.name_words = read.words.len();
        read.field(1, &[summary], stems);
        read.field(2, &[description], stems);
        read.field(3, &categories.iter().collect::<Vec<_>>(), stems);
        read.field(4, &[organisation], stems);
        read
    }

    fn field(&mut self, field: usize, texts: &[&String], stems: &mut Stems) {
        let mut position = 0;
        for text in texts {
            for word in words(text) {
                let stem = format!("{STEM_MARK}{}", stems.stem(&word));
                self.words.push((word, stem, Place { field, position }));
                position += 1;
            }
            position += 1; // no phrase goes from one text to the next
        }
    }
}

impl Recent {
    /// Adds the words and the details of the entry at `slot`.
    pub(super) fn insert(&mut self, slot: u32, read: Read, details: &[u8]) {
        self.name_words.insert(slot, read.name_words);
        self.details.insert(slot, details.into());
        for (word, stem, place) in read.words {
            self.postings.entry(word).or_default().push((slot, place));
            self.postings.entry(stem).or_default().push((slot, place));
        }
    }

    /// Where `term` occurs in entries that may be found.
    pub(super) fn places<'a>(
        &'a self,
        term: &str,
        accepted: &'a Accepted<'_>,
    ) -> impl Iterator<Item = (u32, Place)> + use<'a> {
        let places = self.postings.get(term).into_iter().flatten().copied();
        places.filter(|&(slot, _)| accepted.contains(slot))
    }

    /// How many words the name of the entry at `slot` has.
    pub(super) fn name_words(&self, slot: u32) -> u32 {
        let words = self.name_words.get(&slot).copied().unwrap_or(1);
        u32::try_from(words).unwrap_or(u32::MAX)
    }

    /// The details of the entry at `slot`, if it is here.
    pub(super) fn details(&self, slot: u32) -> Option<&Arc<[u8]>> {
        self.details.get(&slot)
    }

    /// Whether the entry at `slot` is here.
    pub(super) fn contains(&self, slot: u32) -> bool {
        self.name_words.contains_key(&slot)
    }

    /// The weight of the best field in which `terms` follow each other in the
    /// entry at `slot`, or 0.
    pub(super) fn phrase(&self, terms: &[&str], slot: u32) -> u32 {
        let of = |term: &str| {
            let places = self.postings.get(term).map_or(&[][..], Vec::as_slice);
            places.iter().filter(move |(other, _)| *other == slot).map(|(_, place)| *place)
        };
        let Some((first, rest)) = terms.split_first() else { return 0 };
        of(first)
            .filter(|start| {
                (1..).zip(rest).all(|(order, term)| {
                    of(term).any(|place| {
                        place.field == start.field && place.position == start.position + order
                    })
                })
            })
            .map(|start| FIELD_WEIGHTS[start.field])
            .max()
            .unwrap_or(0)
    }

    /// Bytes in memory, nearly.
    pub(super) fn bytes(&self) -> usize {
        let places: usize = self.postings.values().map(Vec::capacity).sum();
        let details: usize = self.details.values().map(|details| details.len() + 48).sum();
        places * size_of::<(u32, Place)>() + self.postings.len() * 80 + details
    }
}
