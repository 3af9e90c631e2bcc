//! Tests of [`json`](super).

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(bytes: &[u8], detail: &str, line: usize, column: usize) {
    let expected = Problem::malformed_json(detail, line, column);
    assert_eq!(read(bytes).unwrap_err(), expected);
}

#[test]
fn tells_the_line_and_column_of_a_fault() {
    check(b"{\"a\": 1,\n \"b\" 2}", "expected `:`", 2, 6);
    check(b"", "EOF while parsing a value", 1, 0);
    check(b"{} {}", "trailing characters", 1, 4);
    check(b"{\"a\":\xff}", "the body is not UTF-8", 1, 6);
    check(b"[1e999]", "number out of range", 1, 6);
    check(b"[NaN]", "expected value", 1, 2);
}

#[test]
fn refuses_a_name_that_stands_twice_and_nul() {
    check(b"{\"a\": 1, \"a\": 2}", "`a` stands twice in one object", 1, 12);
    check(br#"["\u0000"]"#, "the character NUL can't stand in a text", 1, 9);
    check(br#"{"\u0000":1}"#, "the character NUL can't stand in a name", 1, 9);
}

#[test]
fn reads_the_deepest_that_is_allowed_and_nothing_deeper() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read(nested(MOST_DEPTH).as_bytes()).is_ok());
    let detail = "arrays and objects are nested deeper than 32";
    check(nested(MOST_DEPTH + 1).as_bytes(), detail, 1, MOST_DEPTH + 1);
    check("[".repeat(1_000_000).as_bytes(), detail, 1, MOST_DEPTH + 1);
}

#[test]
fn brackets_in_strings_are_not_nesting() {
    let text = format!("[\"\\\"{}\"]", "[".repeat(100));
    assert!(read(text.as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(&bytes);
    }

    #[test]
    fn what_it_reads_is_what_serde_reads(text in r#"[\[\]{}",:0-9a\\ ]{0,24}"#) {
        if let Ok(value) = read(text.as_bytes()) {
            prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}
