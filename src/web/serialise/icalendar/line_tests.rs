//! Tests of [`line`](super).

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let mut calendar = Calendar::default();
    calendar.text("X", text);
    assert_eq!(calendar.lines, expected);
}

#[test]
fn special_characters_are_escaped_and_no_text_begins_a_line() {
    check("a,b;c\\d", "X:a\\,b\\;c\\\\d\r\n");
    check("a\r\nEND:VEVENT\rb\nc\t\0", "X:a\\nEND:VEVENT\\nb\\nc \r\n");
}

#[test]
fn a_line_is_folded_between_characters() {
    let dashes = "-".repeat(71);
    check(&format!("{dashes}àé"), &format!("X:{dashes}à\r\n é\r\n"));
    check(&format!("{dashes}--"), &format!("X:{dashes}--\r\n"));
}

proptest! {
    #[test]
    fn lines_are_short_and_unfold_to_the_text(text in any::<String>()) {
        let mut calendar = Calendar::default();
        calendar.text("SUMMARY", &text);
        let lines = calendar.lines.strip_suffix("\r\n").unwrap();
        for line in lines.split("\r\n") {
            prop_assert!(line.len() <= MOST_OCTETS);
            prop_assert!(!line.chars().any(char::is_control));
        }
        let unfolded = lines.replace("\r\n ", "");
        prop_assert_eq!(unfolded, format!("SUMMARY:{}", escaped(&text)));
    }
}
