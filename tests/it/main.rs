//! The real program, from the outside: its commands, its files, its answers.
#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod cli_commands;
mod cli_gazetteer;
mod cli_kill;
mod cli_load;
mod cli_unusable;
mod examples;
mod program;
mod sparql;
