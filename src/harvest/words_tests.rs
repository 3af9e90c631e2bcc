//! Tests of [`words`](super).

use proptest::prelude::*;

use super::*;

#[test]
fn case_accents_and_punctuation_do_not_matter() {
    for (text, expected) in [
        ("Arts & Crafts", "arts and crafts"),
        (" Dementia   Café ", "dementia cafe"),
        ("Women’s Aid (Leith)", "womens aid leith"),
        ("arts-and-crafts", "arts and crafts"),
        ("Còmhla Cruinn", "comhla cruinn"),
        ("A.L.I.S.S.", "aliss"),
    ] {
        assert_eq!(fold(text), expected);
    }
}

#[test]
fn number_does_not_matter() {
    for (one, many) in [
        ("activity", "activities"),
        ("class", "classes"),
        ("child", "children"),
        ("person", "people"),
        ("lunch", "lunches"),
        ("group", "groups"),
        ("diabetes", "diabetes"),
        ("bus", "bus"),
    ] {
        assert_eq!(singular(one), singular(many));
    }
    assert_eq!(key("arts and crafts"), key("art craft"));
    assert_eq!(key("the"), "the");
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }
}
