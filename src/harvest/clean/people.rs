//! Persons who are named in texts (contract F72).
//!
//! Only what asks to be called by name is looked at: “contact Mary Smith on
//! …”, “ask for Mrs Smith”, and roles that are a name. A first name that
//! people in Scotland have, or a title, must stand there, so that “contact
//! Leith Library” is none. Who writes more about persons than that is not
//! found: a guess about every capital letter would help nobody.

use serde_json::{Map, Value as Json};

/// How deep a field may be nested to be looked at.
const DEEPEST: usize = 8;

/// How many words may stand between the asking and the name: “contact our
/// secretary Mary Smith”.
const MOST_BETWEEN: usize = 3;

/// Fields whose texts are no prose.
const NO_PROSE: &[&str] = &["name", "alternateName", "url", "email", "telephone", "slug"];

/// Words that ask for somebody.
const ASKING: &[&str] =
    &["contact", "phone", "telephone", "call", "ring", "email", "e-mail", "text", "message", "tel"];

/// Pairs of words that do.
const ASKING_PAIRS: &[(&str, &str)] = &[
    ("ask", "for"),
    ("speak", "to"),
    ("speak", "with"),
    ("talk", "to"),
    ("touch", "with"),
    ("contact", "name"),
    ("contact", "person"),
];

const TITLES: &[&str] = &["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Rev", "Revd", "Sister", "Father"];

/// First names of many people in Scotland, of all ages, without those that are
/// words or places as well.
const FIRST_NAMES: &str = "\
    Adam Agnes Aileen Alan Alasdair Alastair Alison Alistair Allan Amanda Amy Andrea Andrew \
    Andy Angela Ann Anna Anne Annette Anthony Audrey Barbara Barry Ben Betty Brenda Brian \
    Calum Carol Caroline Carolyn Catherine Cathy Catriona Charles Charlie Chris Christina \
    Christine Christopher Claire Colin Connor Daniel David Davie Deborah Debbie Derek Diane \
    Donald Donna Doreen Dorothy Dougie Duncan Edward Eilidh Eileen Elaine Eleanor Elizabeth \
    Ellen Elspeth Emily Emma Ewan Fiona Frances Fraser Gareth Gary Gavin Geoff Gillian \
    Hamish Helen Hugh Iain Ian Irene Isobel Jacqueline James Jamie Jan Jane Janet Janice \
    Jason Jean Jennifer Jenny Jessica Jill Jim Jimmy Joan Joanna Joanne John Jonathan Joseph \
    Josephine Joyce Judith Julia Julie Karen Kate Katherine Kathleen Katie Kelly Kenneth \
    Kenny Kevin Kirsteen Kirsten Kirsty Laura Lauren Lesley Linda Lindsay Lisa Liz Lorna \
    Lorraine Louise Lynn Lynne Maggie Mairi Malcolm Margaret Maria Marie Marion Marjory \
    Martin Mary Matthew Maureen Michael Michelle Mike Moira Morag Nancy Natalie Niall Nicola \
    Nicole Norma Pamela Patricia Patrick Paul Pauline Peter Philip Rachel Rebecca Rhona \
    Richard Robert Roderick Rona Ronald Rory Ruth Ryan Sandra Sarah Sharon Sheena Sheila \
    Shona Simon Stephanie Stephen Steven Susan Suzanne Sylvia Thomas Tom Tommy Tracy Valerie \
    Veronica Walter Wendy William Willie Yvonne";

/// Words after a first name that make a place or a body of it: “John Knox
/// House” has one too, and so the word after the surname is looked at as well.
const NO_SURNAMES: &str = "\
    academy advice association avenue bar cafe care centre chapel charity church clinic club \
    college community council court crescent drive foundation fund gallery garden gardens \
    group hall home hospice hospital hotel house housing infirmary institute lane library \
    lodge lounge memorial museum nursery office park place practice primary project rest \
    road room rooms row school service services society square station street studio suite \
    surgery team terrace theatre tower trust unit university ward way wing wynd youth";

/// Words that follow a first name alone when somebody is to be called.
const AFTER_NAME: &[&str] = &["on", "at", "by", "via", "or", "and", "for", "to"];

/// A text that may name a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The JSON pointer of the text, below the fields.
    pub pointer: String,
    /// The words that name somebody, the first time.
    pub phrase: String,
    /// The text without the sentences that do.
    pub rest: String,
}

/// The texts that may name a person.
#[must_use]
pub fn people(fields: &Map<String, Json>) -> Vec<Named> {
    let mut found = Vec::new();
    for (key, value) in fields {
        look(key, value, &format!("/{key}"), 0, &mut found);
    }
    found
}

fn look(key: &str, value: &Json, pointer: &str, depth: usize, found: &mut Vec<Named>) {
    match value {
        Json::String(text) if key == "role" && is_name(text) => {
            let (pointer, phrase) = (pointer.to_owned(), text.clone());
            found.push(Named { pointer, phrase, rest: String::new() });
        }
        Json::String(text) if !NO_PROSE.contains(&key) => {
            if let Some((phrase, rest)) = in_prose(text) {
                found.push(Named { pointer: pointer.to_owned(), phrase, rest });
            }
        }
        Json::Array(list) if depth < DEEPEST => {
            for (place, entry) in list.iter().enumerate() {
                look(key, entry, &format!("{pointer}/{place}"), depth + 1, found);
            }
        }
        Json::Object(object) if depth < DEEPEST => {
            for (inner, entry) in object {
                // The texts of several languages are of the field itself.
                let is_language = inner.len() <= 3 || inner.contains('-');
                let key = if is_language { key } else { inner };
                look(key, entry, &format!("{pointer}/{inner}"), depth + 1, found);
            }
        }
        _ => {}
    }
}

/// A word of a text, with where it stands.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// The first words that name somebody, and the text without the sentences that
/// name anybody.
fn in_prose(text: &str) -> Option<(String, String)> {
    let words = words(text);
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut place = 0;
    while place < words.len() {
        let Some(after) = asks(&words, place) else {
            place += 1;
            continue;
        };
        match named(text, &words, after) {
            Some(last) => {
                spans.push((words[place].start, words[last].end));
                place = last + 1;
            }
            None => place = after,
        }
    }
    let (start, end) = *spans.first()?;
    Some((text[start..end].to_owned(), without(text, &spans)))
}

fn words(text: &str) -> Vec<Word<'_>> {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '@');
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_inner(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(Word { text: &text[from..at], start: from, end: at });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The place of the word after one, or two, at `place` that ask for somebody.
fn asks(words: &[Word<'_>], place: usize) -> Option<usize> {
    let is = |place: usize, word: &str| {
        words.get(place).is_some_and(|it| it.text.eq_ignore_ascii_case(word))
    };
    let pair = ASKING_PAIRS.iter().any(|(a, b)| is(place, a) && is(place + 1, b));
    if pair {
        return Some(place + 2);
    }
    ASKING.iter().any(|word| is(place, word)).then_some(place + 1)
}

/// The place of the last word of the name that begins at `from`, or after a
/// few words in small letters, in the same sentence.
fn named(text: &str, words: &[Word<'_>], from: usize) -> Option<usize> {
    for place in from..=from + MOST_BETWEEN {
        let word = words.get(place)?;
        let before = &text[words.get(place.checked_sub(1)?)?.end..word.start];
        if ends_sentence(before) && place > from {
            return None;
        }
        if TITLES.contains(&word.text) {
            let next = place + 1;
            return words.get(next).filter(|word| is_capital(word.text)).map(|_| next);
        }
        if is_in(FIRST_NAMES, word.text) {
            return full_name(text, words, place, place == from);
        }
        if is_capital(word.text) && place > from {
            return None;
        }
    }
    None
}

/// The place of the last word of a name that begins with a first name: of the
/// surname, or of the first name when that alone `may` do.
fn full_name(text: &str, words: &[Word<'_>], first: usize, may_be_alone: bool) -> Option<usize> {
    let gap = |place: usize| {
        words.get(place + 1).map(|next| text[words[place].end..next.start].to_owned())
    };
    let is_next = |place: usize| gap(place).is_some_and(|gap| gap.trim().is_empty());
    let is_of_place = |word: &Word<'_>| is_in(NO_SURNAMES, &word.text.to_lowercase());
    if is_next(first) && is_capital(words[first + 1].text) {
        let surname = first + 1;
        let follows = words.get(surname + 1).filter(|_| is_next(surname));
        let is_place = is_of_place(&words[surname]) || follows.is_some_and(is_of_place);
        return (!is_place).then_some(surname);
    }
    let follows = words.get(first + 1).filter(|_| is_next(first));
    let is_called = match follows {
        Some(word) => {
            AFTER_NAME.contains(&&*word.text.to_lowercase())
                || word.text.starts_with(|c: char| c.is_ascii_digit())
        }
        // The end of the sentence, a comma or a bracket.
        None => true,
    };
    (may_be_alone && is_called).then_some(first)
}

/// Whether a list of words has this one.
fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// Whether a text is a name and nothing else.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_surname = |word: &&str| is_capital(word) && !is_in(NO_SURNAMES, &word.to_lowercase());
    match words.as_slice() {
        [title, rest @ ..] if TITLES.contains(&title.trim_end_matches('.')) => {
            !rest.is_empty() && rest.len() <= 3 && rest.iter().all(is_surname)
        }
        [first, rest @ ..] if is_in(FIRST_NAMES, first) => {
            !rest.is_empty() && rest.len() <= 2 && rest.iter().all(is_surname)
        }
        _ => false,
    }
}

/// Whether a word begins with a capital and goes on in small letters: `Smith`,
/// `MacLeod`, `O’Hara`.
fn is_capital(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_uppercase)
        && characters.clone().any(char::is_lowercase)
        && characters.all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

fn ends_sentence(gap: &str) -> bool {
    gap.contains(['.', '!', '?', ';', '\n'])
}

/// `text` without the sentences in which one of `spans` is.
fn without(text: &str, spans: &[(usize, usize)]) -> String {
    let mut rest = String::new();
    // Both are in order.
    let mut spans = spans.iter().peekable();
    for (start, end) in sentences(text) {
        while spans.next_if(|(_, to)| *to <= start).is_some() {}
        if spans.peek().is_none_or(|(from, _)| *from >= end) {
            rest.push_str(&text[start..end]);
        }
    }
    rest.trim().to_owned()
}

/// Where the sentences of a text stand, with the spaces after each. The full
/// stop after a title ends none.
fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_over = false;
    for (at, c) in text.char_indices() {
        if is_over && !c.is_whitespace() && !matches!(c, '.' | '!' | '?' | ')' | '”') {
            found.push((start, at));
            start = at;
            is_over = false;
        }
        let last = || text[start..at].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        let next = text[at + c.len_utf8()..].chars().next();
        let is_stop = matches!(c, '!' | '?')
            || (c == '.' && next.is_none_or(char::is_whitespace) && !TITLES.contains(&last()));
        is_over |= c == '\n' || is_stop;
    }
    found.push((start, text.len()));
    found
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
