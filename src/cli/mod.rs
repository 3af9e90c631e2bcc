//! The command line: reads arguments, brings the parts together, owns the
//! clock and the exit code.
//!
//! One file for each command. What people or programs read goes to standard
//! output, what is said along the way to standard error. Nothing here knows
//! how a record is stored or served.

mod backup;
mod bench;
mod check;
mod clock;
mod config;
mod dump;
mod failure;
mod gazetteer;
mod harvest;
mod load;
mod ontology;
mod output;
mod progress;
mod reindex;
mod seeds;
mod serve;
mod settings;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::graph::worker;

/// An open, linked-data register of what a community has.
#[derive(Debug, Parser)]
#[command(
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Begin with:
  kist serve --seed       a register with the data that comes with it

Exit codes: 0 done, 1 the work failed or found faults, 2 wrong use,
78 the data can't be used (another process has it, or a newer kist made it)."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Load(load::Arguments),
    Dump(dump::Arguments),
    Backup(backup::Arguments),
    Check(check::Arguments),
    Reindex(reindex::Arguments),
    Token(token::Arguments),
    Gazetteer(gazetteer::Arguments),
    Harvest(harvest::Arguments),
    Config(config::Arguments),
    Ontology(ontology::Arguments),
    Bench(bench::Arguments),
    /// Answers queries of the server that started it; not for people.
    #[command(hide = true)]
    Worker,
}

/// Runs the command that the arguments of the process name.
#[must_use]
pub fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(Cli { command }) => command,
        Err(error) => return failure::of_usage(&error),
    };
    let done = match command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Load(arguments) => load::run(&arguments),
        Command::Dump(arguments) => dump::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Reindex(arguments) => reindex::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Gazetteer(arguments) => gazetteer::run(&arguments),
        Command::Harvest(arguments) => harvest::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Ontology(arguments) => ontology::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Worker => worker::run().map_err(anyhow::Error::from),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

#[cfg(test)]
mod tests;
