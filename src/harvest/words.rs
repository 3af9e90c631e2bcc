//! Words made alike, so that they can be compared: case, accents, punctuation
//! and number.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer texts are compared by their beginning only: nobody names a thing so,
/// and hostile ones must not cost more than others.
pub(super) const LONGEST: usize = 300;

/// `text` in lower case, without accents; `&` is “and”, an apostrophe
/// or full stop is nothing, all other punctuation a space.
#[must_use]
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(LONGEST));
    let characters = text.chars().take(LONGEST).nfkd();
    for character in characters.filter(|character| !is_combining_mark(*character)).take(LONGEST) {
        match character {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '.' => {}
            '&' => folded.push_str(" and "),
            'ø' | 'Ø' => folded.push('o'),
            'æ' | 'Æ' => folded.push_str("ae"),
            _ if character.is_alphanumeric() => folded.extend(character.to_lowercase()),
            _ => folded.push(' '),
        }
    }
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ")
}

/// A folded text with each word in the singular and without “and”, “the”,
/// “of” and the like; the same text when nothing would be left.
#[must_use]
pub(super) fn key(folded: &str) -> String {
    let words = folded.split(' ').filter(|word| !is_empty_word(word));
    let words: Vec<String> = words.map(singular).collect();
    if words.is_empty() { folded.to_owned() } else { words.join(" ") }
}

/// Whether a folded word tells nothing of what is named.
#[must_use]
pub(super) fn is_empty_word(word: &str) -> bool {
    matches!(word, "" | "and" | "the" | "of" | "for" | "a" | "an" | "in" | "at" | "to" | "with")
}

/// A folded English word in the singular, roughly: what matters is that both
/// forms of a word become the same.
#[must_use]
pub(super) fn singular(word: &str) -> String {
    match word {
        "people" | "persons" => return "person".to_owned(),
        "children" => return "child".to_owned(),
        "women" => return "woman".to_owned(),
        "men" => return "man".to_owned(),
        _ => {}
    }
    let cut = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = cut("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    if ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) || word.len() < 4 {
        return word.to_owned();
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    cut("s").unwrap_or(word).to_owned()
}

/// The different runs of three characters of a folded text with a space before
/// and behind, in order.
#[must_use]
pub(super) fn trigrams(folded: &str) -> Vec<[char; 3]> {
    let characters: Vec<char> =
        std::iter::once(' ').chain(folded.chars()).chain(std::iter::once(' ')).collect();
    let mut trigrams: Vec<[char; 3]> =
        characters.windows(3).filter_map(|three| three.try_into().ok()).collect();
    trigrams.sort_unstable();
    trigrams.dedup();
    trigrams
}

/// How alike two sets are, from 0 to 1, by what they share (Dice's
/// coefficient). Source: L. R. Dice, Ecology 26 (1945).
#[must_use]
pub(super) fn dice(shared: usize, one: usize, other: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if one + other == 0 { 0.0 } else { 2.0 * number(shared) / number(one + other) }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
