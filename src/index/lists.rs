//! Postings of the text index: where the variants of a word occur.

use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED, TantivyError};

use super::ranking::{self, FIELD_WEIGHTS};
use super::segment::{Accepted, Segment};
use super::vocabulary::{Variant, Way};

/// Where a variant occurs in a segment.
pub(super) struct List {
    pub(super) field: usize,
    pub(super) info: TermInfo,
    weight: u32,
}

/// What a document has gathered so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Gathered {
    /// Sum of the weights of the words.
    pub(super) weight: u32,
    /// Fields in which all words stand, one bit each.
    pub(super) fields: u8,
}

impl Variant {
    /// Where it occurs in a segment.
    pub(super) fn lists<'a>(
        &'a self,
        segment: &'a Segment,
    ) -> Result<impl Iterator<Item = List> + use<'a>, TantivyError> {
        let mut lists = Vec::new();
        for (field, index) in segment.fields.iter().enumerate() {
            if self.fields & (1 << field) == 0 {
                continue;
            }
            if let Some(info) = index.terms().get(&self.term)? {
                let weight = ranking::times(FIELD_WEIGHTS[field], self.way.weight());
                lists.push(List { field, info, weight });
            }
        }
        Ok(lists.into_iter())
    }
}

impl Way {
    /// How much it weighs, of a unit.
    pub(super) const fn weight(self) -> u32 {
        match self {
            Self::Exact => ranking::EXACT,
            Self::Stem => ranking::STEM,
            Self::Prefix => ranking::PREFIX,
            Self::Typo(1) => ranking::ONE_ERROR,
            Self::Typo(_) => ranking::TWO_ERRORS,
        }
    }

    /// Its name in explanations.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Stem => "stem",
            Self::Prefix => "prefix",
            Self::Typo(_) => "typo",
        }
    }
}

impl List {
    /// The documents in it.
    pub(super) fn postings(
        &self,
        segment: &Segment,
        option: IndexRecordOption,
    ) -> Result<SegmentPostings, TantivyError> {
        Ok(segment.fields[self.field].read_postings_from_terminfo(&self.info, option)?)
    }

    const fn field_bit(&self) -> u8 {
        1 << self.field
    }

    /// What it adds to a document.
    #[inline]
    pub(super) fn weight(&self, segment: &Segment, document: u32) -> u32 {
        if self.field == 0 {
            // Each word has two terms: itself and its stem.
            ranking::by_length(self.weight, segment.name_lengths.fieldnorm(document) / 2)
        } else {
            self.weight
        }
    }

    /// Takes note of those of `documents` (in order) that are in this list.
    pub(super) fn gather(
        &self,
        segment: &Segment,
        documents: &[u32],
        best: &mut [Gathered],
    ) -> Result<(), TantivyError> {
        let mut postings = self.postings(segment, IndexRecordOption::Basic)?;
        if u64::from(self.info.doc_freq) < 4 * documents.len() as u64 {
            let mut at = 0;
            let mut document = postings.doc();
            while document != TERMINATED && at < documents.len() {
                if document < documents[at] {
                    document = postings.advance();
                } else {
                    if document == documents[at] {
                        self.note(segment, document, &mut best[at]);
                    }
                    at += 1;
                }
            }
        } else {
            for (&document, best) in documents.iter().zip(best) {
                if postings.doc() <= document && postings.seek(document) == document {
                    self.note(segment, document, best);
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn note(&self, segment: &Segment, document: u32, best: &mut Gathered) {
        best.weight = best.weight.max(self.weight(segment, document));
        best.fields |= self.field_bit();
    }
}

/// All documents in any of the lists that may be found.
pub(super) fn union(
    segment: &Segment,
    lists: &[List],
    accepted: &Accepted<'_>,
) -> Result<(Vec<u32>, Vec<Gathered>), TantivyError> {
    let postings: usize = lists.iter().map(|list| list.info.doc_freq as usize).sum();
    let (mut documents, mut gathered) = (Vec::new(), Vec::new());
    if postings > segment.len() / 64 {
        let mut all = vec![Gathered::default(); segment.len()];
        for list in lists {
            let mut postings = list.postings(segment, IndexRecordOption::Basic)?;
            let mut document = postings.doc();
            while document != TERMINATED {
                list.note(segment, document, &mut all[document as usize]);
                document = postings.advance();
            }
        }
        for (document, found) in (0..).zip(all) {
            if found.weight > 0 && segment.accepts(document, accepted) {
                documents.push(document);
                gathered.push(found);
            }
        }
        return Ok((documents, gathered));
    }
    let mut all: Vec<(u32, usize)> = Vec::with_capacity(postings);
    for (number, list) in lists.iter().enumerate() {
        let mut postings = list.postings(segment, IndexRecordOption::Basic)?;
        let mut document = postings.doc();
        while document != TERMINATED {
            if segment.accepts(document, accepted) {
                all.push((document, number));
            }
            document = postings.advance();
        }
    }
    all.sort_unstable();
    for (document, number) in all {
        if documents.last() != Some(&document) {
            documents.push(document);
            gathered.push(Gathered::default());
        }
        if let Some(found) = gathered.last_mut() {
            lists[number].note(segment, document, found);
        }
    }
    Ok((documents, gathered))
}
