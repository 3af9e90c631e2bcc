//! `kist bench`: how quick and how large a register is, on this machine.
//!
//! | file | what |
//! |---|---|
//! | `world` `activities` | the synthetic register |
//! | `load` | writing it, and what it takes on the disk |
//! | `reading` | opening it again, searching, changing one record |
//! | `questions` | what is asked |
//! | `oracle` `postgres` | what the answers are held against |
//! | `loopback` | the same over HTTP |
//! | `faces` | each face against its own answers lying ready |
//! | `harvest` | a publisher, harvested |
//! | `measure` `report` | times, memory and sizes; figures as they come |
//!
//! The second half runs in a process of its own, so that its memory is that
//! of a register that was just started.

mod activities;
mod faces;
mod harvest;
mod load;
mod loopback;
pub(super) mod measure;
mod oracle;
mod postgres;
mod questions;
mod reading;
mod report;
mod world;

use std::env;
use std::path::PathBuf;
use std::process::{self, Command};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};

use self::report::{Form, Report};
use super::failure::WrongUse;
use crate::record::Base;
use crate::register::{Place, Register};
use crate::schema::Schema;

/// The address of the synthetic register.
const ADDRESS: &str = "https://bench.example";

/// Makes a synthetic register of Scotland and measures it
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Answers are compared with brute force before anything is timed.

Examples:
  kist bench --records 10000
  kist bench --records 1000000 --data /var/tmp/bench --http
  kist bench --records 100000 --postgres postgres://localhost/postgres --json"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// How many records, one in 21 of them an organisation, the others assets
    #[arg(long, default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1_000..=10_000_000))]
    records: u32,
    /// Where to make it; the folder must not be there [default: one for temporary files]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Leaves the register there
    #[arg(long)]
    keep: bool,
    /// Also over HTTP, on one connection of this machine
    #[arg(long)]
    http: bool,
    /// Also PostgreSQL with PostGIS, side by side; a schema `kist_bench` is made there and removed
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Makes another register for each number
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
    /// Writes each figure as a line of JSON
    #[arg(long)]
    json: bool,
    /// Measures the register of as many records that an earlier run has kept in DIR
    #[arg(long, requires = "data")]
    again: bool,
}

/// What is measured instead of a synthetic register.
#[derive(Debug, Subcommand)]
enum What {
    Faces(faces::Arguments),
    Harvest(harvest::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.what {
        Some(What::Harvest(arguments)) => return harvest::run(arguments),
        Some(What::Faces(arguments)) => return faces::run(arguments),
        None => {}
    }
    let form = if arguments.json { Form::Json } else { Form::Table };
    let mut report = Report::new(form);
    if let (true, Some(directory)) = (arguments.again, &arguments.data) {
        return reading::run(arguments, directory, &mut report);
    }
    let folder = Folder::new(arguments)?;
    load::run(arguments, &folder.path, &mut report)?;
    let mut second = Command::new(env::current_exe()?);
    second.args(env::args_os().skip(1)).arg("--again");
    if arguments.data.is_none() {
        second.arg("--data").arg(&folder.path);
    }
    let status = second.status().context("the second half can't be started")?;
    if status.success() { Ok(()) } else { bail!("the second half ended with {status}") }
}

fn open(directory: &std::path::Path) -> Result<Register> {
    let base = Base::new(ADDRESS)?;
    let place = Place::Directory(directory);
    let register = Register::open(Schema::standard(), base, place, super::clock::now())?;
    super::seeds::furnish(&register)?;
    Ok(register)
}

/// The folder of the register, which goes unless it is to be kept.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn new(arguments: &Arguments) -> Result<Self> {
        let path = match &arguments.data {
            Some(path) if path.exists() => {
                let path = path.display();
                return Err(
                    WrongUse(format!("`{path}` is there already; name a new folder")).into()
                );
            }
            Some(path) => path.clone(),
            None => env::temp_dir().join(format!("kist-bench-{}", process::id())),
        };
        Ok(Self { path, keep: arguments.keep })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}
