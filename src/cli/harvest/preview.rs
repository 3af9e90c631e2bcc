//! `kist harvest preview`: what a run would change.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::open::open;
use super::{Common, mapping, report, runs};
use crate::cli::output::{line, note};
use crate::cli::settings::Missing;
use crate::harvest::pipeline::Difference;
use crate::register::ledger::{Outcome, Rekey, RunKind};

/// How many records are shown in one step.
const STEP: usize = 200;

/// What is shown, and of what.
#[derive(Debug, Args)]
#[command(
    after_help = "`approve` writes exactly what was shown, `dismiss` forgets it; the next run does too.

Examples:
  kist harvest preview partner
  kist harvest preview partner --held --limit 1000
  kist harvest preview partner --json"
)]
pub(super) struct Arguments {
    /// Identifier of the source, as `list` shows it
    source: String,
    /// Shows what the newest run waits with, and fetches nothing
    #[arg(long)]
    held: bool,
    /// The most records that are shown
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let source = &arguments.source;
    let shown =
        if arguments.held { None } else { Some(runs::harvest(&open, source, RunKind::Preview)?) };
    let (mut after, mut left, mut all) = (String::new(), arguments.limit, Vec::new());
    while left > 0 {
        let found = open.harvester.differences(source, &after, left.min(STEP))?;
        let Some(last) = found.last() else { break };
        after.clone_from(&last.key);
        left -= found.len();
        if arguments.common.json {
            all.extend(found);
        } else {
            found.iter().try_for_each(tell)?;
        }
    }
    if arguments.common.json {
        let mapping = mapping::json_of(&open, source)?;
        report::json(&json!({ "run": shown, "mapping": mapping, "differences": all }))?;
    }
    if left == 0 && !open.harvester.differences(source, &after, 1)?.is_empty() {
        note(format_args!("There is more; --limit shows it."));
    }
    let Some(run) = shown else { return Ok(()) };
    if !arguments.common.json {
        mapping::show(&open, source)?;
        line(report::sentence(&run))?;
        if after.is_empty() {
            return check(run.outcome, run.reason.as_deref());
        }
        note(format_args!("`kist harvest approve {source}` writes just that."));
    }
    check(run.outcome, run.reason.as_deref())
}

fn check(outcome: Option<Outcome>, reason: Option<&str>) -> Result<()> {
    let is_bad = outcome == Some(Outcome::Failed);
    anyhow::ensure!(!is_bad, "the source can't be read: {}", reason.unwrap_or("see `problems`"));
    Ok(())
}

fn tell(difference: &Difference) -> Result<()> {
    let Difference { id, what, name, added, removed, rekey, .. } = difference;
    line(format_args!("{:<8} {id}  {name}", what.name()))?;
    if let Some(Rekey { from, id, likelihood, is_sure }) = rekey {
        let (_, from) = from.split_once('\n').unwrap_or(("", from));
        let sure = if *is_sure { "sure" } else { "doubtful" };
        let percent = likelihood * 100.0;
        line(format_args!("  = {id}, which had the key {from}: {percent:.0} %, {sure}"))?;
    }
    for statement in removed {
        line(format_args!("  - {statement}"))?;
    }
    for statement in added {
        line(format_args!("  + {statement}"))?;
    }
    Ok(())
}
