//! An allowance: something that is spent and fills up again with time, as
//! arithmetic (a token bucket, kept as the moment when it is full again).

use std::time::Duration;

/// The most units that are taken at once; a bound for the arithmetic.
const MOST_UNITS: f64 = 1e6;

/// An allowance: a unit is given back after each `each`, `most` in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowance {
    each: Duration,
    most: u32,
}

impl Allowance {
    /// `number` units in `every` on the long run, and `most` after a rest;
    /// without limit, and so `None`, when the number is 0.
    pub(super) fn new(every: Duration, number: u32, most: u32) -> Option<Self> {
        (number > 0).then(|| Self { each: every / number, most: most.max(1) })
    }

    /// How many units there are after a rest.
    pub(super) const fn most(self) -> u32 {
        self.most
    }

    /// How long it takes until all units are there.
    pub(super) fn window(self) -> Duration {
        self.each * self.most
    }

    /// How long to wait for one unit of an allowance that is whole at
    /// `whole_at`; `None` when there is one now.
    pub(super) fn wait(self, whole_at: Duration, now: Duration) -> Option<Duration> {
        let debt = whole_at.saturating_sub(now);
        let wait = (debt + self.each).saturating_sub(self.window());
        (!wait.is_zero()).then_some(wait)
    }

    /// When the allowance is whole again after `units` are taken, also those
    /// that are not there.
    pub(super) fn take(self, whole_at: Duration, units: f64, now: Duration) -> Duration {
        whole_at.max(now) + self.each.mul_f64(units.clamp(0.0, MOST_UNITS))
    }
}

#[cfg(test)]
mod tests {
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
}
