//! Plain sets of slots, for the loops in which a lookup must cost a
//! nanosecond.

use roaring::RoaringBitmap;

/// A set of numbers, one bit for each up to the largest.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Whether `slot` is in the set.
    #[inline]
    pub(super) fn contains(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word & (1 << (slot % 64)) != 0)
    }

    /// Adds `slot`.
    pub(super) fn insert(&mut self, slot: u32) {
        let at = slot as usize / 64;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (slot % 64);
    }

    /// Takes out `slot`.
    pub(super) fn remove(&mut self, slot: u32) {
        if let Some(word) = self.0.get_mut(slot as usize / 64) {
            *word &= !(1 << (slot % 64));
        }
    }

    /// The same set as a compressed bitmap.
    pub(super) fn to_bitmap(&self) -> RoaringBitmap {
        let bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        RoaringBitmap::from_lsb0_bytes(0, &bytes)
    }
}

impl From<&RoaringBitmap> for Bits {
    fn from(slots: &RoaringBitmap) -> Self {
        let mut words = vec![0; slots.max().map_or(0, |last| last as usize / 64 + 1)];
        let mut slots = slots.iter();
        // Some at once, which costs less than one by one.
        let mut some = [0; 256];
        loop {
            let next = slots.next_many(&mut some);
            if next.is_empty() {
                return Self(words);
            }
            for &mut slot in next {
                words[slot as usize / 64] |= 1 << (slot % 64);
            }
        }
    }
}

impl Extend<u32> for Bits {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, slots: I) {
        for slot in slots {
            self.insert(slot);
        }
    }
}

/// A set in both forms: as a bitmap to be joined with others, and as bits to
/// look slots up in.
#[derive(Debug, Default)]
pub(super) struct Set {
    bitmap: RoaringBitmap,
    bits: Bits,
}

impl Set {
    /// Whether `slot` is in the set.
    #[inline]
    pub(super) fn contains(&self, slot: u32) -> bool {
        self.bits.contains(slot)
    }

    /// Adds `slot`.
    pub(super) fn insert(&mut self, slot: u32) {
        self.bitmap.insert(slot);
        self.bits.insert(slot);
    }

    /// Takes out `slot`.
    pub(super) fn remove(&mut self, slot: u32) {
        self.bitmap.remove(slot);
        self.bits.remove(slot);
    }

    /// The set as a bitmap.
    pub(super) const fn bitmap(&self) -> &RoaringBitmap {
        &self.bitmap
    }

    /// The set as bits.
    pub(super) const fn bits(&self) -> &Bits {
        &self.bits
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.bitmap.len()
    }

    /// Bytes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.bitmap.serialized_size() + self.bits.0.capacity() * 8
    }
}

#[cfg(test)]
#[path = "bits_tests.rs"]
mod tests;
