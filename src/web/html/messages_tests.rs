//! Tests of [`messages`](super).

use super::*;

#[test]
fn no_phrase_has_a_character_that_html_reserves() {
    for messages in [&ENGLISH, &GAELIC, &SCOTS] {
        for phrase in messages.all() {
            let text = phrase.plain();
            assert!(!text.is_empty() && !text.contains(['<', '>', '&', '"', '\'']), "{text}");
        }
    }
}

#[test]
fn a_phrase_without_translation_is_marked_as_english() {
    assert_eq!(GAELIC.search.to_string(), "Lorg");
    assert_eq!(GAELIC.skip.to_string(), "Leum gun t-susbaint");
    assert!(GAELIC.map_note.to_string().starts_with("<span lang=\"en\">"));
    assert_eq!(ENGLISH.history.to_string(), "History");
}

#[test]
fn pages_and_feeds_tell_by_the_same_words_that_something_is_off() {
    for lapse in Lapse::ALL {
        assert_eq!(ENGLISH.lapse(lapse).plain(), lapse.label());
    }
}

#[test]
fn plurals_follow_the_rules_of_their_language() {
    for (language, number, expected) in [
        (Language::English, 1, "1 result"),
        (Language::English, 0, "0 results"),
        (Language::English, 1_204_000, "1,204,000 results"),
        (Language::Gaelic, 1, "1 toradh"),
        (Language::Gaelic, 11, "11 toradh"),
        (Language::Gaelic, 2, "2 thoradh"),
        (Language::Gaelic, 5, "5 toraidhean"),
        (Language::Gaelic, 13, "13 toraidhean"),
        (Language::Gaelic, 20, "20 toradh"),
        (Language::Scots, 2, "2 results"),
    ] {
        assert_eq!(Messages::of(language).count(Plural::Results, number), expected);
    }
}

#[test]
fn names_in_braces_are_filled_once() {
    let filled = ENGLISH.results_near.fill(&[("what", "{place}"), ("place", "Leith")]);
    assert_eq!(filled, "{place} near Leith");
}
