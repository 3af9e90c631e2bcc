//! Tests from outside: through the router, and of the real binary.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod api;
