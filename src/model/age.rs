//! The ages of the people that something is meant for.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A range of ages in whole years, both ends included. An open end has no
/// bound: the default range holds everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AgeRange {
    minimum: Option<u8>,
    maximum: Option<u8>,
}

/// Why a range of ages can't be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AgeRangeError {
    /// The range ends before it starts.
    #[error("minimum age {minimum} is above maximum age {maximum}")]
    UpsideDown {
        /// The lowest age that was given.
        minimum: u8,
        /// The highest age that was given.
        maximum: u8,
    },
}

impl AgeRange {
    /// Makes a range from `minimum` to `maximum`; `None` is an open end.
    ///
    /// # Errors
    ///
    /// [`AgeRangeError::UpsideDown`] when the minimum is above the maximum.
    pub fn new(minimum: Option<u8>, maximum: Option<u8>) -> Result<Self, AgeRangeError> {
        match (minimum, maximum) {
            (Some(minimum), Some(maximum)) if minimum > maximum => {
                Err(AgeRangeError::UpsideDown { minimum, maximum })
            }
            _ => Ok(Self { minimum, maximum }),
        }
    }

    /// The lowest age, if there is one.
    #[must_use]
    pub const fn minimum(self) -> Option<u8> {
        self.minimum
    }

    /// The highest age, if there is one.
    #[must_use]
    pub const fn maximum(self) -> Option<u8> {
        self.maximum
    }

    /// Whether somebody of `age` years is meant.
    #[must_use]
    pub fn contains(self, age: u8) -> bool {
        self.minimum.is_none_or(|minimum| age >= minimum)
            && self.maximum.is_none_or(|maximum| age <= maximum)
    }

    /// Whether `other` lies between the bounds of this range: at each end that
    /// has a bound, `other` must have one too.
    #[must_use]
    pub fn encloses(self, other: Self) -> bool {
        let above = |low: u8| other.minimum.is_some_and(|minimum| minimum >= low);
        let below = |high: u8| other.maximum.is_some_and(|maximum| maximum <= high);
        self.minimum.is_none_or(above) && self.maximum.is_none_or(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(minimum: Option<u8>, maximum: Option<u8>, age: u8, expected: bool) {
        assert_eq!(AgeRange::new(minimum, maximum).unwrap().contains(age), expected);
    }

    #[test]
    fn both_ends_are_included() {
        for (age, expected) in [(4, false), (5, true), (11, true), (12, false)] {
            check(Some(5), Some(11), age, expected);
        }
    }

    #[test]
    fn an_open_end_has_no_bound() {
        check(Some(65), None, 104, true);
        check(None, Some(17), 0, true);
        check(None, None, 40, true);
    }

    #[test]
    fn a_range_encloses_only_what_states_a_bound_where_it_has_one() {
        let range = |minimum, maximum| AgeRange::new(minimum, maximum).unwrap();
        let bounds = range(Some(5), Some(11));
        assert!(bounds.encloses(range(Some(5), Some(11))));
        for outside in [(Some(4), Some(11)), (Some(5), Some(12)), (Some(5), None), (None, None)] {
            assert!(!bounds.encloses(range(outside.0, outside.1)), "{outside:?}");
        }
        assert!(range(Some(60), None).encloses(range(Some(65), None)));
    }

    #[test]
    fn refuses_a_range_that_ends_before_it_starts() {
        let error = AgeRange::new(Some(9), Some(8)).unwrap_err();
        assert_eq!(error.to_string(), "minimum age 9 is above maximum age 8");
    }
}
