//! `kist harvest mapping`: where the fields of a source stand, guessed,
//! confirmed or given.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value as Json, json};

use super::open::{Open, open};
use super::{Common, report};
use crate::cli::failure::WrongUse;
use crate::cli::output::{line, note};
use crate::cli::settings::Missing;
use crate::harvest::mapped;
use crate::harvest::mapping::{Mapping, Rule};
use crate::harvest::sources;
use crate::journal::Durability;
use crate::record::{Record, texts};
use crate::register::ledger::{Decision, Review, ReviewKind, Row as _, Table};

/// Who is written into the history of the record.
const ACTOR: &str = "kist harvest mapping";

/// Shows where the fields of a source stand; confirms or changes it
#[derive(Debug, Args)]
#[command(
    after_help = "For tables, JSON and GeoJSON. It is guessed at the first preview or run, and saved; what is
saved is kept until you change it. `replay` reads the kept documents by the new one.

Examples:
  kist harvest mapping partner
  kist harvest mapping partner --confirm
  kist harvest mapping partner --json > partner.json    # the file, to be corrected
  kist harvest mapping partner --set partner.json"
)]
pub(super) struct Arguments {
    /// Identifier of the source, as `list` shows it
    source: String,
    /// Says that the guess is right
    #[arg(long, conflicts_with = "set")]
    confirm: bool,
    /// Takes the mapping in this JSON file instead
    #[arg(long, value_name = "FILE")]
    set: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Refused)?;
    let source = &arguments.source;
    let (register, now) = (open.harvester.register(), open.harvester.now());
    super::sources::find(&open, source)?;
    if let Some(path) = &arguments.set {
        let text = read(path)?;
        sources::set(register, source, &[("mapping", &text)], ACTOR, now)?;
    }
    let record = super::sources::find(&open, source)?;
    let Some(mapping) = of(&record)? else {
        bail!("{source} has no mapping yet; the next preview or run guesses it, when it needs one");
    };
    if arguments.set.is_some() || arguments.confirm {
        settle(&open, source)?;
    }
    if arguments.common.json {
        return report::json(&json!(mapping));
    }
    tell(&mapping)?;
    ask(&open, source)
}

/// Reads a mapping from a file, and checks it.
///
/// # Errors
///
/// When it can't be read, or is none.
pub(super) fn read(path: &Path) -> Result<String> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("`{name}` can't be read"))?;
    let mapping: Mapping = serde_json::from_str(&text)
        .map_err(|error| WrongUse(format!("`{name}` is no mapping: {error}")))?;
    if let Some(problem) = mapped::check(&mapping).first() {
        return Err(WrongUse(format!("`{name}`: {}", problem.what)).into());
    }
    Ok(serde_json::to_string(&mapping)?)
}

/// The mapping of a source.
pub(super) fn of(record: &Record) -> Result<Option<Mapping>> {
    let Some(text) = texts(record.values("mapping")).next() else { return Ok(None) };
    Ok(Some(serde_json::from_str(text).context("the mapping can't be read")?))
}

/// The mapping of the source with this identifier, as JSON.
pub(super) fn json_of(open: &Open, source: &str) -> Result<Json> {
    Ok(json!(of(&super::sources::find(open, source)?)?))
}

/// Shows the mapping of a source, and asks to confirm it when it was guessed.
pub(super) fn show(open: &Open, source: &str) -> Result<()> {
    let Some(mapping) = of(&super::sources::find(open, source)?)? else { return Ok(()) };
    tell(&mapping)?;
    ask(open, source)
}

/// One line for each field, with what it is made of.
pub(super) fn tell(mapping: &Mapping) -> Result<()> {
    line(format_args!("each {} by:", mapping.kind))?;
    line(format_args!("  {:<26}  {}", "key", mapping.key.join(" / ")))?;
    if let Some(modified) = &mapping.modified {
        line(format_args!("  {:<26}  {modified}", "modified"))?;
    }
    for (field, rule) in mapping.fields.iter().chain(&mapping.terms) {
        line(format_args!("  {field:<26}  {}", made_of(rule)))?;
    }
    Ok(())
}

fn made_of(rule: &Rule) -> String {
    let from = rule.from.join(" + ");
    match &rule.constant {
        Some(constant) if rule.from.is_empty() => format!("always `{constant}`"),
        Some(constant) => format!("{from}, or else `{constant}`"),
        None => from,
    }
}

fn ask(open: &Open, source: &str) -> Result<()> {
    let key = Review::key(ReviewKind::Mapping, source);
    let review: Option<Review> = open.harvester.register().ledger().get(&key)?;
    if review.is_some() {
        note(format_args!(
            "This was guessed. If it is right: `kist harvest mapping {source} --confirm`; if not, \
             correct what `--json` prints and `--set` it."
        ));
    }
    Ok(())
}

/// Answers the question whether the guess is right.
fn settle(open: &Open, source: &str) -> Result<()> {
    let ledger = open.harvester.register().ledger();
    let key = Review::key(ReviewKind::Mapping, source);
    let Some(review) = ledger.get::<Review>(&key)? else { return Ok(()) };
    let decision = Decision {
        answer: "accept".to_owned(),
        by: ACTOR.to_owned(),
        at: open.harvester.now(),
        fingerprint: review.about["fingerprint"].as_str().unwrap_or_default().to_owned(),
    };
    let notes = [decision.put(&*key), Table::Review.forget(&key)];
    Ok(ledger.write(&notes, Durability::Durable)?)
}
