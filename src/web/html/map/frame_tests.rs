//! Tests of [`frame`](super).

use super::*;

#[test]
fn numbers_are_written_as_they_are_read() {
    for number in [0, 7, 10, 99, 100, -1, -480, 1_000_000, i32::MAX, i32::MIN] {
        let mut path = String::new();
        write_number(&mut path, number);
        assert_eq!(path, number.to_string());
    }
}
