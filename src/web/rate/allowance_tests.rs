//! Tests of [`allowance`](super).

use proptest::prelude::*;

use super::*;

const fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// A bucket that is filled drop by drop, each millisecond.
struct Oracle {
    level: u64,
    full: u64,
    each: u64,
}

impl Oracle {
    fn rest(&mut self, milliseconds: u64) {
        for _ in 0..milliseconds {
            self.level = (self.level + 1).min(self.full);
        }
    }

    fn take(&mut self) -> bool {
        let has = self.level >= self.each;
        self.level -= if has { self.each } else { 0 };
        has
    }
}

proptest! {
    #[test]
    fn it_grants_what_a_bucket_grants_that_is_filled_drop_by_drop(
        each in 1..200_u64,
        most in 1..20_u32,
        pauses in prop::collection::vec(0..500_u64, 1..100),
    ) {
        let allowance = Allowance { each: milliseconds(each), most };
        let full = each * u64::from(most);
        let mut oracle = Oracle { level: full, full, each };
        let (mut whole_at, mut now) = (Duration::ZERO, Duration::ZERO);
        for pause in pauses {
            now += milliseconds(pause);
            oracle.rest(pause);
            let wait = allowance.wait(whole_at, now);
            if let Some(wait) = wait {
                // It is the first moment at which the bucket has enough.
                let missing = milliseconds(each - oracle.level);
                prop_assert_eq!(wait, missing);
                prop_assert_eq!(allowance.wait(whole_at, now + wait), None);
            } else {
                whole_at = allowance.take(whole_at, 1.0, now);
            }
            prop_assert_eq!(wait.is_none(), oracle.take());
        }
    }
}

#[test]
fn what_was_taken_beyond_it_is_a_debt() {
    let allowance = Allowance::new(Duration::from_mins(1), 60, 120).unwrap();
    let at = Duration::from_secs;
    let whole_at = allowance.take(Duration::ZERO, 119.0, at(0));
    assert_eq!(allowance.wait(whole_at, at(0)), None);
    let whole_at = allowance.take(whole_at, 11.0, at(0));
    for (now, wait) in [(0, Some(at(11))), (10, Some(at(1))), (11, None)] {
        assert_eq!(allowance.wait(whole_at, at(now)), wait);
    }
}

#[test]
fn a_number_of_zero_is_without_limit() {
    assert_eq!(Allowance::new(Duration::from_secs(1), 0, 5), None);
}
