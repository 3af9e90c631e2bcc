//! Tests of [`fold`](super).

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(fold(text), expected, "{text}");
}

#[test]
fn accents_apostrophes_and_hyphens_do_not_matter() {
    check("Port Rìgh", "port righ");
    check("A’ Chrìon-Làraich", "a chrion laraich");
    check("Sgir'Uige agus Ceann a Tuath", "sgiruige agus ceann a tuath");
    check("  Perth &  Kinross ", "perth and kinross");
}

#[test]
fn saint_is_st() {
    check("Saint Andrews", "st andrews");
    check("St. Andrew's", "st andrews");
    check("Saintfield", "saintfield");
}

#[test]
fn one_slip_is_forgiven() {
    for typed in
        ["edinburgh", "edinb", "edinbrugh", "edinburhg", "ednburgh", "edinnburgh", "adinburgh"]
    {
        assert!(begins_nearly("edinburgh", typed), "{typed}");
    }
    for typed in ["edimberg", "glasgow", "ednbrgh"] {
        assert!(!begins_nearly("edinburgh", typed), "{typed}");
    }
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn any_two_texts_are_compared(name in any::<String>(), typed in any::<String>()) {
        begins_nearly(&name, &typed);
    }
}
