//! Tests of [`cli`](super).

use clap::CommandFactory;

use super::*;

#[test]
fn the_commands_and_their_flags_fit_together() {
    Cli::command().debug_assert();
}
