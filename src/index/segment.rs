//! A segment of the text index, seen by slots.
//!
//! The text index numbers documents by segment, and the records number
//! entries by slot. Each document holds a number as a fast field, which
//! [`numbering`](super::numbering) turns into the slot; here it is read once
//! per segment into both directions (12 bytes a document).

use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::schema::Value as _;
use tantivy::store::StoreReader;
use tantivy::{Searcher, TantivyDocument, TantivyError};

use super::bits::Bits;
use super::fields::{Fields, NUMBER};
use super::numbering::{Numbering, number};

/// Unpacked blocks of stored documents that are kept: entries of one page may
/// share one.
const KEPT_BLOCKS: usize = 16;

/// A segment, ready to be searched.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    /// Inverted indexes of the searched fields.
    pub(super) fields: [Arc<InvertedIndexReader>; 5],
    /// Lengths of the names.
    pub(super) name_lengths: FieldNormReader,
    stored: StoreReader,
    map: Arc<Map>,
}

/// Slots by document and documents by slot.
struct Map {
    slots: Vec<u32>,
    by_slot: Vec<(u32, u32)>,
}

/// What may be found: live slots and, of these, those which other conditions
/// have left.
pub(super) struct Accepted<'a> {
    pub(super) live: &'a Bits,
    pub(super) only: Option<(&'a RoaringBitmap, Bits)>,
}

impl Accepted<'_> {
    /// Whether what stands at `slot` may be found.
    #[inline]
    pub(super) fn contains(&self, slot: u32) -> bool {
        match &self.only {
            Some((_, bits)) => bits.contains(slot) && self.live.contains(slot),
            None => self.live.contains(slot),
        }
    }
}

impl Segment {
    /// The segments of `searcher`; what is known of them already is taken
    /// from `known`.
    pub(super) fn all(
        fields: &Fields,
        numbering: &Numbering,
        searcher: &Searcher,
        known: &[Arc<Self>],
    ) -> Result<Vec<Arc<Self>>, TantivyError> {
        searcher
            .segment_readers()
            .iter()
            .map(|reader| {
                let same =
                    known.iter().find(|segment| segment.reader.segment_id() == reader.segment_id());
                let map = match same {
                    Some(segment) => Arc::clone(&segment.map),
                    None => Arc::new(Map::read(reader, numbering)?),
                };
                Self::new(fields, reader, map).map(Arc::new)
            })
            .collect()
    }

    fn new(fields: &Fields, reader: &SegmentReader, map: Arc<Map>) -> Result<Self, TantivyError> {
        let inverted: Vec<Arc<InvertedIndexReader>> = fields
            .texts
            .iter()
            .map(|&field| reader.inverted_index(field))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            fields: inverted.try_into().map_err(|_| {
                TantivyError::InternalError("there are as many readers as fields".to_owned())
            })?,
            name_lengths: reader.get_fieldnorms_reader(fields.texts[0])?,
            stored: reader.get_store_reader(KEPT_BLOCKS)?,
            reader: reader.clone(),
            map,
        })
    }

    /// The slot of a document.
    #[inline]
    pub(super) fn slot(&self, document: u32) -> u32 {
        self.map.slots[document as usize]
    }

    /// The number of documents, deleted ones included.
    pub(super) fn len(&self) -> usize {
        self.map.slots.len()
    }

    /// Whether a document may be found.
    #[inline]
    pub(super) fn accepts(&self, document: u32, accepted: &Accepted<'_>) -> bool {
        accepted.contains(self.slot(document))
            && self.reader.alive_bitset().is_none_or(|alive| alive.is_alive(document))
    }

    /// The document that stands for `slot` here, if it may be found.
    pub(super) fn document(&self, slot: u32, accepted: &Accepted<'_>) -> Option<u32> {
        let first = self.map.by_slot.partition_point(|&(other, _)| other < slot);
        self.map.by_slot[first..]
            .iter()
            .take_while(|&&(other, _)| other == slot)
            .map(|&(_, document)| document)
            .find(|&document| self.accepts(document, accepted))
    }

    /// The details that are stored with a document.
    pub(super) fn details(&self, fields: &Fields, document: u32) -> Result<Vec<u8>, TantivyError> {
        let document: TantivyDocument = self.stored.get(document)?;
        let details = document.get_first(fields.details).and_then(|value| value.as_bytes());
        Ok(details.unwrap_or_default().to_vec())
    }

    /// The documents of `slots` that may be found, in order.
    pub(super) fn documents(&self, slots: &RoaringBitmap, accepted: &Accepted<'_>) -> Vec<u32> {
        let by_slot = &self.map.by_slot;
        let mut documents = Vec::new();
        let mut at = 0;
        for slot in slots {
            at += gallop(&by_slot[at..], slot);
            while let Some(&(other, document)) = by_slot.get(at).filter(|(other, _)| *other == slot)
            {
                debug_assert_eq!(other, slot);
                if self.accepts(document, accepted) {
                    documents.push(document);
                }
                at += 1;
            }
            if at == by_slot.len() {
                break;
            }
        }
        documents.sort_unstable();
        documents
    }

    /// Bytes in memory of what maps documents and slots.
    pub(super) fn bytes(&self) -> usize {
        self.map.slots.capacity() * 4 + self.map.by_slot.capacity() * 8
    }
}

impl Map {
    fn read(reader: &SegmentReader, numbering: &Numbering) -> Result<Self, TantivyError> {
        let column = reader.fast_fields().u64(NUMBER)?;
        let slot = |document| Ok(numbering.slot(number(column.first(document), document)?));
        let slots: Vec<u32> =
            (0..reader.max_doc()).map(slot).collect::<Result<_, TantivyError>>()?;
        let mut by_slot: Vec<(u32, u32)> = slots.iter().copied().zip(0..).collect();
        by_slot.sort_unstable();
        Ok(Self { slots, by_slot })
    }
}

/// How many pairs at the start have a slot below `slot`, found in steps that
/// double, since the next is mostly close.
fn gallop(pairs: &[(u32, u32)], slot: u32) -> usize {
    let mut step = 1;
    while step < pairs.len() && pairs[step].0 < slot {
        step *= 2;
    }
    let (from, to) = (step / 2, (step + 1).min(pairs.len()));
    from + pairs[from..to].partition_point(|&(other, _)| other < slot)
}
