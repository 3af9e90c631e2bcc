//! Tests of [`health`](super).

use super::*;

#[track_caller]
fn check(stop: &Stop, checks: Vec<Check>, expected: u16) {
    assert_eq!(readiness(stop, checks).status().as_u16(), expected);
}

#[test]
fn is_ready_when_nothing_waits_even_if_something_is_degraded() {
    let stop = Stop::new();
    check(&stop, vec![Check::ready("journal")], 200);
    check(&stop, vec![Check::degraded("disk", "little room"), Check::ready("index")], 200);
    check(&stop, vec![Check::ready("journal"), Check::waiting("index", "at 5 of 9")], 503);
}

#[test]
fn is_not_ready_once_the_program_is_asked_to_stop() {
    let stop = Stop::new();
    stop.request();
    check(&stop, vec![Check::ready("journal")], 503);
}
