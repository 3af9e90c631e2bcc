//! Tests of [`pattern`](super).

use super::*;

#[track_caller]
fn check(pattern: &str, path: &str, expected: bool) {
    let found = Pattern::new(pattern).unwrap().matches(&Path::new(path));
    assert_eq!(found, expected, "{pattern} {path}");
}

#[test]
fn wildcards_and_ends_are_matched() {
    for (pattern, path, expected) in [
        ("/fish", "/fish/salmon?x", true),
        ("/fish", "/Fish", false),
        ("/fish*.php", "/fishheads/catfish.php?x", true),
        ("/*.php$", "/a.php", true),
        ("/*.php$", "/a.php?x", false),
        ("/*.php$", "/a.php/b.php", true),
        ("/a$", "/a", true),
        ("/a$", "/ab", false),
        ("/a$b", "/a$bc", true),
        ("*", "/", true),
        ("/**/x", "//x", true),
        ("/*ab*ab$", "/abab", true),
        ("/*aba*ba$", "/abab", false),
        ("$", "/", false),
        ("fish", "/fish", true),
    ] {
        check(pattern, path, expected);
    }
}

#[test]
fn octets_are_compared_encoded() {
    check("/ä", "/%C3%A4", true);
    check("/%c3%a4", "/%C3%A4", true);
    check("/%C3%A4", "/%c3%a4", true);
    check("/100%", "/100%", true);
    check("/%zz", "/%zz", true);
    check("/%e", "/%e", true);
}

#[test]
fn what_is_encoded_without_need_is_compared_decoded_as_well() {
    let pattern = Pattern::new("/%7Euser/").unwrap();
    assert!(!pattern.matches(&Path::new("/~user/")));
    assert!(pattern.matches_decoded(&Path::new("/~user/")));
}

#[test]
fn a_pattern_of_many_wildcards_takes_time_in_proportion() {
    let pattern = "/".to_owned() + &"*a".repeat(200_000) + "$";
    check(&pattern, &("/".to_owned() + &"a".repeat(8_000)), false);
}
