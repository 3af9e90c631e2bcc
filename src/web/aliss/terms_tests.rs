//! Tests of [`terms`](super).

use super::*;

#[track_caller]
fn check(own: &str, notations: &[&str], expected: &str) {
    let notations: Vec<String> = notations.iter().map(|&text| text.to_owned()).collect();
    assert_eq!(slug(own, &notations), expected);
}

#[test]
fn the_slug_of_aliss_is_ours_unless_only_a_notation_has_it() {
    check("arts-and-crafts", &["arts-and-crafts", "arts-crafts"], "arts-and-crafts");
    check("asian-or-asian-british", &["asian-or-Asian-British"], "asian-or-Asian-British");
    check("learning-disability-audience", &["learning-disability"], "learning-disability");
    check("walking", &[], "walking");
}
