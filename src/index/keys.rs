//! Slots by key: a table of numbers, whose keys are looked up in the records.
//!
//! Open addressing with linear steps; what is removed is closed up by moving
//! what follows. A map with the keys in it would take five times as much.

use std::hash::{BuildHasher as _, RandomState};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Hash and slot; as many as a power of two, a quarter of them free.
    places: Vec<Option<(u32, Slot)>>,
    held: usize,
    hasher: RandomState,
}

/// A slot plus one, so that nothing takes no room.
type Slot = std::num::NonZeroU32;

impl Keys {
    /// The slot of `key`; `key_at` gives the key of a slot.
    pub(super) fn get<'a>(
        &self,
        key: &str,
        key_at: impl Fn(u32) -> Option<&'a str>,
    ) -> Option<u32> {
        self.find(key, key_at).map(|(_, slot)| slot)
    }

    /// Adds a key that is not there.
    pub(super) fn insert(&mut self, key: &str, slot: u32) {
        if (self.held + 1) * 4 > self.places.len() * 3 {
            let larger = vec![None; (self.places.len() * 2).max(16)];
            let places = std::mem::replace(&mut self.places, larger);
            for place in places.into_iter().flatten() {
                self.put(place);
            }
        }
        let slot = Slot::new(slot.wrapping_add(1)).expect("slots end before 2³²");
        self.put((self.hash(key), slot));
        self.held += 1;
    }

    /// Removes `key`, and gives the slot it had.
    pub(super) fn remove<'a>(
        &mut self,
        key: &str,
        key_at: impl Fn(u32) -> Option<&'a str>,
    ) -> Option<u32> {
        let (mut gap, slot) = self.find(key, key_at)?;
        let mask = self.places.len() - 1;
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let Some((hash, _)) = self.places[at] else { break };
            // It may move unless its home lies between the gap and itself.
            let home = hash as usize & mask;
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(gap) & mask) {
                self.places[gap] = self.places[at];
                gap = at;
            }
        }
        self.places[gap] = None;
        self.held -= 1;
        Some(slot)
    }

    /// Bytes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<Option<(u32, Slot)>>()
    }

    fn find<'a>(&self, key: &str, key_at: impl Fn(u32) -> Option<&'a str>) -> Option<(usize, u32)> {
        if self.places.is_empty() {
            return None;
        }
        let (hash, mask) = (self.hash(key), self.places.len() - 1);
        let mut at = hash as usize & mask;
        while let Some((other, slot)) = self.places[at] {
            let slot = slot.get() - 1;
            if other == hash && key_at(slot) == Some(key) {
                return Some((at, slot));
            }
            at = (at + 1) & mask;
        }
        None
    }

    fn put(&mut self, place: (u32, Slot)) {
        let mask = self.places.len() - 1;
        let mut at = place.0 as usize & mask;
        while self.places[at].is_some() {
            at = (at + 1) & mask;
        }
        self.places[at] = Some(place);
    }

    #[expect(clippy::cast_possible_truncation, reason = "half a hash is one")]
    fn hash(&self, key: &str) -> u32 {
        self.hasher.hash_one(key) as u32
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
