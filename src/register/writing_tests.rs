//! Tests of [`writing`](super).

use super::*;
use crate::register::Place;
use crate::register::tests::open;

#[test]
fn a_writing_is_stopped_until_it_goes_through() {
    let register = open(Place::Memory);
    assert_eq!(register.stop_writing("a"), Stopping::Nobody);
    let writing = register.begin_writing("a");
    assert!(!writing.is_stopped());
    assert_eq!(register.stop_writing("b"), Stopping::Nobody);
    assert_eq!(register.stop_writing("a"), Stopping::Stops);
    assert!(writing.is_stopped() && !writing.goes_through());
    drop(writing);
    assert_eq!(register.stop_writing("a"), Stopping::Nobody);
    let writing = register.begin_writing("a");
    assert!(writing.goes_through());
    assert_eq!(register.stop_writing("a"), Stopping::TooLate);
    assert!(!writing.is_stopped());
    writing.begins_anew();
    assert_eq!(register.stop_writing("a"), Stopping::Stops);
    assert!(writing.is_stopped());
}
