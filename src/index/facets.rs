//! Values of facets, and who has them.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::bits::Bits;
use super::entry::Facet;
use super::records::Records;
use super::results::FacetCounts;

/// What a look at a record costs that is not in the cache, and an intersection,
/// to which comes one for each entry that has the value: in nanoseconds,
/// measured at a million entries.
const LOOK: u64 = 150;
const INTERSECTION: u64 = 150;

/// A value of a facet and who has it.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) facet: Facet,
    pub(super) value: Arc<str>,
    pub(super) slots: RoaringBitmap,
    /// The same for kinds, which are few, and looked up at each point.
    bits: Option<Bits>,
}

/// All values that occur, numbered as they came; a number that is free is given
/// again.
#[derive(Debug, Default)]
pub(super) struct Terms {
    all: Vec<Term>,
    /// By the number of the facet.
    facets: Vec<Values>,
    /// Numbers whose values no entry has any more.
    free: Vec<u32>,
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
        &self.all[number as usize]
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

    /// All values of a facet.
    fn of(&self, facet: Facet) -> impl Iterator<Item = &Term> {
        let values = self.facets.get(facet as usize).into_iter();
        values.flat_map(|values| values.numbers.values()).map(|&number| self.at(number))
    }

    /// What it costs to intersect each value of a facet with a set, nearly.
    fn intersecting(&self, facet: Facet) -> u64 {
        let values = self.facets.get(facet as usize);
        values.map_or(0, |values| values.numbers.len() as u64 * INTERSECTION + values.held)
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
        let value: Arc<str> = value.into();
        let bits = (facet == Facet::Kind).then(Bits::default);
        let slots = RoaringBitmap::new();
        let term = Term { facet, value: Arc::clone(&value), slots, bits };
        let number = if let Some(number) = self.free.pop() {
            self.all[number as usize] = term;
            number
        } else {
            self.all.push(term);
            u32::try_from(self.all.len() - 1).expect("memory ends before 2³² values")
        };
        numbers.insert(value, number);
        number
    }

    /// The entry at `slot` has this value; gives the facet.
    pub(super) fn insert(&mut self, number: u32, slot: u32) -> Facet {
        let term = &mut self.all[number as usize];
        term.slots.insert(slot);
        if let Some(bits) = &mut term.bits {
            bits.insert(slot);
        }
        self.facets[term.facet as usize].held += 1;
        term.facet
    }

    /// The entry at `slot` no longer has this value.
    pub(super) fn remove(&mut self, number: u32, slot: u32) {
        let term = &mut self.all[number as usize];
        term.slots.remove(slot);
        if let Some(bits) = &mut term.bits {
            bits.remove(slot);
        }
        let values = &mut self.facets[term.facet as usize];
        values.held -= 1;
        if term.slots.is_empty() {
            // Terms of use are as many as publishers like, and others each time.
            values.numbers.remove(&term.value);
            self.free.push(number);
        }
    }

    /// Bytes in memory, nearly.
    pub(super) fn bytes(&self) -> usize {
        let each = size_of::<Term>() + size_of::<(Arc<str>, u32)>() + 24;
        let all = self.all.iter();
        all.map(|term| each + term.value.len() + term.slots.serialized_size()).sum()
    }
}

/// How often each value of each of `facets` occurs among `slots`; without,
/// among all.
pub(super) fn count(
    records: &Records,
    facets: &[Facet],
    slots: Option<&RoaringBitmap>,
) -> Vec<FacetCounts> {
    let terms = &records.terms;
    // One look at a record tells the values of all its facets.
    let intersecting: u64 = facets.iter().map(|&facet| terms.intersecting(facet)).sum();
    let found = slots.filter(|slots| slots.len() * LOOK < intersecting);
    let found = found.map(|slots| found_among(records, slots));
    let of_facet = |&facet: &Facet| {
        let counts = match (&found, slots) {
            (Some(found), _) => {
                let found = found.iter().map(|&(number, count)| (terms.at(number), count));
                found.filter(|(term, _)| term.facet == facet).collect()
            }
            (None, None) => terms.of(facet).map(|term| (term, term.slots.len())).collect(),
            (None, Some(slots)) => {
                let all = terms.of(facet);
                all.map(|term| (term, term.slots.intersection_len(slots))).collect()
            }
        };
        FacetCounts { facet, counts: most_first(counts) }
    };
    facets.iter().map(of_facet).collect()
}

/// The numbers of the values that `slots` have, each with how many have it.
fn found_among(records: &Records, slots: &RoaringBitmap) -> Vec<(u32, u64)> {
    let mut counts = vec![0_u32; records.terms.all.len()];
    for record in slots.iter().filter_map(|slot| records.at(slot)) {
        for number in record.terms() {
            counts[number as usize] += 1;
        }
    }
    let counts = counts.into_iter().map(u64::from);
    (0..).zip(counts).filter(|&(_, count)| count > 0).collect()
}

/// Those that occur, the most frequent first, then by value.
fn most_first(mut counts: Vec<(&Term, u64)>) -> Vec<(String, u64)> {
    counts.retain(|&(_, count)| count > 0);
    counts.sort_unstable_by(|(one, ones), (other, others)| {
        others.cmp(ones).then_with(|| one.value.cmp(&other.value))
    });
    counts.into_iter().map(|(term, count)| (term.to_value(), count)).collect()
}

#[cfg(test)]
#[path = "facets_tests.rs"]
mod tests;
