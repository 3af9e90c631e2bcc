//! From the outside: the router over a register in memory, and the real
//! program with its commands, its files, its answers.
#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod api;
mod cli_backup;
mod cli_commands;
mod cli_gazetteer;
mod cli_kill;
mod cli_load;
mod cli_private;
mod cli_unusable;
mod csv_round_trip;
mod examples;
mod federation;
mod federation_terms;
mod harvest;
mod harvest_kill;
mod harvest_places;
mod harvest_shapes;
mod open_referral;
mod operators;
mod partners;
mod program;
mod sparql;
