//! Tests of [`oembed`](super).

use super::*;

#[test]
fn a_frame_has_no_more_entries_than_there_is_room_for() {
    for (query, most, height) in [
        ("url=x", 5, 950),
        ("url=x&maxheight=1000", 5, 950),
        ("url=x&maxheight=500", 2, 470),
        ("url=x&maxheight=400", 3, 342),
        ("url=x&maxheight=100", 1, 100),
    ] {
        let room = Room::of(&Parameters::read(query, PARAMETERS).unwrap(), false);
        assert_eq!((room.most(), room.height_of(room.most(), 0)), (most, height), "{query}");
    }
}

#[test]
fn what_oembed_does_not_know_is_passed_over() {
    assert_eq!(known("url=a&dnt=1&format=xml&&discover"), "url=a&format=xml");
}
