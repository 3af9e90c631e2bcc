//! The counter of committed changes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number of a committed change: it grows by one with each version that
/// the journal takes, and is never used twice. Zero is the empty register.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
