//! Tests of [`activity`](super).

use super::*;

#[test]
fn outcomes_are_counted_in_their_order() {
    let activity = Activity::default();
    for outcome in Outcome::ALL {
        activity.ended(outcome);
        assert_eq!(activity.runs(outcome), 1, "{}", outcome.name());
    }
}

#[test]
fn nobody_waits_until_somebody_does() {
    let activity = Activity::default();
    let at = |second| Timestamp::from_second(second).unwrap();
    assert_eq!((activity.queue_age(at(100)), activity.oldest_success()), (0, None));
    activity.waiting(Some(at(40)), Some(at(-5)));
    assert_eq!((activity.queue_age(at(100)), activity.oldest_success()), (60, Some(-5)));
    assert_eq!(activity.queue_age(at(10)), 0);
}

#[test]
fn answers_are_counted_by_the_first_digit_of_their_status() {
    let activity = Activity::default();
    for status in [None, Some(100), Some(204), Some(304), Some(404), Some(503), Some(999)] {
        activity.asked(HostClass::Allowed, status);
    }
    assert_eq!(activity.requests(HostClass::Allowed), [1, 1, 1, 1, 1, 2]);
    assert_eq!(activity.requests(HostClass::Public), [0; 6]);
}
