//! `kist harvest`: partners' sources, looked for, added, looked at and run.
//!
//! | file | what |
//! |---|---|
//! | `open` | the register and what harvests into it |
//! | `survey` | what is published at an address |
//! | `add` | a new source |
//! | `sources` | the sources that there are |
//! | `runs` | runs, and what people decide of them |
//! | `mapping` | where the fields of a source stand |
//! | `preview` | what would change |
//! | `secret` | where the secrets of a source are |
//! | `erase` | what somebody asks to have erased |
//! | `history` | what was done, and what was found wrong |
//! | `links` | whether links still lead somewhere |
//! | `report` | a run in words |
//!
//! These commands use the data directory themselves; a server that runs does
//! the same through its API.

mod add;
mod erase;
mod history;
mod links;
mod mapping;
mod open;
mod preview;
mod report;
mod runs;
mod secret;
mod sources;
mod survey;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::settings::Settings;

pub(super) use open::{harvester, options};

/// Takes what partners publish into the register
#[derive(Debug, Args)]
#[command(
    after_help = "Stop the server first: one process at a time has the data directory. The server itself
harvests what is due, and its API (/api/v1/sources) does what these commands do.

Examples:
  kist harvest discover https://partner.example/
  kist harvest add https://partner.example/ --licence https://creativecommons.org/licenses/by/4.0/
  kist harvest preview partner
  kist harvest run partner
  kist harvest resume partner       # from now on by itself
  kist harvest history partner
  kist harvest problems partner"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Discover(survey::Arguments),
    Add(Box<add::Arguments>),
    List(sources::List),
    Show(sources::One),
    Mapping(mapping::Arguments),
    /// Shows what a run would change, and writes nothing
    Preview(preview::Arguments),
    Run(runs::Arguments),
    /// Has a source harvested no more until it is resumed
    Pause(sources::One),
    /// Has a source harvested by its rhythm from now on
    Resume(sources::One),
    Remove(sources::Remove),
    History(history::Arguments),
    Problems(history::Problems),
    /// Writes what a run is held with, or a preview has shown
    Approve(sources::One),
    /// As approve, but new items that are known ones under other keys stay the
    /// records that they are
    Rekey(sources::One),
    /// Forgets what a run is held with; the last good state stays
    Dismiss(sources::One),
    /// Reads the kept documents once more, without the network
    Replay(sources::One),
    /// Undoes the newest run that wrote something, and pauses the source
    Undo(sources::One),
    Erase(erase::Arguments),
    /// Takes back an erasure: the next run takes the record again
    Permit(erase::Item),
    Links(links::Arguments),
}

/// What all of them take.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Prints JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.task {
        Task::Discover(arguments) => survey::run(arguments),
        Task::Add(arguments) => add::run(arguments),
        Task::List(arguments) => sources::list(arguments),
        Task::Show(arguments) => sources::show(arguments),
        Task::Mapping(arguments) => mapping::run(arguments),
        Task::Preview(arguments) => preview::run(arguments),
        Task::Run(arguments) => runs::run(arguments),
        Task::Pause(arguments) => sources::pause(arguments),
        Task::Resume(arguments) => sources::resume(arguments),
        Task::Remove(arguments) => sources::remove(arguments),
        Task::History(arguments) => history::run(arguments),
        Task::Problems(arguments) => history::problems(arguments),
        Task::Approve(arguments) => runs::approve(arguments),
        Task::Rekey(arguments) => runs::rekey(arguments),
        Task::Dismiss(arguments) => runs::dismiss(arguments),
        Task::Replay(arguments) => runs::replay(arguments),
        Task::Undo(arguments) => runs::undo(arguments),
        Task::Erase(arguments) => erase::erase(arguments),
        Task::Permit(arguments) => erase::permit(arguments),
        Task::Links(arguments) => links::run(arguments),
    }
}
