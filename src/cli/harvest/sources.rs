//! `kist harvest list`, `show`, `pause`, `resume`, `remove`.

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use super::open::{Open, open};
use super::{Common, mapping, report};
use crate::cli::output::{line, note};
use crate::cli::settings::Missing;
use crate::harvest::HarvestError;
use crate::harvest::settings::{Harvesting, Settings};
use crate::harvest::sources;
use crate::record::{Record, label, texts, to_json};
use crate::register::ledger::{Credential, Run, SourceState};

/// Who is written into the history of the records.
const ACTOR: &str = "kist harvest";

/// Lists the sources
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kist harvest list
  kist harvest list --json")]
pub(super) struct List {
    #[command(flatten)]
    common: Common,
}

/// Shows a source: its settings, how it fares, when it is due
#[derive(Debug, Args)]
pub(super) struct One {
    /// Identifier of the source, as `list` shows it
    pub(super) source: String,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Retires a source: it is never harvested again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kist harvest remove partner --records keep
  kist harvest remove partner --records withdraw")]
pub(super) struct Remove {
    /// Identifier of the source, as `list` shows it
    source: String,
    /// What becomes of its records [default: what the source says, else keep]
    #[arg(long, value_enum)]
    records: Option<WhenGone>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum WhenGone {
    /// They stay
    Keep,
    /// They are withdrawn
    Withdraw,
}

pub(super) fn list(arguments: &List) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let mut all = Vec::new();
    for record in sources::all(open.harvester.register())? {
        all.push(overview(&open, &record)?);
    }
    if arguments.common.json {
        return report::json(&json!(all));
    }
    for one in &all {
        let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
        line(format_args!(
            "{:<24}  {:<11}  {:<13}  {:>7} records  {:<16}  due {:<16}  {}",
            text("id"),
            text("harvesting"),
            text("format"),
            one["live"],
            text("outcome"),
            text("due"),
            text("name")
        ))?;
    }
    if all.is_empty() {
        note("There are no sources yet: `kist harvest add https://partner.example/`.");
    }
    Ok(())
}

/// A source with its state, for `list` and `show`.
fn overview(open: &Open, record: &Record) -> Result<Json> {
    let ledger = open.harvester.register().ledger();
    let id = record.id.id();
    let state: SourceState = ledger.get(id)?.unwrap_or_default();
    let run: Option<Run> = ledger.get(&Run::key(id, state.last_run))?;
    let text = |key: &str| texts(record.values(key)).next().map(str::to_owned);
    let is_due = text("harvesting").as_deref() == Some(Harvesting::Active.name());
    Ok(json!({
        "id": id,
        "name": label(record, "en"),
        "harvesting": text("harvesting"),
        "format": text("format").filter(|it| it != "auto").or(state.format),
        "live": state.live,
        "outcome": run.as_ref().map(report::name),
        "due": is_due.then(|| match state.next_due {
            Some(at) => report::moment(Some(at)),
            None if state.last_run == 0 => "at once".to_owned(),
            None => "-".to_owned(),
        }),
        "alerts": state.alerts,
    }))
}

/// The record of a source.
pub(super) fn find(open: &Open, source: &str) -> Result<Record> {
    let all = sources::all(open.harvester.register())?;
    let found = all.into_iter().find(|record| record.id.id() == source);
    Ok(found.ok_or_else(|| HarvestError::Unknown(source.to_owned()))?)
}

pub(super) fn show(arguments: &One) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let register = open.harvester.register();
    let record = find(&open, &arguments.source)?;
    let state: SourceState = register.ledger().get(&arguments.source)?.unwrap_or_default();
    let run: Option<Run> = register.ledger().get(&Run::key(&arguments.source, state.last_run))?;
    let settings = to_json(register.schema(), register.base(), &record);
    if arguments.common.json {
        return report::json(&json!({ "source": settings, "state": state, "run": run }));
    }
    for (key, value) in settings.as_object().into_iter().flatten() {
        if !key.starts_with('@') && key != "mapping" {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            line(format_args!("{key:<16}  {text}"))?;
        }
    }
    line(format_args!("{:<16}  {}", "records", state.live))?;
    line(format_args!("{:<16}  {}", "last success", report::moment(state.last_success)))?;
    line(format_args!("{:<16}  {}", "last change", report::moment(state.last_change)))?;
    line(format_args!("{:<16}  {}", "next due", report::moment(state.next_due)))?;
    line(format_args!("{:<16}  {}", "failures", state.failures))?;
    let mut headers = Vec::new();
    if let Some(run) = run {
        line(format_args!("{:<16}  {}", "newest run", report::sentence(&run)))?;
        for (what, value) in [
            ("began at", &run.cursor.before),
            ("goes on at", &run.cursor.after),
            ("oldest change", &run.modified.oldest),
            ("newest change", &run.modified.newest),
        ] {
            if let Some(value) = value {
                line(format_args!("{what:<16}  {value}"))?;
            }
        }
    }
    for alert in &state.alerts {
        line(format_args!("{:<16}  {}", "needs attention", alert.what))?;
    }
    register.ledger().each::<Credential>(&format!("{}\n", arguments.source), |_, header| {
        headers.push(format!("{} from {}, to {}", header.header, header.from, header.host));
    })?;
    for header in headers {
        line(format_args!("{:<16}  {header}", "header"))?;
    }
    mapping::show(&open, &arguments.source)?;
    if let Err(error) = Settings::read(&record) {
        anyhow::bail!("it can't be harvested: {error}");
    }
    Ok(())
}

pub(super) fn pause(arguments: &One) -> Result<()> {
    switch(arguments, Harvesting::Paused)
}

pub(super) fn resume(arguments: &One) -> Result<()> {
    switch(arguments, Harvesting::Active)
}

fn switch(arguments: &One, to: Harvesting) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let (source, now) = (&arguments.source, open.harvester.now());
    find(&open, source)?;
    let is_new = sources::set_harvesting(open.harvester.register(), source, to, ACTOR, now)?;
    if to == Harvesting::Active {
        open.harvester.end_preview(source)?;
    }
    if arguments.common.json {
        return report::json(&json!({ "source": source, "harvesting": to.name() }));
    }
    let before = if is_new { "" } else { " already" };
    line(format_args!("{source} is {}{before}", to.name()))?;
    Ok(())
}

pub(super) fn remove(arguments: &Remove) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let (source, now) = (&arguments.source, open.harvester.now());
    let record = find(&open, source)?;
    let said = texts(record.values("whenGone")).next() == Some("withdraw");
    let is_withdrawn = match arguments.records {
        Some(WhenGone::Withdraw) => true,
        Some(WhenGone::Keep) => false,
        None => said,
    };
    let when_gone = if is_withdrawn { "withdraw" } else { "keep" };
    let texts = [("harvesting", Harvesting::Retired.name()), ("whenGone", when_gone)];
    sources::set(open.harvester.register(), source, &texts, ACTOR, now)?;
    let count = if is_withdrawn { open.harvester.withdraw_all(source)? } else { 0 };
    if arguments.common.json {
        return report::json(
            &json!({ "source": source, "harvesting": "retired", "withdrawn": count }),
        );
    }
    if is_withdrawn {
        line(format_args!("{source} is retired, and its {count} records are withdrawn"))?;
    } else {
        line(format_args!("{source} is retired; its records stay"))?;
    }
    Ok(())
}
