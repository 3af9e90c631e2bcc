//! The entries in memory: all that a search needs but the words.
//!
//! Each version of an entry has a slot, a dense number. What has a property
//! is a bitmap of slots; what is sorted by is a column indexed by slot. A
//! change of one entry touches its own slot, its own bitmaps and one path of
//! the tree of points. A slot is used again only after the text index has
//! forgotten what stood there (see [`store`](super::store)), hence the two
//! lists of slots that wait.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::bits::Bits;
use super::entry::{Entry, Facet, Online, Standing};
use super::tree::{Tree, Unit, squared_chord};
use super::words;
use crate::model::AgeRange;
use crate::model::Point;
use crate::model::Schedule;

/// What is kept of an entry: all but the words, which the text index holds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) key: String,
    name: String,
    points: Vec<Point>,
    online: Online,
    facets: Vec<(Facet, String)>,
    ages: Vec<AgeRange>,
    opening: Vec<Schedule>,
    reviewed: Option<Date>,
    added: Timestamp,
    review_due: Option<Date>,
    summary: Vec<u8>,
}

impl From<Entry> for Stored {
    fn from(entry: Entry) -> Self {
        let Entry { key, kind, texts, points, within, serves, online, mut facets, .. } = entry;
        facets.push((Facet::Kind, kind));
        facets.extend(within.into_iter().map(|code| (Facet::Within, code)));
        facets.extend(serves.into_iter().map(|code| (Facet::Serves, code)));
        Self {
            key,
            name: texts.name,
            points,
            online,
            facets,
            ages: entry.ages,
            opening: entry.opening,
            reviewed: entry.reviewed,
            added: entry.added,
            review_due: entry.review_due,
            summary: entry.summary,
        }
    }
}

/// An entry at its slot.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) key: Arc<str>,
    pub(super) name: Arc<str>,
    /// The name as it is sorted.
    pub(super) folded: Box<str>,
    pub(super) summary: Arc<[u8]>,
    pub(super) sites: Box<[Site]>,
    pub(super) terms: Box<[u32]>,
    pub(super) ages: Box<[AgeRange]>,
    pub(super) opening: Box<[Schedule]>,
}

/// A position with its vector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub(super) point: Point,
    pub(super) unit: Unit,
}

/// A value of a facet and who has it.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) facet: Facet,
    pub(super) value: Arc<str>,
    pub(super) slots: RoaringBitmap,
}

/// All entries.
#[derive(Debug, Default)]
pub(super) struct Records {
    slots: Vec<Option<Record>>,
    by_key: HashMap<Arc<str>, u32>,
    /// Slots with an entry.
    pub(super) live: RoaringBitmap,
    /// The same again, for loops over postings.
    pub(super) live_bits: Bits,
    /// Slots whose entry has a point.
    pub(super) located: RoaringBitmap,
    /// Slots whose entry says which areas it serves.
    pub(super) stated: RoaringBitmap,
    /// Slots whose entry can be used online.
    pub(super) online: RoaringBitmap,
    /// Points of all entries.
    pub(super) tree: Tree,
    terms: Vec<Term>,
    by_value: HashMap<Facet, HashMap<Arc<str>, u32>>,
    /// The only point of an entry, roughly; NaN when it has none or several.
    rough: Vec<[f32; 3]>,
    /// Start of the sorted name, as a number that sorts likewise.
    pub(super) heads: Vec<u64>,
    /// When added, as a number that sorts the latest first.
    pub(super) added: Vec<u64>,
    /// When reviewed, as a number that sorts the latest first.
    pub(super) reviewed: Vec<u64>,
    /// The day after which the review is overdue.
    due: Vec<DayNumber>,
    /// The first slot that was never taken.
    next: u32,
    free: Vec<u32>,
    released: Vec<u32>,
    sealed: Vec<u32>,
}

impl Records {
    /// The entry at `slot`.
    pub(super) fn at(&self, slot: u32) -> Option<&Record> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The slot of the entry with this key.
    pub(super) fn slot(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// The terms of a facet, in no order.
    pub(super) fn terms_of(&self, facet: Facet) -> impl Iterator<Item = (u32, &Term)> {
        let numbers = self.by_value.get(&facet).into_iter().flat_map(HashMap::values);
        numbers.map(|&number| (number, &self.terms[number as usize]))
    }

    /// The square of the chord to the entry's only point, as single precision
    /// gives it; `None` when it has none or several.
    #[inline]
    pub(super) fn rough_squared_chord(&self, slot: u32, from: Unit) -> Option<f64> {
        let rough = squared_chord(self.rough.get(slot as usize)?.map(f64::from), from);
        (!rough.is_nan()).then_some(rough)
    }

    /// Whether the entry comes last on the day `today`.
    #[inline]
    pub(super) fn standing(&self, slot: u32, today: DayNumber) -> Standing {
        match self.due.get(slot as usize) {
            Some(due) if *due < today => Standing::Deprioritised,
            _ => Standing::Ordinary,
        }
    }

    /// The slots whose entries have this value.
    pub(super) fn with(&self, facet: Facet, value: &str) -> Option<&RoaringBitmap> {
        let number = *self.by_value.get(&facet)?.get(value)?;
        Some(&self.terms[number as usize].slots)
    }

    /// A value that an entry has.
    pub(super) fn term(&self, number: u32) -> &Term {
        &self.terms[number as usize]
    }

    /// Takes `count` slots in which nothing stands.
    pub(super) fn take_slots(&mut self, count: usize) -> Vec<u32> {
        (0..count)
            .map(|_| {
                self.free.pop().unwrap_or_else(|| {
                    self.next += 1;
                    self.next - 1
                })
            })
            .collect()
    }

    /// Finds out which slots are free, after entries were put at slots that
    /// were not taken from here.
    pub(super) fn find_free_slots(&mut self) {
        self.next = u32::try_from(self.slots.len()).expect("slots are numbered in 32 bits");
        self.free = (0..self.next).rev().filter(|&slot| !self.live_bits.contains(slot)).collect();
    }

    /// Puts an entry at `slot`, in place of one with the same key elsewhere.
    pub(super) fn put(&mut self, slot: u32, stored: Stored) {
        self.remove(&stored.key);
        let at = slot as usize;
        if at >= self.slots.len() {
            self.slots.resize_with(at + 1, || None);
            self.rough.resize(at + 1, [f32::NAN; 3]);
            self.heads.resize(at + 1, 0);
            self.added.resize(at + 1, 0);
            self.reviewed.resize(at + 1, 0);
            self.due.resize(at + 1, DayNumber::NEVER);
        }
        let Stored { key, name, points, online, facets, ages, opening, .. } = stored;
        let sites: Box<[Site]> =
            points.into_iter().map(|point| Site { point, unit: point.to_unit_vector() }).collect();
        for site in &sites {
            self.tree.insert(site.unit, slot);
        }
        self.rough[at] = match &*sites {
            [site] => site.unit.map(narrow),
            _ => [f32::NAN; 3],
        };
        let mut terms: Vec<u32> =
            facets.into_iter().map(|(facet, value)| self.intern(facet, value)).collect();
        terms.sort_unstable();
        terms.dedup();
        for &term in &terms {
            let term = &mut self.terms[term as usize];
            term.slots.insert(slot);
            if term.facet == Facet::Serves {
                self.stated.insert(slot);
            }
        }
        self.live.insert(slot);
        self.live_bits.insert(slot);
        if !sites.is_empty() {
            self.located.insert(slot);
        }
        if online == Online::Yes {
            self.online.insert(slot);
        }
        let folded: Box<str> = words::fold(&name).trim().into();
        self.heads[at] = head(&folded);
        self.added[at] = !ascending(stored.added.as_microsecond());
        self.reviewed[at] =
            stored.reviewed.map_or(u64::MAX, |date| !ascending(DayNumber::of(date).0.into()));
        self.due[at] = stored.review_due.map_or(DayNumber::NEVER, DayNumber::of);
        let key: Arc<str> = key.into();
        self.by_key.insert(Arc::clone(&key), slot);
        self.slots[at] = Some(Record {
            key,
            name: name.into(),
            folded,
            summary: stored.summary.into(),
            sites,
            terms: terms.into(),
            ages: ages.into(),
            opening: opening.into(),
        });
    }

    /// Removes the entry with this key, if there is one.
    pub(super) fn remove(&mut self, key: &str) {
        let Some(slot) = self.by_key.remove(key) else { return };
        let Some(record) = self.slots[slot as usize].take() else { return };
        for &term in &record.terms {
            self.terms[term as usize].slots.remove(slot);
        }
        for site in &record.sites {
            self.tree.remove(site.unit, slot);
        }
        for set in [&mut self.live, &mut self.located, &mut self.stated, &mut self.online] {
            set.remove(slot);
        }
        self.live_bits.remove(slot);
        self.released.push(slot);
    }

    /// The text index is about to forget what stood in the slots released up
    /// to now.
    pub(super) fn seal(&mut self) {
        self.sealed.append(&mut self.released);
    }

    /// The text index has forgotten what stood in the sealed slots.
    pub(super) fn free_sealed(&mut self) {
        self.free.append(&mut self.sealed);
    }

    /// Bytes of entries and of bitmaps, nearly: what was asked for, without
    /// what the allocator adds.
    pub(super) fn bytes(&self) -> (u64, u64) {
        let records: usize = self
            .slots
            .iter()
            .flatten()
            .map(|record| {
                record.key.len()
                    + record.name.len()
                    + record.folded.len()
                    + record.summary.len()
                    + size_of_val(&*record.sites)
                    + size_of_val(&*record.terms)
                    + size_of_val(&*record.ages)
                    + size_of_val(&*record.opening)
                    + 3 * size_of::<[usize; 2]>()
            })
            .sum();
        let columns = self.slots.capacity() * size_of::<Option<Record>>()
            + (self.heads.capacity() + self.added.capacity() + self.reviewed.capacity()) * 8
            + self.rough.capacity() * 12
            + self.due.capacity() * size_of::<DayNumber>()
            + self.by_key.capacity() * size_of::<(Arc<str>, u32, u8)>();
        let sets = [&self.live, &self.located, &self.stated, &self.online];
        let bitmaps: usize = sets
            .into_iter()
            .chain(self.terms.iter().map(|term| &term.slots))
            .map(RoaringBitmap::serialized_size)
            .sum();
        ((records + columns) as u64, bitmaps as u64)
    }

    fn intern(&mut self, facet: Facet, value: String) -> u32 {
        let values = self.by_value.entry(facet).or_default();
        if let Some(&number) = values.get(value.as_str()) {
            return number;
        }
        let number = u32::try_from(self.terms.len()).expect("memory ends before 2³² values");
        let value: Arc<str> = value.into();
        values.insert(Arc::clone(&value), number);
        self.terms.push(Term { facet, value, slots: RoaringBitmap::new() });
        number
    }
}

impl Term {
    /// The value, for an answer.
    pub(super) fn to_value(&self) -> String {
        (*self.value).to_owned()
    }
}

/// Values of a facet that occur, by how many of `slots` have them.
pub(super) fn count(
    records: &Records,
    facet: Facet,
    slots: &RoaringBitmap,
) -> BTreeMap<Arc<str>, u64> {
    let values = records.by_value.get(&facet).map_or(0, HashMap::len) as u64;
    let containers = records.slots.len() as u64 / 65_536 + 1;
    // Costs in nanoseconds, measured at a million entries: a lookup in a record
    // that is not in the cache, and an intersection of two containers.
    let by_record = slots.len() * 150;
    let by_value = values * (100 + containers * 500);
    let mut counts: HashMap<u32, u64> = HashMap::new();
    if by_record < by_value {
        for record in slots.iter().filter_map(|slot| records.at(slot)) {
            for &number in &record.terms {
                if records.term(number).facet == facet {
                    *counts.entry(number).or_default() += 1;
                }
            }
        }
    } else {
        for (number, term) in records.terms_of(facet) {
            counts.insert(number, term.slots.intersection_len(slots));
        }
    }
    counts
        .into_iter()
        .filter(|&(_, count)| count > 0)
        .map(|(number, count)| (Arc::clone(&records.term(number).value), count))
        .collect()
}

/// The first eight bytes as a number, so that most names are told apart
/// without reading them.
pub(super) fn head(folded: &str) -> u64 {
    let mut bytes = [0; 8];
    for (byte, &value) in bytes.iter_mut().zip(folded.as_bytes()) {
        *byte = value;
    }
    u64::from_be_bytes(bytes)
}

#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn narrow(number: f64) -> f32 {
    number as f32
}

/// A number without sign that sorts as the one with sign does.
fn ascending(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

/// A number of a day, which grows by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct DayNumber(i32);

impl DayNumber {
    /// After all days.
    const NEVER: Self = Self(i32::MAX);
    /// Before all days.
    pub(super) const EVER: Self = Self(i32::MIN);

    pub(super) fn of(date: Date) -> Self {
        Self((i32::from(date.year()) * 16 + i32::from(date.month())) * 32 + i32::from(date.day()))
    }
}
