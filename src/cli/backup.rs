//! `kist backup`: a copy that can be served, also beside a running server.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use indicatif::HumanBytes;

use super::failure::WrongUse;
use super::output::note;
use super::progress;
use super::settings::{self, Settings};
use crate::register::{self, BackupError, OpenError};

/// Copies journal and gazetteer, also while a server runs, and checks the copy
#[derive(Debug, Args)]
#[command(
    after_help = "The copy is put in place when it is whole, and replaces nothing. It is a data directory:
to restore, serve it, or put it where the old one was.

Examples:
  kist backup /backups/kist-2026-11-22
  kist backup /backups/journal-2026-11-22.sqlite
  kist serve --data /backups/kist-2026-11-22"
)]
pub(super) struct Arguments {
    /// A new folder; or a new file that ends in .sqlite, for the journal alone
    target: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let config = settings::of_command(&arguments.settings)?;
    let data = &config.server.data;
    settings::expect_register(data)?;
    let bar = progress::bar(0, "pages");
    let copied = register::back_up(data, &arguments.target, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let copied = copied.map_err(|error| match error {
        BackupError::There(_) | BackupError::Inside(_) => WrongUse(error.to_string()).into(),
        BackupError::Unusable(error) => OpenError::from(error).into(),
        error => anyhow::Error::from(error),
    })?;
    note(format_args!(
        "revision {}, {} in {}",
        copied.revision,
        HumanBytes(copied.bytes),
        arguments.target.display()
    ));
    Ok(())
}
