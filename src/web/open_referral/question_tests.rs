//! Tests of [`question`](super).

use super::*;

#[test]
fn days_are_read_by_their_beginning() {
    for text in ["MO", "mon", "Monday", " monday "] {
        assert_eq!(weekday(text).unwrap(), Weekday::Monday, "{text}");
    }
    for text in ["", "m", "t", "xx", "mondays", "1"] {
        assert!(weekday(text).is_err(), "{text}");
    }
}
