//! `kist check`: whether journal, graph, index and shapes agree.

use anyhow::{Result, bail};
use clap::Args;

use super::output::line;
use super::progress;
use super::settings::{self, Missing, Settings};

/// Compares journal, graph, index and shapes, record by record
#[derive(Debug, Args)]
#[command(after_help = "Lists what is wrong, one fault to a line, and ends with exit code 1 then.
`kist reindex` mends the graph and the index.

Examples:
  kist check
  kist check --data /var/lib/kist")]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let config = settings::of_command(&arguments.settings)?;
    let register = settings::open(&config, Missing::Refused)?;
    let spinner = progress::spinner("comparing".to_owned());
    let found = register.check_consistency();
    spinner.finish_and_clear();
    let found = found?;
    for fault in &found.faults {
        line(fault)?;
    }
    let revision = register.newest()?;
    if found.faults.is_empty() {
        line(format_args!("{} records agree, at revision {revision}", found.records))?;
        return Ok(());
    }
    bail!("{} faults in {} records", found.faults.len(), found.records);
}
