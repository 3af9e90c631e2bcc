//! Tests of [`vocabulary`](super).

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(word: &str, vocabulary: &[&str], expected: &[(&str, Way)]) {
    let mut words = Vocabulary::default();
    for word in vocabulary {
        words.insert(word, 0);
    }
    let variants = words.variants(word, word, Finished::Perhaps);
    let found: Vec<(&str, Way)> =
        variants[2..].iter().map(|variant| (variant.term.as_str(), variant.way)).collect();
    assert_eq!(found, expected, "{word}");
}

#[test]
fn errors_are_allowed_by_the_length_of_the_word() {
    check("art", &["ark", "cart"], &[]);
    check("walk", &["wall", "walt", "will"], &[("wall", Way::Typo(1)), ("walt", Way::Typo(1))]);
    check(
        "physical",
        &["phyzical", "phisycal", "musical"],
        &[("phyzical", Way::Typo(1)), ("phisycal", Way::Typo(2))],
    );
}

proptest! {
    #[test]
    fn errors_are_counted_as_another_library_counts_them(
        word in "[a-d]{1,9}",
        other in "[a-d]{1,9}",
        most in 1..=2_u8,
    ) {
        let characters: Vec<char> = word.chars().collect();
        let expected = strsim::osa_distance(&word, &other);
        prop_assert_eq!(
            distance(&characters, &other, most).map(usize::from),
            Some(expected).filter(|&errors| errors <= usize::from(most))
        );
    }
}

#[test]
fn the_first_letter_must_be_right() {
    check("dancing", &["cancer", "lancing", "danicng"], &[("danicng", Way::Typo(1))]);
}

#[test]
fn an_unfinished_word_means_what_it_begins() {
    check(
        "wal",
        &["walking", "wales", "wand", "wal"],
        &[("wales", Way::Prefix), ("walking", Way::Prefix)],
    );
}
