//! The entries in memory: all that a search needs but the words.
//!
//! Each version of an entry has a slot, a dense number. What has a property
//! is a bitmap of slots; what is sorted by is a column indexed by slot. A
//! change of one entry touches its own slot, its own bitmaps and one path of
//! the tree of points. A slot is used again only after the text index has
//! forgotten what stood there (see [`store`](super::store)), hence the two
//! lists of slots that wait.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::bits::{Bits, Set};
use super::entry::{Facet, Online, Standing};
use super::facets::Terms;
use super::keys::Keys;
use super::points::Points;
use super::query::{Duplicates, Query};
use super::record::Record;
use super::stored::Stored;
use super::tree::{Unit, squared_chord};
use super::troubles::{LinkTrouble, Troubles};
use super::words;
use crate::model::Point;

/// All entries.
#[derive(Debug, Default)]
pub(super) struct Records {
    slots: Vec<Option<Record>>,
    by_key: Keys,
    /// Slots by the UUIDs of entries whose keys have none, and of sites.
    by_uuid: HashMap<Uuid, u32>,
    /// Slots with an entry.
    pub(super) live: Set,
    /// Slots with an entry for which another stands.
    folded: Set,
    /// Slots with an entry for which no other stands.
    shown: Set,
    /// Slots whose entry has a point.
    pub(super) located: Set,
    /// Slots whose entry says which areas it serves.
    pub(super) stated: Set,
    /// Slots whose entry can be used online.
    pub(super) online: Set,
    /// Points of all entries.
    pub(super) points: Points,
    /// Values of facets.
    pub(super) terms: Terms,
    /// Which entries have links that do not work.
    pub(super) troubles: Troubles,
    /// The only point of an entry; NaN when it has none or several.
    units: Vec<Unit>,
    /// Slots whose entry has several points.
    scattered: Bits,
    /// The points of entries that have several.
    several: HashMap<u32, Box<[Unit]>>,
    /// Start of the sorted name, as a number that sorts likewise.
    pub(super) heads: Vec<u64>,
    /// When added, as a number that sorts the latest first.
    pub(super) added: Vec<u64>,
    /// When reviewed, as a number that sorts the latest first.
    pub(super) reviewed: Vec<u32>,
    /// When changed, in seconds since 1970.
    modified: Vec<u32>,
    /// How many sites.
    sites: Vec<u16>,
    /// The day after which the review is overdue.
    due: Vec<DayNumber>,
    /// The first slot that was never taken.
    next: u32,
    free: Vec<u32>,
    released: Vec<u32>,
    sealed: Vec<u32>,
}

impl Records {
    /// No entries yet, with room for so many: they come in no order, and a
    /// column that has to grow for the last of them would be twice as long.
    pub(super) fn with_room(entries: usize) -> Self {
        Self {
            slots: Vec::with_capacity(entries),
            units: Vec::with_capacity(entries),
            heads: Vec::with_capacity(entries),
            added: Vec::with_capacity(entries),
            reviewed: Vec::with_capacity(entries),
            modified: Vec::with_capacity(entries),
            sites: Vec::with_capacity(entries),
            due: Vec::with_capacity(entries),
            ..Self::default()
        }
    }

    /// The entry at `slot`.
    pub(super) fn at(&self, slot: u32) -> Option<&Record> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The slot of the entry with this key.
    pub(super) fn slot(&self, key: &str) -> Option<u32> {
        self.by_key.get(key, |slot| self.at(slot).map(Record::key))
    }

    /// The slot of the entry with this UUID, and the number of the site when it
    /// is that of a site.
    pub(super) fn by_uuid(&self, uuid: Uuid) -> Option<(u32, Option<usize>)> {
        let slot = *self.by_uuid.get(&uuid)?;
        let (site, _) = self.at(slot)?.uuids().find(|(_, other)| *other == uuid)?;
        Some((slot, site))
    }

    /// How many slots there are, with and without an entry.
    pub(super) fn slots(&self) -> u32 {
        u32::try_from(self.slots.len()).expect("slots are numbered in 32 bits")
    }

    /// When the entry changed, to the second.
    pub(super) fn modified(&self, slot: u32) -> Timestamp {
        let seconds = self.modified.get(slot as usize).copied().unwrap_or_default();
        Timestamp::from_second(i64::from(seconds)).unwrap_or_default()
    }

    /// How many sites the entry has.
    pub(super) fn sites(&self, slot: u32) -> u16 {
        self.sites.get(slot as usize).copied().unwrap_or_default()
    }

    /// The square of the chord from `centre` to a site of the entry; `None`
    /// when the site has no point.
    pub(super) fn squared_chord_of_site(&self, slot: u32, site: u16, centre: Unit) -> Option<f64> {
        match self.several.get(&slot) {
            Some(units) => units.get(usize::from(site)).map(|&unit| squared_chord(unit, centre)),
            None if site == 0 => self.squared_chord(slot, centre),
            None => None,
        }
    }

    /// The square of the chord from `centre` to the entry's nearest point.
    #[inline]
    pub(super) fn squared_chord(&self, slot: u32, centre: Unit) -> Option<f64> {
        let only = squared_chord(*self.units.get(slot as usize)?, centre);
        if !only.is_nan() {
            return Some(only);
        }
        if !self.located.contains(slot) {
            return None;
        }
        let units = self.several.get(&slot)?.iter();
        units.map(|&unit| squared_chord(unit, centre)).min_by(f64::total_cmp)
    }

    /// Whether the entry has more than one point.
    #[inline]
    pub(super) fn has_several_points(&self, slot: u32) -> bool {
        self.scattered.contains(slot)
    }

    /// Reads something of each of `slots`. Waiting for memory takes longest in
    /// making a page, and asking for all of it at once makes one wait of many.
    pub(super) fn fetch(&self, slots: impl Iterator<Item = u32>) {
        let first = |slot| self.at(slot).map_or(0, Record::fetch);
        std::hint::black_box(slots.map(first).sum::<usize>());
    }

    /// Whether the entry comes last on the day `today`.
    #[inline]
    pub(super) fn standing(&self, slot: u32, today: DayNumber) -> Standing {
        match self.due.get(slot as usize) {
            Some(due) if *due < today => Standing::Deprioritised,
            _ => Standing::Ordinary,
        }
    }

    /// The slots that a query can find.
    pub(super) const fn found_by(&self, query: &Query) -> &Set {
        match query.duplicates {
            Duplicates::Hidden => &self.shown,
            Duplicates::Shown => &self.live,
        }
    }

    /// The slots that a query must not find; `None` when there are none.
    pub(super) fn hidden_from(&self, query: &Query) -> Option<&Set> {
        if query.duplicates == Duplicates::Hidden { self.folded() } else { None }
    }

    /// The slots of entries for which another stands; `None` when there are
    /// none.
    pub(super) fn folded(&self) -> Option<&Set> {
        (self.folded.len() > 0).then_some(&self.folded)
    }

    /// The slots of entries for which no other stands.
    pub(super) const fn shown(&self) -> &Set {
        &self.shown
    }

    /// The slots whose entries have this value.
    pub(super) fn with(&self, facet: Facet, value: &str) -> Option<&RoaringBitmap> {
        self.terms.with(facet, value)
    }

    /// See [`Index::note_links`](super::Index::note_links).
    pub(super) fn note_links(&mut self, key: &str, trouble: Option<LinkTrouble>) {
        let slot = self.slot(key);
        self.troubles.note(key, trouble, slot);
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
        self.free = (0..self.next).rev().filter(|&slot| !self.live.contains(slot)).collect();
    }

    /// Puts an entry at `slot`, in place of one with the same key elsewhere.
    /// `summary` is that of `stored`, packed with the dictionary of this index.
    pub(super) fn put(&mut self, slot: u32, stored: &Stored<'_>, summary: &[u8]) {
        self.remove(stored.key);
        let at = slot as usize;
        if at >= self.slots.len() {
            self.slots.resize_with(at + 1, || None);
            self.units.resize(at + 1, [f64::NAN; 3]);
            self.heads.resize(at + 1, 0);
            self.added.resize(at + 1, 0);
            self.reviewed.resize(at + 1, 0);
            self.modified.resize(at + 1, 0);
            self.sites.resize(at + 1, 0);
            self.due.resize(at + 1, DayNumber::NEVER);
        }
        self.units[at] = match *stored.points {
            [point] => point.to_unit_vector(),
            _ => [f64::NAN; 3],
        };
        let units = stored.points.iter().copied().map(Point::to_unit_vector);
        for unit in units.clone() {
            self.points.insert(unit, slot);
        }
        if stored.points.len() > 1 {
            self.scattered.insert(slot);
            self.several.insert(slot, units.collect());
        }
        let values = stored.facets.iter();
        let mut terms: Vec<u32> =
            values.map(|&(facet, value)| self.terms.intern(facet, value)).collect();
        terms.sort_unstable();
        terms.dedup();
        let mut is_folded = false;
        for &term in &terms {
            match self.terms.insert(term, slot) {
                Facet::Serves => self.stated.insert(slot),
                Facet::StandsFor => is_folded = true,
                _ => {}
            }
        }
        self.live.insert(slot);
        if is_folded {
            self.folded.insert(slot);
        } else {
            self.shown.insert(slot);
        }
        if !stored.points.is_empty() {
            self.located.insert(slot);
        }
        if stored.online == Online::Yes {
            self.online.insert(slot);
        }
        let folded = words::fold(stored.name);
        let folded = folded.trim();
        self.heads[at] = head(folded);
        self.added[at] = !ascending(stored.added.as_microsecond());
        self.reviewed[at] =
            stored.reviewed.map_or(u32::MAX, |day| DayNumber::of(day).latest_first());
        self.modified[at] = u32::try_from(stored.modified.as_second()).unwrap_or_default();
        self.sites[at] = u16::try_from(stored.sites.len()).unwrap_or(u16::MAX);
        for uuid in stored.uuid.iter().chain(&stored.sites) {
            self.by_uuid.insert(*uuid, slot);
        }
        self.due[at] = stored.review_due.map_or(DayNumber::NEVER, DayNumber::of);
        self.troubles.put(stored.key, slot);
        self.by_key.insert(stored.key, slot);
        self.slots[at] = Some(Record::new(stored, folded, &terms, summary));
    }

    /// Removes the entry with this key, if there is one.
    pub(super) fn remove(&mut self, key: &str) {
        let slots = &self.slots;
        let key_at = |slot: u32| slots.get(slot as usize)?.as_ref().map(Record::key);
        let Some(slot) = self.by_key.remove(key, key_at) else { return };
        let Some(record) = self.slots[slot as usize].take() else { return };
        for term in record.terms() {
            self.terms.remove(term, slot);
        }
        for unit in record.units() {
            self.points.remove(unit, slot);
        }
        for (_, uuid) in record.uuids() {
            self.by_uuid.remove(&uuid);
        }
        self.units[slot as usize] = [f64::NAN; 3];
        self.scattered.remove(slot);
        self.several.remove(&slot);
        self.troubles.removed(slot);
        let own = [&mut self.live, &mut self.folded, &mut self.shown];
        let others = [&mut self.located, &mut self.stated, &mut self.online];
        for set in own.into_iter().chain(others) {
            set.remove(slot);
        }
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
        let records: usize = self.slots.iter().flatten().map(Record::size).sum();
        let columns = self.slots.capacity() * size_of::<Option<Record>>()
            + (self.heads.capacity() + self.added.capacity()) * size_of::<u64>()
            + self.reviewed.capacity() * size_of::<u32>()
            + self.due.capacity() * size_of::<DayNumber>()
            + self.modified.capacity() * size_of::<u32>()
            + self.sites.capacity() * size_of::<u16>()
            + self.by_uuid.capacity() * (size_of::<(Uuid, u32)>() + 1)
            + self.units.capacity() * size_of::<Unit>()
            + self.several.values().map(|units| size_of_val(&**units) + 32).sum::<usize>()
            + self.by_key.bytes();
        let sets =
            [&self.live, &self.folded, &self.shown, &self.located, &self.stated, &self.online];
        let bitmaps: usize = sets.into_iter().map(Set::bytes).sum();
        ((records + columns) as u64, (bitmaps + self.terms.bytes()) as u64)
    }
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

    /// As a number that falls as the calendar goes on, and is below the
    /// highest.
    const fn latest_first(self) -> u32 {
        !(self.0.cast_unsigned() ^ (1 << 31))
    }
}
