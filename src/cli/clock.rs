//! The time: nothing else in the program reads the clock.

use jiff::Timestamp;

/// The time now.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
