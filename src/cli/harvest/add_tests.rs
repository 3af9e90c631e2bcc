//! Tests of [`add`](super).

use super::{LONGEST_CREDIT, credit, slug};

#[test]
fn an_identifier_is_made_of_the_name_or_host() {
    for (text, expected) in [
        ("Leith Centre", "leith-centre"),
        ("www.partner.example", "partner-example"),
        ("127.0.0.1", "127-0-0-1"),
        ("Clì!", "cl"),
        ("…", "source"),
    ] {
        assert_eq!(slug(text), expected);
    }
}

#[test]
fn a_long_credit_that_was_found_is_cut_after_a_whole_one() {
    assert_eq!(credit("Leith Centre"), "Leith Centre");
    let many = vec!["Contains public information of somebody".to_owned(); 40].join("; ");
    let cut = credit(&many);
    assert!(cut.len() <= LONGEST_CREDIT && cut.len() > 900 && cut.ends_with("somebody"));
    assert_eq!(credit(&"é".repeat(1_200)).chars().count(), LONGEST_CREDIT);
}
