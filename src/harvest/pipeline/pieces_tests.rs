//! Tests of [`pieces`](super).

use super::placed;

#[test]
fn places_in_a_piece_are_told_as_places_in_the_whole() {
    for (at, expected) in [
        ("", ""),
        ("line 3", "line 103"),
        ("line 3, column 5", "line 103, column 5"),
        ("row 2", "row 52"),
        ("row 2, line 3", "row 52, line 103"),
        ("row 3, column a", "row 53, column a"),
        ("/3/name", "/3/name"),
        ("row x", "row x"),
        ("https://a.example/line 3", "https://a.example/line 3"),
    ] {
        assert_eq!(placed(at, 50, 100), expected, "{at}");
    }
    assert_eq!(placed("row 2, line 3", 101, 100), "row 103");
}
