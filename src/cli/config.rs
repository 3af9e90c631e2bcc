//! `kist config`: the settings that hold.

use anyhow::Result;
use clap::Args;

use super::output::line;
use super::settings::{self, Settings};
use crate::telemetry;

/// Prints the settings that hold, as TOML
#[derive(Debug, Args)]
#[command(
    after_help = "A file of settings (--config FILE, KIST_CONFIG, or kist.toml here) is overridden by the
environment, and that by flags. KIST_SERVER__LISTEN is `listen` in section `server`.

Examples:
  kist config > kist.toml
  KIST_LOG__FORMAT=json kist config"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let config = arguments.settings.gather(&[])?;
    // What a server would refuse with them is refused here too.
    settings::schema(&config.server.shapes)?;
    telemetry::check(&config.log)?;
    line(config.to_toml().trim_end())?;
    Ok(())
}
