//! Finding words.
//!
//! Postings of the text index are read directly, segment by segment. The word
//! with the fewest postings goes first, or, when other conditions have left
//! fewer entries than that, those entries; each further word is looked up only
//! in what is left. The weights are those of [`ranking`](super::ranking).

use std::sync::Arc;

use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED, TantivyError};

use super::ranking::{self, FIELD_WEIGHTS, FIELDS};
use super::results::WordMatch;
use super::segment::{Accepted, Segment};
use super::vocabulary::{Finished, Variant, Vocabulary, Way};
use super::words::{Stems, words};

/// With more hits than this, nobody looks whether words stand together: such a
/// query is not a phrase.
const MOST_FOR_PHRASES: usize = 50_000;

/// The words of a query and what they may mean.
pub(super) struct Words(Vec<Word>);

struct Word {
    word: String,
    variants: Vec<Variant>,
}

/// Where a variant occurs in a segment.
struct List {
    field: usize,
    info: TermInfo,
    weight: u32,
}

/// What a document has gathered so far.
#[derive(Clone, Copy, Default)]
struct Gathered {
    /// Sum of the weights of the words.
    weight: u32,
    /// Fields in which all words stand, one bit each.
    fields: u8,
}

impl Words {
    /// The words of `text`; `None` when it has none.
    pub(super) fn new(text: &str, vocabulary: &Vocabulary) -> Option<Self> {
        let mut words = words(text);
        words.truncate(32);
        let mut stems = Stems::new();
        let unfinished = if text.ends_with(|last: char| last.is_alphanumeric()) {
            words.len().checked_sub(1)
        } else {
            None
        };
        let words: Vec<Word> = words
            .into_iter()
            .enumerate()
            .map(|(at, word)| {
                let finished =
                    if unfinished == Some(at) { Finished::Perhaps } else { Finished::Yes };
                let variants = vocabulary.variants(&word, stems.stem(&word), finished);
                Word { word, variants }
            })
            .collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// Slots in which all words occur, with their text scores.
    pub(super) fn search<'a>(
        &self,
        segments: impl Iterator<Item = &'a Arc<Segment>>,
        accepted: &Accepted<'_>,
    ) -> Result<Vec<(u32, f64)>, TantivyError> {
        let mut matches = Vec::new();
        let mut total = 0;
        for segment in segments {
            let (documents, gathered) = self.matches(segment, accepted)?;
            total += documents.len();
            matches.push((segment, documents, gathered));
        }
        let mut found = Vec::with_capacity(total);
        for (segment, documents, gathered) in matches {
            let phrases = if self.0.len() > 1 && total <= MOST_FOR_PHRASES {
                self.phrases(segment, &documents, &gathered)?
            } else {
                Vec::new()
            };
            for (at, (document, gathered)) in documents.into_iter().zip(gathered).enumerate() {
                let phrase = phrases.get(at).copied().unwrap_or(0);
                let score = ranking::text_score(gathered.weight, self.0.len(), phrase);
                found.push((segment.slot(document), score));
            }
        }
        Ok(found)
    }

    /// What each word found in the entry at `slot`, and the weight of the
    /// field in which the words stand together.
    pub(super) fn explain<'a>(
        &self,
        segments: impl Iterator<Item = &'a Arc<Segment>>,
        accepted: &Accepted<'_>,
        slot: u32,
    ) -> Result<(Vec<WordMatch>, u32), TantivyError> {
        for segment in segments {
            let Some(document) = segment.document(slot, accepted) else { continue };
            let mut matches = Vec::new();
            let mut gathered = Gathered { weight: 0, fields: u8::MAX };
            for word in &self.0 {
                let mut best: Option<(u32, &Variant, usize)> = None;
                let mut fields = 0;
                for variant in &word.variants {
                    for list in variant.lists(segment)? {
                        let mut postings = list.postings(segment, IndexRecordOption::Basic)?;
                        if postings.doc() > document || postings.seek(document) != document {
                            continue;
                        }
                        fields |= list.field_bit();
                        let weight = list.weight(segment, document);
                        if best.is_none_or(|(known, ..)| weight > known) {
                            best = Some((weight, variant, list.field));
                        }
                    }
                }
                gathered.fields &= fields;
                if let Some((weight, variant, field)) = best {
                    matches.push(WordMatch {
                        word: word.word.clone(),
                        found: variant.term.trim_start_matches(super::vocabulary::STEM_MARK).into(),
                        field: FIELDS[field],
                        way: variant.way.name(),
                        weight: f64::from(weight) / f64::from(ranking::UNIT),
                    });
                }
            }
            let phrase = if self.0.len() > 1 {
                self.phrases(segment, &[document], &[gathered])?.first().copied().unwrap_or(0)
            } else {
                0
            };
            return Ok((matches, phrase));
        }
        Ok((Vec::new(), 0))
    }

    /// Slots of the entries in whose names all words occur, typing errors
    /// aside; the same slot may come twice.
    pub(super) fn in_names<'a>(
        &self,
        segments: impl Iterator<Item = &'a Arc<Segment>>,
        accepted: &Accepted<'_>,
    ) -> Result<Vec<u32>, TantivyError> {
        let mut found = Vec::new();
        for segment in segments {
            let mut lists_of_words = Vec::with_capacity(self.0.len());
            for word in &self.0 {
                let mut lists = Vec::new();
                for variant in &word.variants {
                    if !matches!(variant.way, Way::Typo(_)) {
                        lists.extend(variant.lists(segment)?.filter(|list| list.field == 0));
                    }
                }
                lists_of_words.push(lists);
            }
            lists_of_words.sort_by_key(|lists| {
                lists.iter().map(|list| u64::from(list.info.doc_freq)).sum::<u64>()
            });
            let mut lists_of_words = lists_of_words.into_iter();
            let first = lists_of_words.next().unwrap_or_default();
            let (mut documents, _) = union(segment, &first, accepted)?;
            for lists in lists_of_words {
                let mut best = vec![Gathered::default(); documents.len()];
                for list in &lists {
                    list.gather(segment, &documents, &mut best)?;
                }
                let mut best = best.into_iter();
                documents.retain(|_| best.next().is_some_and(|found| found.weight > 0));
            }
            found.extend(documents.into_iter().map(|document| segment.slot(document)));
        }
        Ok(found)
    }

    /// Number of words.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Documents of a segment in which all words occur.
    fn matches(
        &self,
        segment: &Segment,
        accepted: &Accepted<'_>,
    ) -> Result<(Vec<u32>, Vec<Gathered>), TantivyError> {
        let mut words = Vec::with_capacity(self.0.len());
        for word in &self.0 {
            let mut lists = Vec::new();
            for variant in &word.variants {
                lists.extend(variant.lists(segment)?);
            }
            let postings: u64 = lists.iter().map(|list| u64::from(list.info.doc_freq)).sum();
            if postings == 0 {
                return Ok(Default::default());
            }
            words.push((postings, lists));
        }
        words.sort_by_key(|(postings, _)| *postings);
        let fewest = words[0].0;
        let (mut documents, mut gathered, rest) = match &accepted.only {
            Some((slots, _)) if slots.len() < fewest => {
                let documents = segment.documents(slots, accepted);
                let all = Gathered { weight: 0, fields: u8::MAX };
                let gathered = vec![all; documents.len()];
                (documents, gathered, &words[..])
            }
            _ => {
                let (documents, gathered) = union(segment, &words[0].1, accepted)?;
                (documents, gathered, &words[1..])
            }
        };
        for (_, lists) in rest {
            if documents.is_empty() {
                break;
            }
            let mut best = vec![Gathered::default(); documents.len()];
            for list in lists {
                list.gather(segment, &documents, &mut best)?;
            }
            let mut kept = 0;
            for at in 0..documents.len() {
                if best[at].weight == 0 {
                    continue;
                }
                documents[kept] = documents[at];
                gathered[kept] = Gathered {
                    weight: gathered[at].weight + best[at].weight,
                    fields: gathered[at].fields & best[at].fields,
                };
                kept += 1;
            }
            documents.truncate(kept);
            gathered.truncate(kept);
        }
        Ok((documents, gathered))
    }

    /// For each document the weight of the best field in which the stems of
    /// all words follow each other, or 0.
    fn phrases(
        &self,
        segment: &Segment,
        documents: &[u32],
        gathered: &[Gathered],
    ) -> Result<Vec<u32>, TantivyError> {
        let mut weights = vec![0; documents.len()];
        for (field, &weight) in FIELD_WEIGHTS.iter().enumerate() {
            let mut all = Vec::with_capacity(self.0.len());
            for word in &self.0 {
                let stem = word.variants.iter().find(|variant| variant.way == Way::Stem);
                let Some(stem) = stem else { break };
                let dictionary = segment.fields[field].terms();
                let Some(info) = dictionary.get(&stem.term)? else { break };
                let option = IndexRecordOption::WithFreqsAndPositions;
                all.push(segment.fields[field].read_postings_from_terminfo(&info, option)?);
            }
            if all.len() < self.0.len() {
                continue;
            }
            let (mut positions, mut next) = (Vec::new(), Vec::new());
            'documents: for (at, &document) in documents.iter().enumerate() {
                if weights[at] >= weight || gathered[at].fields & (1 << field) == 0 {
                    continue;
                }
                positions.clear();
                for (order, postings) in (0_u32..).zip(&mut all) {
                    if postings.doc() > document || postings.seek(document) != document {
                        continue 'documents;
                    }
                    if order == 0 {
                        postings.positions(&mut positions);
                    } else {
                        postings.positions(&mut next);
                        positions.retain(|start| next.binary_search(&(start + order)).is_ok());
                    }
                }
                if !positions.is_empty() {
                    weights[at] = weight;
                }
            }
        }
        Ok(weights)
    }
}

impl Variant {
    /// Where it occurs in a segment.
    fn lists<'a>(
        &'a self,
        segment: &'a Segment,
    ) -> Result<impl Iterator<Item = List> + use<'a>, TantivyError> {
        let mut lists = Vec::new();
        for (field, index) in segment.fields.iter().enumerate() {
            if let Some(info) = index.terms().get(&self.term)? {
                let weight = ranking::times(FIELD_WEIGHTS[field], self.way.weight());
                lists.push(List { field, info, weight });
            }
        }
        Ok(lists.into_iter())
    }
}

impl Way {
    const fn weight(self) -> u32 {
        match self {
            Self::Exact => ranking::EXACT,
            Self::Stem => ranking::STEM,
            Self::Prefix => ranking::PREFIX,
            Self::Typo(1) => ranking::ONE_ERROR,
            Self::Typo(_) => ranking::TWO_ERRORS,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Stem => "stem",
            Self::Prefix => "prefix",
            Self::Typo(_) => "typo",
        }
    }
}

impl List {
    fn postings(
        &self,
        segment: &Segment,
        option: IndexRecordOption,
    ) -> Result<SegmentPostings, TantivyError> {
        Ok(segment.fields[self.field].read_postings_from_terminfo(&self.info, option)?)
    }

    const fn field_bit(&self) -> u8 {
        1 << self.field
    }

    #[inline]
    fn weight(&self, segment: &Segment, document: u32) -> u32 {
        if self.field == 0 {
            // Each word has two terms: itself and its stem.
            ranking::by_length(self.weight, segment.name_lengths.fieldnorm(document) / 2)
        } else {
            self.weight
        }
    }

    /// Takes note of those of `documents` (in order) that are in this list.
    fn gather(
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
fn union(
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
