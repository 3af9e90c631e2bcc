//! Finding words.
//!
//! Postings of the text index are read directly, segment by segment. The word
//! with the fewest postings goes first, or, when other conditions have left
//! fewer entries than that, those entries; each further word is looked up only
//! in what is left. The words of the latest changes are in a map of their own,
//! and are found there in the same way. The weights are those of
//! [`ranking`](super::ranking).

use std::collections::HashMap;

use tantivy::postings::Postings as _;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TantivyError};

use super::lists::{Gathered, union};
use super::ranking::{self, FIELD_WEIGHTS, FIELDS};
use super::recent::{Place, Recent};
use super::results::WordMatch;
use super::segment::{Accepted, Segment};
use super::state::State;
use super::vocabulary::{Finished, STEM_MARK, Variant, Vocabulary, Way};
use super::words::{Stems, words};

/// With more hits than this, nobody looks whether words stand together: such a
/// query is not a phrase.
const MOST_FOR_PHRASES: usize = 20_000;

/// The words of a query and what they may mean.
pub(super) struct Words(Vec<Word>);

struct Word {
    word: String,
    variants: Vec<Variant>,
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
    pub(super) fn search(
        &self,
        state: &State,
        accepted: &Accepted<'_>,
    ) -> Result<Vec<(u32, f64)>, TantivyError> {
        let mut matches = Vec::new();
        let mut total = 0;
        for segment in &state.disk {
            let (documents, gathered) = self.matches(segment, accepted)?;
            total += documents.len();
            matches.push((segment, documents, gathered));
        }
        let mut recent_matches = Vec::new();
        for recent in [&state.sealed, &state.active] {
            let found = self.recent_matches(recent, accepted);
            total += found.len();
            recent_matches.push((recent, found));
        }
        let phrases_count = self.0.len() > 1 && total <= MOST_FOR_PHRASES;
        let score = |weight, phrase| ranking::text_score(weight, self.0.len(), phrase);
        let mut found = Vec::with_capacity(total);
        for (segment, documents, gathered) in matches {
            let phrases = if phrases_count {
                self.phrases(segment, &documents, &gathered)?
            } else {
                Vec::new()
            };
            for (at, (document, gathered)) in documents.into_iter().zip(gathered).enumerate() {
                let phrase = phrases.get(at).copied().unwrap_or(0);
                found.push((segment.slot(document), score(gathered.weight, phrase)));
            }
        }
        let stems = self.stems();
        for (recent, matches) in recent_matches {
            for (slot, gathered) in matches {
                let together = phrases_count && gathered.fields != 0;
                let phrase = if together { recent.phrase(&stems, slot) } else { 0 };
                found.push((slot, score(gathered.weight, phrase)));
            }
        }
        Ok(found)
    }

    /// What each word found in the entry at `slot`, the sum of their weights,
    /// and the weight of the field in which the words stand together.
    pub(super) fn explain(
        &self,
        state: &State,
        accepted: &Accepted<'_>,
        slot: u32,
    ) -> Result<(Vec<WordMatch>, u32, u32), TantivyError> {
        for recent in [&state.sealed, &state.active] {
            if recent.contains(slot) {
                let best = self.0.iter().map(|word| {
                    let places = word.variants.iter().flat_map(|variant| {
                        recent
                            .places(&variant.term, accepted)
                            .filter(|(other, _)| *other == slot)
                            .map(|(_, place)| {
                                let weight = recent_weight(recent, slot, place, variant.way);
                                (weight, variant, place.field)
                            })
                            .collect::<Vec<_>>()
                    });
                    (word, best_of(places))
                });
                let (matches, sum) = told(best);
                let phrase = if self.0.len() > 1 { recent.phrase(&self.stems(), slot) } else { 0 };
                return Ok((matches, sum, phrase));
            }
        }
        for segment in &state.disk {
            let Some(document) = segment.document(slot, accepted) else { continue };
            let mut all = Vec::new();
            for word in &self.0 {
                let mut places = Vec::new();
                for variant in &word.variants {
                    for list in variant.lists(segment)? {
                        let mut postings = list.postings(segment, IndexRecordOption::Basic)?;
                        if postings.doc() <= document && postings.seek(document) == document {
                            places.push((list.weight(segment, document), variant, list.field));
                        }
                    }
                }
                all.push((word, best_of(places.into_iter())));
            }
            let everywhere = [Gathered { weight: 0, fields: u8::MAX }];
            let phrase = if self.0.len() > 1 {
                self.phrases(segment, &[document], &everywhere)?.first().copied().unwrap_or(0)
            } else {
                0
            };
            let (matches, sum) = told(all.into_iter());
            return Ok((matches, sum, phrase));
        }
        Ok((Vec::new(), 0, 0))
    }

    /// Slots of the entries in whose names all words occur, typing errors
    /// aside; the same slot may come twice.
    pub(super) fn in_names(
        &self,
        state: &State,
        accepted: &Accepted<'_>,
    ) -> Result<Vec<u32>, TantivyError> {
        let mut found = Vec::new();
        for recent in [&state.sealed, &state.active] {
            let named = |(_, gathered): &(u32, Gathered)| gathered.fields & 1 != 0;
            let matches = self.recent_matches(recent, accepted);
            found.extend(matches.into_iter().filter(named).map(|(slot, _)| slot));
        }
        for segment in &state.disk {
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

    /// The stems of all words, as terms.
    fn stems(&self) -> Vec<&str> {
        let stems = self.0.iter().flat_map(|word| &word.variants);
        stems.filter(|variant| variant.way == Way::Stem).map(|v| v.term.as_str()).collect()
    }

    /// Entries among the latest changes in which all words occur.
    fn recent_matches(&self, recent: &Recent, accepted: &Accepted<'_>) -> Vec<(u32, Gathered)> {
        let mut all: Option<HashMap<u32, Gathered>> = None;
        for word in &self.0 {
            let mut best: HashMap<u32, Gathered> = HashMap::new();
            for variant in &word.variants {
                for (slot, place) in recent.places(&variant.term, accepted) {
                    let weight = recent_weight(recent, slot, place, variant.way);
                    let known = best.entry(slot).or_default();
                    known.weight = known.weight.max(weight);
                    known.fields |= 1 << place.field;
                }
            }
            all = Some(match all {
                None => best,
                Some(mut all) => {
                    all.retain(|slot, gathered| {
                        let Some(found) = best.get(slot) else { return false };
                        gathered.weight += found.weight;
                        gathered.fields &= found.fields;
                        true
                    });
                    all
                }
            });
        }
        all.unwrap_or_default().into_iter().collect()
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

/// The weight of a variant at a place in an entry among the latest changes.
fn recent_weight(recent: &Recent, slot: u32, place: Place, way: Way) -> u32 {
    let weight = ranking::times(FIELD_WEIGHTS[place.field], way.weight());
    if place.field == 0 { ranking::by_length(weight, recent.name_words(slot)) } else { weight }
}

type Best<'a> = Option<(u32, &'a Variant, usize)>;

/// The heaviest; of equal ones the first variant in the first field.
fn best_of<'a>(places: impl Iterator<Item = (u32, &'a Variant, usize)>) -> Best<'a> {
    places.reduce(|best, other| if other.0 > best.0 { other } else { best })
}

/// What each word found, and the sum of the weights.
fn told<'a>(all: impl Iterator<Item = (&'a Word, Best<'a>)>) -> (Vec<WordMatch>, u32) {
    let mut matches = Vec::new();
    let mut sum = 0;
    for (word, best) in all {
        let Some((weight, variant, field)) = best else { continue };
        sum += weight;
        matches.push(WordMatch {
            word: word.word.clone(),
            found: variant.term.trim_start_matches(STEM_MARK).to_owned(),
            field: FIELDS[field],
            way: variant.way.name(),
            weight: f64::from(weight) / f64::from(ranking::UNIT),
        });
    }
    (matches, sum)
}
