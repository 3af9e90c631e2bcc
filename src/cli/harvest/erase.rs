//! `kist harvest erase` and `permit`: what somebody asks to have erased.

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;

use super::open::open;
use super::{Common, report};
use crate::cli::output::{line, note};
use crate::cli::settings::Missing;

/// Who is written into the history of the record.
const ACTOR: &str = "kist harvest erase";

/// Withdraws a record and never takes it again from a source
#[derive(Debug, Args)]
#[command(
    after_help = "For requests to erase what is said of a person. The record is withdrawn, the copies of the
documents of the source are thrown away, and the key is kept as a hash, so that the next run
passes it over. Versions of the record stay in the journal.

Examples:
  kist harvest erase partner befriender-17 --reason \"request of 3 May\"
  kist harvest permit partner befriender-17"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    item: Item,
    /// A reference to the request
    #[arg(long, default_value = "")]
    reason: String,
}

/// Which record.
#[derive(Debug, Args)]
pub(super) struct Item {
    /// Identifier of the source, as `list` shows it
    source: String,
    /// The publisher's own key of the record, as previews and problems show it
    key: String,
    /// The kind of record
    #[arg(long, default_value = "asset")]
    kind: String,
    #[command(flatten)]
    common: Common,
}

pub(super) fn erase(arguments: &Arguments) -> Result<()> {
    let Item { source, key, kind, common } = &arguments.item;
    let open = open(common, Missing::Refused)?;
    let was_there = open.harvester.erase(source, kind, key, ACTOR, &arguments.reason)?;
    if common.json {
        return report::json(&json!({ "source": source, "key": key, "withdrawn": was_there }));
    }
    let done = if was_there { "is withdrawn, and is" } else { "was not published, and is" };
    line(format_args!("{kind} {key} of {source} {done} not taken again"))?;
    note(format_args!("`kist harvest permit {source} {key}` takes it back."));
    Ok(())
}

pub(super) fn permit(arguments: &Item) -> Result<()> {
    let Item { source, key, kind, common } = arguments;
    let open = open(common, Missing::Refused)?;
    if !open.harvester.permit(source, kind, key)? {
        bail!("{kind} {key} of {source} was not erased");
    }
    if common.json {
        return report::json(&json!({ "source": source, "key": key, "permitted": true }));
    }
    line(format_args!("the next run takes {kind} {key} of {source} again"))?;
    Ok(())
}
