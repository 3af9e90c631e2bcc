//! The order in which entries lie in memory: along a curve through the map.
//!
//! What lies near each other is asked for together, and at a million entries
//! each look at one that lies elsewhere in memory is a wait. On the disk an
//! entry keeps the number that it was given when it came. In memory its slot
//! is dealt anew whenever the index is opened or loaded: by the place of its
//! first point on Hilbert's curve, which is written beside the number; those
//! without a point come last. So a neighbourhood is a few runs of slots, its
//! columns share lines of memory, and bitmaps of areas are short. What comes
//! later takes slots at the end until then.

use tantivy::TantivyError;
use tantivy::index::SegmentReader;

use super::fields::{NUMBER, PLACE};
use crate::model::Point;

/// Slots by numbers and numbers by slots. From their ends on the two are the
/// same.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    slots: Vec<u32>,
    numbers: Vec<u32>,
}

impl Numbering {
    /// The numbering for what `segments` hold.
    pub(super) fn read(segments: &[SegmentReader]) -> Result<Self, TantivyError> {
        let mut places = Vec::new();
        for segment in segments {
            let columns = segment.fast_fields();
            let (numbers, along) = (columns.u64(NUMBER)?, columns.u64(PLACE)?);
            for document in segment.doc_ids_alive() {
                let number = number(numbers.first(document), document)? as usize;
                if number >= places.len() {
                    places.resize(number + 1, NOWHERE);
                }
                places[number] = along.first(document).unwrap_or(NOWHERE);
            }
        }
        Ok(Self::along(&places))
    }

    /// Slots in the order of `places`, which are those of the numbers.
    fn along(places: &[u64]) -> Self {
        let mut numbers: Vec<u32> = (0..).take(places.len()).collect();
        numbers.sort_by_key(|&number| places[number as usize]);
        let mut slots = vec![0; numbers.len()];
        for (slot, &number) in (0..).zip(&numbers) {
            slots[number as usize] = slot;
        }
        Self { slots, numbers }
    }

    /// The slot in memory of what has `number` on the disk.
    #[inline]
    pub(super) fn slot(&self, number: u32) -> u32 {
        self.slots.get(number as usize).copied().unwrap_or(number)
    }

    /// The number on the disk of what stands at `slot`.
    #[inline]
    pub(super) fn number(&self, slot: u32) -> u32 {
        self.numbers.get(slot as usize).copied().unwrap_or(slot)
    }

    /// The lowest number that was never given, when `slots` were taken.
    pub(super) fn end(&self, slots: u32) -> u32 {
        slots.max(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX))
    }

    /// Bytes in memory.
    pub(super) fn bytes(&self) -> usize {
        (self.slots.capacity() + self.numbers.capacity()) * size_of::<u32>()
    }
}

/// The number that stands in a column.
pub(super) fn number(value: Option<u64>, document: u32) -> Result<u32, TantivyError> {
    let number = value.and_then(|value| u32::try_from(value).ok());
    number.ok_or_else(|| TantivyError::InternalError(format!("document {document} has no number")))
}

/// The place of what has no point.
pub(super) const NOWHERE: u64 = u64::MAX;

/// How far along the curve a point lies.
pub(super) fn place(point: Point) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "parts of a whole are between 0 and 1"
    )]
    let part = |degrees: f64, all: f64| ((degrees / all + 0.5) * f64::from(u32::MAX)) as u32;
    let along = along_the_curve(part(point.longitude(), 360.0), part(point.latitude(), 180.0));
    along.min(NOWHERE - 1)
}

/// Hilbert's curve over a square of 2³² by 2³² (D. Hilbert, “Über die stetige
/// Abbildung einer Linie auf ein Flächenstück”, 1891), from the largest
/// quarters down to the smallest.
fn along_the_curve(mut x: u32, mut y: u32) -> u64 {
    let mut along = 0;
    for bit in (0..u32::BITS).rev() {
        let (right, up) = (x >> bit & 1, y >> bit & 1);
        along = along << 2 | u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
#[path = "numbering_tests.rs"]
mod tests;
