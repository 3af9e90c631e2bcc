//! From text to words.
//!
//! Words are runs of letters and digits: accents are taken off (so that the
//! Gaelic `à` is `a`), capitals made small, apostrophes dropped (`men's` is
//! `mens`), the commonest English words left out. Stems are by the English
//! stemmer of M. Porter, “Snowball”, 2001.

use std::collections::HashMap;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream as _};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer words are cut: nobody types them, and files hold encoded ones.
const LONGEST: usize = 40;

/// Words that are passed over. Source: the list that Lucene took for English.
const STOP_WORDS: [&str; 33] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
];

/// The text in small letters without accents; nothing else is changed.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|&character| !is_combining_mark(character)) {
        for small in character.to_lowercase() {
            match small {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'đ' | 'ð' => folded.push('d'),
                'ł' => folded.push('l'),
                'þ' => folded.push_str("th"),
                '’' | 'ʼ' | '‘' => folded.push('\''),
                other if is_combining_mark(other) => {}
                other => folded.push(other),
            }
        }
    }
    folded
}

/// The words of a text, in order, without stop words.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words = Vec::new();
    let mut word = String::new();
    for character in folded.chars().chain([' ']) {
        if character.is_alphanumeric() {
            if word.len() < LONGEST {
                word.push(character);
            }
        } else if character != '\'' && !word.is_empty() {
            if STOP_WORDS.binary_search(&word.as_str()).is_err() {
                words.push(std::mem::take(&mut word));
            }
            word.clear();
        }
    }
    words
}

/// The stemmer, with what it has stemmed before.
#[derive(Clone)]
pub(super) struct Stems {
    analyzer: TextAnalyzer,
    known: HashMap<String, Box<str>>,
}

impl Stems {
    /// The most stems that are remembered.
    const REMEMBERED: usize = 100_000;

    /// A stemmer which has seen nothing yet.
    pub(super) fn new() -> Self {
        let analyzer = TextAnalyzer::builder(RawTokenizer::default())
            .filter(Stemmer::new(Language::English))
            .build();
        Self { analyzer, known: HashMap::new() }
    }

    /// The stem of a folded word.
    pub(super) fn stem(&mut self, word: &str) -> &str {
        if !self.known.contains_key(word) {
            if self.known.len() >= Self::REMEMBERED {
                self.known.clear();
            }
            let mut stream = self.analyzer.token_stream(word);
            let stem: Box<str> =
                if stream.advance() { stream.token().text.as_str().into() } else { word.into() };
            drop(stream);
            self.known.insert(word.to_owned(), stem);
        }
        &self.known[word]
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
