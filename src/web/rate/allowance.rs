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
#[path = "allowance_tests.rs"]
mod tests;
