//! `kist harvest history` and `problems`.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::open::open;
use super::{Common, report};
use crate::cli::output::{line, note};
use crate::cli::settings::Missing;
use crate::harvest::HarvestError;
use crate::register::Register;
use crate::register::ledger::{Finding, Run, SourceState};

/// Lists the runs of a source, the newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kist harvest history partner
  kist harvest history partner --limit 100 --json")]
pub(super) struct Arguments {
    /// Identifier of the source, as `list` shows it
    source: String,
    /// The most runs that are shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u64,
    #[command(flatten)]
    common: Common,
}

/// Lists what was found wrong in a run, for the publisher to put right
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kist harvest problems partner
  kist harvest problems partner --run 12 --json")]
pub(super) struct Problems {
    /// Identifier of the source, as `list` shows it
    source: String,
    /// The number of the run [default: the newest]
    #[arg(long, value_name = "N")]
    run: Option<u64>,
    /// The most problems that are shown
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    limit: usize,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let source = &arguments.source;
    let register = open.harvester.register();
    let newest = newest(register, source)?;
    let mut runs = Vec::new();
    for number in (1..=newest).rev().take(usize::try_from(arguments.limit)?) {
        runs.extend(register.ledger().get::<Run>(&Run::key(source, number))?);
    }
    if arguments.common.json {
        return report::json(&json!(runs));
    }
    for run in &runs {
        let at = report::moment(Some(run.started));
        line(format_args!("{at}  {}", report::sentence(run)))?;
        if let Some(reason) = &run.reason {
            line(format_args!("                  {reason}"))?;
        }
    }
    if runs.is_empty() {
        note(format_args!("{source} was never harvested."));
    }
    Ok(())
}

pub(super) fn problems(arguments: &Problems) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let source = &arguments.source;
    let register = open.harvester.register();
    let newest = newest(register, source)?;
    let number = arguments.run.unwrap_or(newest);
    let prefix = Finding::keys_of(source, number);
    let rows = register.ledger().rows::<Finding>(&prefix, "", arguments.limit)?;
    let findings: Vec<Finding> = rows.into_iter().map(|(_, finding)| finding).collect();
    if arguments.common.json {
        return report::json(&json!({ "source": source, "run": number, "problems": findings }));
    }
    for finding in &findings {
        let Finding { severity, code, url, at, what, advice, excerpt, first_seen, runs, .. } =
            finding;
        line(format_args!("{severity:<7}  {code}: {what}"))?;
        let place = [url.as_str(), at.as_str()].join(" ");
        if !place.trim().is_empty() {
            line(format_args!("         at {}", place.trim()))?;
        }
        if let Some(excerpt) = excerpt {
            line(format_args!("         there: {excerpt}"))?;
        }
        if *runs > 1 {
            let since = report::moment(*first_seen);
            line(format_args!("         in {runs} runs, since {since}"))?;
        }
        if let Some(advice) = advice {
            line(format_args!("         {advice}"))?;
        }
    }
    if findings.is_empty() {
        note(format_args!("Nothing was found wrong in run {number} of {source}."));
    }
    Ok(())
}

/// The number of the newest run.
fn newest(register: &Register, source: &str) -> Result<u64> {
    let state: Option<SourceState> = register.ledger().get(source)?;
    if let Some(state) = state {
        return Ok(state.last_run);
    }
    let is_there =
        crate::harvest::sources::all(register)?.iter().any(|record| record.id.id() == source);
    if is_there { Ok(0) } else { Err(HarvestError::Unknown(source.to_owned()).into()) }
}
