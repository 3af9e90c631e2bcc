//! Tests from outside: through the router, and of the real binary.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod api;
mod cli_commands;
mod cli_gazetteer;
mod cli_kill;
mod cli_load;
mod cli_unusable;
mod examples;
mod program;
mod sparql;
