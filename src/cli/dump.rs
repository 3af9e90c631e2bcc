//! `kist dump`: all public statements as N-Quads.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::output::note;
use super::settings::{self, Missing, Settings};
use crate::register::Register;

/// Writes everything public as sorted N-Quads
#[derive(Debug, Args)]
#[command(
    after_help = "The same register gives the same bytes. A file is put in place when it is whole.

Examples:
  kist dump kist.nq.gz
  kist dump | grep EH6"
)]
pub(super) struct Arguments {
    /// Where to; gzip when it ends in .gz [default: standard output]
    file: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let config = settings::of_command(&arguments.settings)?;
    let register = settings::open(&config, Missing::Refused)?;
    let Some(file) = &arguments.file else {
        write(&register, io::stdout().lock())?;
        return Ok(());
    };
    let count = to_file(&register, file)
        .with_context(|| format!("`{}` can't be written", file.display()))?;
    note(format_args!("{count} quads in {}", file.display()));
    Ok(())
}

fn to_file(register: &Register, file: &Path) -> Result<u64> {
    // A device or pipe can't be replaced.
    if fs::metadata(file).is_ok_and(|kind| !kind.is_file()) {
        return to_path(register, file, file);
    }
    let mut beside = OsString::from(file);
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = to_path(register, file, &beside);
    if written.is_ok() {
        fs::rename(&beside, file)?;
    } else {
        // What can't be removed either is overwritten by the next try.
        drop(fs::remove_file(&beside));
    }
    written
}

/// Writes to `path` in the form that the end of `name` tells.
fn to_path(register: &Register, name: &Path, path: &Path) -> Result<u64> {
    let file = File::create(path)?;
    let is_compressed = name.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    let count = if is_compressed {
        let mut encoder = GzEncoder::new(&file, Compression::default());
        let count = write(register, &mut encoder)?;
        encoder.finish()?;
        count
    } else {
        write(register, &file)?
    };
    if file.metadata()?.is_file() {
        file.sync_all()?;
    }
    Ok(count)
}

fn write(register: &Register, target: impl Write) -> Result<u64> {
    let mut buffered = BufWriter::new(target);
    let count = register.graph().dump(&mut buffered)?;
    buffered.flush()?;
    Ok(count)
}
