//! `kist harvest discover`: what is published at an address, and what each of
//! it would yield.

use anyhow::{Result, bail};
use clap::Args;
use serde_json::json;
use url::Url;

use super::open::{Open, open};
use super::{Common, report};
use crate::cli::output::{line, note};
use crate::cli::progress;
use crate::cli::settings::Missing;
use crate::harvest::format::Format;
use crate::harvest::settings::address;
use crate::harvest::survey::{Found, Survey, Surveyor};
use crate::register::ledger::Credential;

/// Looks what is published at an address, and what it would yield
#[derive(Debug, Args)]
#[command(
    after_help = "Looks at what the page links to, at the sitemaps that robots.txt names, and where such
things usually lie. Asks one host once a second, so it takes a while.

Examples:
  kist harvest discover https://partner.example/
  kist harvest discover https://partner.example/events --json"
)]
pub(super) struct Arguments {
    /// Address of a home page, feed or file
    url: String,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let open = open(&arguments.common, Missing::Made)?;
    let url = address(&arguments.url)?;
    let found = survey(&open, &url, None, &[])?;
    tell(&found, arguments.common.json)?;
    if found.is_empty() {
        bail!("nothing that can be harvested was found at {url}");
    }
    Ok(())
}

/// Lists what was found, numbered from 1.
pub(super) fn tell(found: &[Found], as_json: bool) -> Result<()> {
    if as_json {
        return report::json(&json!(found.iter().map(Found::told).collect::<Vec<_>>()));
    }
    for (number, one) in (1..).zip(found) {
        line(format_args!("{number:>2}  {:<13}  {}", one.format.name, one.url))?;
        line(format_args!("    {}: {} ({})", one.label, yields(one), one.how.name()))?;
    }
    Ok(())
}

/// What it would yield, as a sentence.
fn yields(found: &Found) -> String {
    let more = match (found.announced, found.documents) {
        (Some(announced), _) => format!(" of {announced}"),
        (None, 0) => String::new(),
        (None, documents) => format!(", and {documents} more documents"),
    };
    format!("{} records{more}", found.records)
}

/// What can be harvested at `url`, as [`Surveyor::look`] has it.
///
/// # Errors
///
/// When what is at `url` can't be fetched.
pub(super) fn survey(
    open: &Open,
    url: &Url,
    as_format: Option<&'static Format>,
    secrets: &[(Credential, String)],
) -> Result<Vec<Found>> {
    let now = open.harvester.now();
    let surveyor = Surveyor { fetcher: open.harvester.fetcher(), now, secrets };
    let spinner = progress::spinner(format!("looking at {url}"));
    let survey = open.runtime.block_on(surveyor.look(url, as_format));
    spinner.finish_and_clear();
    open.harvester.keep_robots(now)?;
    let Survey { found, passed_over } = survey?;
    if passed_over > 0 {
        note(format_args!("{passed_over} more candidates were not looked at."));
    }
    Ok(found)
}
