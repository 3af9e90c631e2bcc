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
#[path = "age_tests.rs"]
mod tests;
