//! Tests of [`words`](super).

use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(words(text), expected, "{text}");
}

#[test]
fn punctuation_case_and_stop_words_are_passed_over() {
    check("The Walk-in Centre, for (older) People!", &["walk", "centre", "older", "people"]);
    check("  ... the of -- ", &[]);
    check("Men’s Shed & children's café", &["mens", "shed", "childrens", "cafe"]);
}

#[test]
fn accents_are_taken_off() {
    check(
        "Comhairle nan Eilean Siar: Gàidhlig",
        &["comhairle", "nan", "eilean", "siar", "gaidhlig"],
    );
    check("Straße Łódź ŒUVRE ﬁt", &["strasse", "lodz", "oeuvre", "fit"]);
}

#[test]
fn stop_words_are_in_the_order_that_looking_up_needs() {
    assert!(STOP_WORDS.is_sorted());
}

#[test]
fn stems_join_the_forms_of_a_word() {
    let mut stems = Stems::new();
    for word in ["walk", "walks", "walking", "walked"] {
        assert_eq!(stems.stem(word), "walk");
    }
    assert_eq!(stems.stem("activity").to_owned(), stems.stem("activiti"));
}
