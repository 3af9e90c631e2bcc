//! `kist harvest run`, `approve`, `rekey`, `dismiss`, `replay`, `undo`.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::open::{Open, open};
use super::sources::One;
use super::{Common, report};
use crate::cli::output::{line, note};
use crate::cli::progress;
use crate::cli::settings::Missing;
use crate::register::ledger::{Run, RunKind, Trigger};

/// Harvests sources now
#[derive(Debug, Args)]
#[command(
    after_help = "A run that was broken off is taken up where it was. When a run would change more than is
taken unseen, it writes nothing and waits for `approve` or `dismiss`.

Examples:
  kist harvest run partner
  kist harvest run partner other --json"
)]
pub(super) struct Arguments {
    /// Identifiers of sources, as `list` shows them
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let mut told = Ok(());
    for source in &arguments.sources {
        let run = harvest(&open, source, RunKind::Harvest)?;
        // What one source does wrong costs the others nothing.
        if let Err(error) = report::tell(&run, arguments.common.json)
            && let Err(before) = std::mem::replace(&mut told, Err(error))
        {
            note(before);
        }
    }
    told
}

pub(super) fn replay(arguments: &One) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let run = harvest(&open, &arguments.source, RunKind::Replay)?;
    report::tell(&run, arguments.common.json)
}

pub(super) fn approve(arguments: &One) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let run = open.harvester.approve(&arguments.source)?;
    report::tell(&run, arguments.common.json)
}

pub(super) fn rekey(arguments: &One) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let run = open.harvester.rekey(&arguments.source)?;
    report::tell(&run, arguments.common.json)
}

pub(super) fn dismiss(arguments: &One) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let run = open.harvester.dismiss(&arguments.source)?;
    report::tell(&run, arguments.common.json)
}

pub(super) fn undo(arguments: &One) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let source = &arguments.source;
    let count = open.harvester.undo(source)?;
    if arguments.common.json {
        return report::json(&json!({ "source": source, "putBack": count }));
    }
    line(format_args!("{count} records of {source} are as they were before the run"))?;
    note(format_args!("{source} is paused; `kist harvest resume {source}` when it is put right."));
    Ok(())
}

/// Runs to the end, with a sign of life.
pub(super) fn harvest(open: &Open, source: &str, kind: RunKind) -> Result<Run> {
    let since = open.harvester.now();
    let spinner = progress::spinner(format!("{source}: beginning"));
    let watch = report::watch(&spinner);
    let run = open.runtime.block_on(open.harvester.run(source, kind, Trigger::Manual, &watch));
    spinner.finish_and_clear();
    open.harvester.keep_robots(since)?;
    Ok(run?)
}
