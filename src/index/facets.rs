//! Values of facets, and who has them.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::bits::Bits;
use super::entry::Facet;
use super::records::Records;
use super::results::FacetCounts;

/// A value of a facet and who has it.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) facet: Facet,
    pub(super) value: Arc<str>,
    pub(super) slots: RoaringBitmap,
    /// The same for kinds, which are few, and looked up at each point.
    bits: Option<Bits>,
}

/// All values that ever occurred, numbered as they came.
#[derive(Debug, Default)]
pub(super) struct Terms {
    terms: Vec<Term>,
    /// By the number of the facet.
    facets: Vec<Values>,
}

/// The values of one facet.
#[derive(Debug, Default)]
struct Values {
    numbers: HashMap<Arc<str>, u32>,
    /// How many values all entries together have.
    held: u64,
}

impl Term {
    /// The value, for an answer.
    pub(super) fn to_value(&self) -> String {
        (*self.value).to_owned()
    }
}

impl Terms {
    /// A value that an entry has.
    pub(super) fn at(&self, number: u32) -> &Term {
        &self.terms[number as usize]
    }

    /// The entries that have this value.
    pub(super) fn with(&self, facet: Facet, value: &str) -> Option<&RoaringBitmap> {
        let number = *self.facets.get(facet as usize)?.numbers.get(value)?;
        Some(&self.at(number).slots)
    }

    /// The entries of a kind, as bits.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&Bits> {
        let number = *self.facets.get(Facet::Kind as usize)?.numbers.get(kind)?;
        self.at(number).bits.as_ref()
    }

    /// The number of a value, which gets one when it is new.
    pub(super) fn intern(&mut self, facet: Facet, value: &str) -> u32 {
        if self.facets.len() <= facet as usize {
            self.facets.resize_with(facet as usize + 1, Values::default);
        }
        let numbers = &mut self.facets[facet as usize].numbers;
        if let Some(&number) = numbers.get(value) {
            return number;
        }
        let number = u32::try_from(self.terms.len()).expect("memory ends before 2³² values");
        let value: Arc<str> = value.into();
        numbers.insert(Arc::clone(&value), number);
        let bits = (facet == Facet::Kind).then(Bits::default);
        self.terms.push(Term { facet, value, slots: RoaringBitmap::new(), bits });
        number
    }

    /// The entry at `slot` has this value; gives the facet.
    pub(super) fn insert(&mut self, number: u32, slot: u32) -> Facet {
        let term = &mut self.terms[number as usize];
        term.slots.insert(slot);
        if let Some(bits) = &mut term.bits {
            bits.insert(slot);
        }
        self.facets[term.facet as usize].held += 1;
        term.facet
    }

    /// The entry at `slot` no longer has this value.
    pub(super) fn remove(&mut self, number: u32, slot: u32) {
        let term = &mut self.terms[number as usize];
        term.slots.remove(slot);
        if let Some(bits) = &mut term.bits {
            bits.remove(slot);
        }
        self.facets[term.facet as usize].held -= 1;
    }

    /// Bytes in memory, nearly.
    pub(super) fn bytes(&self) -> usize {
        let each = size_of::<Term>() + size_of::<(Arc<str>, u32)>() + 24;
        let all = self.terms.iter();
        all.map(|term| each + term.value.len() + term.slots.serialized_size()).sum()
    }
}

/// How often each value of a facet occurs among `slots`; without, among all.
pub(super) fn count(records: &Records, facet: Facet, slots: Option<&RoaringBitmap>) -> FacetCounts {
    let terms = &records.terms;
    let mut counts: Vec<(&str, u64)> = Vec::new();
    if let Some(values) = terms.facets.get(facet as usize) {
        let all = values.numbers.values().map(|&number| terms.at(number));
        match slots {
            None => counts.extend(all.map(|term| (&*term.value, term.slots.len()))),
            // In nanoseconds, measured at a million entries: a look at a
            // record that is not in the cache; an intersection, and what it
            // takes for each entry that has the value.
            Some(slots) if slots.len() * 150 < values.numbers.len() as u64 * 150 + values.held => {
                let mut by_number: HashMap<u32, u64> = HashMap::new();
                for record in slots.iter().filter_map(|slot| records.at(slot)) {
                    for number in record.terms().filter(|&number| terms.at(number).facet == facet) {
                        *by_number.entry(number).or_default() += 1;
                    }
                }
                counts.extend(
                    by_number.into_iter().map(|(number, count)| (&*terms.at(number).value, count)),
                );
            }
            Some(slots) => {
                counts.extend(all.map(|term| (&*term.value, term.slots.intersection_len(slots))));
            }
        }
    }
    counts.retain(|&(_, count)| count > 0);
    counts.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    let counts = counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    FacetCounts { facet, counts }
}
