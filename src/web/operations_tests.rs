//! Tests of [`operations`](super).

use super::*;
use crate::web::health::CheckState;

#[test]
fn little_room_on_the_disk_is_told_when_nothing_is_written_any_more() {
    for (free, least, expected) in [
        (2 << 30, 2 << 30, CheckState::Ready),
        ((2 << 30) - 1, 2 << 30, CheckState::Degraded),
        (10 << 30, 11 << 30, CheckState::Degraded),
        (1, 0, CheckState::Ready),
    ] {
        assert_eq!(disk(Room { free, size: 20 << 30 }, least).state, expected);
    }
}
