//! `kist reindex`: the views made again from the journal.

use anyhow::Result;
use clap::Args;

use super::clock::now;
use super::output::line;
use super::progress;
use super::settings::{self, Missing, Settings};

/// Makes graph and index again from the journal
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing of the records is lost: the journal is what they are kept in. The files of the graph are
thrown away before, so that it helps when they are damaged.

Examples:
  kist reindex
  kist reindex --data /var/lib/kist"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let config = settings::of_command(&arguments.settings)?;
    let mut register = settings::open(&config, Missing::Refused)?;
    register.discard_graph()?;
    let spinner = progress::spinner("reading the journal".to_owned());
    let rebuilt = register.rebuild(now(), &mut |done| progress::show(&spinner, done));
    spinner.finish_and_clear();
    rebuilt?;
    let records = register.index().size().records;
    let revision = register.newest()?;
    line(format_args!("graph and index hold {records} records, at revision {revision}"))?;
    Ok(())
}
