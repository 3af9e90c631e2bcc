//! Tests of [`reuse`](super).

use super::*;

#[test]
fn sentences_stand_after_each_other_without_a_semicolon() {
    for (words, expected) in [
        (&["By A.", "By B.", "C"][..], "By A. By B. C"),
        (&["A, 2013", "B"], "A, 2013; B"),
        (&[], ""),
    ] {
        assert_eq!(one_after_the_other(words.iter().copied()), expected);
    }
}

#[test]
fn usual_licences_have_their_names() {
    for (address, name) in [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0", "CC BY-NC-SA 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        (
            "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "Open Government Licence v3.0",
        ),
        ("https://spdx.org/licenses/MIT", "MIT"),
        ("https://a.example/terms/", "a.example/terms"),
        (NOT_STATED, "not stated"),
    ] {
        assert_eq!(licence_name(address), name);
    }
}
