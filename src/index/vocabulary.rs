//! The words that occur, and those that a word of a query may mean.
//!
//! A word means itself and what has the same stem; the last word of a query
//! also what it begins; and each word of four letters or more what differs
//! from it by a typing error: one for four to six letters, two from seven on
//! (a letter left out, put in, changed, or swapped with its neighbour). Errors
//! are counted on whole words, never on stems, and the first letter must be
//! right: so `dancing` does not mean `cancer`.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Marks stems among the terms of the text index.
pub(super) const STEM_MARK: char = '\u{1}';

/// The most words, shortest first, that a beginning may mean.
const MOST_COMPLETIONS: usize = 64;

/// The most words, likest first, that a word with errors may mean.
const MOST_TYPOS: usize = 24;

/// All words that were ever indexed since the index was opened.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: BTreeMap<Box<str>, Known>,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The set of its letters.
    letters: u32,
    /// The fields in which it occurs, one bit each.
    fields: u8,
}

/// How a word of the index matches a word of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Exact,
    Stem,
    Prefix,
    Typo(u8),
}

/// A term of the text index that a word of the query may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) term: String,
    pub(super) way: Way,
    /// The fields in which it may occur, one bit each: looking a term up costs
    /// a microsecond in each field of each segment.
    pub(super) fields: u8,
}

/// Whether a word of a query may be unfinished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finished {
    Yes,
    Perhaps,
}

impl Vocabulary {
    /// Adds a word that occurs in `field`.
    pub(super) fn insert(&mut self, word: &str, field: usize) {
        if let Some(known) = self.words.get_mut(word) {
            known.fields |= 1 << field;
        } else {
            let known = Known { letters: letters(word), fields: 1 << field };
            self.words.insert(word.into(), known);
        }
    }

    /// Bytes in memory, nearly.
    pub(super) fn bytes(&self) -> usize {
        self.words.keys().map(|word| word.len() + 48).sum()
    }

    /// The terms that `word`, whose stem is `stem`, may mean.
    pub(super) fn variants(&self, word: &str, stem: &str, finished: Finished) -> Vec<Variant> {
        let fields = self.words.get(word).map_or(0, |known| known.fields);
        let mut variants = vec![
            Variant { term: word.to_owned(), way: Way::Exact, fields },
            Variant { term: format!("{STEM_MARK}{stem}"), way: Way::Stem, fields: u8::MAX },
        ];
        if finished == Finished::Perhaps && word.chars().count() > 1 {
            variants.extend(self.completions(word).into_iter().map(|(word, known)| Variant {
                term: word.to_owned(),
                way: Way::Prefix,
                fields: known.fields,
            }));
        }
        let known = variants.len();
        for (errors, typo, Known { fields, .. }) in self.typos(word) {
            if variants[..known].iter().all(|variant| variant.term != typo) {
                let way = Way::Typo(errors);
                variants.push(Variant { term: typo.to_owned(), way, fields });
            }
        }
        variants
    }

    /// The shortest words that begin with `word`, without itself.
    fn completions(&self, word: &str) -> Vec<(&str, Known)> {
        let range = (Bound::Excluded(word), Bound::Unbounded);
        let mut found: Vec<(&str, Known)> = self
            .words
            .range::<str, _>(range)
            .map(|(other, known)| (&**other, *known))
            .take_while(|(other, _)| other.starts_with(word))
            .collect();
        found.sort_by_key(|(other, _)| (other.len(), *other));
        found.truncate(MOST_COMPLETIONS);
        found
    }

    fn typos(&self, word: &str) -> Vec<(u8, &str, Known)> {
        let characters: Vec<char> = word.chars().collect();
        let most: u8 = match characters.len() {
            0..4 => return Vec::new(),
            4..7 => 1,
            _ => 2,
        };
        if characters.iter().any(char::is_ascii_digit) {
            return Vec::new();
        }
        let first = &word[..characters[0].len_utf8()];
        let letters = letters(word);
        let mut found: Vec<(u8, &str, Known)> = self
            .words
            .range::<str, _>((Bound::Included(first), Bound::Unbounded))
            .take_while(|(other, _)| other.starts_with(first))
            .filter(|(other, known)| {
                other.len().abs_diff(word.len()) <= usize::from(most) * 2
                    && (letters ^ known.letters).count_ones() <= u32::from(most) * 2
                    && ***other != *word
            })
            .filter_map(|(other, known)| {
                distance(&characters, other, most).map(|errors| (errors, &**other, *known))
            })
            .collect();
        found.sort_unstable_by_key(|&(errors, other, _)| (errors, other));
        found.truncate(MOST_TYPOS);
        found
    }
}

/// One bit for each letter that occurs.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |letters, character| letters | 1 << (u32::from(character) % 32))
}

/// How many errors turn `word` into `other`, if at most `most`.
///
/// Source: F. Damerau, “A technique for computer detection and correction of
/// spelling errors”, 1964; each letter is touched by one swap at most.
fn distance(word: &[char], other: &str, most: u8) -> Option<u8> {
    // Words are cut to forty bytes, and rows live on the stack: this runs for
    // thousands of words in a query.
    const WIDTH: usize = 42;
    let mut letters = ['\0'; WIDTH];
    let mut length = 0;
    for (place, letter) in letters.iter_mut().zip(other.chars()) {
        *place = letter;
        length += 1;
    }
    let most_places = usize::from(most);
    if word.len().abs_diff(length) > most_places || word.len() + 1 > WIDTH || length + 1 > WIDTH {
        return None;
    }
    let mut before = [u8::MAX / 2; WIDTH];
    let mut last = [u8::MAX / 2; WIDTH];
    for (column, errors) in (0..=most).enumerate() {
        last[column] = errors;
    }
    for (row, &letter) in word.iter().enumerate() {
        let mut current = [u8::MAX / 2; WIDTH];
        if row < most_places {
            current[0] = last[0] + 1;
        }
        let mut fewest = current[0];
        for column in row.saturating_sub(most_places)..length.min(row + most_places + 1) {
            let changed = last[column] + u8::from(letter != letters[column]);
            let mut errors = changed.min(last[column + 1] + 1).min(current[column] + 1);
            let swapped = row > 0
                && column > 0
                && letter == letters[column - 1]
                && word[row - 1] == letters[column];
            if swapped {
                errors = errors.min(before[column - 1] + 1);
            }
            current[column + 1] = errors;
            fewest = fewest.min(errors);
        }
        if fewest > most {
            return None;
        }
        before = last;
        last = current;
    }
    Some(last[length]).filter(|&errors| errors <= most)
}

#[cfg(test)]
#[path = "vocabulary_tests.rs"]
mod tests;
